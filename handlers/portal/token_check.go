package portal

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"time"

	"acts24/acts"
	"acts24/handlers/limits"
)

// Limits per minute of the checks with the token server of what clients have posted.
const (
	maxRefusals        = 10  // refused installations from one address
	maxRefusalsOfAll   = 60  // from everywhere
	maxReturns         = 120 // refused returns of visitors from one address: a whole office may share it, and every token expires after an hour
	maxReturnsOfAll    = 1200
	maxTokenChecks     = 4 // at a time
	tokenCheckTimeout  = 2 * time.Second
	tooManyFromAddress = "Слишком много неудачных попыток подряд. Подождите минуту и откройте приложение из портала ещё раз."
)

// tokenCheckLimiter limits the calls to the token server that clients cause which have proven nothing yet. Only refusals count, so that the events
// and installations of many portals may come from one address of the cloud.
type tokenCheckLimiter struct {
	proxies  []netip.Prefix
	now      func() time.Time
	refusals *limits.Buckets // by address
	all      *limits.Buckets // of all addresses
	slots    *limits.Slots   // of all clients together
}

func newTokenCheckLimiter(proxies []netip.Prefix, now func() time.Time, perMinute, ofAll int) *tokenCheckLimiter {
	return &tokenCheckLimiter{proxies: proxies, now: now, refusals: limits.PerMinute(perMinute), all: limits.PerMinute(ofAll),
		slots: limits.NewSlots(maxTokenChecks)}
}

// do calls f, which verifies the token of a client at the token server, unless too many checks of this client or of all were refused: a token server
// that blocks us would stop every portal.
func (s *tokenCheckLimiter) do(r *http.Request, f func() error) error {
	from := limits.Address(r, s.proxies)
	if err := s.allow(from); err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(r.Context(), tokenCheckTimeout)
	defer stop()
	leave, err := s.slots.Enter(ctx, "")
	if err != nil {
		return limits.Exceeded{Wait: tokenCheckTimeout, Text: tooManyFromAddress}
	}
	defer leave()
	if err := s.allow(from); err != nil { // others of this address were refused meanwhile
		return err
	}
	err = f()
	if errors.Is(err, acts.Forbidden) {
		s.refusals.Take(from, 1, s.now())
		s.all.Take("", 1, s.now())
	}
	return err
}

func (s *tokenCheckLimiter) allow(from string) error {
	if s.refusals.Left(from, s.now()) < 1 || s.all.Left("", s.now()) < 1 {
		return limits.Exceeded{Wait: time.Minute, Text: tooManyFromAddress}
	}
	return nil
}
