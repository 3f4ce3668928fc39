package workday

import (
	"strconv"
	"strings"
	"time"
)

// date is a calendar date without a zone. Year 0 stands for every year.
type date struct {
	year  int
	month time.Month
	day   int
}

// dateOf returns the date of t in its own zone.
func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

// plus returns the date the given number of days later.
func (d date) plus(days int) date {
	return dateOf(time.Date(d.year, d.month, d.day+days, 0, 0, 0, 0, time.UTC))
}

// midnight returns the start of the day in UTC, which is how dates are passed around.
func (d date) midnight() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// yearly returns the same day with year 0.
func (d date) yearly() date { return date{month: d.month, day: d.day} }

// marks maps single days to whether they are worked.
type marks map[date]bool

// addDates marks days written "2026-12-31" and skips what is not a date.
func (m marks) addDates(list []string, worked bool) {
	for _, text := range list {
		if t, err := time.Parse(time.DateOnly, strings.TrimSpace(text)); err == nil {
			m[dateOf(t)] = worked
		}
	}
}

// addYearly marks days written "31.12", the same every year.
func (m marks) addYearly(list []string, worked bool) {
	for _, text := range list {
		if d, ok := parseYearly(text); ok {
			m[d] = worked
		}
	}
}

// parseYearly parses day and month: "1.01", "01.1", " 31.12 ". A text with a year is refused.
func parseYearly(text string) (date, bool) {
	day, month, ok := strings.Cut(strings.TrimSpace(text), ".")
	d, err := strconv.Atoi(strings.TrimSpace(day))
	m, err2 := strconv.Atoi(strings.TrimSpace(month))
	if !ok || err != nil || err2 != nil {
		return date{}, false
	}
	const leap = 2024 // a year with all 366 days
	found := dateOf(time.Date(leap, time.Month(m), d, 0, 0, 0, 0, time.UTC))
	if found.month != time.Month(m) || found.day != d {
		return date{}, false
	}
	return found.yearly(), true
}
