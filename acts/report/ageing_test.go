package report

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"acts24/acts"
)

var chita = time.FixedZone("Чита", 9*60*60)

// Days are calendar days of the zone: an act sent a minute before midnight has waited one day a minute after midnight.
func TestSpanOfAnAct(t *testing.T) {
	today := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	at := func(daysAgo, hour, minute int) time.Time {
		return time.Date(2026, 11, 25-daysAgo, hour, minute, 0, 0, chita)
	}
	for name, tt := range map[string]struct {
		sent time.Time
		span string
	}{
		"today":                           {at(0, 12, 0), "0-5"},
		"this evening":                    {at(0, 23, 59), "0-5"},
		"five days ago, the first minute": {at(5, 0, 0), "0-5"},
		"six days ago, the last minute":   {at(6, 23, 59), "6-15"},
		"fifteen days ago":                {at(15, 0, 0), "6-15"},
		"sixteen":                         {at(16, 23, 59), "16-30"},
		"thirty":                          {at(30, 0, 0), "16-30"},
		"thirty-one":                      {at(31, 23, 59), "31-60"},
		"sixty":                           {at(60, 0, 0), "31-60"},
		"sixty-one":                       {at(61, 23, 59), "61-"},
		"years ago":                       {at(3000, 1, 0), "61-"},
		"a day in the future":             {at(-3, 1, 0), "0-5"},
		"the same moment in another zone": {at(6, 23, 59).UTC(), "6-15"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range append(slices.Clone(Spans), AnySpan) {
				from, before := s.Sent(today, chita)
				in := !tt.sent.Before(from) && tt.sent.Before(before)
				if want := s == AnySpan || s.String() == tt.span; in != want {
					t.Errorf("sent %s is in %s: %v; want %v", tt.sent, s, in, want)
				}
			}
		})
	}
}

func TestSpanWords(t *testing.T) {
	var labels []string
	for _, s := range Spans {
		labels = append(labels, s.Label())
		if back, ok := ParseSpan(s.String()); !ok || back != s {
			t.Errorf("%q is read as %v, %v", s, back, ok)
		}
	}
	if want := []string{"0–5 дней", "6–15 дней", "16–30 дней", "31–60 дней", "больше 60 дней"}; !slices.Equal(labels, want) {
		t.Errorf("%q, want %q", labels, want)
	}
	if back, ok := ParseSpan(AnySpan.String()); !ok || back != AnySpan {
		t.Errorf("%q is read as %v, %v", AnySpan, back, ok)
	}
	for _, text := range []string{"", "0-6", "-", "5", "6-15 ", "6–15", "61", "-5-0", "6-15&"} {
		if s, ok := ParseSpan(text); ok {
			t.Errorf("%q is read as %v", text, s)
		}
	}
}

func TestShares(t *testing.T) {
	for name, tt := range map[string]struct {
		sums []acts.Kopecks
		want []int
	}{
		"nothing":          {nil, []int{}},
		"only zeros":       {[]acts.Kopecks{0, 0}, []int{0, 0}},
		"one":              {[]acts.Kopecks{5}, []int{1000}},
		"three equal ones": {[]acts.Kopecks{1, 1, 1}, []int{334, 333, 333}},
		"the largest fraction gets the remainder": {[]acts.Kopecks{6667, 3333}, []int{667, 333}},
		"a small sum beside a large one":          {[]acts.Kopecks{1_000_000_000_000, 1}, []int{1000, 0}},
		"six sums, two tenths remain":             {[]acts.Kopecks{1, 1, 1, 1, 1, 1}, []int{167, 167, 167, 167, 166, 166}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Shares(tt.sums); !slices.Equal(got, tt.want) {
				t.Errorf("Shares(%v) = %v, want %v", tt.sums, got, tt.want)
			}
		})
	}
}

// For any sums the shares add up to 1000, and each differs from the exact share by less than one tenth.
func TestSharesMakeAWhole(t *testing.T) {
	for range 2000 {
		sums, whole := make([]acts.Kopecks, 1+rand.IntN(25)), acts.Kopecks(0)
		for i := range sums {
			sums[i] = acts.Kopecks(rand.Int64N(1 << rand.IntN(45)))
			whole += sums[i]
		}
		total := 0
		for i, share := range Shares(sums) {
			total += share
			if exact := 1000 * float64(sums[i]) / float64(max(whole, 1)); exact-float64(share) >= 1 || float64(share)-exact >= 1 {
				t.Fatalf("%v: %d is shown as %d, it is %f", sums, sums[i], share, exact)
			}
		}
		if whole > 0 && total != 1000 {
			t.Fatalf("%v: together %d", sums, total)
		}
	}
}
