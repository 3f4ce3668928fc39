package workday_test

import (
	"testing"
	"time"
	_ "time/tzdata" // for machines without a time zone database

	"acts24/acts/workday"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestStart(t *testing.T) {
	for name, tt := range map[string]struct{ start, day, zone, want string }{
		"nine o'clock by default":           {"", "25.11.2026", "Europe/Moscow", "2026-11-25T09:00:00+03:00"},
		"an invalid text gives the default": {"early", "25.11.2026", "Europe/Moscow", "2026-11-25T09:00:00+03:00"},
		"no such minute":                    {"9.75", "25.11.2026", "Europe/Moscow", "2026-11-25T09:00:00+03:00"},
		"no such hour":                      {"24", "25.11.2026", "Europe/Moscow", "2026-11-25T09:00:00+03:00"},
		"an hour only":                      {"10", "25.11.2026", "Asia/Kamchatka", "2026-11-25T10:00:00+12:00"},
		"half past":                         {"9.30", "25.11.2026", "Europe/Kaliningrad", "2026-11-25T09:30:00+02:00"},
		"with a colon":                      {" 08:15 ", "25.11.2026", "Europe/Kaliningrad", "2026-11-25T08:15:00+02:00"},
		"midnight":                          {"0", "25.11.2026", "Europe/Moscow", "2026-11-25T00:00:00+03:00"},
		"the day clocks go forward":         {"9", "29.03.2026", "Europe/Berlin", "2026-03-29T09:00:00+02:00"},
		"the day before":                    {"9", "28.03.2026", "Europe/Berlin", "2026-03-28T09:00:00+01:00"},
		"the day clocks go back":            {"9", "01.11.2026", "America/New_York", "2026-11-01T09:00:00-05:00"},
		"an hour that is skipped":           {"2.30", "29.03.2026", "Europe/Berlin", "2026-03-29T03:00:00+02:00"},
		"the same in America":               {"2.30", "08.03.2026", "America/New_York", "2026-03-08T03:00:00-04:00"},
		"a midnight that is skipped":        {"0", "24.04.2026", "Africa/Cairo", "2026-04-24T01:00:00+03:00"},
		"the southern hemisphere":           {"9", "27.09.2026", "Pacific/Auckland", "2026-09-27T09:00:00+13:00"},
		"a zone with a quarter of an hour":  {"9", "25.11.2026", "Asia/Kathmandu", "2026-11-25T09:00:00+05:45"},
		"half an hour of daylight saving":   {"2.15", "04.10.2026", "Australia/Lord_Howe", "2026-10-04T02:30:00+11:00"},
		"a zone 13 hours ahead of UTC":      {"9", "31.12.2026", "Pacific/Auckland", "2026-12-31T09:00:00+13:00"},
		"a zone four hours ahead of UTC":    {"9", "25.11.2026", "Europe/Samara", "2026-11-25T09:00:00+04:00"},
	} {
		got := workday.New(workday.Overrides{WorkStart: tt.start}).Start(on(tt.day), zone(t, tt.zone)).Format(time.RFC3339)
		if got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

// Letters to counterparties are not sent at night, on days off and before the working day begins.
func TestLetterTime(t *testing.T) {
	for name, tt := range map[string]struct{ start, now, want string }{
		"by day":                                 {"", "2026-11-25T14:30:00+03:00", "2026-11-25T14:30:00+03:00"},
		"at the start of the day":                {"", "2026-11-25T09:00:00+03:00", "2026-11-25T09:00:00+03:00"},
		"before the day begins":                  {"", "2026-11-25T08:59:59+03:00", "2026-11-25T09:00:00+03:00"},
		"in the last minute of the evening":      {"", "2026-11-25T19:59:59+03:00", "2026-11-25T19:59:59+03:00"},
		"at night":                               {"", "2026-11-25T20:00:00+03:00", "2026-11-26T09:00:00+03:00"},
		"the same moment in UTC":                 {"", "2026-11-25T17:00:00Z", "2026-11-26T09:00:00+03:00"},
		"after midnight":                         {"", "2026-11-26T02:00:00+03:00", "2026-11-26T09:00:00+03:00"},
		"on Friday night":                        {"", "2026-11-27T23:00:00+03:00", "2026-11-30T09:00:00+03:00"},
		"on Saturday at noon":                    {"", "2026-11-28T12:00:00+03:00", "2026-11-30T09:00:00+03:00"},
		"in the January holidays":                {"", "2026-01-05T12:00:00+03:00", "2026-01-12T09:00:00+03:00"},
		"where the day begins at midnight":       {"0", "2026-11-25T03:00:00+03:00", "2026-11-25T08:00:00+03:00"},
		"where the day begins in the evening":    {"22", "2026-11-25T22:30:00+03:00", "2026-11-26T08:00:00+03:00"},
		"by day, where it begins in the evening": {"22", "2026-11-25T12:00:00+03:00", "2026-11-25T12:00:00+03:00"},
		"where the day begins at half past ten":  {"10.30", "2026-11-25T09:00:00+03:00", "2026-11-25T10:30:00+03:00"},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		msk := zone(t, "Europe/Moscow")
		if got := workday.New(workday.Overrides{WorkStart: tt.start}).LetterTime(now, msk).In(msk).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestDue(t *testing.T) {
	c := workday.New(workday.Overrides{})
	for name, tt := range map[string]struct{ sent, zone, due, at string }{
		"sent on Wednesday": {"2026-11-25T12:00:00Z", "Europe/Moscow", "2026-12-02", "2026-12-03T09:00:00+03:00"},
		"late in the evening, already the next day in the zone": {"2026-11-25T21:00:00Z", "Europe/Moscow", "2026-12-03", "2026-12-04T09:00:00+03:00"},
		"one second earlier, still the same day":                {"2026-11-25T20:59:59Z", "Europe/Moscow", "2026-12-02", "2026-12-03T09:00:00+03:00"},
		"noon, already the next day in Kamchatka":               {"2026-11-25T12:00:00Z", "Asia/Kamchatka", "2026-12-03", "2026-12-04T09:00:00+12:00"},
		"sent on the last day before the holiday":               {"2025-12-30T12:00:00Z", "Europe/Moscow", "2026-01-16", "2026-01-19T09:00:00+03:00"},
		"the fifth day is a Friday":                             {"2026-11-20T12:00:00Z", "Europe/Moscow", "2026-11-27", "2026-11-30T09:00:00+03:00"},
		"the working days of May 2027":                          {"2027-04-30T12:00:00Z", "Europe/Moscow", "2027-05-11", "2027-05-12T09:00:00+03:00"},
		"sent before the clocks change":                         {"2026-03-24T12:00:00Z", "Europe/Berlin", "2026-03-31", "2026-04-01T09:00:00+02:00"},
	} {
		sent, err := time.Parse(time.RFC3339, tt.sent)
		if err != nil {
			t.Fatal(err)
		}
		due, at := c.Due(sent, 5, zone(t, tt.zone))
		if due.Format(time.DateOnly) != tt.due || at.Format(time.RFC3339) != tt.at {
			t.Errorf("%s: due %s, at %s; want %s, %s", name, due, at.Format(time.RFC3339), tt.due, tt.at)
		}
	}
}
