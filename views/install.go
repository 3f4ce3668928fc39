package views

// Install is the page of the installation: what will be made, how far it is, and what is still to be done.
type Install struct {
	Frame
	State   string // asked, running, failed or done
	Heading string
	Chip    Chip
	Words   string
	Problem string
	Admin   string
	Checks  []Check
	Barred  bool // nothing can be installed yet
	Plan    []PlanItem
	Lacking []LackingStages
	Steps   []InstallStep
	Busy    bool
	ToDo    []ToDo
	Button  string
}

// PlanItem is a kind of things that will be made, with each of them.
type PlanItem struct {
	Text  string
	Names []string
}

// LackingStages are the stages that a pipeline lacks.
type LackingStages struct{ Pipeline, Name, Stages string }

// InstallStep is a part of an installation; State is waiting, now, done or failed.
type InstallStep struct{ Part, Label, State, Word, Text string }

// ToDo is something that the administrator still has to do, or has done.
type ToDo struct {
	Key, Label, Text string
	Done             bool
	Href             string
	Outside          bool   // a page of the portal
	Mark             string // address at which a person says that it is done, "" where we see it ourselves
}
