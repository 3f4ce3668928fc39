package bitrix24

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrUnreadable says that an answer came but is not what the method answers: HTML, cut or foreign JSON.
var ErrUnreadable = errors.New("unreadable answer")

// ErrTooLarge says that an answer was longer than 16 MiB and was not read to its end.
var ErrTooLarge = errors.New("answer too large")

// Error is a call that brought no result. Its message holds the code and never a token or a body; Text is the other
// side's own sentence, localised and possibly naming people: for the screen of the one who asked, not for logs.
type Error struct {
	Method string
	Status int    // HTTP status, 0 when no answer came
	Code   string // as sent; may be empty although the remote system said no (docs/contracts/bitrix24.md, "Calls and answers")
	Text   string
	Host   string // where a redirect points to

	resetAt int64 // unix time when a limit eases
	refused bool  // known not to have been executed
	remote  bool  // the remote system answered with an error of its own
	lost    bool  // no answer came
	cause   error
}

// Error says what was called and how it ended.
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

// Unwrap returns what lies behind the error, such as context.DeadlineExceeded or a refusal of the budget.
func (e *Error) Unwrap() error { return e.cause }

// NotExecuted answers "did the remote system execute it?": true only when it surely did not, so that even a creating call may
// be repeated. Time-outs, resets, HTML, cut JSON and unknown codes are unclear and give false
// (docs/contracts/bitrix24.md, "Repeating a call").
func NotExecuted(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.refused
}

// Refused tells that the remote system understood the call and said no, with or without a code. Repeating the same call
// brings the same answer; whether a part was done before the refusal, NotExecuted tells.
func Refused(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.remote && e.Status < 500 && !e.meaning().is(limit)
}

// IsPortalFailure tells that an error speaks of the whole portal and not of the call: no answer, a page instead of one, a redirect, a failure of
// the server, or a portal that does not accept the app or its token.
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

// Answered tells that the portal itself said no to a call.
func Answered(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.remote && !e.meaning().is(expired)
}

// RedirectHost returns the host that a renamed portal points to (docs/contracts/bitrix24.md, "Verifying a request"), or "".
func RedirectHost(err error) string {
	for e := range chain(err) {
		if e.Host != "" {
			return e.Host
		}
	}
	return ""
}

// notSent is a call that was given up before anything left.
func notSent(method string, cause error) *Error {
	return &Error{Method: method, refused: true, cause: cause}
}

// remoteError is a call that the remote system answered with an error of its own.
func remoteError(method string, status int, said errorText) *Error {
	e := &Error{Method: method, Status: status, Code: said.code, Text: said.text, remote: true}
	e.refused = e.meaning() != 0 || refusalStatus(status) && e.Code != ""
	return e
}

// redact removes the token from what the remote system said.
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
