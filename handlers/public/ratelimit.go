package public

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits per minute for clients without a visit.
const (
	maxMisses      = 20  // wrong links from one address
	maxMissesOfAll = 600 // wrong links from everywhere
	maxPosts       = 30  // forms sent with one link
	maxBuckets     = 20_000
	maxGuessers    = 2 // look-ups at a time for clients with wrong links
)

// anonLimiter limits requests without a visit. Valid links are served whatever other clients do.
type anonLimiter struct {
	proxies []netip.Prefix // our proxies, which report the address of the client
	now     func() time.Time
	misses  *buckets
	posts   *buckets
	all     *rate.Limiter
	gate    chan struct{}
}

func newAnonLimiter(proxies []netip.Prefix, now func() time.Time) *anonLimiter {
	return &anonLimiter{proxies: proxies, now: now, misses: newBuckets(maxMisses), posts: newBuckets(maxPosts),
		all: perMinute(maxMissesOfAll), gate: make(chan struct{}, maxGuessers)}
}

// enter waits until a look-up may start. Clients with wrong links share maxGuessers slots, so that they do not occupy the database.
func (s *anonLimiter) enter(ctx context.Context, from string) (leave func(), err error) {
	left := s.misses.left(from, s.now())
	if left >= 1 && (left >= maxMisses || s.all.TokensAt(s.now()) >= 1) {
		return func() {}, nil
	}
	select {
	case s.gate <- struct{}{}:
		return func() { <-s.gate }, nil
	case <-ctx.Done():
		return nil, tooManyRequests{time.Second}
	}
}

// missed counts a wrong link; the error says how long to wait.
func (s *anonLimiter) missed(from string) error {
	own, all := take(s.misses.of(from), s.now()), take(s.all, s.now())
	return waiting(max(own, all))
}

// posted counts a form sent with a valid link.
func (s *anonLimiter) posted(link string) error { return waiting(take(s.posts.of(link), s.now())) }

// tooManyRequests is the error of a refused request with the time to wait.
type tooManyRequests struct{ wait time.Duration }

// Error returns the text for the log.
func (e tooManyRequests) Error() string { return fmt.Sprintf("too many requests, wait %s", e.wait) }

func (e tooManyRequests) seconds() string { return strconv.Itoa(int(math.Ceil(e.wait.Seconds()))) }

func waiting(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return tooManyRequests{wait}
}

func perMinute(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(float64(n)/60), n) }

// take takes a token from a limiter, or returns how long to wait.
func take(l *rate.Limiter, now time.Time) time.Duration {
	if l.AllowN(now, 1) {
		return 0
	}
	missing := (1 - l.TokensAt(now)) / float64(l.Limit())
	return max(time.Second, time.Duration(missing*float64(time.Second)))
}

// buckets are limiters by key in two generations. When the young generation is full, the old one is dropped.
type buckets struct {
	perMinute  int
	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

func newBuckets(perMinute int) *buckets {
	return &buckets{perMinute: perMinute, young: map[string]*rate.Limiter{}}
}

func (b *buckets) of(key string) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.young[key]; l != nil {
		return l
	}
	l := b.old[key]
	if l == nil {
		l = perMinute(b.perMinute)
	}
	if len(b.young) >= maxBuckets {
		b.old, b.young = b.young, map[string]*rate.Limiter{}
	}
	b.young[key] = l
	return l
}

// left returns the tokens that a key has, without storing anything for it.
func (b *buckets) left(key string, now time.Time) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range []*rate.Limiter{b.young[key], b.old[key]} {
		if l != nil {
			return l.TokensAt(now)
		}
	}
	return float64(b.perMinute)
}

// address returns the client: the peer, or what our proxies report. For IPv6 it is the /64 network of the customer.
func (s *anonLimiter) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	at := peer.Addr().Unmap()
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0 && s.ours(at); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		at = next.Unmap()
	}
	if at = at.WithZone(""); at.Is6() {
		return netip.PrefixFrom(at, 64).Masked().String()
	}
	return at.String()
}

func (s *anonLimiter) ours(at netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}
