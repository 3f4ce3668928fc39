package crm

import (
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The link of a deal decides which requisites of its counterparty an act uses.
func TestChosenRequisites(t *testing.T) {
	const first, second, sole = "7707083893", "7736050003", "500100732259"
	for name, tt := range map[string]struct {
		prepare func(b *bench, deal int64)
		inn     string
		want    acts.RequisiteChoice
	}{
		"none":                     {func(b *bench, deal int64) { b.dealOf(deal) }, "", acts.RequisiteChoice{}},
		"the only one, not chosen": {func(b *bench, deal int64) { b.dealOf(deal, first) }, first, acts.RequisiteChoice{}},
		"the second of two is chosen": {func(b *bench, deal int64) {
			rq := b.dealOf(deal, first, second)
			b.Link(bitrix24test.Deal, deal, rq[1], 0, 0, 0)
		}, second, acts.RequisiteChoice{}},
		"none of two is chosen": {func(b *bench, deal int64) { b.dealOf(deal, first, second) }, first, acts.RequisiteChoice{Among: 2}},
		"the default is the one with the least SORT": {func(b *bench, deal int64) {
			rq := b.dealOf(deal, first, second)
			b.ChangeRequisite(rq[1], fields{"SORT": 100})
		}, second, acts.RequisiteChoice{Among: 2}},
		"the chosen one was deleted": {func(b *bench, deal int64) {
			b.dealOf(deal, first)
			b.Link(bitrix24test.Deal, deal, 999, 0, 0, 0)
		}, first, acts.RequisiteChoice{Lost: true}},
		"the fifth of five, read by a call of its own": {func(b *bench, deal int64) {
			rq := b.dealOf(deal, first, "7700000001", "7700000002", "7700000003", second)
			b.Link(bitrix24test.Deal, deal, rq[4], 0, 0, 0)
		}, second, acts.RequisiteChoice{}},
		"a deal of a contact": {func(b *bench, deal int64) {
			contact := b.AddItem(bitrix24test.Contact, fields{"lastName": "Петров", "name": "Пётр"})
			b.AddRequisite(fields{"ENTITY_TYPE_ID": bitrix24test.Contact, "ENTITY_ID": contact, "PRESET_ID": bitrix24test.PresetEntrepreneur,
				"RQ_INN": sole, "RQ_OGRNIP": "304500116000157"})
			b.change(deal, fields{"contactId": contact})
		}, sole, acts.RequisiteChoice{}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			tt.prepare(b, deal)
			if card := b.card(deal); card.Buyer.INN != tt.inn || card.Requisites != tt.want || card.Buyer.NoPreset != (tt.inn == "") {
				t.Errorf("counterparty %+v, %+v", card.Buyer, card.Requisites)
			}
		})
	}
}

// dealOf gives a deal a company with one requisite per INN and returns their ids.
func (b *bench) dealOf(deal int64, inns ...string) []int64 {
	company, requisites := b.company("ООО «Покупатель»", inns...)
	b.change(deal, fields{"companyId": company})
	return requisites
}

// change edits a deal.
func (b *bench) change(deal int64, f fields) {
	b.t.Helper()
	if err := b.Change(b.Admin(), bitrix24test.Deal, deal, f); err != nil {
		b.t.Fatal(err)
	}
}

// The link also chooses our requisites and bank accounts of both parties.
func TestChosenOwnRequisites(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	theirs := b.dealOf(deal, "7707083893")
	account := func(requisite int64, number string) int64 {
		return b.AddBankDetail(fields{"ENTITY_ID": requisite, "RQ_BANK_NAME": "Банк", "RQ_ACC_NUM": number})
	}
	account(theirs[0], "1")
	second := account(theirs[0], "2")
	own := b.AddItem(bitrix24test.Company, fields{"title": "Мы", "isMyCompany": "Y"})
	ours := b.requisite(own, "7736050003")
	ownAccount := account(ours, "3")

	if card := b.card(deal); card.Buyer.Account != "" || card.Requisites.Own != 0 {
		t.Errorf("without a choice: account %q, own %+v", card.Buyer.Account, card.Requisites)
	}
	b.Link(bitrix24test.Deal, deal, theirs[0], second, ours, ownAccount)
	card := b.card(deal)
	if card.Buyer.Account != "2" || card.Requisites.Own != ours || card.Requisites.OwnBank.Account != "3" || card.Requisites.OwnName == "" {
		t.Errorf("chosen: account %q, own %+v", card.Buyer.Account, card.Requisites)
	}
}

func TestBankOf(t *testing.T) {
	one, two := bitrix24.BankDetail{ID: 1, Account: "1"}, bitrix24.BankDetail{ID: 2, Account: "2"}
	for name, tt := range map[string]struct {
		banks  []bitrix24.BankDetail
		chosen bitrix24.ID
		want   string
	}{
		"none":                           {nil, 0, ""},
		"the only one":                   {[]bitrix24.BankDetail{one}, 0, "1"},
		"none of two is chosen":          {[]bitrix24.BankDetail{one, two}, 0, ""},
		"the second is chosen":           {[]bitrix24.BankDetail{one, two}, 2, "2"},
		"the chosen one belongs to none": {[]bitrix24.BankDetail{one}, 9, ""},
	} {
		if got := bankOf(tt.banks, tt.chosen); got.Account != tt.want {
			t.Errorf("%s: %q, want %q", name, got.Account, tt.want)
		}
	}
}
