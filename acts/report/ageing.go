package report

import (
	"fmt"
	"slices"
	"time"

	"acts24/acts"
)

// Span is a range of calendar days, First to Last inclusive, during which an act has been waiting for the
// counterparty's signature. The zero value means no range.
type Span struct{ First, Last int }

// endless is the last day of an open-ended span; no act waits that long.
const endless = 1 << 17

// Spans are the columns of the ageing report, the shortest wait first. An act sent today has waited 0 days.
var Spans = []Span{{0, 5}, {6, 15}, {16, 30}, {31, 60}, {61, endless}}

// AnySpan covers all Spans.
var AnySpan = Span{0, endless}

// String returns the span as URLs carry it: "6-15", "61-".
func (s Span) String() string {
	switch {
	case s == Span{}:
		return ""
	case s.Last == endless:
		return fmt.Sprintf("%d-", s.First)
	}
	return fmt.Sprintf("%d-%d", s.First, s.Last)
}

// Label returns the span as users read it: «6–15 дней», «больше 60 дней».
func (s Span) Label() string {
	if s.Last == endless {
		return fmt.Sprintf("больше %d дней", s.First-1)
	}
	return fmt.Sprintf("%d–%d дней", s.First, s.Last)
}

// ParseSpan parses a span of the report from a URL parameter; ok is false for any other text.
func ParseSpan(text string) (s Span, ok bool) {
	for _, s := range append(slices.Clone(Spans), AnySpan) {
		if s.String() == text {
			return s, true
		}
	}
	return Span{}, false
}

// Sent returns the half-open interval [from, before) in which an act was sent if it has waited s days by
// today; days begin at midnight in zone.
func (s Span) Sent(today time.Time, zone *time.Location) (from, before time.Time) {
	start := func(daysAgo int) time.Time {
		return time.Date(today.Year(), today.Month(), today.Day()-daysAgo, 0, 0, 0, 0, zone)
	}
	if s.First == 0 { // an act sent on a future day counts as sent today
		return start(s.Last), start(-endless)
	}
	return start(s.Last), start(s.First - 1)
}

// Shares returns the parts of the total in tenths of a percent, adding up to exactly 1000. What rounding down
// leaves is given to the parts with the largest fractions, the earlier first.
func Shares(sums []acts.Kopecks) []int {
	var whole acts.Kopecks
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
