package views

import (
	"strings"

	"github.com/a-h/templ"
)

// PublicMessage is the view of a page with a message for a counterparty.
type PublicMessage struct{ Heading, Text, Code string }

// PublicForm is the view of the question to a counterparty with the typed values.
type PublicForm struct {
	Action      string
	Own, OwnINN string
	Deal        string
	Works       []string
	Buyer, INN  string // masked

	Done        string // thanks, "" before the answer
	Chosen      string // the given answer
	Participant string // the participant id in the answer
	Unconfirmed string // an unusual id that must be confirmed

	Channels, Kinds, Found []PublicChoice
	Operators              []string
	Shapes                 []Option
	Shape                  string // format of the ids of the chosen operator
	HasEDO                 bool
	FindNote               string

	Typed    map[string]string
	Faults   map[string]string
	Mistakes []PublicMistake

	ConsentText, ConsentVersion string
	Consent                     bool
	Button                      string
}

// PublicChoice is one of several options.
type PublicChoice struct {
	Value, Label, Note string
	Chosen             bool
}

// PublicMistake is a fault with the id of its field.
type PublicMistake struct{ Field, Text string }

// PublicField is one field of the form.
type PublicField struct {
	Name, Label, Hint string
	Mode              string // input mode of phone keyboards
	Fill              string // autocomplete token
	List              string // id of the list of suggestions
	Rows              string // number of lines of a multi-line text
	Code              bool   // an id: no capitalisation and spell checking
	Person            bool   // personal data: consent is required when it is filled in
}

// describe returns the ARIA attributes that link a field to its fault and its hint.
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
