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
		prepare func(portal *testPortal, deal int64)
		inn     string
		want    acts.RequisiteChoice
	}{
		"the company has none":     {func(portal *testPortal, deal int64) { portal.setBuyer(deal) }, "", acts.RequisiteChoice{}},
		"the only one, not chosen": {func(portal *testPortal, deal int64) { portal.setBuyer(deal, first) }, first, acts.RequisiteChoice{}},
		"the second of two is chosen": {func(portal *testPortal, deal int64) {
			ids := portal.setBuyer(deal, first, second)
			portal.Link(bitrix24test.Deal, deal, ids[1], 0, 0, 0)
		}, second, acts.RequisiteChoice{}},
		"none of two is chosen": {func(portal *testPortal, deal int64) { portal.setBuyer(deal, first, second) }, first, acts.RequisiteChoice{Among: 2}},
		"the default is the one with the least SORT": {func(portal *testPortal, deal int64) {
			ids := portal.setBuyer(deal, first, second)
			portal.ChangeRequisite(ids[1], fields{"SORT": 100})
		}, second, acts.RequisiteChoice{Among: 2}},
		"the chosen one was deleted": {func(portal *testPortal, deal int64) {
			portal.setBuyer(deal, first)
			portal.Link(bitrix24test.Deal, deal, 999, 0, 0, 0)
		}, first, acts.RequisiteChoice{Lost: true}},
		"the fifth of five, read by a call of its own": {func(portal *testPortal, deal int64) {
			ids := portal.setBuyer(deal, first, "7700000001", "7700000002", "7700000003", second)
			portal.Link(bitrix24test.Deal, deal, ids[4], 0, 0, 0)
		}, second, acts.RequisiteChoice{}},
		"a deal of a contact": {func(portal *testPortal, deal int64) {
			contact := portal.AddItem(bitrix24test.Contact, fields{"lastName": "Петров", "name": "Пётр"})
			portal.AddRequisite(fields{"ENTITY_TYPE_ID": bitrix24test.Contact, "ENTITY_ID": contact, "PRESET_ID": bitrix24test.PresetEntrepreneur,
				"RQ_INN": sole, "RQ_OGRNIP": "304500116000157"})
			portal.editDeal(deal, fields{"contactId": contact})
		}, sole, acts.RequisiteChoice{}},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
			tt.prepare(portal, deal)
			if card := portal.dealCard(deal); card.Buyer.INN != tt.inn || card.Requisites != tt.want || card.Buyer.NoPreset != (tt.inn == "") {
				t.Errorf("the counterparty is %+v with the choice %+v; want INN %q and %+v", card.Buyer, card.Requisites, tt.inn, tt.want)
			}
		})
	}
}

// setBuyer gives a deal a company with one requisite per INN and returns the ids of the requisites.
func (portal *testPortal) setBuyer(deal int64, inns ...string) []int64 {
	company, requisites := portal.addCompany("ООО «Покупатель»", inns...)
	portal.editDeal(deal, fields{"companyId": company})
	return requisites
}

// editDeal edits a deal as an administrator.
func (portal *testPortal) editDeal(deal int64, f fields) {
	portal.t.Helper()
	if err := portal.Change(portal.Admin(), bitrix24test.Deal, deal, f); err != nil {
		portal.t.Fatal(err)
	}
}

// The link of a deal also chooses our requisites and the bank accounts of both parties.
func TestChosenOwnRequisites(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	theirs := portal.setBuyer(deal, "7707083893")
	addAccount := func(requisite int64, number string) int64 {
		return portal.AddBankDetail(fields{"ENTITY_ID": requisite, "RQ_BANK_NAME": "Банк", "RQ_ACC_NUM": number})
	}
	addAccount(theirs[0], "1")
	second := addAccount(theirs[0], "2")
	own := portal.AddItem(bitrix24test.Company, fields{"title": "Мы", "isMyCompany": "Y"})
	ours := portal.addCompanyRequisite(own, "7736050003")
	ownAccount := addAccount(ours, "3")

	if card := portal.dealCard(deal); card.Buyer.Account != "" || card.Requisites.Own != 0 {
		t.Errorf("without a choice: account %q, our requisites %+v; want neither", card.Buyer.Account, card.Requisites)
	}
	portal.Link(bitrix24test.Deal, deal, theirs[0], second, ours, ownAccount)
	card := portal.dealCard(deal)
	if card.Buyer.Account != "2" || card.Requisites.Own != ours || card.Requisites.OwnBank.Account != "3" || card.Requisites.OwnName == "" {
		t.Errorf("chosen: account %q, our requisites %+v; want account 2, our requisite %d with account 3 and a name", card.Buyer.Account, card.Requisites, ours)
	}
}

func TestBankOf(t *testing.T) {
	one, two := bitrix24.BankDetail{ID: 1, Account: "1"}, bitrix24.BankDetail{ID: 2, Account: "2"}
	for name, tt := range map[string]struct {
		banks  []bitrix24.BankDetail
		chosen bitrix24.ID
		want   string
	}{
		"no account":                  {nil, 0, ""},
		"the only one":                {[]bitrix24.BankDetail{one}, 0, "1"},
		"none of two is chosen":       {[]bitrix24.BankDetail{one, two}, 0, ""},
		"the second is chosen":        {[]bitrix24.BankDetail{one, two}, 2, "2"},
		"the chosen one is not there": {[]bitrix24.BankDetail{one}, 9, ""},
	} {
		if got := bankOf(tt.banks, tt.chosen); got.Account != tt.want {
			t.Errorf("%s: account %q, want %q", name, got.Account, tt.want)
		}
	}
}
