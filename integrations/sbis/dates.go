package sbis

import (
	"fmt"
	"strings"
	"time"
)

// Moscow is the zone of the service's clock (docs/contracts/sbis.md, "Addresses").
var Moscow = time.FixedZone("MSK", 3*60*60)

const (
	dateLayout     = "02.01.2006"
	dateTimeLayout = "02.01.2006 15.04.05" // dots in the time: docs/contracts/sbis.md, "Envelope"
)

// FormatDate returns ДД.ММ.ГГГГ of the day of t in its zone.
func FormatDate(t time.Time) string { return t.Format(dateLayout) }

// FormatDateTime returns ДД.ММ.ГГГГ ЧЧ.ММ.СС in Moscow time.
func FormatDateTime(t time.Time) string { return t.In(Moscow).Format(dateTimeLayout) }

// ParseDate returns the day of a date or of a date with time.
func ParseDate(s string) (time.Time, error) {
	day, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	t, err := time.ParseInLocation(dateLayout, day, Moscow)
	if err != nil {
		return time.Time{}, fmt.Errorf("sbis: %q is not a date", tidy(s))
	}
	return t, nil
}

// ParseDateTime parses a time in the format of SBIS; colons and a missing time are accepted.
func ParseDateTime(s string) (time.Time, error) {
	text := strings.ReplaceAll(strings.TrimSpace(s), ":", ".")
	for _, layout := range []string{dateTimeLayout, "02.01.2006 15.04", dateLayout} {
		// A fraction of a second after the layout's seconds is accepted by time.Parse.
		if t, err := time.ParseInLocation(layout, text, Moscow); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("sbis: %q is not a date-time", tidy(s))
}
