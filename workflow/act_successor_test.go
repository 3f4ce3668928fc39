package workflow

import (
	"errors"
	"testing"

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
