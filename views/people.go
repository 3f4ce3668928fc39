package views

// People is the view of the group «Работа с актами» in the settings.
type People struct {
	SettingsFrame
	State   string // a sentence about who has access now
	Members []GroupMember
	Roles   []Option // for new members

	Query       string
	Found       []Option // employees who can be added; Chosen marks the checked ones
	FoundNote   string   // what the search has found, in words
	Departments []Option
	WorkGroups  []Option
	MakesGroups bool     // a work group can be created
	NewGroup    string   // suggested name of the work group
	NoUnits     []string // what the portal does not report, and how to enable it

	Preview *AccessPreview // access after the requested change
	Access  *AccessPreview // current access
	Changes []Event
}

// GroupMember is a member of the group with its role.
type GroupMember struct {
	Key, Name, Kind string
	Role            string
	Roles           []Option
}

// AccessPreview lists who has access.
type AccessPreview struct {
	Count  string   // «14 человек»
	People []Option // Label is the employee, Value the role
	More   string
}
