package remind

import (
	"strings"
	"testing"
	"time"

	"acts24/acts/workday"
	"acts24/store"
)

func TestNextDigest(t *testing.T) {
	zone := time.FixedZone("MSK", 3*60*60)
	days := workday.New(workday.Overrides{WeekHolidays: []string{"SA", "SU"}, WorkStart: "9"})
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for name, tt := range map[string]struct{ now, want string }{
		"before the day begins": {"2026-11-23 08:00", "2026-11-23 09:00"},
		"at its beginning":      {"2026-11-23 09:00", "2026-11-24 09:00"},
		"in the evening":        {"2026-11-23 20:00", "2026-11-24 09:00"},
		"on Friday":             {"2026-11-27 12:00", "2026-11-30 09:00"},
		"on Saturday":           {"2026-11-28 07:00", "2026-11-30 09:00"},
	} {
		if got := nextDigest(days, at(tt.now)); !got.Equal(at(tt.want)) {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestDigestText(t *testing.T) {
	p := store.Portal{AppCode: "acts"}
	d := store.Digest{User: 7, Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	if got := digestText(p, d); got != "" {
		t.Errorf("an empty digest reads %q", got)
	}
	d.Refused, d.AwaitOurs = 1, 2
	got := digestText(p, d)
	for _, want := range []string{"сводка на 23.11.2026", "1 отказ от подписания", "2 документа ждут нашей подписи", "params[user]=7", "Отключить сводку"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q does not contain %q", got, want)
		}
	}
	if strings.Contains(got, "без акта") {
		t.Errorf("%q names what is empty", got)
	}
}
