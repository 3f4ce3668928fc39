package monthly

import (
	"errors"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/acts/workday"
	"acts24/store/plans"
	"acts24/workflow"
)

// A plan whose day is today forms no act before a person has confirmed it; it may begin with the next month.
func TestFirstActOfTodayIsConfirmed(t *testing.T) {
	c := workflow.Schedule{Days: workday.New(workday.Overrides{}), Zone: time.FixedZone("MSK", 3*60*60)}
	month := func(m time.Month) time.Time { return time.Date(2026, m, 1, 0, 0, 0, 0, time.UTC) }
	today := time.Date(2026, 11, 30, 5, 0, 0, 0, time.UTC) // the last working day of November, 08:00 in Moscow
	for name, tt := range map[string]struct {
		day, answer string
		now         time.Time
		fault       bool
		next        time.Time
	}{
		"today, not asked yet":                        {"last", "", today, true, month(time.November)},
		"today, an answer that does not exist":        {"last", "tomorrow", today, true, month(time.November)},
		"today it is":                                 {"last", FirstToday, today, false, month(time.November)},
		"later":                                       {"last", FirstLater, today, false, month(time.December)},
		"another day":                                 {"1", "", today, false, month(time.December)},
		"another day, with an answer of before":       {"1", FirstLater, today, false, month(time.December)},
		"the day before":                              {"last", "", today.AddDate(0, 0, -1), false, month(time.November)},
		"the evening before, already today in Moscow": {"last", "", time.Date(2026, 11, 29, 22, 0, 0, 0, time.UTC), true, month(time.November)},
	} {
		p := plans.Plan{Rule: period.Rule{Covers: period.CoversThisMonth}}
		if tt.day == "1" {
			p.Rule.Day = 1
		}
		p.NextMonth = firstMonth(p.Rule, c, tt.now, nil)
		err := confirmFirstAct(&p, tt.answer, c, tt.now)
		var faults acts.Faults
		if errors.As(err, &faults) != tt.fault || !p.NextMonth.Equal(tt.next) {
			t.Errorf("%s: %v, next month %s", name, err, p.NextMonth.Format("2006-01"))
		}
		if tt.fault && !strings.Contains(faults.At("monthly-first"), "за ноябрь 2026, будет сформирован сегодня") {
			t.Errorf("%s: %q", name, faults.At("monthly-first"))
		}
	}
}
