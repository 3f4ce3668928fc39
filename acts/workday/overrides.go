package workday

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Overrides are what a portal says about its days, and what our own settings add.
// They are kept as they were typed; New passes over what it does not understand.
type Overrides struct {
	WeekHolidays []string `json:"week_holidays,omitempty"` // weekly days off, "SA"
	YearHolidays []string `json:"year_holidays,omitempty"` // days off of every year, "1.01"
	YearWorkdays []string `json:"year_workdays,omitempty"` // days worked every year, "31.12"
	WorkStart    string   `json:"work_start,omitempty"`    // when the working day begins, "9" or "9.30"
	DaysOff      []string `json:"days_off,omitempty"`      // our settings: single days off, "2027-11-05"
	DaysOn       []string `json:"days_on,omitempty"`       // our settings: single worked days
}

// ParsePortal reads the portal's calendar settings (contracts/bitrix24.md 9) and leaves out what is no day.
// The hour at which the working day begins is the caller's to add.
func ParsePortal(yearHolidays, yearWorkdays string, weekHolidays []string) Overrides {
	return Overrides{
		WeekHolidays: weekdaysIn(weekHolidays),
		YearHolidays: daysIn(yearHolidays),
		YearWorkdays: daysIn(yearWorkdays),
	}
}

// daysIn splits "1.01, 2.01" and writes every day the same way.
func daysIn(list string) (days []string) {
	for _, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' }) {
		if d, ok := parseYearly(text); ok {
			days = append(days, fmt.Sprintf("%d.%02d", d.day, d.month))
		}
	}
	return days
}

// weekdays are the codes that Bitrix24 has for the days of the week.
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

// week is which days of the week are off.
type week [7]bool

// weekOf is Saturday and Sunday when the portal names no days at all.
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

// defaultStart is when the working day begins unless the portal says otherwise.
const defaultStart = 9 * time.Hour

// startOf reads "9", "9.30", "09:30" as the time since midnight.
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
