// Package workflow holds the use cases: one method per request of a person, the scheduler or a remote system. It reads
// and writes the store in transactions and reaches Bitrix24 and SBIS through the interfaces CRM and EDO.
package workflow

import (
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
)

// ErrUnclear marks a remote call whose outcome is unknown: the remote side may have executed it.
var ErrUnclear = errors.New("the remote side may have executed the call")

// ErrUnreachable marks the failure of a call to a system that is known to be unreachable: the request itself is not the cause.
var ErrUnreachable = errors.New("the remote system is unreachable")

// SkippedCall is a call that was not made because the remote system does not answer. Wait is the time to the next probe.
type SkippedCall struct{ Wait time.Duration }

// Error is for the log.
func (s *SkippedCall) Error() string { return "not called: the remote system is unreachable" }

// Unwrap returns the message for the user.
func (s *SkippedCall) Unwrap() error {
	return acts.Errorf(acts.Unavailable, "Связь прервана, проверяем её раз в несколько минут. Всё, что ждёт, будет сделано, когда она вернётся.")
}

// RetryAfter returns the time to the next probe.
func (s *SkippedCall) RetryAfter() time.Duration { return s.Wait }

// ErrUnprepared marks the refusal to sign a document that the operator has not prepared for it.
var ErrUnprepared = errors.New("the signature was not prepared")

// ErrNotReady marks a file that the operator is still making.
var ErrNotReady = errors.New("the file is not ready yet")

// ErrTooLarge marks a file that is larger than what is stored.
var ErrTooLarge = errors.New("the file is too large")

// ErrTokenExpired marks a visitor whose portal token has expired during his visit: the page's script gets a new one from
// the parent window and tries again (apidocs.bitrix24.ru/sdk/bx24-js-sdk/system-functions/bx24-refresh-auth.html).
var ErrTokenExpired = errors.New("the visitor's token has expired")

// ErrTokenRefused marks a visitor whose token the portal does not take although it has not expired: he was dismissed, or has lost access to
// the app. His visit ends.
var ErrTokenRefused = errors.New("the visitor's token was refused")

// ErrPortalMoved marks a portal that redirects to another address: it was renamed, or somebody wants our tokens.
var ErrPortalMoved = errors.New("the portal has another address")

// Timing holds the timeouts and intervals; a test harness scales them all by one factor.
type Timing struct {
	CallTimeout time.Duration // timeout of a remote call
	Window      time.Duration // wait after a call with an unknown outcome
	Lease       time.Duration // of a task; longer than CallTimeout
	Retry       time.Duration // the longest wait between two attempts
	PollFast    time.Duration // poll interval while something is awaited
	PollSlow    time.Duration // otherwise
	PollIdle    time.Duration // at night while no documents are expected
	Visit       time.Duration // lifetime of a visit
	Fresh       time.Duration // how long a copy of a deal counts as fresh
	Reconcile   time.Duration // interval of the reconcile
	StaleDoc    time.Duration // age at which an open document without events is read again
	Probe       time.Duration // interval between probes of an unreachable system
}

// DefaultTiming holds the production values. A portal cuts a request off after 60 seconds (docs/contracts/bitrix24.md,
// "Limits"), so the lease of a task outlives every request.
var DefaultTiming = Timing{CallTimeout: 60 * time.Second, Window: 75 * time.Second, Lease: 90 * time.Second, Retry: 5 * time.Minute,
	PollFast: 30 * time.Second, PollSlow: 60 * time.Second, PollIdle: 300 * time.Second,
	Visit: 12 * time.Hour, Fresh: 60 * time.Second, Reconcile: 5 * time.Minute, StaleDoc: 24 * time.Hour,
	Probe: 5 * time.Minute}

// PrintForm is the pause before the operator is asked again for a print form that was not ready asked times; it doubles from eight seconds.
func (t Timing) PrintForm(asked int) time.Duration { return min(t.Window/9<<max(asked-1, 0), t.Retry) }

// ShortLease is the lease of work that makes no remote call, so that it can be taken over quickly after a crash.
func (t Timing) ShortLease() time.Duration { return t.Lease / 9 }

// Visit is a verified user of a portal.
type Visit struct {
	people.Visit
	ID            string   // the secret id of the visit
	RestoredParts []string // what repairs have created, for an administrator who has not seen it
	Source        string   // where he acts when not on a page: a source of package history

	Reading           bool // he requests a page and changes nothing
	PortalUnreachable bool // the portal cannot confirm his rights now: he may read what we have, and nothing else
}

// Event returns a line of history caused by the visitor.
func (v Visit) Event(act acts.ActID, kind, text string) store.ActEvent {
	return store.ActEvent{Act: act, Actor: string(acts.ActorPerson), User: v.User, UserName: v.UserName, Kind: kind, Text: text, Source: v.Source}
}
