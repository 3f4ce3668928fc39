package views

import (
	"strings"
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	plain := func(s string) string { return strings.ReplaceAll(s, nbsp, " ") }
	for want, got := range map[string]string{
		"1 234 567,89 ₽": Money("1234567.89"),
		"0,00 ₽":         Money("0.00"),
		"−1 000,00 ₽":    Money("-1000.00"),
		"999,50 USD":     MoneyIn("999.5", "USD"),
		"12,00 ₽":        MoneyIn("12", "RUB"),
		"1 000,125":      Number("1000.125"),
		"7":              Number("7"),
		"1 акт":          Plural(1, "акт", "акта", "актов"),
		"2 акта":         Plural(2, "акт", "акта", "актов"),
		"5 актов":        Plural(5, "акт", "акта", "актов"),
		"11 актов":       Plural(11, "акт", "акта", "актов"),
		"21 акт":         Plural(21, "акт", "акта", "актов"),
		"112 актов":      Plural(112, "акт", "акта", "актов"),
		"23.11.2026":     Date(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)),
		"":               Date(time.Time{}),
	} {
		if plain(got) != want {
			t.Errorf("got %q, want %q", plain(got), want)
		}
	}
	msk := time.FixedZone("MSK", 3*60*60)
	if got := Moment(time.Date(2026, 12, 31, 22, 5, 0, 0, time.UTC), msk); got != "01.01.2027 01:05" {
		t.Errorf("Moment = %q", got)
	}
}
