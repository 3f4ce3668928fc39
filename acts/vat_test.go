package acts

import (
	"slices"
	"strings"
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
		"zero percent gives no tax":              {"0", 10000, Totals{10000, 0, 10000}},
		"«без НДС» takes nothing":                {NoVAT, 10000, Totals{10000, 0, 10000}},
		"100 roubles at 22 %: 18.0327… is 18.03": {"22", 10000, Totals{8197, 1803, 10000}},
		"half a kopeck of tax is rounded up":     {"20", 3, Totals{2, 1, 3}},
		"one kopeck gives no tax":                {"22", 1, Totals{1, 0, 1}},
		"ten thousand million roubles":           {"22", 1_000_000_000_000, Totals{819672131148, 180327868852, 1_000_000_000_000}},
	} {
		if got := tt.rate.Split(tt.gross); got != tt.want {
			t.Errorf("%s: %s; want %s", name, got, tt.want)
		}
	}
}

// TestRateValidOn also checks other zones and the end of the day: a rate depends on the date, not on the hour.
func TestRateValidOn(t *testing.T) {
	newYear := day(2026, 1, 1)
	for name, tt := range map[string]struct {
		rate Rate
		date time.Time
		want bool
	}{
		"20 % on the last day of 2025":     {"20", newYear.AddDate(0, 0, -1), true},
		"20 % on the first day of 2026":    {"20", newYear, false},
		"22 % on the last day of 2025":     {"22", newYear.AddDate(0, 0, -1), false},
		"22 % on the first day of 2026":    {"22", newYear, true},
		"18 % in 2018":                     {"18", day(2018, 12, 31), true},
		"18 % in 2019":                     {"18", day(2019, 1, 1), false},
		"5 % before the law":               {"5", day(2024, 12, 31), false},
		"7 % since 2025":                   {"7", day(2025, 1, 1), true},
		"10 % always":                      {"10", day(2017, 1, 1), true},
		"0 % always":                       {"0", newYear, true},
		"«без НДС» always":                 {NoVAT, newYear, true},
		"13 % never":                       {"13", newYear, false},
		"an empty rate is never valid":     {"", newYear, false},
		"a calculated rate is never valid": {"22/122", newYear, false},
		"20 % at 23:59 of the last day":    {"20", newYear.Add(-time.Minute), true},
		"22 % at Moscow's first midnight":  {"22", time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("MSK", 3*3600)), true},
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

func TestAllowedRates(t *testing.T) {
	for name, tt := range map[string]struct {
		regime VATRegime
		date   time.Time
		want   []Rate
	}{
		"ОСНО in 2026":                        {VATCommon, day(2026, 3, 1), []Rate{"22", "10", "0", NoVAT}},
		"ОСНО on the last day of 20 %":        {VATCommon, day(2025, 12, 31), []Rate{"20", "10", "0", NoVAT}},
		"ОСНО in 2018":                        {VATCommon, day(2018, 3, 1), []Rate{"18", "10", "0", NoVAT}},
		"УСН with general rates in 2026":      {VATSimple, day(2026, 3, 1), []Rate{"22", "10", "0", NoVAT}},
		"УСН with general rates in 2025":      {VATSimple, day(2025, 3, 1), []Rate{"20", "10", "0", NoVAT}},
		"УСН 5 % has no 22 and no 10":         {VATSimple5, day(2026, 3, 1), []Rate{"5", "0", NoVAT}},
		"УСН 7 % has no 5":                    {VATSimple7, day(2026, 3, 1), []Rate{"7", "0", NoVAT}},
		"exempt by article 145":               {VATExempt, day(2026, 3, 1), []Rate{NoVAT}},
		"a patent":                            {VATPatent, day(2026, 3, 1), []Rate{NoVAT}},
		"not a VAT payer":                     {VATNoPayer, day(2026, 3, 1), []Rate{NoVAT}},
		"УСН before 2025":                     {VATOldSimple, day(2024, 3, 1), []Rate{NoVAT}},
		"no regime set: all valid rates":      {VATUnknown, day(2026, 3, 1), []Rate{"22", "10", "7", "5", "0", NoVAT}},
		"5 % of УСН on a date before the law": {VATSimple5, day(2024, 12, 31), []Rate{"0", NoVAT}},
	} {
		if got := AllowedRates(tt.regime, tt.date); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v; want %v", name, got, tt.want)
		}
	}
}

