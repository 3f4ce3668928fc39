package sbis

import (
	"testing"
	"time"
)

func TestDateTimes(t *testing.T) {
	want := time.Date(2026, 11, 2, 7, 5, 9, 0, time.UTC)
	for text, ok := range map[string]bool{
		"02.11.2026 10.05.09":   true,
		"02.11.2026 10:05:09":   true,
		" 02.11.2026 10.05.09 ": true,
		"2026-11-02 10.05.09":   false,
		"02.11.2026 25.05.09":   false,
		"":                      false,
	} {
		if got, err := ParseDateTime(text); (err == nil) != ok || ok && !got.Equal(want) {
			t.Errorf("ParseDateTime(%q) = %v, %v; want %v, valid %t", text, got, err, want, ok)
		}
	}
	if got, err := ParseDateTime("02.11.2026"); err != nil || !got.Equal(time.Date(2026, 11, 1, 21, 0, 0, 0, time.UTC)) {
		t.Errorf("ParseDateTime of a date alone = %v, %v; want midnight in Moscow", got, err)
	}
	if got := FormatDateTime(want); got != "02.11.2026 10.05.09" {
		t.Errorf("FormatDateTime = %q, want 02.11.2026 10.05.09", got)
	}
	if got, err := ParseDate("01.05.2027 23.59.59"); err != nil || FormatDate(got) != "01.05.2027" {
		t.Errorf("ParseDate = %v, %v; want 01.05.2027", got, err)
	}
	if got, err := ParseDate("31.02.2027"); err == nil {
		t.Errorf("ParseDate of 31 February = %v, want an error", got)
	}
}
