// Package task makes the tasks of the outbox: one constructor per kind. A task is data; queue.Enqueue stores it in the transaction of
// the change that requires it, and jobs deliver it after the commit.
package task

import "acts24/acts"

// Task is an action on a subject.
type Task struct {
	Kind    string
	Subject int64
}

// The kinds of tasks.
const (
	KindSyncItem           = "crm.item"
	KindMoveDeal           = "crm.stage"
	KindAddToTimeline      = "crm.timeline"
	KindNotifyResponsible  = "crm.notify"
	KindRemind             = "crm.remind"
	KindNotifyOfReminders  = "crm.remind.notice"
	KindReadDeal           = "crm.deal"
	KindReadItem           = "crm.item.read"
	KindReadStatusTask     = "crm.task"
	KindWriteRows          = "crm.rows"
	KindSyncFiles          = "crm.files"
	KindSendLetter         = "crm.letter"
	KindFormAct            = "act.form"
	KindFormMonthly        = "act.monthly"
	KindPutDocument        = "edo.put"
	KindWithdrawDocument   = "edo.withdraw"
	KindSignDocument       = "edo.sign"
	KindAnnulDocument      = "edo.annul"
	KindFetchSigned        = "edo.signed"
	KindCheckAccount       = "edo.check"
	KindSendMessage        = "crm.message"
	KindNotifyOfDeals      = "crm.message.notice"
	KindShowAnswer         = "crm.exchange"
	KindInviteCounterparty = "edo.invite"
	KindLookUpCounterparty = "edo.lookup"
	KindNotifyIncident     = "crm.alarm"
	KindSendDigest         = "crm.digest"
	KindShowBadge          = "crm.badge"
	KindRunRobot           = "crm.robot"
	KindAnswerRobot        = "crm.robot.answer"
	KindRunTriggers        = "crm.trigger"
)

// SyncItem writes the CRM item of an act as the act is.
func SyncItem(act acts.ActID) Task { return Task{KindSyncItem, int64(act)} }

// MoveDeal moves a deal to the stage that follows from its acts.
func MoveDeal(deal acts.DealID) Task { return Task{KindMoveDeal, int64(deal)} }

// ShowBadge makes the badge of a deal in the kanban follow its acts.
func ShowBadge(deal acts.DealID) Task { return Task{KindShowBadge, int64(deal)} }

// AddToTimeline writes a line of an act's history to the timeline of its deal.
func AddToTimeline(event int64) Task { return Task{KindAddToTimeline, event} }

// NotifyResponsible sends a notice about lines of the history of acts, or updates the one that was sent.
func NotifyResponsible(notice int64) Task { return Task{KindNotifyResponsible, notice} }

// Remind sends a reminder to a person, or ends its task.
func Remind(reminder int64) Task { return Task{KindRemind, reminder} }

// ReadDeal fetches a deal from the CRM.
func ReadDeal(deal acts.DealID) Task { return Task{KindReadDeal, int64(deal)} }

// ReadItem fetches a CRM item and takes what a person changed as a request.
func ReadItem(item acts.ItemID) Task { return Task{KindReadItem, int64(item)} }

// ReadStatusTask fetches whether a task of the CRM has ended.
func ReadStatusTask(task int64) Task { return Task{KindReadStatusTask, task} }

// WriteRows writes the product rows of the CRM item of an act.
func WriteRows(act acts.ActID) Task { return Task{KindWriteRows, int64(act)} }

// SyncFiles makes the file fields of an act's CRM item equal to our copies.
func SyncFiles(act acts.ActID) Task { return Task{KindSyncFiles, int64(act)} }

// SendLetter sends an e-mail.
func SendLetter(letter int64) Task { return Task{KindSendLetter, letter} }

// FormAct forms the act that a person requested in the list of deals.
func FormAct(deal acts.DealID) Task { return Task{KindFormAct, int64(deal)} }

// FormMonthly forms the monthly acts of a deal that are due.
func FormMonthly(deal acts.DealID) Task { return Task{KindFormMonthly, int64(deal)} }

// PutDocument writes the document of an act to SBIS.
func PutDocument(act acts.ActID) Task { return Task{KindPutDocument, int64(act)} }

// WithdrawDocument deletes the document of an act at SBIS.
func WithdrawDocument(act acts.ActID) Task { return Task{KindWithdrawDocument, int64(act)} }

// SignDocument has the document of an act signed, or puts it before our signer.
func SignDocument(act acts.ActID) Task { return Task{KindSignDocument, int64(act)} }

// AnnulDocument recalls the document of an act, proposes to annul it, or answers such a proposal.
func AnnulDocument(act acts.ActID) Task { return Task{KindAnnulDocument, int64(act)} }

// FetchSigned fetches the signed files of the document of an act.
func FetchSigned(act acts.ActID) Task { return Task{KindFetchSigned, int64(act)} }

// CheckAccount fetches the organisations and certificates of an account at SBIS.
func CheckAccount(account int64) Task { return Task{KindCheckAccount, account} }

// SendMessage sends a message to the CRM.
func SendMessage(message int64) Task { return Task{KindSendMessage, message} }

// NotifyOfDeals sends or updates a notice that contains messages about deals.
func NotifyOfDeals(notice int64) Task { return Task{KindNotifyOfDeals, notice} }

// NotifyOfReminders sends or updates a notice that contains reminders of acts.
func NotifyOfReminders(notice int64) Task { return Task{KindNotifyOfReminders, notice} }

// ShowAnswer writes an answer to the fields of its deal and company.
func ShowAnswer(answer int64) Task { return Task{KindShowAnswer, answer} }

// InviteCounterparty invites the counterparty of a deal to SBIS unless it is connected.
func InviteCounterparty(deal acts.DealID) Task { return Task{KindInviteCounterparty, int64(deal)} }

// LookUpCounterparty looks the counterparty of a deal up at SBIS.
func LookUpCounterparty(deal acts.DealID) Task { return Task{KindLookUpCounterparty, int64(deal)} }

// NotifyIncident notifies an administrator of an incident.
func NotifyIncident(incident int64) Task { return Task{KindNotifyIncident, incident} }

// SendDigest sends an employee the digest of a day.
func SendDigest(digest int64) Task { return Task{KindSendDigest, digest} }

// RunRobot does what a robot of the portal's automation was called for.
func RunRobot(call int64) Task { return Task{KindRunRobot, call} }

// AnswerRobot answers the call of a robot, for which the portal's automation waits.
func AnswerRobot(call int64) Task { return Task{KindAnswerRobot, call} }

// RunTriggers executes the triggers of the portal's automation that a deal waits for, one after another.
func RunTriggers(deal acts.DealID) Task { return Task{KindRunTriggers, int64(deal)} }
