package acts

import (
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

func TestRateSplit(t *testing.T) {
	for name, tt := range map[string]struct {
		rate  Rate
		gross Kopecks
		want  Totals
	}{
		"122 roubles hold 22 of tax":             {"22", 12200, Totals{10000, 2200, 12200}},
		"120 roubles of an old act hold 20":      {"20", 12000, Totals{10000, 2000, 12000}},
		"118 roubles of a very old act hold 18":  {"18", 11800, Totals{10000, 1800, 11800}},
		"110 roubles hold 10":                    {"10", 11000, Totals{10000, 1000, 11000}},
		"107 roubles of a simplified payer":      {"7", 10700, Totals{10000, 700, 10700}},
		"105 roubles of a simplified payer":      {"5", 10500, Totals{10000, 500, 10500}},
		"zero percent takes nothing":             {"0", 10000, Totals{10000, 0, 10000}},
		"«без НДС» takes nothing":                {NoVAT, 10000, Totals{10000, 0, 10000}},
		"100 roubles at 22 %: 18.0327… is 18.03": {"22", 10000, Totals{8197, 1803, 10000}},
		"half a kopeck of tax goes up":           {"20", 3, Totals{2, 1, 3}},
		"a kopeck has no tax":                    {"22", 1, Totals{1, 0, 1}},
		"ten milliards":                          {"22", 1_000_000_000_000, Totals{819672131148, 180327868852, 1_000_000_000_000}},
	} {
		if got := tt.rate.Split(tt.gross); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

// TestRateValidOn also looks from Moscow and from the end of the day: a rate changes with the date, not with the hour.
func TestRateValidOn(t *testing.T) {
	newYear := day(2026, 1, 1)
	for name, tt := range map[string]struct {
		rate Rate
		date time.Time
		want bool
	}{
		"20 % on the last day of 2025":    {"20", newYear.AddDate(0, 0, -1), true},
		"20 % on the first day of 2026":   {"20", newYear, false},
		"22 % on the last day of 2025":    {"22", newYear.AddDate(0, 0, -1), false},
		"22 % on the first day of 2026":   {"22", newYear, true},
		"18 % in 2018":                    {"18", day(2018, 12, 31), true},
		"18 % in 2019":                    {"18", day(2019, 1, 1), false},
		"5 % before the law":              {"5", day(2024, 12, 31), false},
		"7 % since 2025":                  {"7", day(2025, 1, 1), true},
		"10 % always":                     {"10", day(2017, 1, 1), true},
		"0 % always":                      {"0", newYear, true},
		"«без НДС» always":                {NoVAT, newYear, true},
		"13 % never":                      {"13", newYear, false},
		"an empty rate never":             {"", newYear, false},
		"a calculated rate never":         {"22/122", newYear, false},
		"20 % at 23:59 of the last day":   {"20", newYear.Add(-time.Minute), true},
		"22 % at Moscow's first midnight": {"22", time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("MSK", 3*3600)), true},
	} {
		if got := tt.rate.ValidOn(tt.date); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestRatesOn(t *testing.T) {
	for date, want := range map[time.Time][]Rate{
		day(2026, 3, 1): {"22", "10", "7", "5", "0", NoVAT},
		day(2025, 3, 1): {"20", "10", "7", "5", "0", NoVAT},
		day(2018, 3, 1): {"18", "10", "0", NoVAT},
	} {
		if got := RatesOn(date); !slices.Equal(got, want) {
			t.Errorf("RatesOn(%s) = %v; want %v", date.Format(time.DateOnly), got, want)
		}
	}
}

func TestRateOf(t *testing.T) {
	for text, want := range map[string]Rate{"22": "22", "20.00": "20", "10.0": "10", "0": "0", "0.0": "0", "16.67": "16.67"} {
		percent := decimal.RequireFromString(text)
		if got := RateOf(&percent); got != want {
			t.Errorf("RateOf(%s) = %s; want %s", text, got, want)
		}
	}
	if got := RateOf(nil); got != NoVAT {
		t.Errorf("a row without a rate is %s; want «без НДС», not 0 %%", got)
	}
}

func TestRateWords(t *testing.T) {
	for rate, want := range map[Rate]string{"22": "НДС 22 %", "0": "НДС 0 %", NoVAT: "без НДС"} {
		if got := rate.Label(); got != want || !rate.Known() {
			t.Errorf("%s reads %q, known %t; want %q", rate, got, rate.Known(), want)
		}
	}
	if Rate("13").Known() {
		t.Error("13 % is known")
	}
}
