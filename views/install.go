package views

// Install is the view of the installation page: the plan, the progress, and the remaining steps.
type Install struct {
	Frame
	State         string // asked, running, failed or done
	Heading       string
	Chip          Chip
	StatusText    string
	Problem       string
	Admin         string
	Checks        []Check
	Blocked       bool // the installation cannot start, because a check has failed
	Plan          []PlanItem
	MissingStages []MissingStages
	Steps         []InstallStep
	Busy          bool
	ToDo          []ToDo
	People        string // who works with acts until members are added
	Button        string
}

// PlanItem is a kind of objects that will be created, with their names.
type PlanItem struct {
	Text  string
	Names []string
}

// MissingStages lists the stages that a pipeline lacks.
type MissingStages struct{ Pipeline, Name, Stages string }

// InstallStep is a part of the installation; State is waiting, now, done or failed.
type InstallStep struct{ Part, Label, State, StateText, Text string }

// ToDo is a step for the administrator, remaining or done.
type ToDo struct {
	Key, Label, Text string
	Done             bool
	Href             string
	Outside          bool   // a page of the portal
	Mark             string // URL that marks the step as done, "" when we detect it ourselves
}
