package bitrix24

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrUnreadable means that an answer is not in the format of the method: HTML, truncated or unexpected JSON.
var ErrUnreadable = errors.New("unreadable answer")

// ErrTooLarge means that an answer is longer than 16 MiB, or a file longer than the limit of Download, and was not read to its end.
var ErrTooLarge = errors.New("answer too large")

// Error is the error of a call. Its message contains the code and never a token or a body. Text is the localised message of the portal,
// which may contain names: show it to the user who made the call, but do not log it.
type Error struct {
	Method string
	Status int    // HTTP status, 0 when no answer came
	Code   string // as received; may be empty although the portal refused the call (docs/contracts/bitrix24.md, "Calls and answers")
	Text   string
	Host   string // where a redirect points to

	resetAt int64 // unix time at which a limit ends
	refused bool  // known not to have been executed
	remote  bool  // the remote system answered with an error
	lost    bool  // no answer came
	cause   error
}

// Error returns the method, the status and the code or cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("bitrix24: " + e.Method)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": %d", e.Status)
	}
	switch {
	case e.Host != "":
		b.WriteString(" to " + e.Host)
	case e.Code != "":
		b.WriteString(" " + e.Code)
	case e.remote:
		b.WriteString(" error without a code")
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause, such as context.DeadlineExceeded or the error of the budget.
func (e *Error) Unwrap() error { return e.cause }

// NotExecuted reports whether the portal certainly did not execute the call, so that even a creating call may be repeated. Timeouts,
// connection resets, HTML, truncated JSON and unknown codes are unclear and give false
// (docs/contracts/bitrix24.md, "Repeating a call").
func NotExecuted(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.refused
}

// Refused reports whether the portal refused the call, with or without a code. The same call will be refused again. Part of it may have
// been executed before the refusal unless NotExecuted is true.
func Refused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.remote && e.Status < 500 && !e.meaning().is(limit)
}

// IsPortalFailure reports whether an error concerns the whole portal and not only the call: no answer, a page instead of an answer, a
// redirect, a server error, or a portal that does not accept the application or its token.
func IsPortalFailure(err error) bool {
	for e := range chain(err) {
		switch m := e.meaning(); {
		case m.is(limit):
		case e.lost, e.Host != "", e.Status >= 500, e.Status == http.StatusForbidden, errors.Is(e.cause, ErrUnreadable),
			m.is(gone | badToken | paymentRequired | invalidGrant | invalidClient):
			return true
		}
	}
	return false
}

// Answered reports whether the portal itself returned the error.
func Answered(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.remote && !e.meaning().is(expired)
}

// RedirectHost returns the host to which a renamed portal redirects (docs/contracts/bitrix24.md, "Verifying a request"), or "".
func RedirectHost(err error) string {
	for e := range chain(err) {
		if e.Host != "" {
			return e.Host
		}
	}
	return ""
}

// notSent returns the error of a call that was not sent.
func notSent(method string, cause error) *Error {
	return &Error{Method: method, refused: true, cause: cause}
}

// remoteError returns the error of a call that the remote system answered with an error.
func remoteError(method string, status int, answer errorText) *Error {
	e := &Error{Method: method, Status: status, Code: answer.code, Text: answer.text, remote: true}
	e.refused = e.meaning() != 0 || isRefusalStatus(status) && e.Code != ""
	return e
}

// redact removes a token from the code and the text.
func (e *Error) redact(secret string) *Error {
	if secret != "" {
		e.Code = strings.ReplaceAll(e.Code, secret, "…")
		e.Text = strings.ReplaceAll(e.Text, secret, "…")
	}
	return e
}

func redactIn(err error, secrets ...string) {
	var e *Error
	if errors.As(err, &e) {
		for _, secret := range secrets {
			e.redact(secret)
		}
	}
}
