package views

import (
	"strings"

	"github.com/a-h/templ"
)

// PublicMessage says one thing to a stranger.
type PublicMessage struct{ Heading, Text, Code string }

// PublicForm is the question to a counterparty with what was typed.
type PublicForm struct {
	Action      string
	Own, OwnINN string
	Deal        string
	Works       []string
	Buyer, INN  string // masked

	Done        string // thanks, "" while there is no answer
	Chosen      string // what was answered
	Participant string // the id that was answered
	Mended      bool   // it was typed otherwise

	Channels, Kinds, Found []PublicChoice
	Operators              []string
	Shapes                 []Option
	Shape                  string // of the ids of the operator that was typed
	HasEDO                 bool
	FindNote               string

	Typed    map[string]string
	Faults   map[string]string
	Mistakes []PublicMistake

	ConsentText, ConsentVersion string
	Consent                     bool
	Button                      string
}

// PublicChoice is one of several things to choose.
type PublicChoice struct {
	Value, Label, Note string
	Chosen             bool
}

// PublicMistake is a mistake and the id of its field.
type PublicMistake struct{ Field, Text string }

// PublicField is one field of the form.
type PublicField struct {
	Name, Label, Hint string
	Mode              string // keyboard of a phone
	Fill              string // what the browser may fill in
	List              string // id of the suggestions
	Rows              string // of a text of several lines
	Code              bool   // an id: no capitals, no spelling
}

// describe tells those who do not see the page what belongs to a field: its mistake and its hint.
func describe(faults map[string]string, field, hint string) templ.Attributes {
	var ids []string
	if faults[field] != "" {
		ids = append(ids, "fault-"+field)
	}
	if hint != "" {
		ids = append(ids, "hint-"+field)
	}
	says := templ.Attributes{}
	if len(ids) > 0 {
		says["aria-describedby"] = strings.Join(ids, " ")
	}
	if faults[field] != "" {
		says["aria-invalid"] = "true"
	}
	return says
}
