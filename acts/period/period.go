// Package period computes the periods of services that acts name, and the days on which monthly acts are formed.
package period

import (
	"time"

	"acts24/acts/workday"
)

// Next returns the period that follows one of whole months: as many months. ok is false when the period is not of whole months.
func Next(from, to time.Time) (nextFrom, nextTo time.Time, ok bool) {
	if from.IsZero() || to.Before(from) || from.Day() != 1 || to.AddDate(0, 0, 1).Day() != 1 {
		return from, to, false
	}
	months := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month()) + 1
	return from.AddDate(0, months, 0), from.AddDate(0, 2*months, -1), true
}

// Month returns the first day of the month of a day, midnight in UTC.
func Month(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// Covers is the choice of the month that a monthly act covers, and of the date of the act.
type Covers string

// The choices.
const (
	CoversThisMonth         Covers = "current"
	CoversLastMonth         Covers = "previous"
	CoversLastMonthDatedEnd Covers = "previous-end" // the previous month; the act is dated its last day
)

// Known reports whether the choice exists.
func (c Covers) Known() bool {
	return c == CoversThisMonth || c == CoversLastMonth || c == CoversLastMonthDatedEnd
}

// MaxDay is the largest number of a working day that can be chosen: no published month has fewer working days.
const MaxDay = 15

// Rule is the day on which the monthly act of a deal is formed, and the period that it covers.
type Rule struct {
	Day    int // number of the working day of the month, 0 for the last one
	Covers Covers
}

// FormingDay returns the day of a month on which the act is formed, midnight in UTC. When the month has fewer working days, it is the last of
// them; in a month without working days it is the last day.
func (r Rule) FormingDay(days workday.Calendar, month time.Time) time.Time {
	first := Month(month)
	end := first.AddDate(0, 1, -1)
	if r.Day > 0 {
		if day := days.After(first.AddDate(0, 0, -1), r.Day); !day.After(end) {
			return day
		}
	}
	for day := end; !day.Before(first); day = day.AddDate(0, 0, -1) {
		if days.IsWorkday(day) {
			return day
		}
	}
	return end
}

// Period returns the first and the last day that the act formed in a month covers.
func (r Rule) Period(month time.Time) (from, to time.Time) {
	from = Month(month)
	if r.Covers != CoversThisMonth {
		from = from.AddDate(0, -1, 0)
	}
	return from, from.AddDate(0, 1, -1)
}

// Date returns the date of the act formed in a month on a day.
func (r Rule) Date(month, formed time.Time) time.Time {
	if r.Covers == CoversLastMonthDatedEnd {
		_, end := r.Period(month)
		return end
	}
	return formed
}
