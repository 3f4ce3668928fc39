package views

// State is the view of the page «Состояние».
type State struct {
	Frame
	Verdict   Chip   // overall state in one line
	At        string // when it was checked
	Troubles  []string
	Busy      bool   // the page is refreshed soon
	Check     string // URL of «Проверить сейчас»
	Settings  string
	Portal    []StateFact
	Accounts  []StateAccount
	Queue     []QueueRow
	Dead      []StuckTask
	Postponed []StuckTask
	Incidents []IncidentRow
}

// StateFact is a labelled value; Note describes a problem with it.
type StateFact struct {
	Name, Value, Note string
	Chip              Chip
}

// StateAccount is an SBIS account with the companies that use it.
type StateAccount struct {
	Name, Problem string
	Chip          Chip
	Polls         []StateFact
	Terms         []StateFact // expiry of its certificates
}

// QueueRow is the number of waiting tasks of one kind.
type QueueRow struct{ Name, Number, Age string }

// StuckTask is a task that waits for a person, or was postponed by one until Until; Href is the page of its subject.
type StuckTask struct{ ID, Title, Href, Problem, Repeat, Postpone, Until string }

// IncidentRow is a period without a connection.
type IncidentRow struct{ Who, Reason, Opened, Closed string }
