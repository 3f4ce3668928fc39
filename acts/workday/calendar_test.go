package workday_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"acts24/acts/workday"
)

// on parses a date as documents write it and returns noon of that day in a zone far from UTC.
func on(text string) time.Time {
	t, err := time.ParseInLocation("02.01.2006 15:04", text+" 12:00", time.FixedZone("", 13*3600))
	if err != nil {
		panic(err)
	}
	return t
}

func TestWorkingDaysOfPublishedYears(t *testing.T) {
	for year, want := range map[int]int{2023: 247, 2024: 248, 2025: 247, 2026: 247, 2027: 247} {
		if !workday.Known(year) {
			t.Errorf("%d is not known", year)
		}
		got, c := 0, workday.New(workday.Overrides{})
		for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
			if c.IsWorkday(d) {
				got++
			}
		}
		if got != want {
			t.Errorf("%d has %d working days; want %d", year, got, want)
		}
	}
	if workday.Known(2022) || workday.Known(2028) {
		t.Error("a year is known that is not in the file")
	}
}

// TestPrecedence checks which source decides about each day.
func TestPrecedence(t *testing.T) {
	none := workday.Overrides{}
	portal := workday.Overrides{
		WeekHolidays: []string{"FR", "SA"},
		YearHolidays: []string{"2.03", "31.12", "9.01"},
		YearWorkdays: []string{"31.12", "4.11"},
		DaysOff:      []string{"2026-03-10", "2026-11-04", "2028-12-29"},
		DaysOn:       []string{"2026-03-02", "2026-05-09", "2027-01-07"},
	}
	for name, tt := range map[string]struct {
		o    workday.Overrides
		day  string
		want bool
	}{
		"an ordinary Wednesday":                                       {none, "25.11.2026", true},
		"an ordinary Saturday":                                        {none, "28.11.2026", false},
		"an ordinary Sunday":                                          {none, "29.11.2026", false},
		"9 January 2026, moved from Saturday 3":                       {none, "09.01.2026", false},
		"12 January 2026, the first worked day":                       {none, "12.01.2026", true},
		"8 January 2029, unpublished, is a holiday":                   {none, "08.01.2029", false},
		"9 January 2029, January is not moved by law":                 {none, "09.01.2029", true},
		"8 March 2028 is a Wednesday, nothing is moved":               {none, "09.03.2028", true},
		"13 June 2028 is an ordinary Tuesday":                         {none, "13.06.2028", true},
		"6 November 2028, moved by law from Saturday 4":               {none, "06.11.2028", false},
		"7 November 2028 is worked":                                   {none, "07.11.2028", true},
		"25 February 2030, moved by law from Saturday":                {none, "25.02.2030", false},
		"24 February 2031, moved by law from Sunday":                  {none, "24.02.2031", false},
		"a Sunday moved by law where Fridays are off":                 {portal, "06.11.2033", false},
		"31 December 2026, moved from Sunday 4 January":               {none, "31.12.2026", false},
		"11 May 2026, moved from Saturday 9":                          {none, "11.05.2026", false},
		"3 May 2027, moved from Saturday 1":                           {none, "03.05.2027", false},
		"10 May 2027, moved from Sunday 9":                            {none, "10.05.2027", false},
		"14 June 2027, moved from Saturday 12":                        {none, "14.06.2027", false},
		"Saturday 20 February 2027 is worked":                         {none, "20.02.2027", true},
		"22 February 2027, moved":                                     {none, "22.02.2027", false},
		"2 May 2025, moved":                                           {none, "02.05.2025", false},
		"8 May 2025, moved":                                           {none, "08.05.2025", false},
		"29 April 2024, moved":                                        {none, "29.04.2024", false},
		"Saturday 27 April 2024 is worked":                            {none, "27.04.2024", true},
		"Saturday 2 November 2024 is worked, shortened":               {none, "02.11.2024", true},
		"Saturday 1 November 2025 is worked, shortened":               {none, "01.11.2025", true},
		"Saturday 28 December 2024 is worked":                         {none, "28.12.2024", true},
		"the portal is off on Fridays":                                {portal, "27.11.2026", false},
		"the portal works on Sundays":                                 {portal, "29.11.2026", true},
		"a holiday on a worked Sunday":                                {portal, "08.03.2026", false},
		"a holiday of an unpublished year on a Sunday":                {portal, "23.02.2031", false},
		"a worked Saturday overrides the portal's week":               {portal, "27.04.2024", true},
		"a yearly day off of the portal":                              {portal, "02.03.2027", false},
		"a yearly worked day of the portal overrides its day off":     {portal, "31.12.2029", true},
		"a yearly worked day of the portal overrides a moved day off": {portal, "31.12.2026", true},
		"a yearly worked day of the portal overrides a holiday":       {portal, "04.11.2025", true},
		"our day off overrides the portal's worked day":               {portal, "04.11.2026", false},
		"our day off in an unpublished year":                          {portal, "29.12.2028", false},
		"our worked day overrides the portal's day off":               {portal, "02.03.2026", true},
		"our worked day overrides a holiday":                          {portal, "09.05.2026", true},
		"our worked day overrides a fixed holiday":                    {portal, "07.01.2027", true},
		"our day off on a working Tuesday":                            {portal, "10.03.2026", false},
	} {
		if got := workday.New(tt.o).IsWorkday(on(tt.day)); got != tt.want {
			t.Errorf("%s: working = %v; want %v", name, got, tt.want)
		}
	}
}

