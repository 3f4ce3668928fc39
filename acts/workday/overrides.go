package workday

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Overrides are the calendar settings of a portal and the exceptions of our own settings. New skips what it cannot
// parse.
type Overrides struct {
	WeekHolidays []string `json:"week_holidays,omitempty"` // weekly days off, "SA"
	YearHolidays []string `json:"year_holidays,omitempty"` // yearly days off, "1.01"
	YearWorkdays []string `json:"year_workdays,omitempty"` // yearly worked days, "31.12"
	WorkStart    string   `json:"work_start,omitempty"`    // start of the working day, "9" or "9.30"
	DaysOff      []string `json:"days_off,omitempty"`      // our settings: single days off, "2027-11-05"
	DaysOn       []string `json:"days_on,omitempty"`       // our settings: single worked days
}

// ParsePortal parses the portal's calendar settings (docs/contracts/bitrix24.md, "Calendar and time") and
// drops what is not a day. The caller sets the start of the working day.
func ParsePortal(yearHolidays, yearWorkdays string, weekHolidays []string) Overrides {
	return Overrides{
		WeekHolidays: weekdaysIn(weekHolidays),
		YearHolidays: daysIn(yearHolidays),
		YearWorkdays: daysIn(yearWorkdays),
	}
}

// daysIn splits "1.01, 2.01" and writes every day in the same format.
func daysIn(list string) (days []string) {
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' }) {
		if d, ok := parseYearly(text); ok {
			days = append(days, fmt.Sprintf("%d.%02d", d.day, d.month))
		}
	}
	return days
}

// weekdays maps the codes of Bitrix24 to days of the week.
var weekdays = map[string]time.Weekday{
	"MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday,
	"FR": time.Friday, "SA": time.Saturday, "SU": time.Sunday,
}

func weekdaysIn(list []string) (codes []string) {
	for _, text := range list {
		code := strings.ToUpper(strings.TrimSpace(text))
		if _, ok := weekdays[code]; ok {
			codes = append(codes, code)
		}
	}
	return codes
}

// week marks which days of the week are off.
type week [7]bool

// weekOf returns the weekly days off, Saturday and Sunday when the list names none.
func weekOf(list []string) (off week) {
	codes := weekdaysIn(list)
	if len(codes) == 0 {
		codes = []string{"SA", "SU"}
	}
	for _, code := range codes {
		off[weekdays[code]] = true
	}
	return off
}

// defaultStart is the start of the working day when the portal does not set one.
const defaultStart = 9 * time.Hour

// startOf parses "9", "9.30" and "09:30" as the time since midnight.
func startOf(text string) time.Duration {
	hour, minute, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(text), ":", "."), ".")
	h, err := strconv.Atoi(hour)
	if err != nil || h < 0 || h > 23 {
		return defaultStart
	}
	m, err := strconv.Atoi(minute)
	if minute != "" && (err != nil || m < 0 || m > 59) {
		return defaultStart
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
}
