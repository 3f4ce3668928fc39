package workday

import (
	"strconv"
	"strings"
	"time"
)

// date is a day of the calendar, in no zone. Year 0 stands for every year.
type date struct {
	year  int
	month time.Month
	day   int
}

// dateOf is the day that t shows on its own wall.
func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

// plus is so many days later.
func (d date) plus(days int) date {
	return dateOf(time.Date(d.year, d.month, d.day+days, 0, 0, 0, 0, time.UTC))
}

// midnight is the start of the day in UTC, the form in which dates travel.
func (d date) midnight() time.Time { return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC) }

// yearly is the same day of every year.
func (d date) yearly() date { return date{month: d.month, day: d.day} }

// marks tell of single days whether they are worked.
type marks map[date]bool

// dates marks days written "2026-12-31" and passes over what is none.
func (m marks) dates(list []string, worked bool) {
	for _, text := range list {
		if t, err := time.Parse(time.DateOnly, strings.TrimSpace(text)); err == nil {
			m[dateOf(t)] = worked
		}
	}
}

// yearly marks days written "31.12", the same every year.
func (m marks) yearly(list []string, worked bool) {
	for _, text := range list {
		if d, ok := parseYearly(text); ok {
			m[d] = worked
		}
	}
}

// parseYearly reads day and month: "1.01", "01.1", " 31.12 ". A year behind them is not understood.
func parseYearly(text string) (date, bool) {
	day, month, ok := strings.Cut(strings.TrimSpace(text), ".")
	d, err := strconv.Atoi(strings.TrimSpace(day))
	m, err2 := strconv.Atoi(strings.TrimSpace(month))
	if !ok || err != nil || err2 != nil {
		return date{}, false
	}
	const leap = 2024 // has every day there is
	found := dateOf(time.Date(leap, time.Month(m), d, 0, 0, 0, 0, time.UTC))
	if found.month != time.Month(m) || found.day != d {
		return date{}, false
	}
	return found.yearly(), true
}
