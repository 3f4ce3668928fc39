package handlers

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

// What strangers may do a minute.
const (
	missesOfOne = 20  // wrong links from one address
	missesOfAll = 600 // wrong links from everywhere
	postsOfLink = 30  // forms sent with one link
	mostBuckets = 20_000
	gateWidth   = 2 // look-ups at a time of those who guess
)

// strangers bounds what people without a visit may do. A link that works is served whoever else guesses.
type strangers struct {
	proxies []netip.Prefix // of ours, whose word about the address is taken
	now     func() time.Time
	misses  *buckets
	posts   *buckets
	all     *rate.Limiter
	gate    chan struct{}
}

func newStrangers(proxies []netip.Prefix, now func() time.Time) *strangers {
	return &strangers{proxies: proxies, now: now, misses: newBuckets(missesOfOne), posts: newBuckets(postsOfLink),
		all: perMinute(missesOfAll), gate: make(chan struct{}, gateWidth)}
}

// enter lets a look-up begin. Addresses that guess take turns, so that they leave the database to others.
func (s *strangers) enter(ctx context.Context, from string) (leave func(), err error) {
	left := s.misses.left(from, s.now())
	if left >= 1 && (left >= missesOfOne || s.all.TokensAt(s.now()) >= 1) {
		return func() {}, nil
	}
	select {
	case s.gate <- struct{}{}:
		return func() { <-s.gate }, nil
	case <-ctx.Done():
		return nil, tooMany{time.Second}
	}
}

// missed counts a wrong link; the error tells to wait.
func (s *strangers) missed(from string) error {
	own, all := take(s.misses.of(from), s.now()), take(s.all, s.now())
	return waiting(max(own, all))
}

// posted counts a form sent with a link that works.
func (s *strangers) posted(link string) error { return waiting(take(s.posts.of(link), s.now())) }

// tooMany tells how long to wait.
type tooMany struct{ wait time.Duration }

// Error is for the log.
func (e tooMany) Error() string { return fmt.Sprintf("too many requests, wait %s", e.wait) }

func (e tooMany) seconds() string { return strconv.Itoa(int(math.Ceil(e.wait.Seconds()))) }

func waiting(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return tooMany{wait}
}

func perMinute(n int) *rate.Limiter { return rate.NewLimiter(rate.Limit(float64(n)/60), n) }

// take takes one from a limiter, or says how long to wait.
func take(l *rate.Limiter, now time.Time) time.Duration {
	if l.AllowN(now, 1) {
		return 0
	}
	missing := (1 - l.TokensAt(now)) / float64(l.Limit())
	return max(time.Second, time.Duration(missing*float64(time.Second)))
}

// buckets are limiters by key. Of two generations the younger is filled; when it is full, the elder is forgotten.
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
	if len(b.young) >= mostBuckets {
		b.old, b.young = b.young, map[string]*rate.Limiter{}
	}
	b.young[key] = l
	return l
}

// left is how much a key may still do, without keeping anything of it.
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

// address is who asks: the peer, or what our own proxies say of it. Of IPv6 it is the network that one customer gets.
func (s *strangers) address(r *http.Request) string {
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

func (s *strangers) ours(at netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}
