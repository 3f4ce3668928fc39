package bitrix24

import (
	"context"
	"strings"
)

// CalendarSettings are the working days of the portal (section 9). Days of the year carry no year: 7.01 is the seventh
// of January of every one.
type CalendarSettings struct {
	WorkTimeStart Text  `json:"work_time_start"` // 9, or 9.30
	WorkTimeEnd   Text  `json:"work_time_end"`
	YearHolidays  Words `json:"year_holidays"` // 1.01, 23.02
	YearWorkdays  Words `json:"year_workdays"` // days of rest on which one works
	WeekHolidays  Words `json:"week_holidays"` // SA, SU
	WeekStart     Text  `json:"week_start"`
}

// Words is a list of words: an array, an object, or one text with commas.
type Words []string

// UnmarshalJSON reads every shape of a list of words.
func (w *Words) UnmarshalJSON(data []byte) error {
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

// GetCalendarSettings asks for the working days of the portal; the answer is CalendarSettings.
func GetCalendarSettings() Command { return Command{Method: "calendar.settings.get"} }

// CalendarSettings asks for the working days of the portal.
func (c *Client) CalendarSettings(ctx context.Context) (CalendarSettings, error) {
	return fetch[CalendarSettings](ctx, c, GetCalendarSettings())
}
