package acts

import "time"

// ReminderKind is the kind of a reminder.
type ReminderKind string

// The kinds of reminders about an act; Awaits returns the kind that the act's state requires.
const (
	NoReminder         ReminderKind = ""
	RemindUnsigned     ReminderKind = "unsigned"      // sent and not signed: the task «Указать статус акта»
	RemindOurSignature ReminderKind = "our_signature" // waiting in SBIS for our signature
	RemindInvitation   ReminderKind = "invitation"    // waiting for the counterparty to connect
	RemindAccepted     ReminderKind = "accepted"      // accepted without a signature
	RemindAnnulment    ReminderKind = "annulment"     // a proposal to annul has no answer
	RemindRemarks      ReminderKind = "remarks"       // signed with remarks: the task with their text

	RemindCounterparty ReminderKind = "counterparty" // a letter to the counterparty, beside the kind that Awaits returns
)

// Terms are the delays of reminders.
type Terms struct {
	Unsigned     int `json:"unsigned"`      // working days after the act was sent
	OurSignature int `json:"our_signature"` // working days
	Invitation   int `json:"invitation"`    // working days
	Again        int `json:"again"`         // working days until the second reminder of an invitation
	Accepted     int `json:"accepted"`      // calendar days, repeated
	Annulment    int `json:"annulment"`     // working days, repeated
}

// DefaultTerms are the terms of a portal without its own.
var DefaultTerms = Terms{Unsigned: 5, OurSignature: 1, Invitation: 3, Again: 7, Accepted: 30, Annulment: 5}

// Awaits returns the kind of reminder that the current state of the act requires, or "".
func (a Act) Awaits() ReminderKind {
	switch {
	case !a.CountsTowardDeal():
		return NoReminder
	case a.Status == StatusSent:
		return RemindUnsigned
	case a.Status == StatusAcceptedUnsigned:
		return RemindAccepted
	case a.Annulment.Proposed != "":
		return RemindAnnulment
	case a.Status == StatusSigned && a.Remarks != "":
		return RemindRemarks
	case a.Medium == MediumPaper || a.Status == StatusSigned || a.Status == StatusRefused: // regardless of where its document is
		return NoReminder
	case a.Delivery == DeliveryWaitingSignature:
		return RemindOurSignature
	case a.Delivery == DeliveryWaitingConnection:
		return RemindInvitation
	}
	return NoReminder
}

// AwaitsSince returns the time from which the days of a reminder count; zero stands for the change that requires it.
func (a Act) AwaitsSince(k ReminderKind) time.Time {
	switch k {
	case RemindUnsigned:
		return a.SentAt
	case RemindAnnulment:
		return a.Annulment.ProposedAt
	}
	return time.Time{}
}

// AwaitsCounterparty reports whether the counterparty has the act and has not signed it.
func (a Act) AwaitsCounterparty() bool {
	return a.CountsTowardDeal() && (a.Status == StatusSent || a.Status == StatusAcceptedUnsigned)
}

// MayRemindCounterparty returns an error unless a letter may remind the counterparty of its signature.
func (a Act) MayRemindCounterparty() error {
	if a.AwaitsCounterparty() && a.Annulment.IsOpen() {
		return Errorf(Conflict, "Документ отзывается или аннулируется: напоминать о подписи не нужно.")
	}
	if !a.AwaitsCounterparty() {
		return Errorf(Conflict, "Контрагенту напоминают об акте, который ему направлен и не подписан, а этот: «%s».", a.Status.Label())
	}
	return nil
}

// RequiresAnswer reports whether the reminder is a CRM task that requires an answer; other reminders are notifications.
func (k ReminderKind) RequiresAnswer() bool { return k == RemindUnsigned || k == RemindRemarks }
