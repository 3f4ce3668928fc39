package acts

import (
	"errors"
	"fmt"
)

// Kind classifies an error for the program; errors.Is accepts it as a target.
type Kind string

// The kinds of errors with a message for the user; the handlers map each to an HTTP status.
const (
	Invalid     Kind = "invalid"     // 422: the input is not acceptable
	Forbidden   Kind = "forbidden"   // 403: the user has no right to do this
	NotFound    Kind = "not found"   // 404: there is no such object in this portal
	Conflict    Kind = "conflict"    // 409: the object is not in the expected state
	Refused     Kind = "refused"     // 422: the remote system refused
	Unavailable Kind = "unavailable" // 503: the remote system does not answer
)

// Error makes a kind usable as a target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is an error with a message for the user.
type Error struct {
	Kind Kind
	Text string // Russian; what happened and what to do
}

// Errorf returns an error of this kind; the formatted text is shown to the user.
func Errorf(kind Kind, text string, values ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(text, values...)}
}

// Error returns the message for the user.
func (e *Error) Error() string { return e.Text }

// Is reports whether target is the kind of e.
func (e *Error) Is(target error) bool { return target == e.Kind }

// KindOf returns the kind of the first Error in the chain of err, or "" when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// Message returns the message for the user found in err, or "" when there is none.
func Message(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Text
	}
	return ""
}

// Fault is one mistake in a form: the field and a message about what to do.
type Fault struct {
	Field string
	Text  string
}

// Faults are all mistakes of one form. As an error its kind is Invalid.
type Faults []Fault

// Error returns the messages of all faults.
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

// At returns the message of the field, or "".
func (f Faults) At(field string) string {
	for _, one := range f {
		if one.Field == field {
			return one.Text
		}
	}
	return ""
}

// Add appends a fault at a field; text is a format for values.
func (f *Faults) Add(field, text string, values ...any) {
	*f = append(*f, Fault{Field: field, Text: fmt.Sprintf(text, values...)})
}

// Err returns f as an error, or nil when f is empty.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
