package workflow

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
)

var formToday = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestParseDay(t *testing.T) {
	for name, tt := range map[string]struct {
		text     string
		required bool
		want     string // "" for none
		fault    bool
	}{
		"as the input of a browser sends it": {"2026-12-31", false, "2026-12-31", false},
		"as people write it":                 {" 31.12.2026 ", false, "2026-12-31", false},
		"empty":                              {"", false, "", false},
		"empty although required":            {" ", true, "", true},
		"a day that does not exist":          {"31.11.2026", false, "", true},
		"words":                              {"завтра", false, "", true},
	} {
		var faults acts.Faults
		day := ParseDay(&faults, "date", tt.text, tt.required)
		if got := formDate(day); got != tt.want || (faults.At("date") != "") != tt.fault {
			t.Errorf("%s: %q with %v; want %q", name, got, faults, tt.want)
		}
	}
}

// formDeal is a deal with one row and a counterparty, and our company that makes its acts.
func formDeal() (store.Deal, store.OwnCompany) {
	row := acts.ProductRow{ID: 11, CRM: 11, Name: "Работа", Quantity: decimal.NewFromInt(4), Price: decimal.NewFromInt(100), Rate: acts.NoVAT, NeedsAct: true}
	deal := store.Deal{ID: 7, Title: "Сделка", Company: 5, Responsible: 2, Currency: "RUB", Amount: 40000, Rows: []acts.ProductRow{row},
		Buyer: acts.Party{INN: "7802020205", KPP: "780201001", Name: "Заказчик"}}
	deal.Buyer.Kind = deal.Buyer.KindOrINN()
	own := store.OwnCompany{ID: 1, Party: acts.Party{Name: "Мы", INN: "7701010105"}, Function: acts.FunctionAct, Form: store.FormUPD}
	return deal, own
}

// formOf is the form as the deal tab suggests it, with one change.
func formOf(change func(*ActForm)) (ActForm, store.Deal, store.OwnCompany) {
	deal, own := formDeal()
	f := Suggest(store.DealDetails{Deal: deal, Own: []store.OwnCompany{own}}, formToday)
	f.Signer, f.Key = "Иванов Иван Иванович", uuid.NewString()
	if change != nil {
		change(f)
	}
	return *f, deal, own
}

func TestFaultsOfTheForm(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*ActForm)
		field  string
	}{
		"a form of an old page":         {func(f *ActForm) { f.Key = "" }, "key"},
		"no type":                       {func(f *ActForm) { f.Type = "" }, "type"},
		"no date":                       {func(f *ActForm) { f.Date = "" }, "date"},
		"a date of another century":     {func(f *ActForm) { f.Date = "1999-01-01" }, "date"},
		"a period without its end":      {func(f *ActForm) { f.From = "2026-11-01" }, "to"},
		"a period that ends too early":  {func(f *ActForm) { f.From, f.To = "2026-11-20", "2026-11-01" }, "to"},
		"nobody signs":                  {func(f *ActForm) { f.Signer = "" }, "signer"},
		"nothing is chosen":             {func(f *ActForm) { f.Picks = nil }, "lines"},
		"more than is left":             {func(f *ActForm) { f.Picks = map[acts.RowID]Pick{11: {On: true, Quantity: "5"}} }, acts.LineField("quantity", acts.Line{N: 1, Row: 11})},
		"a quantity below zero":         {func(f *ActForm) { f.Picks = map[acts.RowID]Pick{11: {On: true, Quantity: "-1"}} }, acts.LineField("quantity", acts.Line{N: 1, Row: 11})},
		"seven digits after the comma":  {func(f *ActForm) { f.Picks = map[acts.RowID]Pick{11: {On: true, Quantity: "0,1234567"}} }, acts.LineField("quantity", acts.Line{N: 1, Row: 11})},
		"a payment without its number":  {func(f *ActForm) { f.Payments = []PaymentRow{{Date: "2026-11-01"}} }, "payment-number-1"},
		"a basis dated after all dates": {func(f *ActForm) { f.BasisName, f.BasisDate = "Договор", "31.11.2026" }, "basis-date"},
	} {
		f, deal, own := formOf(tt.change)
		if _, faults := f.Draft(deal, own, formToday); faults.At(tt.field) == "" {
			t.Errorf("%s: the faults are %v; want one at %s", name, faults, tt.field)
		}
	}
}

func TestTheSuggestedFormMakesAnAct(t *testing.T) {
	f, deal, own := formOf(nil)
	act, faults := f.Draft(deal, own, formToday)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if act.Deal != 7 || act.Company != 5 || act.Responsible != 2 || act.OwnCompany != 1 || act.Status.Label() == "" || len(act.Lines) != 1 || act.Totals.Gross != 40000 {
		t.Errorf("the act is %+v", act)
	}
}

func TestADealInAnotherCurrencyNeedsARate(t *testing.T) {
	f, deal, own := formOf(nil)
	deal.Currency = "USD"
	if _, faults := f.Draft(deal, own, formToday); faults.At("exchange-rate") == "" {
		t.Errorf("without a rate: %v", faults)
	}
	f.ExchangeRate, f.ExchangeDate = "92,5", "2026-11-20"
	act, faults := f.Draft(deal, own, formToday)
	if len(faults) > 0 || act.Totals.Gross != 3700000 || act.Comment != "Курс USD на 20.11.2026: 92,5 ₽." {
		t.Errorf("with a rate: %v, %d, %q", faults, act.Totals.Gross, act.Comment)
	}
}
