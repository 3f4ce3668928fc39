package bitrix24

import "time"

// momentLayouts are the shapes of dates met in answers; those without an offset are read as UTC, since they follow
// the clock of a server that we do not know (section 9).
var momentLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
	time.DateOnly,
	"02.01.2006 15:04:05",
	"02.01.2006",
}

// Moment is a date or a date with time; the zero Moment is an absent one.
type Moment struct{ time.Time }

// UnmarshalJSON reads every shape of a date.
func (m *Moment) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil {
		return err
	}
	if text == "" {
		m.Time = time.Time{}
		return nil
	}
	for _, layout := range momentLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			m.Time = at
			return nil
		}
	}
	return errShape
}

// MarshalJSON writes ISO 8601 with the offset, or "" for an absent moment.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte(`""`), nil
	}
	return []byte(`"` + m.Format(time.RFC3339) + `"`), nil
}
