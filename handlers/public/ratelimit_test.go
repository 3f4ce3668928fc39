package public

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"acts24/handlers/limits"
)

func TestMisses(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := newAnonLimiter(nil, func() time.Time { return now })
	for i := range maxMisses {
		if err := s.missed("a"); err != nil {
			t.Fatalf("miss %d: %v", i+1, err)
		}
	}
	var many limits.Exceeded
	if err := s.missed("a"); !errors.As(err, &many) || many.Seconds() != "3" {
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
func TestCommonLimitOfMisses(t *testing.T) {
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
		t.Error("a guessing address is let in although its limit is reached")
	}
}
