package bitrix24

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
)

// ErrSkipped says that a command was not run because one before it failed and the batch was told to halt.
var ErrSkipped = errors.New("skipped after a failure before it")

// ErrReference says that a command was run with a reference that had no value; its result means nothing, for the
// portal puts the nearest list or object in its place.
var ErrReference = errors.New("a reference without a value")

var errNoAnswer = errors.New("the batch answers nothing about this command")

// BatchResult holds what each command of a batch brought.
type BatchResult struct {
	parcel *parcel
	halt   bool
	secret string
}

// Get decodes the result of one command into out, which may be nil, or returns the error of that command.
func (r *BatchResult) Get(key string, out any) error {
	i := r.index(key)
	if i < 0 {
		return fmt.Errorf("bitrix24: no command %q in this batch", key)
	}
	if err := r.failure(i); err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(r.parcel.body.Result[key], out); err != nil {
		return &Error{Method: r.parcel.methods[i], Status: http.StatusOK, cause: unreadable(err)}
	}
	return nil
}

// Err returns the error of one command, or nil.
func (r *BatchResult) Err(key string) error { return r.Get(key, nil) }

// Total returns how many rows a list has in all, as far as the portal counted.
func (r *BatchResult) Total(key string) int { return int(r.parcel.body.Total[key]) }

// Next returns the start of the next page of a list and whether there is one.
func (r *BatchResult) Next(key string) (int, bool) {
	next := r.parcel.body.Next[key]
	return int(next), next > 0
}

func (r *BatchResult) index(key string) int {
	return slices.IndexFunc(r.parcel.commands, func(c Command) bool { return c.Key == key })
}

// failure is what went wrong with the command at i: its own error, an order to halt, silence, a hollow reference.
func (r *BatchResult) failure(i int) error {
	cmd := r.parcel.commands[i]
	if raw, failed := r.parcel.body.Error[cmd.Key]; failed && present(raw) {
		return commandError(cmd.Method, raw).hide(r.secret)
	}
	if _, answered := r.parcel.body.Result[cmd.Key]; !answered {
		if r.halt && r.failedBefore(i) {
			return notSent(cmd.Method, ErrSkipped)
		}
		return &Error{Method: cmd.Method, Status: http.StatusOK, cause: errNoAnswer}
	}
	for _, ref := range r.parcel.refs[i] {
		if !r.hasValue(ref.steps()) {
			return &Error{Method: cmd.Method, Status: http.StatusOK, cause: ErrReference}
		}
	}
	return nil
}

func (r *BatchResult) failedBefore(i int) bool {
	return slices.ContainsFunc(r.parcel.commands[:i], func(c Command) bool {
		raw, failed := r.parcel.body.Error[c.Key]
		return failed && present(raw)
	})
}

// hasValue follows a reference through the answer; only a number or a text at its end is a value.
func (r *BatchResult) hasValue(steps []string) bool {
	at, found := r.parcel.body.Result[steps[0]]
	for _, step := range steps[1:] {
		var inner Map[json.RawMessage]
		if !found || json.Unmarshal(at, &inner) != nil {
			return false
		}
		at, found = inner[step]
	}
	text, err := scalar(at)
	return found && err == nil && text != ""
}

// commandError reads the error of one command; it has no HTTP status of its own.
func commandError(method string, raw json.RawMessage) *Error {
	return spokenError(method, http.StatusOK, complain(raw, nil))
}
