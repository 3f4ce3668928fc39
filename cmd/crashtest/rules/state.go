package rules

import (
	"fmt"
	"slices"
	"time"

	"acts24/cmd/crashtest/wire"
	"acts24/integrations/sbis"
)

// State is what a run has left in the database and in the fakes. The rules read nothing else. Portals are identified by their numbers in the world.
type State struct {
	Forms             []Form
	UnexpectedAnswers []string // answers that no manager should get
	PendingWork       string   // why the run did not become idle
	PendingActs       []PendingAct

	Acts          []Act
	Attempts      []Attempt
	Events        []Event
	Deals         []Deal
	Tasks         []Task
	Documents     []Document
	Items         []Item
	Comments      []Comment
	Notifications []Notification

	AskedDeals []Ref // whose counterparty must be asked exactly once
	Answers    []Answer
	Messages   []Message

	RobotRuns    []RobotRun
	StrayCalls   []string // tokens of stored calls that no robot has made
	StageMoves   []StageMove
	TriggersLeft int
	Badges       []Badge
	Papers       []PaperAct
	Letters      []Letter
	StrayLetters []string // sent letters that are not in the database
	Reminders    []Reminder
	StatusTasks  []StatusTask
	Copies       []Copy
	BulkRows     []BulkRow
	CardFiles    []CardFile

	LimitRefusals   map[string]int // refusals because of too many calls, by error
	DisallowedCalls map[string]int // calls that the portal does not accept, by description
	Writes          wire.WriteCounts
	CallTimeout     time.Duration // of a remote call
	SlowestCall     time.Duration // from a request to its effect
	UnexpectedExits []string      // unexpected ends of replicas, and failed starts and stops
	FailedOutages   []string      // outages that were not survived, or not over soon
	Growth          []string      // what a process used more and more of in a soak

	violators []Ref // acts that break a rule, in the order in which they were found
}

// recordViolation records that an act breaks a rule and returns the formatted message.
func (s *State) recordViolation(act Ref, format string, args ...any) string {
	if !slices.Contains(s.violators, act) {
		s.violators = append(s.violators, act)
	}
	return fmt.Sprintf("act %s ", act) + fmt.Sprintf(format, args...)
}

// describe returns everything known about an act: its attempts in the database, their documents in SBIS, and its history.
func (s *State) describe(act Ref) (lines []string) {
	for _, a := range s.Attempts {
		if a.Portal != act.Portal || a.Act != act.ID {
			continue
		}
		lines = append(lines, fmt.Sprintf("attempt %s, live %v, %s", a.ID, a.Live, a.Details))
		i := slices.IndexFunc(s.Documents, func(d Document) bool { return d.ID == a.ID && d.Portal == a.Portal })
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

// Act is an act in the database.
type Act struct {
	Portal           int
	ID, Deal, Item   int64
	Key              string // of its form
	Status, Delivery string
	Number           string
	Year             int
	ItemStage        string // the stage that its item should have
	Lines            int    // number of its rows
}

// PendingAct is an act whose document was still expected to change.
type PendingAct struct {
	Portal  int
	Act     int64
	Details string
}

// Attempt is one try to hand an act over, with what the database has about its document.
type Attempt struct {
	Portal  int
	Act     int64
	ID      string
	Live    bool   // the document can still be signed, or has been
	Package string // how far its signed files are fetched
	Details string // for the report
}

// Event is a line of an act's history.
type Event struct {
	Portal  int
	ID, Act int64
	Kind    string
	By      string // name of the person or robot
	Text    string
	At      string // time of the day
	From    string // statuses of the act, equal when it stayed
	To      string
}

// Deal is a deal with its stage in the portal, and whether its rows are all in acts.
type Deal struct {
	Portal   int
	ID       int64
	Stage    string // name of the stage in the portal
	Covered  bool
	Exceeded bool // acts have taken more of a row than its quantity

	ByTriggers bool // is moved by triggers of the portal instead of the program
}

// Task is a task of the outbox.
type Task struct {
	Portal  int
	Kind    string
	Subject int64
	Dead    bool
	Problem string
}

// Document is a document in SBIS.
type Document struct {
	Portal             int
	ID                 string
	Number             string
	State              int
	Deleted            bool
	Comment            string
	SignedByHand       bool // by a person in SBIS, not by the service
	Sendings           int  // to the counterparty
	OurRequests        int  // to recall or to annul it
	OurRecalls         int  // those of OurRequests that recall it
	Proposals, Answers int  // to annul it, of both parties
	Refused            bool // by the counterparty, whatever followed
	Annulled           bool
	Events             []string
}

// isLive reports whether the document can still be signed or has been.
func (d Document) isLive() bool {
	return !d.Deleted && d.State != sbis.StateCancelled && d.State != sbis.StateNone
}

// Item is an item of the smart process.
type Item struct {
	Portal int
	ID     int64
	ActID  string // of its act, by which the program finds it
	Stage  string
	Rows   int
}

// Comment is a comment in the timeline of a portal.
type Comment struct {
	Portal int
	Owner  string // entity type and id, such as "2:15"
	Text   string

	Kind    string // what it is about in our database: "event" of an act, "message" about a deal, or "" when the database has nothing of it
	Subject int64  // id of the event or the message
}

// Notification is a notification in a portal.
type Notification struct {
	Portal int
	Tag    string
}
