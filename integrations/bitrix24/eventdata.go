package bitrix24

import (
	"math"
	"strings"
)

// Data returns one value of the event, such as Data("FIELDS", "ID"); it is as foreign as everything in it.
func (e Event) Data(path ...string) string {
	return e.data.at(append([]string{"data"}, path...)...)
}

// Object tells which CRM object the event is about, if it is about one.
func (e Event) Object() (EntityType, ID, bool) {
	id := number(e.Data("FIELDS", "ID"))
	kind := number(e.Data("FIELDS", "ENTITY_TYPE_ID"))
	switch subject := e.subject(); {
	case id == 0:
		return 0, 0, false
	case subject == "DEAL":
		return DealType, id, true
	case subject == "COMPANY":
		return CompanyType, id, true
	case subject == "CONTACT":
		return ContactType, id, true
	case subject == "DYNAMICITEM" && kind > 0 && kind <= math.MaxInt32:
		return EntityType(kind), id, true
	}
	return 0, 0, false
}

// Task tells which task the event is about, if it is about one. A task that was added has no FIELDS_BEFORE and one
// that was deleted no FIELDS_AFTER: the portal writes the word undefined in their place.
func (e Event) Task() (ID, bool) {
	if !strings.HasPrefix(e.Name, "ONTASK") || strings.HasPrefix(e.Name, "ONTASKCOMMENT") {
		return 0, false
	}
	for _, part := range []string{"FIELDS_AFTER", "FIELDS_BEFORE"} {
		if text := e.Data(part, "ID"); numberShape(text) {
			return number(text), true
		}
	}
	return 0, false
}

// Deleted tells that the object or the task of the event is no more.
func (e Event) Deleted() bool {
	if e.Name == EventTaskDeleted {
		return true
	}
	name, _, _ := strings.Cut(e.Name, "_")
	return e.subject() != "" && strings.HasSuffix(name, "DELETE")
}

// subject is what a CRM event is about: ONCRMDYNAMICITEMUPDATE_147 is about a DYNAMICITEM.
func (e Event) subject() string {
	name, _, _ := strings.Cut(e.Name, "_")
	name, crm := strings.CutPrefix(name, "ONCRM")
	for _, verb := range []string{"ADD", "UPDATE", "DELETE", "MOVETOCATEGORY"} {
		if subject, found := strings.CutSuffix(name, verb); crm && found {
			return subject
		}
	}
	return ""
}

// AppChange is what the life-cycle events tell (section 1.4).
type AppChange struct {
	Version         string
	PreviousVersion string
	Language        string
	Active          bool
	Installed       bool
	Clean           bool // the administrator asked to delete the data, too
}

// App returns what a life-cycle event tells, if it is one.
func (e Event) App() (AppChange, bool) {
	switch e.Name {
	case EventInstall, EventUpdate, EventUninstall:
	default:
		return AppChange{}, false
	}
	return AppChange{
		Version:         tidy(e.Data("VERSION"), 40),
		PreviousVersion: tidy(e.Data("PREVIOUS_VERSION"), 40),
		Language:        tidy(e.Data("LANGUAGE_ID"), 10),
		Active:          yes(e.Data("ACTIVE")),
		Installed:       yes(e.Data("INSTALLED")),
		Clean:           yes(e.Data("CLEAN")),
	}, true
}

func yes(text string) bool {
	switch strings.ToLower(text) {
	case "1", "y", "true":
		return true
	}
	return false
}
