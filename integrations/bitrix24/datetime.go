package bitrix24

import (
	"strings"
	"time"
)

// dateTimeLayouts are the formats of dates in answers. Those without an offset are read as UTC, since the time zone of the server is
// unknown (docs/contracts/bitrix24.md, "Calendar and time").
var dateTimeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
	time.DateOnly,
	"02.01.2006 15:04:05",
	"02.01.2006",
}

// DateTime is a date or a date with time; the zero value means a missing one.
type DateTime struct{ time.Time }

// UnmarshalJSON reads every format of a date.
func (m *DateTime) UnmarshalJSON(data []byte) error {
	text, err := scalar(data)
	if err != nil {
		return err
	}
	if text == "" {
		m.Time = time.Time{}
		return nil
	}
	for _, layout := range dateTimeLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			m.Time = at
			return nil
		}
	}
	return errShape
}

// MarshalJSON writes ISO 8601 with the offset, or "" for a missing one.
func (m DateTime) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte(`""`), nil
	}
	return []byte(`"` + m.Format(time.RFC3339) + `"`), nil
}

// CalendarSettings are the working days of the portal (docs/contracts/bitrix24.md, "Calendar and time"). Days are written without a
// year: 7.01 is the seventh of January of every year.
type CalendarSettings struct {
	WorkTimeStart Text       `json:"work_time_start"` // 9, or 9.30
	WorkTimeEnd   Text       `json:"work_time_end"`
	YearHolidays  StringList `json:"year_holidays"` // 1.01, 23.02
	YearWorkdays  StringList `json:"year_workdays"` // working days among days off
	WeekHolidays  StringList `json:"week_holidays"` // SA, SU
	WeekStart     Text       `json:"week_start"`
}

// StringList is a list of strings in the formats of PHP: an array, an object, or one text with commas.
type StringList []string

// UnmarshalJSON reads every format of the list.
func (w *StringList) UnmarshalJSON(data []byte) error {
	*w = nil
	if text, err := scalar(data); err == nil {
		*w = words(text)
		return nil
	}
	var list List[Text]
	if err := list.UnmarshalJSON(data); err != nil {
		return err
	}
	for _, text := range list {
		*w = append(*w, words(string(text))...)
	}
	return nil
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",; \t\r\n", r) })
}

// GetCalendarSettings reads the working days of the portal; the answer is CalendarSettings.
func GetCalendarSettings() Command { return Command{Method: "calendar.settings.get"} }
