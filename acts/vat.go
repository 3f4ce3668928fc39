package acts

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Rate is a VAT rate of a line: a number of percent, or NoVAT.
type Rate string

// NoVAT is «без НДС», which is not 0 %.
const NoVAT Rate = "none"

// VATMode is how our company works with VAT; "" leaves all to the rows of its deals.
type VATMode string

// The modes: without VAT, or the rate of a new line.
const (
	VATByDeal VATMode = ""
	VATNone   VATMode = "none"
	VATFive   VATMode = "5"
	VATSeven  VATMode = "7"
	VATCommon VATMode = "22"
)

// VATModes are the modes with the words of the settings.
var VATModes = []struct {
	Mode  VATMode
	Label string
}{{VATByDeal, "Как в позициях сделки"}, {VATNone, "Без НДС (УСН без налога, патент)"}, {VATFive, "УСН с НДС 5 %"}, {VATSeven, "УСН с НДС 7 %"},
	{VATCommon, "ОСНО, 22 %"}}

// Known reports whether there is such a mode.
func (m VATMode) Known() bool {
	for _, v := range VATModes {
		if v.Mode == m {
			return true
		}
	}
	return false
}

// vatRate says since when and until when a rate may stand in an act.
type vatRate struct {
	rate        Rate
	since, till time.Time // till is the last day; zero means open
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// vatRates are data with dates: law 425-ФЗ of 28.11.2025 (22 %), 176-ФЗ (5 and 7 % since 2025), 303-ФЗ (20 % since 2019).
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

// Label is the rate as users read it.
func (r Rate) Label() string {
	if r == NoVAT {
		return "без НДС"
	}
	return "НДС " + string(r) + " %"
}

// Percent is the rate as a number; NoVAT is zero.
func (r Rate) Percent() decimal.Decimal {
	if r == NoVAT {
		return decimal.Zero
	}
	d, _ := decimal.NewFromString(string(r))
	return d
}

// Known reports whether such a rate exists at all, whatever the date.
func (r Rate) Known() bool {
	for _, v := range vatRates {
		if v.rate == r {
			return true
		}
	}
	return false
}

// ValidOn reports whether the rate may stand in an act of this date, whatever the zone and the hour of the date.
func (r Rate) ValidOn(date time.Time) bool {
	date = day(date.Date())
	for _, v := range vatRates {
		if v.rate == r {
			return !date.Before(v.since) && (v.till.IsZero() || !date.After(v.till))
		}
	}
	return false
}

// RatesOn lists the rates an act of this date may use, the main one first.
func RatesOn(date time.Time) []Rate {
	var rates []Rate
	for _, v := range vatRates {
		if v.rate != NoVAT && v.rate.ValidOn(date) {
			rates = append(rates, v.rate)
		}
	}
	return append(rates, NoVAT)
}

// RateOf reads the rate of a CRM product row: nil is «без НДС» (contracts/bitrix24.md 3.3).
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

// Split divides a gross sum into net and tax: tax = round(gross × r / (100 + r)) (contracts/sbis.md 5.4).
func (r Rate) Split(gross Kopecks) Totals {
	percent := r.Percent()
	if percent.IsZero() {
		return Totals{Net: gross, Gross: gross}
	}
	tax := Round(gross.Decimal().Mul(percent).DivRound(percent.Add(decimal.NewFromInt(100)), 12))
	return Totals{Net: gross - tax, Tax: tax, Gross: gross}
}
