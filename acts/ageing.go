package acts

import (
	"fmt"
	"slices"
	"time"
)

// Span is for how many calendar days an act has been with the counterparty unsigned, from the first to the last.
// Its zero value is no span.
type Span struct{ First, Last int }

// endless is the last day of a span without an end: longer than there are acts.
const endless = 1 << 17

// Spans are the columns of the ageing report, the youngest first. What is sent today is of day 0.
var Spans = []Span{{0, 5}, {6, 15}, {16, 30}, {31, 60}, {61, endless}}

// AnySpan is all of them together.
var AnySpan = Span{0, endless}

// String is the span as addresses have it: "6-15", "61-".
func (s Span) String() string {
	switch {
	case s == Span{}:
		return ""
	case s.Last == endless:
		return fmt.Sprintf("%d-", s.First)
	}
	return fmt.Sprintf("%d-%d", s.First, s.Last)
}

// Label is the span as users read it: «6–15 дней», «больше 60 дней».
func (s Span) Label() string {
	if s.Last == endless {
		return fmt.Sprintf("больше %d дней", s.First-1)
	}
	return fmt.Sprintf("%d–%d дней", s.First, s.Last)
}

// ParseSpan reads a span of the report out of an address.
func ParseSpan(text string) (s Span, ok bool) {
	for _, s := range append(slices.Clone(Spans), AnySpan) {
		if s.String() == text {
			return s, true
		}
	}
	return Span{}, false
}

// Sent are the moments between which an act was sent that has waited so long on the day today, in a zone: not before
// the first, and before the second.
func (s Span) Sent(today time.Time, zone *time.Location) (from, before time.Time) {
	start := func(daysAgo int) time.Time {
		return time.Date(today.Year(), today.Month(), today.Day()-daysAgo, 0, 0, 0, 0, zone)
	}
	if s.First == 0 { // a day that is still ahead counts as today
		return start(s.Last), start(-endless)
	}
	return start(s.Last), start(s.First - 1)
}

// Shares are the parts of their sum in tenths of a percent. They make exactly 1000 together: what rounding leaves over goes to
// those who lost most by it, the earlier first.
func Shares(sums []Kopecks) []int {
	var whole Kopecks
	for _, k := range sums {
		whole += k
	}
	shares := make([]int, len(sums))
	if whole <= 0 {
		return shares
	}
	lost, order, left := make([]float64, len(sums)), make([]int, len(sums)), 1000
	for i, k := range sums {
		exact := float64(k) / float64(whole) * 1000
		shares[i] = int(exact)
		lost[i], order[i] = exact-float64(shares[i]), i
		left -= shares[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case lost[a] > lost[b]:
			return -1
		case lost[a] < lost[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:max(0, min(left, len(order)))] {
		shares[i]++
	}
	return shares
}
