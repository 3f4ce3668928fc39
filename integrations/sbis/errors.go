package sbis

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Error is a call that did not give its result. It holds the sentence of the remote system and
// never a body, an address or a secret (docs/contracts/sbis.md, "Errors").
type Error struct {
	Method       string
	Status       int // of HTTP; 0 when no answer came
	Code         int // of JSON-RPC; 0 when the answer had none
	Message      string
	Details      string
	ClassID      string
	SecondFactor bool // the login asks for a confirmation code (docs/contracts/sbis.md, "Second factor")

	kind  kind
	lost  bool // no answer of the service's own came
	cause error
}

// kind is what the caller has to know: did SBIS do the work, and who has to act now.
type kind int

const (
	unclear     kind = iota // no answer, or not the service's own: the work may be done
	notSent                 // nothing reached SBIS
	busy                    // a gateway refused before the work
	temporary               // SBIS itself asks to repeat later
	session                 // the session is over
	credentials             // the login is refused; only a person can mend it
	notFound                // no such document (or no right to see it)
	refused                 // SBIS understood and said no
	malformed               // our request is wrong: no such method, unreadable body
)

// Error says what was asked and what came back.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "sbis: %s", e.Method)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": HTTP %d", e.Status)
	}
	if e.Code != 0 {
		fmt.Fprintf(&b, ", code %d", e.Code)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap returns the failure of the transport, if there was one.
func (e *Error) Unwrap() error { return e.cause }

// UserMessage is what SBIS said, for a person to read; message and details are joined only
// when they differ (docs/contracts/sbis.md, "Errors").
func (e *Error) UserMessage() string {
	if e.Details == "" || strings.Contains(e.Message, e.Details) {
		return e.Message
	}
	if e.Message == "" || strings.Contains(e.Details, e.Message) {
		return e.Details
	}
	return e.Message + ". " + e.Details
}

// NotExecuted is true when SBIS surely did not do the work: nothing was sent, a gateway
// refused, or the service itself answered with an error.
func NotExecuted(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.kind != unclear
}

// Temporary is true when SBIS or its gateway refused for now and asks to come later.
func Temporary(err error) bool { return is(err, temporary) || is(err, busy) }

// IsServiceFailure reports whether an error speaks of the whole service and not of the call: nothing answers, or a gateway in its place.
func IsServiceFailure(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.lost && e.Status != http.StatusTooManyRequests
}

// Answered reports whether the service itself said no to a call.
func Answered(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code != 0
}

// IsSession is true when the session was refused, even after one renewal.
func IsSession(err error) bool { return is(err, session) }

// IsCredentials is true when the login itself was refused: a wrong password, a second
// factor, withdrawn keys. A job must never try again by itself (docs/contracts/sbis.md, "Second factor").
func IsCredentials(err error) bool { return is(err, credentials) }

// IsNotFound is true when SBIS has no such document or file for this account.
func IsNotFound(err error) bool { return is(err, notFound) }

// IsRefused is true when SBIS understood the request and said no: show the Sentence.
func IsRefused(err error) bool { return is(err, refused) }

// IsStagePassed is true when the action was done before: the second «Отправить» after a
// lost answer. Read the document to learn its state (docs/contracts/sbis.md, "Sending").
func IsStagePassed(err error) bool {
	return messageContains(err, "отсутствуют документы, требующие отправки")
}

// IsUnsigned is true when SBIS was asked to send a formal file whose signing it had not prepared, or misses a signature under it:
// prepare once and repeat once (docs/contracts/sbis.md, "Sending").
func IsUnsigned(err error) bool {
	return messageContains(err, "не приложен файл подписи", "не хватает подписи")
}

func is(err error, k kind) bool {
	var e *Error
	return errors.As(err, &e) && e.kind == k
}

// messageContains looks for words in the sentence of a refusal: the last resort where SBIS gives no code.
func messageContains(err error, words ...string) bool {
	var e *Error
	if !errors.As(err, &e) || e.Code == 0 {
		return false
	}
	text := strings.ToLower(e.Message + " " + e.Details)
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// noDocument are the words for a missing document: a certificate or an event that is not
// found must not be taken for it.
var noDocument = regexp.MustCompile(`документ (\S+ ){0,6}не найден|не найден документ`)

// temporaryClass begins the class of errors that Tensor itself calls non-fatal.
const temporaryClass = "{00000000-0000-0000-0000-1AA"

// classify sorts an error that the service itself answered with.
func (e *Error) classify() kind {
	switch {
	case e.Status == http.StatusUnauthorized, e.Code == -32001,
		strings.Contains(strings.ToLower(e.Message), "not authorized"):
		return session
	case strings.HasPrefix(strings.ToUpper(e.ClassID), temporaryClass):
		return temporary
	case e.Code == -32700, e.Code == -32600, e.Code == -32601, e.Code == -32602:
		return malformed
	case e.Code == 0, e.Code == -32603:
		return unclear
	case noDocument.MatchString(strings.ToLower(e.Message + "\n" + e.Details)):
		return notFound
	}
	return refused
}
