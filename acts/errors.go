package acts

import (
	"errors"
	"fmt"
)

// Kind tells the program what went wrong; it answers to errors.Is.
type Kind string

// The kinds of errors a person may read, each with its HTTP status in the handlers.
const (
	Invalid     Kind = "invalid"     // 422: what was typed cannot be used
	Forbidden   Kind = "forbidden"   // 403: this person may not
	NotFound    Kind = "not found"   // 404: no such thing in this portal
	Conflict    Kind = "conflict"    // 409: the thing is in another state than expected
	Refused     Kind = "refused"     // 422: the other side said no
	Unavailable Kind = "unavailable" // 503: the other side does not answer
)

// Error makes a kind usable as a target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is a failure with a sentence that a user may read.
type Error struct {
	Kind Kind
	Text string // Russian, says what happened and what to do
}

// Errorf makes an error of this kind; text and its values are shown to the user.
func Errorf(kind Kind, text string, values ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(text, values...)}
}

// Error returns the sentence for the person.
func (e *Error) Error() string { return e.Text }

// Is reports whether target is the kind of e.
func (e *Error) Is(target error) bool { return target == e.Kind }

// KindOf returns the kind found in err, or "" for an error nobody foresaw.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// Sentence returns the words for the person found in err, or "" when there are none.
func Sentence(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Text
	}
	return ""
}

// Fault is one mistake in a form: the field it stands at and what to do about it.
type Fault struct {
	Field string
	Text  string
}

// Faults are all mistakes of one form; as an error it is Invalid.
type Faults []Fault

// Error joins the sentences of all faults.
func (f Faults) Error() string {
	text := ""
	for i, one := range f {
		if i > 0 {
			text += " "
		}
		text += one.Text
	}
	return text
}

// Is reports whether target is Invalid.
func (f Faults) Is(target error) bool { return target == Invalid }

// At returns the sentence that belongs to the field, or "".
func (f Faults) At(field string) string {
	for _, one := range f {
		if one.Field == field {
			return one.Text
		}
	}
	return ""
}

// Add appends a fault at the field.
func (f *Faults) Add(field, text string, values ...any) {
	*f = append(*f, Fault{Field: field, Text: fmt.Sprintf(text, values...)})
}

// Err returns f as an error, or nil when there are no faults.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
