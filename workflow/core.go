package workflow

import (
	"log/slog"
	"time"

	"acts24/store"
)

// Deps are what the use cases work with.
type Deps struct {
	DB     *store.DB
	CRM    CRM
	EDO    EDO
	Timing Timing
	Public string           // our own address, such as https://acts.example.ru, for links in letters
	Now    func() time.Time // business time
	Wake   func()           // wakes the jobs after a commit that added tasks
	Log    *slog.Logger
}

// Core holds the use cases around an act, which the sub-packages of workflow use.
type Core struct {
	Acts      *Acts
	Deals     *Deals
	Questions *Questions
	People    *People
	History   *History
	Calendar  *Calendar
	Queue     *Queue
}

// Acts forms, edits and finalizes acts, hands them over, and changes their status.
type Acts struct {
	db     *store.DB
	edo    EDO
	timing Timing
	now    func() time.Time
	wake   func()
	log    *slog.Logger

	calendar  *Calendar
	deals     *Deals
	history   *History
	people    *People
	questions *Questions
}

// Deals maintains our copies of the deals of a portal.
type Deals struct {
	db     *store.DB
	crm    CRM
	timing Timing
	wake   func()
	log    *slog.Logger

	history   *History
	people    *People
	questions *Questions
}

// Questions enqueues the letters that ask a counterparty about the way of exchange, and applies the answers.
type Questions struct {
	now    func() time.Time
	public string

	acts     *Acts
	calendar *Calendar
	history  *History
}

// People decides what a person may see and do, and finds who is responsible for an act.
type People struct {
	db      *store.DB
	crm     CRM
	history *History
}

// History appends to the history of an act and enqueues the resulting updates of the CRM and notifications of people.
type History struct {
	now func() time.Time
}

// Calendar counts days in the zone of a portal and plans reminders.
type Calendar struct {
	now func() time.Time
}

// NewCore connects the use cases of this package.
func NewCore(d Deps) *Core {
	c := &Core{
		Acts:      &Acts{db: d.DB, edo: d.EDO, timing: d.Timing, now: d.Now, wake: d.Wake, log: d.Log},
		Deals:     &Deals{db: d.DB, crm: d.CRM, timing: d.Timing, wake: d.Wake, log: d.Log},
		Questions: &Questions{now: d.Now, public: d.Public},
		People:    &People{db: d.DB, crm: d.CRM},
		History:   &History{now: d.Now},
		Calendar:  &Calendar{now: d.Now},
		Queue:     newQueue(d.DB, d.CRM, d.Timing, d.Now, d.Wake, d.Log),
	}
	a, deals, q := c.Acts, c.Deals, c.Questions
	a.calendar, a.deals, a.history, a.people, a.questions = c.Calendar, c.Deals, c.History, c.People, c.Questions
	deals.history, deals.people, deals.questions = c.History, c.People, c.Questions
	q.acts, q.calendar, q.history = c.Acts, c.Calendar, c.History
	c.People.history = c.History
	return c
}