func TestAfter(t *testing.T) {
	c := workday.New(workday.Overrides{})
	for name, tt := range map[string]struct {
		day  string
		n    int
		want string
	}{
		"five days within two weeks":       {"25.11.2026", 5, "02.12.2026"},
		"from a Saturday":                  {"28.11.2026", 1, "30.11.2026"},
		"over the January holidays":        {"30.12.2025", 5, "16.01.2026"},
		"into the next year":               {"29.12.2026", 2, "11.01.2027"},
		"over the First of May of 2027":    {"27.04.2027", 5, "05.05.2027"},
		"over both holidays of May 2027":   {"30.04.2027", 5, "11.05.2027"},
		"over June of 2027":                {"09.06.2027", 5, "17.06.2027"},
		"one day over May of 2032":         {"30.04.2032", 1, "04.05.2032"},
		"over the May holidays":            {"30.04.2026", 5, "08.05.2026"},
		"over the May holidays of 2024":    {"26.04.2024", 3, "03.05.2024"},
		"a worked Saturday counts":         {"31.10.2025", 1, "01.11.2025"},
		"zero days":                        {"28.11.2026", 0, "28.11.2026"},
		"a negative number counts as zero": {"28.11.2026", -3, "28.11.2026"},
		"29 February":                      {"28.02.2028", 1, "29.02.2028"},
		"November holidays with a Monday":  {"01.11.2025", 1, "05.11.2025"},
	} {
		got := c.After(on(tt.day), tt.n)
		if got.Format("02.01.2006") != tt.want || got.Location() != time.UTC || got.Hour() != 0 {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

// TestAfterEnds checks that a portal without working days still gets reminders.
func TestAfterEnds(t *testing.T) {
	every := workday.Overrides{}
	for d := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == 2024; d = d.AddDate(0, 0, 1) {
		every.YearHolidays = append(every.YearHolidays, d.Format("02.01"))
	}
	for name, o := range map[string]workday.Overrides{
		"all days of the week are off": {WeekHolidays: []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}},
		"all days of the year are off": every,
	} {
		if got := workday.New(o).After(on("01.06.2030"), 5); got.Format("02.01.2006") != "06.06.2030" {
			t.Errorf("%s: %s; want calendar days", name, got)
		}
	}
}

func TestParsePortal(t *testing.T) {
	got := workday.ParsePortal(" 1.01, 02.1 ,,7.01;x,32.01,29.02,30.02,1.13,5,31.12.2026", "31.12", []string{"SA", " su ", "XX", ""})
	want := workday.Overrides{
		WeekHolidays: []string{"SA", "SU"},
		YearHolidays: []string{"1.01", "2.01", "7.01", "29.02"},
		YearWorkdays: []string{"31.12"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v; want %+v", got, want)
	}
	want.WorkStart, want.DaysOff = "9.30", []string{"2027-11-05"}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var back workday.Overrides
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, want) {
		t.Errorf("%s read back: %+v, %v", text, back, err)
	}
}

func TestPassed(t *testing.T) {
	usual := workday.New(workday.Overrides{})
	for name, tt := range map[string]struct {
		day, today string
		want       int
	}{
		"the same day":             {"27.11.2026", "27.11.2026", 0},
		"not due yet":              {"30.11.2026", "27.11.2026", 0},
		"only days off":            {"27.11.2026", "29.11.2026", 0},
		"the first working day":    {"27.11.2026", "30.11.2026", 1},
		"over the New Year's days": {"30.12.2026", "11.01.2027", 1},
	} {
		if got := usual.DaysPassed(on(tt.day), on(tt.today)); got != tt.want {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}
