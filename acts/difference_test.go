package acts

import (
	"fmt"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
)

// Prices of a deal are named in its currency, and another currency is a change.
func TestDifferencesOfADealInAnotherCurrency(t *testing.T) {
	state := func(price int64, currency string) DealState {
		return StateOfDeal([]ProductRow{{ID: 1, Name: "Работа", Quantity: decimal.NewFromInt(2), Price: decimal.NewFromInt(price), Rate: NoVAT}}, Party{}, DealBasis{}, currency)
	}
	for name, tt := range map[string]struct {
		was, now DealState
		want     []string
	}{
		"roubles":          {state(100, "RUB"), state(120, "RUB"), []string{"«Работа», цена: 100,00 ₽ → 120,00 ₽"}},
		"dollars":          {state(100, "USD"), state(120, "USD"), []string{"«Работа», цена: 100,00 USD → 120,00 USD"}},
		"another currency": {state(100, "RUB"), state(100, "USD"), []string{"Валюта сделки: RUB → USD", "«Работа», цена: 100,00 ₽ → 100,00 USD"}},
		"a new row":        {DealState{Currency: "USD"}, state(100, "USD"), []string{"Добавлена позиция: «Работа», 2 по 100,00 USD"}},
		"the same":         {state(100, "USD"), state(100, "USD").WithExchange(DealState{Currency: "USD", ExchangeRate: "92.5"}), nil},
	} {
		var got []string
		for _, d := range tt.was.Differences(tt.now) {
			got = append(got, fmt.Sprint(d))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
