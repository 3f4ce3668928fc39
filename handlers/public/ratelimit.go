package public

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"acts24/handlers/limits"
)

// Limits per minute for clients without a visit.
const (
	maxMisses      = 20  // wrong links from one address
	maxMissesOfAll = 600 // wrong links from everywhere
	maxPosts       = 30  // forms sent with one link
	maxGuessers    = 2   // look-ups at a time for clients with wrong links
)

// anonLimiter limits requests without a visit. Valid links are served whatever other clients do.
type anonLimiter struct {
	proxies  []netip.Prefix // our proxies, which report the address of the client
	now      func() time.Time
	misses   *limits.Buckets // by address
	all      *limits.Buckets // one for all addresses
	posts    *limits.Buckets // by link
	guessers *limits.Slots   // one for all clients with wrong links
}

func newAnonLimiter(proxies []netip.Prefix, now func() time.Time) *anonLimiter {
	return &anonLimiter{proxies: proxies, now: now, misses: limits.PerMinute(maxMisses), posts: limits.PerMinute(maxPosts),
		all: limits.PerMinute(maxMissesOfAll), guessers: limits.NewSlots(maxGuessers)}
}

func (s *anonLimiter) address(r *http.Request) string { return limits.Address(r, s.proxies) }

// enter waits until a look-up may start. Clients with wrong links share maxGuessers slots, so that they do not occupy the database.
func (s *anonLimiter) enter(ctx context.Context, from string) (leave func(), err error) {
	left := s.misses.Left(from, s.now())
	if left >= 1 && (left >= maxMisses || s.all.Left("", s.now()) >= 1) {
		return func() {}, nil
	}
	if leave, err = s.guessers.Enter(ctx, ""); err != nil {
		return nil, limits.Exceeded{Wait: time.Second}
	}
	return leave, nil
}

// missed counts a request with a wrong link; its error contains the time to wait.
func (s *anonLimiter) missed(from string) error {
	own, all := s.misses.Take(from, 1, s.now()), s.all.Take("", 1, s.now())
	return limits.ErrorAfter(max(own, all))
}

// posted counts a form sent with a valid link.
func (s *anonLimiter) posted(link string) error {
	return limits.ErrorAfter(s.posts.Take(link, 1, s.now()))
}
