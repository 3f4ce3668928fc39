package workday

import (
	_ "embed"
	"encoding/json"
	"time"
)

// The production calendar as published, year by year; a new year is added when its decree is out.
//
//go:embed ru.json
var ru []byte

// published are the years whose calendar is known, with what it says about their days.
var published = readYears(ru)

// readYears panics when the embedded file is broken: a program without its calendar is not built right.
func readYears(text []byte) map[int]marks {
	var years []struct {
		Year           int      `json:"year"`
		DayOff         []string `json:"day_off"`         // holidays and moved days off, no ordinary Saturdays and Sundays
		WorkingWeekend []string `json:"working_weekend"` // Saturdays and Sundays that are worked
	}
	if err := json.Unmarshal(text, &years); err != nil {
		panic("workday: ru.json: " + err.Error())
	}
	known := map[int]marks{}
	for _, y := range years {
		known[y.Year] = marks{}
		known[y.Year].dates(y.DayOff, false)
		known[y.Year].dates(y.WorkingWeekend, true)
	}
	return known
}

// Known reports whether the production calendar of the year is published;
// of other years only the fixed holidays are known, not the moved days.
func Known(year int) bool {
	_, ok := published[year]
	return ok
}

// fixed reports whether the day is a holiday of art. 112 of the Labour Code, the same every year.
func fixed(d date) bool {
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
