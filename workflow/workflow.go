// Package workflow does what people and clocks ask for, one method per request:
// it reads and writes the store in transactions and speaks to the outside through CRM and EDO.
package workflow

import (
	"errors"
	"log/slog"
	"time"

	"acts24/acts"
	"acts24/store"
)

// ErrUnclear marks a foreign call whose end is not known: the other side may have done it.
var ErrUnclear = errors.New("the other side may have done it")

// ErrMoved marks a portal that sends us to another address: it was renamed, or somebody wants our tokens.
var ErrMoved = errors.New("the portal has another address")

// Timing are the waiting constants; a harness scales them all by one factor.
type Timing struct {
	Bound    time.Duration // a foreign call takes no longer
	Window   time.Duration // after an unclear end the other side may still be at work
	Lease    time.Duration // of a task; longer than Bound
	Retry    time.Duration // the longest wait between two tries
	PollFast time.Duration // between polls while something is awaited
	PollSlow time.Duration // otherwise
	PollIdle time.Duration // at night, or when nothing is under way
	Visit    time.Duration // how long a visit lives
	Fresh    time.Duration // how long a copy of a deal needs no re-reading
	Sweep    time.Duration // between readings of what changed in a portal
	StaleDoc time.Duration // a live document nothing was heard of is read again
	Probe    time.Duration // between two tries whether a dead other side lives again
}

// DefaultTiming are the figures for the real world (contracts/bitrix24.md 10.4, quality A.3).
var DefaultTiming = Timing{Bound: 60 * time.Second, Window: 75 * time.Second, Lease: 90 * time.Second, Retry: 5 * time.Minute,
	PollFast: 30 * time.Second, PollSlow: 60 * time.Second, PollIdle: 300 * time.Second,
	Visit: 12 * time.Hour, Fresh: 60 * time.Second, Sweep: 5 * time.Minute, StaleDoc: 24 * time.Hour,
	Probe: 5 * time.Minute}

// Turn is the lease of work that calls nobody: whoever takes over after a crash need not wait for a foreign call.
func (t Timing) Turn() time.Duration { return t.Lease / 9 }

// Service does the work of the product over one pool of the database.
type Service struct {
	db     *store.DB
	crm    CRM
	edo    EDO
	timing Timing
	now    func() time.Time // business time
	public string           // our own address: https://acts.example.ru
	wake   func()           // tells the jobs that there is work
	log    *slog.Logger
}

// New makes a service. public is our own address for links in letters; wake is called after a commit that left tasks behind.
func New(db *store.DB, crm CRM, edo EDO, timing Timing, public string, now func() time.Time, wake func(), log *slog.Logger) *Service {
	return &Service{db: db, crm: crm, edo: edo, timing: timing, public: public, now: now, wake: wake, log: log}
}

// Visit is who asks: a verified user of a portal.
type Visit struct {
	store.Visit
	ID   string   // the secret of the visit, to tell it apart in the store
	News []string // what repairs have made, for an administrator who has not been told
}

// event starts a line of history caused by the visitor.
func (v Visit) event(act acts.ActID, kind, text string) store.ActEvent {
	return store.ActEvent{Act: act, Actor: string(acts.ByPerson), User: v.User, UserName: v.UserName, Kind: kind, Text: text}
}

// The kinds of tasks.
const (
	TaskItem     = "crm.item"      // subject: act; keep its CRM item in step
	TaskStage    = "crm.stage"     // subject: deal; move it where its acts say
	TaskTimeline = "crm.timeline"  // subject: line of history; say it on the deal's timeline
	TaskNotify   = "crm.notify"    // subject: line of history; tell the responsible
	TaskRemind   = "crm.remind"    // subject: reminder; bring it to a person, or end its task
	TaskDeal     = "crm.deal"      // subject: deal; read it anew
	TaskRead     = "crm.item.read" // subject: item; read it and take what a person changed for a request
	TaskTask     = "crm.task"      // subject: task of the CRM; read whether it is ended
	TaskFiles    = "crm.files"     // subject: act; bring its file fields and our copies into line
	TaskLetter   = "crm.letter"    // subject: letter; send it
	TaskForm     = "act.form"      // subject: deal; form the act that a person asked for in the list of deals
	TaskPut      = "edo.put"       // subject: act; write its document to SBIS
	TaskWithdraw = "edo.withdraw"  // subject: act; delete its document at SBIS
	TaskSign     = "edo.sign"      // subject: act; have its document signed, or put before our signer
	TaskCheck    = "edo.check"     // subject: account; ask SBIS of its organisations and certificates
	TaskMessage  = "crm.message"   // subject: message; tell it
	TaskExchange = "crm.exchange"  // subject: answer; show it on the deal and its company
	TaskInvite   = "edo.invite"    // subject: deal; invite its counterparty to SBIS when SBIS does not know it
	TaskLookup   = "edo.lookup"    // subject: deal; ask SBIS for its counterparty
	TaskAlarm    = "crm.alarm"     // subject: incident; tell an administrator
	TaskDigest   = "crm.digest"    // subject: digest; tell an employee what waits for him
)

// CRMTasks travel together in one batch of a portal.
var CRMTasks = []string{TaskItem, TaskStage, TaskTimeline, TaskNotify, TaskRemind, TaskMessage, TaskExchange, TaskAlarm, TaskDigest}

// Hints are read together, those of one kind in one call.
var Hints = []string{TaskDeal, TaskRead, TaskTask, TaskForm}

// SingleTasks are delivered one by one.
var SingleTasks = []string{TaskPut, TaskWithdraw, TaskLookup, TaskInvite, TaskFiles, TaskLetter, TaskSign, TaskCheck}
