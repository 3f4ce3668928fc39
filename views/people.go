package views

// People is the group «Работа с актами» in the settings.
type People struct {
	SettingsFrame
	State   string // who has access now, in a sentence
	Members []GroupMember
	Roles   []Option // for those who are added

	Query       string
	Found       []Option // employees who can be added, Chosen as they were checked
	FoundWords  string
	Departments []Option
	WorkGroups  []Option
	MakesGroups bool     // whether a work group may be made
	NewGroup    string   // what is proposed as its name
	NoUnits     []string // what the portal does not tell of, and how to have it told

	Preview *AccessPreview // of what was tried
	Access  *AccessPreview // of the group as it is
	Changes []Event
}

// GroupMember is a line of the group: who, and with what role.
type GroupMember struct {
	Key, Name, Kind string
	Role            string
	Roles           []Option
}

// AccessPreview is whom the group lets in.
type AccessPreview struct {
	Words  string
	People []Option // Label with the role as Value
	More   string
}
