package acts

import (
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Rate is the VAT rate of a line: a number of percent, or NoVAT.
type Rate string

// NoVAT is «без НДС», which differs from 0 %.
const NoVAT Rate = "none"

// vatRate is a rate with the dates between which it may be used in acts.
type vatRate struct {
	rate        Rate
	since, till time.Time // till is the last day; zero means no end
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// vatRates lists the rates by law: 425-ФЗ of 28.11.2025 (22 %), 176-ФЗ (5 and 7 % since 2025), 303-ФЗ (20 % since 2019).
var vatRates = []vatRate{
	{NoVAT, time.Time{}, time.Time{}},
	{"22", day(2026, 1, 1), time.Time{}},
	{"20", day(2019, 1, 1), day(2025, 12, 31)},
	{"18", day(2004, 1, 1), day(2018, 12, 31)},
	{"10", time.Time{}, time.Time{}},
	{"7", day(2025, 1, 1), time.Time{}},
	{"5", day(2025, 1, 1), time.Time{}},
	{"0", time.Time{}, time.Time{}},
}

// Label returns the rate as users read it.
func (r Rate) Label() string {
	if r == NoVAT {
		return "без НДС"
	}
	return "НДС " + strings.Replace(string(r), ".", ",", 1) + " %"
}

// Percent returns the rate as a number; NoVAT is zero.
func (r Rate) Percent() decimal.Decimal {
	if r == NoVAT {
		return decimal.Zero
	}
	d, _ := decimal.NewFromString(string(r)) // CheckLines refuses a rate that is not listed above
	return d
}

// Known reports whether the rate exists, regardless of dates.
func (r Rate) Known() bool {
	return slices.ContainsFunc(vatRates, func(v vatRate) bool { return v.rate == r })
}

// ValidOn reports whether the rate may be used in an act of this date. Only the calendar date counts, not its hour and zone.
func (r Rate) ValidOn(date time.Time) bool {
	date = day(date.Date())
	return slices.ContainsFunc(vatRates, func(v vatRate) bool {
		return v.rate == r && !date.Before(v.since) && (v.till.IsZero() || !date.After(v.till))
	})
}

// RatesOn lists the rates that an act of this date may use, the main one first.
func RatesOn(date time.Time) []Rate {
	var rates []Rate
	for _, v := range vatRates {
		if v.rate != NoVAT && v.rate.ValidOn(date) {
			rates = append(rates, v.rate)
		}
	}
	return append(rates, NoVAT)
}

// RateOf converts the rate of a CRM product row: nil is «без НДС»
// (docs/contracts/bitrix24.md, "Product rows").
func RateOf(percent *decimal.Decimal) Rate {
	if percent == nil {
		return NoVAT
	}
	text := percent.String()
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return Rate(text)
}

// Split divides a gross sum into net and tax: tax = round(gross × r / (100 + r))
// (docs/contracts/sbis.md, "УПД: seller title").
func (r Rate) Split(gross Kopecks) Totals {
	percent := r.Percent()
	if percent.IsZero() {
		return Totals{Net: gross, Gross: gross}
	}
	tax := Round(gross.Decimal().Mul(percent).DivRound(percent.Add(decimal.NewFromInt(100)), 12))
	return Totals{Net: gross - tax, Tax: tax, Gross: gross}
}

// VATRegime is the VAT regime of one of our companies. docs/decisions/0017-vat-regimes.md cites the articles behind
// the table and lists what could not be verified in them.
type VATRegime string

// The regimes.
const (
	VATUnknown   VATRegime = ""        // not set: rates of the deal are used and only their dates are checked
	VATCommon    VATRegime = "22"      // ОСНО, ЕСХН
	VATSimple    VATRegime = "usn"     // УСН with general rates
	VATSimple5   VATRegime = "5"       // УСН with 5 %
	VATSimple7   VATRegime = "7"       // УСН with 7 %
	VATExempt    VATRegime = "exempt"  // article 145
	VATPatent    VATRegime = "patent"  // ПСН
	VATNoPayer   VATRegime = "none"    // НПД, АУСН
	VATOldSimple VATRegime = "usn-old" // УСН before 2025
)

// vatRule is what a regime allows. A payer of VAT may also sell without VAT when there is a legal ground.
type vatRule struct {
	regime VATRegime
	label  string
	rates  []Rate // allowed besides «без НДС», the usual one first; the dates of vatRates apply as well
	ground string // ground of «без НДС» where it is the law of the regime itself
}

var vatRules = []vatRule{
	{VATUnknown, "Не указан: ставки не проверяются", nil, ""},
	{VATCommon, "ОСНО или ЕСХН", []Rate{"22", "20", "18", "10", "0"}, ""},
	{VATSimple, "УСН, общие ставки НДС", []Rate{"22", "20", "10", "0"}, ""},
	{VATSimple5, "УСН, НДС 5 %", []Rate{"5", "0"}, ""},
	{VATSimple7, "УСН, НДС 7 %", []Rate{"7", "0"}, ""},
	{VATExempt, "Освобождение от НДС (ст. 145 НК РФ)", nil, "ст. 145 НК РФ"},
	{VATPatent, "Патент (ПСН)", nil, "п. 11 ст. 346.43 НК РФ"},
	{VATNoPayer, "Не платит НДС (НПД, АУСН и другие)", nil, ""},
	{VATOldSimple, "УСН до 2025 года", nil, "ст. 346.11 НК РФ"},
}

// VATRegimes lists all regimes in the order of the settings page.
func VATRegimes() []VATRegime {
	list := make([]VATRegime, len(vatRules))
	for i, r := range vatRules {
		list[i] = r.regime
	}
	return list
}

func (r VATRegime) rule() vatRule {
	for _, rule := range vatRules {
		if rule.regime == r {
			return rule
		}
	}
	return vatRule{regime: r}
}

// Known reports whether the regime exists.
func (r VATRegime) Known() bool { return r.rule().label != "" }

// Label returns the regime as users read it.
func (r VATRegime) Label() string { return r.rule().label }

// Pays reports whether the company pays VAT.
func (r VATRegime) Pays() bool { return len(r.rule().rates) > 0 }

// simple reports whether the company pays VAT on УСН.
func (r VATRegime) simple() bool { return r == VATSimple || r == VATSimple5 || r == VATSimple7 }

// Ground returns the legal ground of sales without VAT, or "" when the user must name it.
func (r VATRegime) Ground() string { return r.rule().ground }

// MayInvoice reports whether the company issues invoices. A company exempt by article 145 issues them without
// tax (п. 5 ст. 168 НК РФ); a company that does not pay VAT issues none.
func (r VATRegime) MayInvoice() bool { return r == VATUnknown || r == VATExempt || r.Pays() }

// AllowedRates returns the rates that a company of the regime may use on a date, the usual one first.
func AllowedRates(regime VATRegime, date time.Time) []Rate {
	if regime == VATUnknown {
		return RatesOn(date)
	}
	var rates []Rate
	for _, r := range regime.rule().rates {
		if r.ValidOn(date) {
			rates = append(rates, r)
		}
	}
	return append(rates, NoVAT)
}

// NeedsGround reports whether a rate requires a legal ground: «без НДС» of a payer (ст. 149 НК РФ and
// others), and 0 % on УСН, which remains for some sales only (п. 1 ст. 164 НК РФ).
func (r VATRegime) NeedsGround(rate Rate) bool {
	return rate == NoVAT && r.Pays() || rate == "0" && r.simple()
}

// VATPeriod is a regime with the first day on which it applies; the zero day means always.
type VATPeriod struct {
	From   time.Time `json:"from,omitzero"`
	Regime VATRegime `json:"regime"`
}

// VATPeriods are the regimes of a company, the earliest first.
type VATPeriods []VATPeriod

// On returns the regime on a date, VATUnknown before the first period.
func (p VATPeriods) On(date time.Time) VATRegime {
	regime := VATUnknown
	for _, one := range p {
		if !day(one.From.Date()).After(day(date.Date())) {
			regime = one.Regime
		}
	}
	return regime
}

// simpleSince is the first day on which companies on УСН pay VAT (176-ФЗ of 12.07.2024).
var simpleSince = day(2025, 1, 1)

// SortVAT sorts periods by date. The second result has a message for each period at its original index, "" for a correct
// one.
func SortVAT(periods []VATPeriod) (VATPeriods, []string) {
	wrong := make([]string, len(periods))
	seen := map[time.Time]bool{}
	for i, p := range periods {
		switch {
		case !p.Regime.Known() || p.Regime == VATUnknown:
			wrong[i] = "Выберите режим НДС."
		case p.Regime.simple() && !p.From.IsZero() && p.From.Before(simpleSince):
			wrong[i] = "На УСН НДС платят с 01.01.2025: укажите этот день, более поздний или никакого."
		case p.Regime == VATOldSimple && !p.From.Before(simpleSince):
			wrong[i] = "С 01.01.2025 на УСН действует освобождение по ст. 145 НК РФ или НДС: выберите другой режим."
		case seen[p.From]:
			wrong[i] = "На этот день режим уже указан."
		}
		seen[p.From] = true
	}
	sorted := slices.Clone(periods)
	slices.SortStableFunc(sorted, func(a, b VATPeriod) int { return a.From.Compare(b.From) })
	return sorted, wrong
}

// CheckRates returns the faults of rates that a company of the regime may not use on a date, at form fields
// named by the row. Rates not valid on the date are reported by CheckLines.
func CheckRates(lines []Line, regime VATRegime, date time.Time) Faults {
	var faults Faults
	allowed := AllowedRates(regime, date)
	for _, l := range lines {
		if l.Rate.Known() && l.Rate.ValidOn(date) && !slices.Contains(allowed, l.Rate) {
			faults.Add(LineField("rate", l), "%s не подходит: режим организации на %s — «%s». Исправьте ставку в сделке или режим в настройках организации.",
				upperFirst(l.Rate.Label()), date.Format("02.01.2006"), regime.Label())
		}
	}
	return faults
}

// AnyNeedsGround reports whether any line has the rate, NoVAT or "0", and the rate requires a legal ground.
func (r VATRegime) AnyNeedsGround(lines []Line, rate Rate) bool {
	return r.lineNeedingGround(lines, rate) != nil
}

// lineNeedingGround returns the first line of the rate if the rate requires a legal ground, else nil.
func (r VATRegime) lineNeedingGround(lines []Line, rate Rate) *Line {
	at := slices.IndexFunc(lines, func(l Line) bool { return l.Rate == rate && r.NeedsGround(rate) })
	if at < 0 {
		return nil
	}
	return &lines[at]
}

// CheckGrounds returns the faults of legal grounds that the lines require and that are missing, at form fields.
func CheckGrounds(lines []Line, regime VATRegime, withoutVAT, zero string) Faults {
	var faults Faults
	if l := regime.lineNeedingGround(lines, NoVAT); l != nil && withoutVAT == "" {
		faults.Add("vat-ground", "Позиция «%s» без НДС, а организация платит НДС. Укажите, на каком основании, например «пп. 26 п. 2 ст. 149 НК РФ».", l.Name)
	}
	if l := regime.lineNeedingGround(lines, "0"); l != nil && zero == "" {
		faults.Add("zero-ground", "Ставка 0 %% позиции «%s» применяется на УСН не всегда. Укажите, на каком основании, например «пп. 1 п. 1 ст. 164 НК РФ».", l.Name)
	}
	return faults
}
