package match

import (
	"cmp"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// Compare orders two values: numbers as numbers, times as times, others as text.
func Compare(a, b any) int {
	x, okX := php.Number(a)
	y, okY := php.Number(b)
	if okX && okY {
		return cmp.Compare(x, y)
	}
	s, t := php.Text(a), php.Text(b)
	if from, ok := Moment(s); ok {
		if to, ok := Moment(t); ok {
			return from.Compare(to)
		}
	}
	return strings.Compare(strings.ToLower(s), strings.ToLower(t))
}

var momentForms = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02",
	"02.01.2006 15:04:05", "02.01.2006 15:04", "02.01.2006",
}

// Moment parses the date formats of the CRM; a time without a zone is Moscow time.
func Moment(s string) (time.Time, bool) {
	if len(s) < 10 {
		return time.Time{}, false
	}
	for _, form := range momentForms {
		if t, err := time.ParseInLocation(form, s, time.FixedZone("MSK", 3*60*60)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
