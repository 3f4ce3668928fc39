package period_test

import (
	"testing"
	"time"

	"acts24/acts/period"
	"acts24/acts/workday"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestNext(t *testing.T) {
	for name, tt := range map[string]struct{ from, to, next, end string }{
		"a month":                   {"2026-10-01", "2026-10-31", "2026-11-01", "2026-11-30"},
		"December":                  {"2026-12-01", "2026-12-31", "2027-01-01", "2027-01-31"},
		"January, then February":    {"2027-01-01", "2027-01-31", "2027-02-01", "2027-02-28"},
		"February of a leap year":   {"2028-02-01", "2028-02-29", "2028-03-01", "2028-03-31"},
		"28 days of a leap year":    {"2028-02-01", "2028-02-28", "", ""},
		"a quarter":                 {"2026-10-01", "2026-12-31", "2027-01-01", "2027-03-31"},
		"a part of a month":         {"2026-10-05", "2026-10-31", "", ""},
		"a month and a half":        {"2026-10-01", "2026-11-15", "", ""},
		"a single first day":        {"2026-10-01", "2026-10-01", "", ""},
		"it ends before it begins":  {"2026-11-01", "2026-10-31", "", ""},
		"from the middle to middle": {"2026-10-15", "2026-11-14", "", ""},
	} {
		from, to, ok := period.Next(day(tt.from), day(tt.to))
		if ok != (tt.next != "") || ok && (!from.Equal(day(tt.next)) || !to.Equal(day(tt.end))) {
			t.Errorf("%s: %s – %s, %t; want %s – %s", name, from.Format(time.DateOnly), to.Format(time.DateOnly), ok, tt.next, tt.end)
		}
	}
	if _, _, ok := period.Next(time.Time{}, time.Time{}); ok {
		t.Error("an act without a period has a next one")
	}
}

// The days by the production calendars of the years: holidays, moved days off and worked Saturdays count.
func TestDayOfTheMonth(t *testing.T) {
	usual := workday.New(workday.Overrides{})
	for name, tt := range map[string]struct {
		day   int
		month string
		want  string
	}{
		"the first in January 2023":                     {1, "2023-01-01", "2023-01-09"},
		"the first in January 2024":                     {1, "2024-01-01", "2024-01-09"},
		"the first in January 2025":                     {1, "2025-01-01", "2025-01-09"},
		"the first in January 2026":                     {1, "2026-01-01", "2026-01-12"},
		"the first in January 2027":                     {1, "2027-01-01", "2027-01-11"},
		"the fifteenth in January 2026, its last":       {15, "2026-01-01", "2026-01-30"},
		"the last in December 2024, a worked Saturday":  {0, "2024-12-01", "2024-12-28"},
		"the last in April 2024, before moved days off": {0, "2024-04-01", "2024-04-27"},
		"the first in May 2024":                         {1, "2024-05-01", "2024-05-02"},
		"the first in May 2026":                         {1, "2026-05-01", "2026-05-04"},
		"the first in November 2025, a worked Saturday": {1, "2025-11-01", "2025-11-01"},
		"the last in February 2025":                     {0, "2025-02-01", "2025-02-28"},
		"the last in October 2026, before a Saturday":   {0, "2026-10-01", "2026-10-30"},
		"the fifth in November 2026":                    {5, "2026-11-01", "2026-11-09"},
		"a day within the month names it":               {1, "2026-11-25", "2026-11-02"},
	} {
		if got := (period.Rule{Day: tt.day}).FormingDay(usual, day(tt.month)); !got.Equal(day(tt.want)) {
			t.Errorf("%s: %s, want %s", name, got.Format(time.DateOnly), tt.want)
		}
	}
}

// In every month of the known years every choice is a working day of that month, and a larger number is never earlier.
func TestEveryMonthHasEveryDay(t *testing.T) {
	days := workday.New(workday.Overrides{})
	for month := day("2023-01-01"); month.Year() <= 2027; month = month.AddDate(0, 1, 0) {
		last := (period.Rule{}).FormingDay(days, month)
		before, n := month.AddDate(0, 0, -1), 0
		for i := 1; i <= period.MaxDay; i++ {
			got := (period.Rule{Day: i}).FormingDay(days, month)
			for d := before.AddDate(0, 0, 1); !d.After(got); d = d.AddDate(0, 0, 1) {
				if days.IsWorkday(d) {
					n++
				}
			}
			if !days.IsWorkday(got) || got.Month() != month.Month() || got.After(last) || n != i {
				t.Errorf("%s: working day %d is %s, the %d-th", month.Format("2006-01"), i, got.Format(time.DateOnly), n)
			}
			before = got
		}
		for d := last.AddDate(0, 0, 1); d.Month() == month.Month(); d = d.AddDate(0, 0, 1) {
			if days.IsWorkday(d) {
				t.Errorf("%s is worked after the last working day %s", d.Format(time.DateOnly), last.Format(time.DateOnly))
			}
		}
	}
}

// A portal with its own days off: a month with fewer working days than chosen has its last one, a month without any its last day.
func TestDayOfAPortalWithFewWorkingDays(t *testing.T) {
	off := workday.Overrides{}
	for d := day("2026-11-04"); d.Month() == time.November; d = d.AddDate(0, 0, 1) {
		off.DaysOff = append(off.DaysOff, d.Format(time.DateOnly))
	}
	if got := (period.Rule{Day: 5}).FormingDay(workday.New(off), day("2026-11-01")); !got.Equal(day("2026-11-03")) {
		t.Errorf("the fifth of two: %s", got)
	}
	off.DaysOff = append(off.DaysOff, "2026-11-01", "2026-11-02", "2026-11-03")
	for _, n := range []int{0, 1} {
		if got := (period.Rule{Day: n}).FormingDay(workday.New(off), day("2026-11-01")); !got.Equal(day("2026-11-30")) {
			t.Errorf("day %d of none: %s", n, got)
		}
	}
}

func TestPeriodAndDate(t *testing.T) {
	for covers, want := range map[period.Covers]string{
		period.CoversThisMonth:         "2027-01-01 2027-01-31 2027-01-11",
		period.CoversLastMonth:         "2026-12-01 2026-12-31 2027-01-11",
		period.CoversLastMonthDatedEnd: "2026-12-01 2026-12-31 2026-12-31",
	} {
		r := period.Rule{Covers: covers}
		from, to := r.Period(day("2027-01-01"))
		got := from.Format(time.DateOnly) + " " + to.Format(time.DateOnly) + " " + r.Date(day("2027-01-01"), day("2027-01-11")).Format(time.DateOnly)
		if got != want || !covers.Known() {
			t.Errorf("%s: %s, want %s", covers, got, want)
		}
	}
	if period.Covers("next").Known() {
		t.Error("an unknown choice is known")
	}
}
