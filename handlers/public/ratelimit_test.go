package public

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestMisses(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := newAnonLimiter(nil, func() time.Time { return now })
	for i := range maxMisses {
		if err := s.missed("a"); err != nil {
			t.Fatalf("miss %d: %v", i+1, err)
		}
	}
	var many tooManyRequests
	if err := s.missed("a"); !errors.As(err, &many) || many.seconds() != "3" {
		t.Errorf("miss 21: %v; want to wait 3 seconds", err)
	}
	if err := s.missed("b"); err != nil {
		t.Errorf("another address: %v", err)
	}
	now = now.Add(3 * time.Second)
	if err := s.missed("a"); err != nil {
		t.Errorf("after waiting: %v", err)
	}
}

// Many addresses together reach the common limit; addresses without wrong links do not wait.
func TestBrakeOnMisses(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := newAnonLimiter(nil, func() time.Time { return now })
	refused := 0
	for i := range 2 * maxMissesOfAll {
		if s.missed(fmt.Sprint(i)) != nil {
			refused++
		}
	}
	if refused != maxMissesOfAll {
		t.Errorf("%d of %d misses refused", refused, 2*maxMissesOfAll)
	}
	for range maxGuessers {
		if _, err := s.enter(t.Context(), "0"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.enter(t.Context(), "honest"); err != nil {
		t.Errorf("an honest address: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.enter(ctx, "0"); err == nil {
		t.Error("a guessing address passed a full gate")
	}
}

func TestLimitsKeepLittle(t *testing.T) {
	s := newAnonLimiter(nil, time.Now)
	for i := range 100_000 {
		_ = s.missed(fmt.Sprint(i))
		_ = s.posted(fmt.Sprint(i))
		s.misses.left("nobody", s.now())
	}
	for _, b := range []*buckets{s.misses, s.posts} {
		if n := len(b.young) + len(b.old); n > 2*maxBuckets {
			t.Errorf("%d addresses are kept", n)
		}
	}
	if s.misses.left("99999", s.now()) > maxMisses-0.5 {
		t.Error("the last address is forgotten")
	}
}

func TestAddress(t *testing.T) {
	s := newAnonLimiter([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}, time.Now)
	for name, tt := range map[string]struct {
		peer string
		said []string
		want string
	}{
		"nobody between":         {"198.51.100.7:4000", nil, "198.51.100.7"},
		"a stranger's word":      {"198.51.100.7:4000", []string{"203.0.113.9"}, "198.51.100.7"},
		"our proxy's word":       {"10.1.2.3:4000", []string{"203.0.113.9"}, "203.0.113.9"},
		"what a visitor added":   {"10.1.2.3:4000", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		"two proxies of ours":    {"10.1.2.3:4000", []string{"1.1.1.1, 203.0.113.9, 10.9.9.9"}, "203.0.113.9"},
		"two headers":            {"10.1.2.3:4000", []string{"1.1.1.1", "203.0.113.9"}, "203.0.113.9"},
		"our proxy says nothing": {"10.1.2.3:4000", nil, "10.1.2.3"},
		"nonsense":               {"10.1.2.3:4000", []string{"1.1.1.1, <script>"}, "10.1.2.3"},
		"IPv4 in IPv6":           {"[::ffff:198.51.100.7]:4000", nil, "198.51.100.7"},
		"a home's IPv6":          {"[2001:db8:1:2:3:4:5:6]:4000", nil, "2001:db8:1:2::/64"},
		"IPv6 through a proxy":   {"[fd00::1]:4000", []string{"2001:db8:1:2::9"}, "2001:db8:1:2::/64"},
		"a zone":                 {"[fe80::1%eth0]:4000", nil, "fe80::/64"},
		"no address":             {"@", nil, ""},
	} {
		r := httptest.NewRequest("GET", "/f/x", nil)
		r.RemoteAddr = tt.peer
		for _, one := range tt.said {
			r.Header.Add("X-Forwarded-For", one)
		}
		if got := s.address(r); got != tt.want {
			t.Errorf("%s: %q; want %q", name, got, tt.want)
		}
	}
}
