package workflow

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// An act that is formed again from a deal in another currency has its sums in roubles, at the exchange rate of the act before; without one for the
// currency that the deal has now it is refused.
func TestRenewInAnotherCurrency(t *testing.T) {
	f, deal, own := formOf(nil)
	deal.Currency = "USD"
	f.ExchangeRate, f.ExchangeDate = "92,5", "2026-11-20"
	old, faults := f.Draft(deal, own, formToday)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	next := old
	if changed, err := renew(&next, deal); err != nil || len(changed) > 0 || next.Totals != old.Totals || next.DealState.ExchangeRate != "92.5" {
		t.Errorf("the next act is %+v by the state %+v, changed %q, %v", next.Totals, next.DealState, changed, err)
	}
	for currency, was := range map[string]acts.DealState{"RUB": old.DealState, "EUR": old.DealState, "USD": {Currency: "USD"}} {
		deal.Currency, next.DealState = currency, was
		if _, err := renew(&next, deal); !errors.Is(err, acts.Conflict) {
			t.Errorf("a deal in %s after an act by the state %+v: %v", currency, was, err)
		}
	}
}

// A line in roubles is found in another deal in dollars by the exchange rate of its act.
func TestSameRowInAnotherCurrency(t *testing.T) {
	_, deal, _ := formOf(nil)
	deal.Currency = "USD"
	exchangeRate := decimal.NewFromInt(92)
	line := deal.Rows[0].InRoubles(exchangeRate).Line(decimal.NewFromInt(2), acts.NoVAT)
	if row := sameRow(deal, line, exchangeRate); row != deal.Rows[0].ID {
		t.Errorf("the line of %s roubles is that of row %d, want %d", line.Price, row, deal.Rows[0].ID)
	}
	if row := sameRow(deal, line, decimal.NewFromInt(1)); row != 0 {
		t.Errorf("the line of %s roubles is that of row %d in a deal in roubles", line.Price, row)
	}
}
