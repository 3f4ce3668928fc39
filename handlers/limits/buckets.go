// Package limits limits requests, so that one client cannot use up what the others need. All counters are in the memory of one process:
// with several replicas each of them allows the whole number, which only makes the limits wider.
package limits

import (
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys is the number of keys in one generation of Buckets.
const maxKeys = 20_000

// Exceeded is the error of a refused request.
type Exceeded struct {
	Wait time.Duration // when a repetition may succeed
	Text string        // Russian, for the user: what happened and what to do; "" for the usual text
}

// Error returns the text for the log.
func (e Exceeded) Error() string { return fmt.Sprintf("too many requests, wait %s", e.Wait) }

// Seconds is the value of the header Retry-After.
func (e Exceeded) Seconds() string { return strconv.Itoa(int(math.Ceil(e.Wait.Seconds()))) }

// ErrorAfter returns Exceeded with the wait, or nil when the wait is 0.
func ErrorAfter(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return Exceeded{Wait: wait}
}

// Buckets are leaky buckets by key in two generations: when the young generation is full, the old one is dropped. A nil *Buckets has no
// limit.
type Buckets struct {
	limit      rate.Limit
	burst      int
	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// PerSecond returns buckets that allow so many requests a second and a burst.
func PerSecond(n float64, burst int) *Buckets {
	return &Buckets{limit: rate.Limit(n), burst: burst, young: map[string]*rate.Limiter{}}
}

// PerMinute returns buckets that allow n requests a minute, all at once if need be.
func PerMinute(n int) *Buckets { return PerSecond(float64(n)/60, n) }

// PerDay returns buckets that allow n units a day, all at once if need be.
func PerDay(n int) *Buckets { return PerSecond(float64(n)/(24*3600), n) }

// Take takes n units of a key and returns 0, or it takes nothing and returns how long to wait. More than a whole burst can never be taken.
func (b *Buckets) Take(key string, n int, now time.Time) time.Duration {
	if b == nil {
		return 0
	}
	l := b.of(key)
	if l.AllowN(now, n) {
		return 0
	}
	missing := (float64(n) - l.TokensAt(now)) / float64(b.limit)
	return max(time.Second, time.Duration(missing*float64(time.Second)))
}

// Left returns the units that a key has, without storing anything for it.
func (b *Buckets) Left(key string, now time.Time) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range []*rate.Limiter{b.young[key], b.old[key]} {
		if l != nil {
			return l.TokensAt(now)
		}
	}
	return float64(b.burst)
}

// Keys returns the number of keys that are stored.
func (b *Buckets) Keys() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.young) + len(b.old)
}

func (b *Buckets) of(key string) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.young[key]; l != nil {
		return l
	}
	l := b.old[key]
	if l == nil {
		l = rate.NewLimiter(b.limit, b.burst)
	}
	if len(b.young) >= maxKeys {
		b.old, b.young = b.young, map[string]*rate.Limiter{}
	}
	b.young[key] = l
	return l
}
