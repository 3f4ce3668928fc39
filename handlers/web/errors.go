package web

import (
	"errors"
	"net/http"
	"slices"

	"acts24/acts"
	"acts24/handlers/limits"
	"acts24/views"
)

// FaultMap joins the texts of the faults of each field.
func FaultMap(faults acts.Faults) map[string]string {
	m := map[string]string{}
	for _, f := range faults {
		if m[f.Field] != "" {
			m[f.Field] += " "
		}
		m[f.Field] += f.Text
	}
	return m
}

// ShowError puts an error on a page: its message, or the faults of a form. Without text the faults have a common heading.
func ShowError(f *views.Frame, text string, err error) {
	var faults acts.Faults
	if errors.As(err, &faults) && slices.ContainsFunc(faults, func(one acts.Fault) bool { return one.Field != "presend" }) {
		f.Alert, f.FormFaults = text, FormFaults(faults)
		return
	}
	f.Alert = Message(err) // the check before sending has no field: its reasons are the message
	if len(faults) > 0 {
		f.Alert = faults.Error()
	}
}

// FormFaults returns the faults of a form for the summary of its page.
func FormFaults(faults acts.Faults) (list []views.FormFault) {
	for _, one := range faults {
		list = append(list, views.FormFault(one))
	}
	return list
}

// BadForm is the error of a form that could not be read.
func BadForm(err error) error {
	if Status(err) == http.StatusRequestEntityTooLarge {
		return err
	}
	return acts.Errorf(acts.Invalid, "Непонятный запрос.")
}

// Status returns the HTTP status of an error.
func Status(err error) int {
	var tooLarge *http.MaxBytesError
	var many limits.Exceeded
	switch {
	case errors.As(err, &many):
		return http.StatusTooManyRequests
	case errors.Is(err, ErrNoVisit):
		return http.StatusUnauthorized
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, acts.Unavailable):
		return http.StatusServiceUnavailable
	case errors.Is(err, acts.Forbidden):
		return http.StatusForbidden
	case errors.Is(err, acts.NotFound):
		return http.StatusNotFound
	case errors.Is(err, acts.Conflict):
		return http.StatusConflict
	case errors.Is(err, acts.Invalid), errors.Is(err, acts.Refused):
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

// Message returns the text of an error for the user.
func Message(err error) string {
	var faults acts.Faults
	if errors.As(err, &faults) {
		return faults.Error()
	}
	return acts.Message(err)
}

// ErrNoVisit is the error of a request without a valid visit: the user must be verified again.
var ErrNoVisit = errors.New("no visit")
