package workday

import (
	_ "embed"
	"encoding/json"
	"slices"
	"time"
)

// The published production calendar, year by year.
//
//go:embed ru.json
var ru []byte

// published maps the years whose calendar is known to the marks of their days.
var published, years = readYears(ru)

// Year is a year whose production calendar is known.
type Year struct {
	Year   int
	Decree bool // based on the Government's decree; else on public data that preceded it
}

// Years lists the years whose production calendar is known, the earliest first.
func Years() []Year { return slices.Clone(years) }

// readYears parses the embedded file and panics when it is broken, because that is a build error.
func readYears(text []byte) (known map[int]marks, list []Year) {
	var read []struct {
		Year           int      `json:"year"`
		DayOff         []string `json:"day_off"`         // holidays and moved days off, without ordinary Saturdays and Sundays
		WorkingWeekend []string `json:"working_weekend"` // Saturdays and Sundays that are worked
		Decree         bool     `json:"decree"`
	}
	if err := json.Unmarshal(text, &read); err != nil {
		panic("workday: ru.json: " + err.Error())
	}
	known = map[int]marks{}
	for _, y := range read {
		known[y.Year] = marks{}
		known[y.Year].addDates(y.DayOff, false)
		known[y.Year].addDates(y.WorkingWeekend, true)
		list = append(list, Year{Year: y.Year, Decree: y.Decree})
	}
	return known, list
}

// Known reports whether the production calendar of the year is published. Days of other years follow from the law only.
func Known(year int) bool {
	_, ok := published[year]
	return ok
}

// isHoliday reports whether the day is a holiday of art. 112 of the Labour Code, the same every year.
func isHoliday(d date) bool {
	switch d.month {
	case time.January:
		return d.day <= 8
	case time.February:
		return d.day == 23
	case time.March:
		return d.day == 8
	case time.May:
		return d.day == 1 || d.day == 9
	case time.June:
		return d.day == 12
	case time.November:
		return d.day == 4
	}
	return false
}