func TestRegimeFollowsTheDate(t *testing.T) {
	p := VATPeriods{{time.Time{}, VATOldSimple}, {day(2025, 1, 1), VATExempt}, {day(2026, 4, 1), VATSimple5}}
	for date, want := range map[time.Time]VATRegime{
		day(2024, 12, 31): VATOldSimple, day(2025, 1, 1): VATExempt, day(2026, 3, 31): VATExempt, day(2026, 4, 1): VATSimple5,
		time.Date(2026, 4, 1, 0, 30, 0, 0, time.FixedZone("", 7*3600)): VATSimple5,
	} {
		if got := p.On(date); got != want {
			t.Errorf("%s: %s; want %s", date, got, want)
		}
	}
	if got := (VATPeriods{{day(2026, 1, 1), VATCommon}}).On(day(2025, 12, 31)); got != VATUnknown {
		t.Errorf("before the first day: %s", got)
	}
}

func TestGroundsAreAskedFor(t *testing.T) {
	for name, tt := range map[string]struct {
		regime VATRegime
		rate   Rate
		field  string
	}{
		"«без НДС» on ОСНО":                 {VATCommon, NoVAT, "vat-ground"},
		"«без НДС» on УСН 5 %":              {VATSimple5, NoVAT, "vat-ground"},
		"0 % on УСН 7 %":                    {VATSimple7, "0", "zero-ground"},
		"0 % on УСН with general rates":     {VATSimple, "0", "zero-ground"},
		"0 % on ОСНО":                       {VATCommon, "0", ""},
		"«без НДС» where the regime is why": {VATExempt, NoVAT, ""},
		"«без НДС» of a patent":             {VATPatent, NoVAT, ""},
		"22 %":                              {VATCommon, "22", ""},
		"no regime set":                     {VATUnknown, NoVAT, ""},
	} {
		lines := []Line{{Name: "Услуга", Rate: tt.rate}}
		faults := CheckGrounds(lines, tt.regime, "", "")
		if tt.field == "" && len(faults) > 0 || tt.field != "" && (len(faults) != 1 || faults.At(tt.field) == "") {
			t.Errorf("%s: %v", name, faults)
		}
		if faults := CheckGrounds(lines, tt.regime, "ст. 149", "ст. 164"); len(faults) > 0 {
			t.Errorf("%s, with both grounds: %v", name, faults)
		}
	}
}

func TestCheckRates(t *testing.T) {
	lines := []Line{{Row: 7, Rate: "22"}, {Row: 8, Rate: "5"}, {Row: 9, Rate: NoVAT}, {Row: 10, Rate: "20"}}
	faults := CheckRates(lines, VATSimple5, day(2026, 3, 1))
	if len(faults) != 1 || !strings.Contains(faults.At("rate-7"), "НДС 22 % не подходит") || !strings.Contains(faults.At("rate-7"), "УСН, НДС 5 %") {
		t.Errorf("%v; want one fault, of the rate 22 %% that the regime does not have", faults)
	}
	if faults := CheckRates(lines, VATUnknown, day(2026, 3, 1)); len(faults) > 0 {
		t.Errorf("no regime is set: %v", faults)
	}
}

func TestSortVAT(t *testing.T) {
	sorted, wrong := SortVAT([]VATPeriod{{day(2026, 1, 1), VATSimple5}, {time.Time{}, VATCommon}})
	if strings.Join(wrong, "") != "" || sorted[0].Regime != VATCommon || sorted[1].Regime != VATSimple5 {
		t.Errorf("%v, %v", sorted, wrong)
	}
	for name, periods := range map[string][]VATPeriod{
		"a regime that does not exist": {{day(2026, 1, 1), "19"}},
		"a day without a regime":       {{day(2026, 1, 1), ""}},
		"5 % before the law":           {{day(2024, 12, 31), VATSimple5}},
		"the old УСН after the law":    {{day(2025, 1, 1), VATOldSimple}},
		"two regimes on one day":       {{day(2026, 1, 1), VATCommon}, {day(2026, 1, 1), VATSimple5}},
	} {
		if _, wrong := SortVAT(periods); wrong[len(wrong)-1] == "" {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestEveryRegimeHasWords(t *testing.T) {
	for _, r := range VATRegimes() {
		if !r.Known() || r.Label() == "" {
			t.Errorf("%q has no label", r)
		}
		if r.Pays() && (r.Ground() != "" || !r.MayInvoice()) {
			t.Errorf("%s pays VAT, has the ground %q and may invoice: %t; want no ground, true", r, r.Ground(), r.MayInvoice())
		}
	}
	if VATPatent.MayInvoice() || !VATExempt.MayInvoice() || VATRegime("19").Known() {
		t.Errorf("a patent may invoice: %t, article 145: %t, the regime 19 is known: %t; want false, true, false", VATPatent.MayInvoice(), VATExempt.MayInvoice(), VATRegime("19").Known())
	}
}
