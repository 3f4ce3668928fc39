package recovery

import (
	"testing"
	"time"
)

// The counter is read out of a number only when the pattern has made it.
func TestCounterOf(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		pattern, number string
		n               int
		ok              bool
	}{
		"the usual pattern":         {"{N}", "17", 17, true},
		"with a year":               {"А-{N}/{YY}", "А-17/26", 17, true},
		"with a long year":          {"{YYYY}.{N}", "2026.5", 5, true},
		"signs of expressions":      {"({N})+", "(3)+", 3, true},
		"without a counter":         {"АКТ-", "АКТ-8", 8, true},
		"of another year":           {"А-{N}/{YY}", "А-17/25", 0, false},
		"typed by hand":             {"А-{N}", "17", 0, false},
		"with zeros before":         {"{N}", "0017", 0, false},
		"a correction":              {"{N}", "17 (испр. 1)", 0, false},
		"larger than any counter":   {"{N}", "99999999999999999999", 0, false},
		"something after the digit": {"{N}", "17а", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			if n, ok := CounterOf(tt.pattern, tt.number, date); ok != tt.ok || ok && n != tt.n {
				t.Errorf("CounterOf(%q, %q) = %d, %v", tt.pattern, tt.number, n, ok)
			}
		})
	}
}
