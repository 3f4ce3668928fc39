package main

import (
	"fmt"
	"slices"
	"time"
)

// state is what a run has left in the database and in the fakes. The checker reads nothing else.
type state struct {
	Forms       []form
	Failures    []string
	PendingWork string // why the run did not become idle
	PendingActs []pendingAct

	Acts      []actRow
	Attempts  []attempt
	Events    []eventRow
	Deals     []dealRow
	Tasks     []taskRow
	Documents []document
	Items     []item
	Comments  []comment
	Notices   []notice

	Asked    []dealOfPortal
	Answers  []answerRow
	Messages []sentMessage

	Robots       []robotRun
	StrayRobots  []string // tokens of stored calls that no robot has made
	Steps        []stageStep
	TriggersLeft int
	Badges       []badgeRow
	Papers       []paper
	Letters      []letterRow
	StrayLetters []string // sent letters that belong to nothing
	Reminders    []reminder
	StatusTasks  []statusTask
	Copies       []copyRow
	BulkRows     []bulkRow
	CardFiles    []cardFile

	Refused     map[string]int // refusals because of too many calls
	Strange     map[string]int // calls that the portal does not accept
	CallTimeout time.Duration  // of a remote call
	Slowest     time.Duration  // from a request to its effect
	Broken      []string       // unexpected ends of replicas
	Outages     []string       // outages that were not survived, or not over soon
	Grown       []string       // what a process used more and more of in a soak

	violators []ref // acts that break a rule, in the order in which they were found
}

// violation records that an act breaks a rule and returns the formatted message.
func (s *state) violation(act ref, format string, args ...any) string {
	if !slices.Contains(s.violators, act) {
		s.violators = append(s.violators, act)
	}
	return fmt.Sprintf("act %s ", act) + fmt.Sprintf(format, args...)
}

// describe returns everything known about an act: its attempts in the database, their documents in SBIS, and its history.
func (s *state) describe(act ref) (lines []string) {
	for _, a := range s.Attempts {
		if a.Portal != act.Portal || a.Act != act.ID {
			continue
		}
		lines = append(lines, fmt.Sprintf("attempt %s, live %v, %s", a.ID, a.Live, a.Known))
		i := slices.IndexFunc(s.Documents, func(d document) bool { return d.ID == a.ID && d.Portal == a.Portal })
		if i < 0 {
			lines = append(lines, "  not in SBIS")
			continue
		}
		d := s.Documents[i]
		lines = append(lines, fmt.Sprintf("  document in state %d, deleted %v, comment %q", d.State, d.Deleted, d.Comment))
		for _, e := range d.Events {
			lines = append(lines, "    "+e)
		}
	}
	for _, e := range s.Events {
		if e.Portal == act.Portal && e.Act == act.ID {
			lines = append(lines, fmt.Sprintf("history %s %s: %s", e.At, e.Kind, e.Text))
		}
	}
	return lines
}

// actRow is an act in the database. Portal is the number of its portal in the world, as in all types here.
type actRow struct {
	Portal           int
	ID, Deal, Item   int64
	Key              string
	Status, Delivery string
	Number           string
	Year             int
	Stage            string // the stage that its item should have
	Lines            int
}

// pendingAct is an act whose document was still expected to change.
type pendingAct struct {
	Portal int
	Act    int64
	What   string
}

// attempt is a document in the database.
type attempt struct {
	Portal  int
	Act     int64
	ID      string
	Live    bool
	Package string // how far its signed files are fetched
	Known   string // further data of the database
}

// eventRow is a line of an act's history.
type eventRow struct {
	Portal  int
	ID, Act int64
	Kind    string
	By      string // the name of the person or robot
	Text    string
	At      string
	From    string // statuses of the act, equal when it stayed
	To      string
}

// dealRow is a deal with its stage in the portal, and whether its rows are all in acts.
type dealRow struct {
	Portal  int
	ID      int64
	Stage   string // name of the stage in the portal
	Covered bool
	Over    bool // acts have taken more of a row than its quantity

	ByTriggers bool // is moved by triggers of the portal instead of the program
}

type taskRow struct {
	Portal  int
	Kind    string
	Subject int64
	Dead    bool
	Problem string
}

// document is a document in SBIS.
type document struct {
	Portal             int
	ID                 string
	Number             string
	State              int
	Deleted            bool
	Comment            string
	Sendings           int  // to the counterparty
	Requests           int  // of ours to recall or to annul it
	Recalls            int  // of these
	Proposals, Answers int  // to annul it, of both parties
	Refused            bool // by the counterparty, whatever followed
	Annulled           bool
	Events             []string
}

// live reports whether the document can still be signed or has been.
func (d document) live() bool { return !d.Deleted && d.State != 20 && d.State != -1 }

// item is an item of the smart process.
type item struct {
	Portal int
	ID     int64
	Origin string // the act's id, by which it is found
	Stage  string
	Rows   int
}

type comment struct {
	Portal int
	Owner  string // "2:15"
	Text   string

	Kind    string // what it is about in our database: "event" of an act, "message" about a deal, or "" when it is known to be neither
	Subject int64
}

type notice struct {
	Portal int
	Tag    string
}
