package main

import "time"

// state is what a run left behind, in the database and in the world outside. The checker looks at nothing else.
type state struct {
	Forms      []form
	Complaints []string
	Unrest     string // why the run did not become quiet

	Acts      []actRow
	Attempts  []attempt
	Events    []eventRow
	Deals     []dealRow
	Tasks     []taskRow
	Documents []document
	Items     []item
	Comments  []comment
	Notices   []notice

	Asked    []asked
	Answers  []answerRow
	Messages []sentence

	Papers       []paper
	Letters      []letterRow
	StrayLetters int // that have gone and belong to nothing
	Reminders    []reminder
	StatusTasks  []statusTask
	Copies       []copyRow
	BulkRows     []bulkRow
	CardFiles    []cardFile

	Refused map[string]int // answers of the outside for too many calls
	Bound   time.Duration  // of a foreign call
	Slowest time.Duration  // from a request to its effect
	Broken  []string       // ends of replicas that nobody asked for
}

// actRow is an act in the database. Portal is the number of its portal in the world, as everywhere here.
type actRow struct {
	Portal           int
	ID, Deal, Item   int64
	Key              string
	Status, Delivery string
	Number           string
	Year             int
	Stage            string // the stage that its item should be in
	Lines            int
}

// attempt is a document as the database knows it.
type attempt struct {
	Portal int
	Act    int64
	ID     string
	Live   bool
}

// eventRow is a line of an act's history.
type eventRow struct {
	Portal  int
	ID, Act int64
	Kind    string
	Text    string
}

// dealRow is a deal: where the portal has it, and whether its rows are all in acts.
type dealRow struct {
	Portal  int
	ID      int64
	Stage   string // name of the stage in the portal
	Covered bool
	Over    bool // a row is in acts with more than it has
}

type taskRow struct {
	Portal  int
	Kind    string
	Subject int64
	Dead    bool
	Problem string
}

// document is a document in the cabinet of a portal's account.
type document struct {
	Portal   int
	ID       string
	Number   string
	State    int
	Deleted  bool
	Comment  string
	Sendings int // to the counterparty
}

// live tells whether the document can still be signed or has been.
func (d document) live() bool { return !d.Deleted && d.State != 20 && d.State != -1 }

// item is an item of the smart process.
type item struct {
	Portal int
	ID     int64
	Origin string // the act's id, by which we find it
	Stage  string
	Rows   int
}

type comment struct {
	Portal int
	Owner  string // "2:15"
	Text   string
}

type notice struct {
	Portal int
	Tag    string
}
