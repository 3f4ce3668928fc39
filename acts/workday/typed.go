package workday

import (
	"strings"
	"time"
)

// TypedHint is the message for a date in another format.
const TypedHint = "Дата — день.месяц.год, например 05.12.2026."

// ParseTyped parses a date as people type it, 5.12.2026, or as addresses contain it, 2026-12-05. The result is midnight UTC;
// ok is false for any other text, a day that does not exist, and a year before 1900.
func ParseTyped(text string) (day time.Time, ok bool) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"2.1.2006", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, t.Year() >= 1900
		}
	}
	return time.Time{}, false
}
