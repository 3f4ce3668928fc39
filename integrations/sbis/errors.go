package sbis

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// Error is the error of a call. It contains the message of SBIS and never a body, an address or a secret
// (docs/contracts/sbis.md, "Errors").
type Error struct {
	Method       string
	Status       int // of HTTP; 0 when no answer came
	Code         int // of JSON-RPC; 0 when the answer had none
	Message      string
	Details      string
	ClassID      string
	SecondFactor bool // the login needs a confirmation code (docs/contracts/sbis.md, "Second factor")

	kind  kind
	lost  bool // the service itself did not answer
	cause error
}

// kind states whether SBIS executed the call, and who must act now.
type kind int

const (
	unclear     kind = iota // no answer of the service: the call may have been executed
	notSent                 // nothing reached SBIS
	busy                    // a gateway refused before execution
	temporary               // SBIS reports that the call may be repeated later
	session                 // the session has ended
	credentials             // the login was refused; a person must change the account
	notFound                // no such document (or no right to see it)
	refused                 // SBIS refused the call
	malformed               // our request is wrong: no such method, unreadable body
)

// Error returns the method, the status, the code and the message.
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

// UserMessage returns the message of SBIS for the user. Message and details are joined when they differ
// (docs/contracts/sbis.md, "Errors").
func (e *Error) UserMessage() string {
	if e.Details == "" || strings.Contains(e.Message, e.Details) {
		return e.Message
	}
	if e.Message == "" || strings.Contains(e.Details, e.Message) {
		return e.Details
	}
	return e.Message + ". " + e.Details
}

// NotExecuted reports whether SBIS certainly did not execute the call: nothing was sent, a gateway refused, or the service answered with an
// error.
func NotExecuted(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.kind != unclear
}

// Temporary reports whether SBIS or its gateway refused and the call may be repeated later.
func Temporary(err error) bool { return is(err, temporary) || is(err, busy) }

// IsServiceFailure reports whether an error concerns the whole service and not only the call: no answer, or the answer of a gateway.
func IsServiceFailure(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.lost && e.Status != http.StatusTooManyRequests
}

// Answered reports whether the service itself returned the error.
func Answered(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Code != 0
}

// IsSession reports whether the session was refused, also after a renewal.
func IsSession(err error) bool { return is(err, session) }

// IsCredentials reports whether the login was refused: a wrong password, a second factor, withdrawn keys. Background work must not repeat it
// (docs/contracts/sbis.md, "Second factor").
func IsCredentials(err error) bool { return is(err, credentials) }

// IsNotFound reports whether SBIS has no such document or file for this account.
func IsNotFound(err error) bool { return is(err, notFound) }

// IsRefused reports whether SBIS refused the call: show UserMessage.
func IsRefused(err error) bool { return is(err, refused) }

// IsStagePassed reports whether the action was executed before, for example «Отправить» whose answer was lost. Read the document for its
// state (docs/contracts/sbis.md, "Sending").
func IsStagePassed(err error) bool {
	return messageContains(err, "отсутствуют документы, требующие отправки")
}

// IsUnsigned reports whether SBIS refused to send a file in the legal format because its signature was not prepared or is missing: call
// PrepareAction once and repeat once (docs/contracts/sbis.md, "Sending").
func IsUnsigned(err error) bool {
	return messageContains(err, "не приложен файл подписи", "не хватает подписи")
}

func is(err error, k kind) bool {
	var e *Error
	return errors.As(err, &e) && e.kind == k
}

// messageContains reports whether the message of a refusal contains one of the texts, for errors to which SBIS gives no code.
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

// noDocument matches the messages about a missing document, and not those about a missing certificate or event.
var noDocument = regexp.MustCompile(`документ (\S+ ){0,6}не найден|не найден документ`)

// temporaryClass is the prefix of the error classes that Tensor calls non-fatal.
const temporaryClass = "{00000000-0000-0000-0000-1AA"

// classify returns the kind of an error of the service.
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
