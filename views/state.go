package views

// State is the page «Состояние».
type State struct {
	Frame
	Verdict   Chip // the whole in one line
	At        string
	Troubles  []string
	Busy      bool   // look again soon
	Check     string // address of «Проверить сейчас»
	Settings  string
	Portal    []StateFact
	Accounts  []StateAccount
	Queue     []QueueRow
	Dead      []StuckTask
	Postponed []StuckTask
	Incidents []IncidentRow
}

// StateFact is one thing that is told of; Note is what is wrong with it.
type StateFact struct {
	Name, Value, Note string
	Chip              Chip
}

// StateAccount is an account at SBIS with the companies that work through it.
type StateAccount struct {
	Name, Problem string
	Chip          Chip
	Polls         []StateFact
	Terms         []StateFact // until when its certificates last
}

// QueueRow is what waits of one kind.
type QueueRow struct{ Name, Number, Age string }

// StuckTask is a task that waits for a person, or that he put off until a moment; Href leads to what it is about.
type StuckTask struct{ ID, What, Href, Problem, Repeat, Postpone, Until string }

// IncidentRow is a time without a connection.
type IncidentRow struct{ Who, Reason, Opened, Closed string }
