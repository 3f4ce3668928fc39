package workday_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"acts24/acts/workday"
)

// file is a year of the calendar in the format of its source.
type file struct {
	Year           int      `json:"year"`
	DayOff         []string `json:"day_off"`
	Shortened      []string `json:"shortened"`
	WorkingWeekend []string `json:"working_weekend"`
}

// embedded parses the embedded calendar file independently of the tested code.
func embedded(t *testing.T) []file {
	t.Helper()
	text, err := os.ReadFile("ru.json")
	if err != nil {
		t.Fatal(err)
	}
	var years []file
	if err := json.Unmarshal(text, &years); err != nil {
		t.Fatal(err)
	}
	return years
}

func TestEmbeddedIsThePublished(t *testing.T) {
	contracts := os.Getenv("ACTS_CONTRACTS")
	if contracts == "" {
		t.Skip("NOT COMPARED with the published calendars: set ACTS_CONTRACTS to their folder")
	}
	years := embedded(t)
	paths, err := filepath.Glob(filepath.Join(contracts, "calendar", "20*.json"))
	if err != nil || len(paths) != len(years) {
		t.Fatalf("%d files of years, %d embedded (%v)", len(paths), len(years), err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var f file
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		compare(t, f, years)
	}
}

// compare checks that both lists have the same days; a Saturday that is a shortened day in the source is worked.
func compare(t *testing.T, f file, years []file) {
	t.Helper()
	for _, day := range f.Shortened {
		if d, _ := time.Parse(time.DateOnly, day); d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			f.WorkingWeekend = append(f.WorkingWeekend, day)
		}
	}
	slices.Sort(f.WorkingWeekend) // a day may be in both lists
	f.WorkingWeekend = slices.Compact(f.WorkingWeekend)
	i := slices.IndexFunc(years, func(y file) bool { return y.Year == f.Year })
	if i < 0 || !slices.Equal(years[i].DayOff, f.DayOff) || !slices.Equal(years[i].WorkingWeekend, f.WorkingWeekend) {
		t.Errorf("the calendar of %d is not the published one", f.Year)
	}
}

// naive is a second, deliberately simple implementation of the calendar: lists of texts, searched day by day.
type naive struct {
	o     workday.Overrides
	years []file
}

func (n naive) isWorking(day string) bool {
	d, _ := time.Parse(time.DateOnly, day)
	yearly := fmt.Sprintf("%d.%02d", d.Day(), d.Month())
	if slices.Contains(n.o.DaysOn, day) {
		return true
	}
	if slices.Contains(n.o.DaysOff, day) {
		return false
	}
	if slices.Contains(n.o.YearWorkdays, yearly) {
		return true
	}
	if slices.Contains(n.o.YearHolidays, yearly) {
		return false
	}
	i := slices.IndexFunc(n.years, func(y file) bool { return y.Year == d.Year() })
	switch {
	case i >= 0 && slices.Contains(n.years[i].DayOff, day):
		return false
	case i >= 0 && slices.Contains(n.years[i].WorkingWeekend, day):
		return true
	case i < 0 && (slices.Contains(law, yearly) || slices.Contains(n.moved(d.Year()), day)):
		return false
	}
	return !n.isWeekend(d)
}

func (n naive) isWeekend(d time.Time) bool {
	off := n.o.WeekHolidays
	if len(off) == 0 {
		off = []string{"SA", "SU"}
	}
	return slices.Contains(off, []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[d.Weekday()])
}

// moved returns the days off of a year that are moved by holidays on days off, except the January ones.
func (n naive) moved(year int) (days []string) {
	for _, holiday := range law[8:] {
		d, _ := time.Parse("2.01.2006", fmt.Sprintf("%s.%d", holiday, year))
		if !n.isWeekend(d) {
			continue
		}
		for n.isWeekend(d) || slices.Contains(law, fmt.Sprintf("%d.%02d", d.Day(), d.Month())) {
			d = d.AddDate(0, 0, 1)
		}
		days = append(days, d.Format(time.DateOnly))
	}
	return days
}

// law is art. 112 of the Labour Code, the January holidays first.
var law = []string{"1.01", "2.01", "3.01", "4.01", "5.01", "6.01", "7.01", "8.01", "23.02", "8.03", "1.05", "9.05", "12.06", "4.11"}

func (n naive) after(day string, days int) string {
	for days > 0 {
		d, _ := time.Parse(time.DateOnly, day)
		day = d.Add(24 * time.Hour).Format(time.DateOnly)
		if n.isWorking(day) {
			days--
		}
	}
	return day
}

// first returns the first minute of the day whose local time is not before the hour.
func first(day, clock string, zone *time.Location) time.Time {
	d, _ := time.Parse(time.DateOnly, day)
	for at := d.Add(-14 * time.Hour); ; at = at.Add(15 * time.Minute) {
		if at.In(zone).Format("2006-01-02 15:04") >= day+" "+clock {
			return at
		}
	}
}

// TestAgainstTheLongWayRound compares 10,000 deadlines of generated portals with those of naive.
func TestAgainstTheLongWayRound(t *testing.T) {
	random := rand.New(rand.NewPCG(24, 11))
	years, zones := embedded(t), zonesOfTheWorld(t)
	for range 10_000 {
		n := naive{generated(random), years}
		zone := zones[random.IntN(len(zones))]
		sent := time.Date(2022, 12, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(random.IntN(10*365*24*60)) * time.Minute)
		days := random.IntN(12)
		wantDue := n.after(sent.In(zone).Format(time.DateOnly), days)
		wantAt := first(n.after(wantDue, 1), "09:30", zone)
		due, at := workday.New(n.o).Due(sent, days, zone)
		if due.Format(time.DateOnly) != wantDue || !at.Equal(wantAt) {
			t.Fatalf("%d days after %s in %s: due %s, at %s; want %s, %s\n%+v", days, sent, zone, due, at, wantDue, wantAt, n.o)
		}
	}
}

func zonesOfTheWorld(t *testing.T) (zones []*time.Location) {
	for _, name := range []string{"Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", "Asia/Yekaterinburg", "Europe/Berlin",
		"America/New_York", "Pacific/Auckland", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		zones = append(zones, zone(t, name))
	}
	return zones
}

// generated returns random portal settings that leave at least one working day of the week.
func generated(random *rand.Rand) workday.Overrides {
	o := workday.Overrides{WorkStart: "9.30"}
	codes := []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
	random.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
	if random.IntN(2) == 0 {
		o.WeekHolidays = codes[:random.IntN(5)]
	}
	for range random.IntN(20) {
		d := time.Date(2023, 1, 1+random.IntN(6*365), 0, 0, 0, 0, time.UTC)
		day, yearly := d.Format(time.DateOnly), fmt.Sprintf("%d.%02d", d.Day(), d.Month())
		list := []*[]string{&o.DaysOff, &o.DaysOn, &o.YearHolidays, &o.YearWorkdays}[random.IntN(4)]
		*list = append(*list, map[bool]string{true: day, false: yearly}[list == &o.DaysOff || list == &o.DaysOn])
	}
	return o
}
