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
	Own, OwnINN string // our company
	Deal        string
	Works       []string
	Buyer, INN  string // masked

	Done        string // thanks, "" before the answer
	Chosen      string // the given answer
	Participant string // the participant id in the answer
	Unconfirmed string // an unusual id that must be confirmed

	Channels, Kinds, Found []PublicChoice
	Operators              []string
	IDFormats              []Option
	IDFormat               string // format of the ids of the chosen operator
	HasEDO                 bool
	FindNote               string

	Typed   map[string]string
	Faults  map[string]string
	Summary []PublicFault // all faults, above the form

	ConsentText, ConsentVersion string
	Consent                     bool
	Button                      string
}

// PublicChoice is one of several options.
type PublicChoice struct {
	Value, Label, Note string
	Chosen             bool
}

// PublicFault is a fault with the id of its field.
type PublicFault struct{ Field, Text string }

// PublicField is one field of the form.
type PublicField struct {
	Name, Label, Hint string
	InputMode         string // input mode of phone keyboards
	Autocomplete      string // autocomplete token
	ListID            string // id of the list of suggestions
	Rows              string // number of lines of a multi-line text
	IsID              bool   // an id: no capitalisation and spell checking
	IsPersonal        bool   // personal data: consent is required when it is filled in
}

// describedBy returns the ARIA attributes that link a field to its fault and its hint.
func describedBy(faults map[string]string, field, hint string) templ.Attributes {
	var ids []string
	if faults[field] != "" {
		ids = append(ids, "fault-"+field)
	}
	if hint != "" {
		ids = append(ids, "hint-"+field)
	}
	attrs := templ.Attributes{}
	if len(ids) > 0 {
		attrs["aria-describedby"] = strings.Join(ids, " ")
	}
	if faults[field] != "" {
		attrs["aria-invalid"] = "true"
	}
	return attrs
}
