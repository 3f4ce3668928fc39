package sbis

import (
	"errors"
	"strings"
)

// transportError returns the error of a request that failed in transport.
func transportError(method string, status int, err error) error {
	e := &Error{Method: method, Status: status, lost: true, cause: err}
	var n neverSent
	if errors.As(err, &n) {
		e.kind = notSent
	}
	return e
}

// loginError returns the error of a call for which no session was available: the method itself was not executed.
func loginError(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return &Error{Method: "session", kind: notSent, cause: err}
	}
	if e.kind != unclear {
		return err
	}
	own := *e
	own.kind = notSent
	return &own
}

// redact removes our secrets from the messages of an error.
func (c *Client) redact(err error, s Session) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	var pairs []string
	for _, secret := range append(c.login.secrets(), s.Value) {
		if len(secret) >= 4 {
			pairs = append(pairs, secret, "***")
		}
	}
	r := strings.NewReplacer(pairs...)
	e.Message, e.Details = r.Replace(e.Message), r.Replace(e.Details)
	return err
}
