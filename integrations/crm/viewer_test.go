package crm

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

func TestViewer(t *testing.T) {
	portal := newTestPortal(t)
	company, _ := portal.addCompany("ООО «Ромашка»")
	contact := portal.AddItem(bitrix24test.Contact, fields{"name": "Анна", "lastName": "Соколова"})
	for name, tt := range map[string]struct {
		user   int64
		object workflow.Object
		admin  bool
		title  string
	}{
		"a manager opens the menu":                    {portal.Manager(), workflow.Object{}, false, ""},
		"an administrator opens the tab of a company": {portal.Admin(), workflow.Object{Company: acts.CompanyID(company)}, true, "ООО «Ромашка»"},
		"a manager opens the tab of a contact":        {portal.Manager(), workflow.Object{Contact: acts.ContactID(contact)}, false, "Анна Соколова"},
	} {
		v, err := portal.adapter().FetchViewer(t.Context(), portal.record, portal.Issue(tt.user).Access, tt.object)
		if err != nil || v.User != acts.UserID(tt.user) || v.UserName == "" || v.Admin != tt.admin || v.Title != tt.title || v.Zone == "" {
			t.Errorf("%s: %+v, %v; want user %d with name and zone, administrator %t, title %q", name, v, err, tt.user, tt.admin, tt.title)
		}
	}
}

func TestViewerErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(portal *testPortal, deal int64)
		want   error
	}{
		"an expired token":         {func(portal *testPortal, _ int64) { portal.ExpireTokens() }, workflow.ErrTokenExpired},
		"a token of a removed app": {func(portal *testPortal, _ int64) { portal.RevokeTokens() }, workflow.ErrTokenExpired},
		"another user's deal":      {func(portal *testPortal, deal int64) { portal.Hide(portal.Manager(), bitrix24test.Deal, deal) }, acts.Forbidden},
		"a deleted deal": {func(portal *testPortal, deal int64) {
			if err := portal.Delete(portal.Admin(), bitrix24test.Deal, deal); err != nil {
				portal.t.Fatal(err)
			}
		}, acts.NotFound},
		"a portal without a tariff": {func(portal *testPortal, _ int64) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultForbidden})
		}, acts.Forbidden},
		"an overloaded portal": {func(portal *testPortal, _ int64) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultUnavailable})
		}, acts.Unavailable},
		"a lost answer": {func(portal *testPortal, _ int64) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultReset})
		}, acts.Unavailable},
		"a portal at another address": {func(portal *testPortal, _ int64) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultRename, Location: "https://new.bitrix24.ru"})
		}, workflow.ErrPortalMoved},
		"the page of a balancer": {func(portal *testPortal, _ int64) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultHTML200})
		}, acts.Unavailable},
		"a deal's rows are not read": {func(portal *testPortal, _ int64) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultRefuse, Method: "crm.item.productrow.list", Status: 403, Code: "ACCESS_DENIED"})
		}, acts.Forbidden},
		"the method of presets is over its limit": {func(portal *testPortal, _ int64) {
			portal.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultLimit, Method: "crm.requisite.preset.list"})
		}, acts.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			portal := newTestPortal(t)
			deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка", "assignedById": portal.Manager()})
			token := portal.Issue(portal.Manager()).Access
			tt.change(portal, deal)
			_, err := portal.adapter().FetchViewer(t.Context(), portal.record, token, workflow.Object{Deal: acts.DealID(deal)})
			if !errors.Is(err, tt.want) || acts.Message(err) == "" {
				t.Errorf("FetchViewer: %v, want %v with a message", err, tt.want)
			}
		})
	}
}

// One call reads a deal with its rows, counterparty, requisites and presets.
func TestDealCardTakesOneCall(t *testing.T) {
	portal := newTestPortal(t)
	company, requisites := portal.addCompany("ООО «Ромашка»", "7707083893")
	portal.AddBankDetail(fields{"ENTITY_ID": requisites[0], "RQ_BANK_NAME": "Банк", "RQ_BIK": "044525225", "RQ_ACC_NUM": "40702810000000000001"})
	contact := portal.AddItem(bitrix24test.Contact, fields{"lastName": "Соколова", "fm": []any{
		fields{"typeId": "EMAIL", "valueType": "WORK", "value": " buh@romashka.example "}, fields{"typeId": "PHONE", "valueType": "WORK", "value": "+7 900 000-00-01"}}})
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Аудит", "stageId": "EXECUTING", "companyId": company, "contactId": contact,
		"assignedById": portal.Manager(), "currencyId": "RUB", "movedTime": "2026-11-01T23:30:00+00:00"})
	portal.SetRows(portal.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Аудит", Price: 1000, Quantity: 2}})
	var card workflow.DealCard
	if n := portal.countCalls(func() { card = portal.dealCard(deal) }); n != 1 {
		t.Errorf("the deal took %d calls, want one", n)
	}
	if card.Title != "Аудит" || card.StageID != "EXECUTING" || card.Final || card.Company != acts.CompanyID(company) || card.Responsible != acts.UserID(portal.Manager()) ||
		card.Currency != "RUB" || card.Amount != 200000 || len(card.Rows) != 1 {
		t.Errorf("the deal is %+v, want «Аудит» at EXECUTING of company %d and user %d for 2000.00 RUB with one row", card.Deal, company, portal.Manager())
	}
	if got := card.StageSince.Format("2006-01-02"); got != "2026-11-02" {
		t.Errorf("the stage has lasted since %s, want 2026-11-02 by the zone of the portal", got)
	}
	if card.Email != "buh@romashka.example" || card.Phones != "+7 900 000-00-01" {
		t.Errorf("the contact has %q, %q; want buh@romashka.example, +7 900 000-00-01", card.Email, card.Phones)
	}
	if p := card.Buyer; p.INN != "7707083893" || p.KPP != "770701001" || p.Kind != acts.PartyCompany || p.NoPreset || p.Address != "Москва, дом 93" || p.BIK != "044525225" {
		t.Errorf("the counterparty is %+v, want the company with the requisite, its address and its bank", p)
	}
}

// Each way of taxing a row arrives with the numbers of the card.
func TestTaxOfRows(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	portal.SetRowFields(portal.Manager(), bitrix24test.Deal, deal, []fields{
		{"productName": "в цене", "price": 122, "taxRate": 22, "taxIncluded": "Y", "measureCode": 796},
		{"productName": "сверху", "price": 122, "priceExclusive": 100, "taxRate": 22, "taxIncluded": "N", "measureCode": 356},
		{"productName": "без НДС", "price": 100, "taxIncluded": "N"},
		{"productName": "ставка 0", "price": 100, "taxRate": 0, "taxIncluded": "N", "measureCode": 999, "measureName": "выезд"},
	})
	rows := portal.dealCard(deal).Rows
	if len(rows) != 4 {
		t.Fatalf("%d rows, want 4", len(rows))
	}
	for i, want := range []acts.ProductRow{
		{Name: "в цене", Price: number("122"), NetPrice: number("100"), Rate: "22", Unit: acts.Unit{Code: "796", Name: "шт"}},
		{Name: "сверху", Price: number("122"), NetPrice: number("100"), OnTop: true, Rate: "22", Unit: acts.Unit{Code: "356", Name: "ч"}},
		{Name: "без НДС", Price: number("100"), NetPrice: number("100"), Rate: acts.NoVAT},
		{Name: "ставка 0", Price: number("100"), NetPrice: number("100"), OnTop: true, Rate: "0", Unit: acts.Unit{Code: "999", Name: "выезд"}},
	} {
		got := rows[i]
		if got.Name != want.Name || !got.Price.Equal(want.Price) || !got.NetPrice.Equal(want.NetPrice) || got.OnTop != want.OnTop || got.Rate != want.Rate || got.Unit != want.Unit {
			t.Errorf("row %d is %+v, want %+v", i, got, want)
		}
	}
}

// Lists that are longer than a page of 50 are read to their end.
func TestLongLists(t *testing.T) {
	portal := newTestPortal(t)
	company, _ := portal.addCompany("ООО «Много»", manyINNs(70)...)
	for range 60 {
		portal.AddPreset("Реквизиты", 4)
	}
	foreign := portal.AddPreset("Беларусь", 4)
	last := portal.addCompanyRequisite(company, "1909999999")
	portal.ChangeRequisite(last, fields{"PRESET_ID": foreign})
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка", "companyId": company})
	portal.Link(bitrix24test.Deal, deal, last, 0, 0, 0)
	rows := make([]bitrix24test.Row, 120)
	for n := range rows {
		rows[n] = bitrix24test.Row{Name: strings.Repeat("я", n+1), Price: 1}
	}
	portal.SetRows(portal.Manager(), bitrix24test.Deal, deal, rows)
	card := portal.dealCard(deal)
	if len(card.Rows) != 120 || card.Rows[119].Name != strings.Repeat("я", 120) {
		t.Errorf("%d rows, want 120", len(card.Rows))
	}
	if card.Buyer.INN != "1909999999" || card.Buyer.Unsupported != acts.UnsupportedForeign || card.Buyer.Address != "Москва, дом 99" {
		t.Errorf("the counterparty is %+v, want the selected 71st requisite, of a foreign preset behind the first page", card.Buyer)
	}
}

// manyINNs returns n different INNs of companies.
func manyINNs(n int) (inns []string) {
	for i := range n {
		inns = append(inns, fmt.Sprintf("77%08d", i))
	}
	return inns
}

// The answer to the question about the way of exchange is read from our fields of the deal.
func TestAnswerIsReadFromFieldsOfTheDeal(t *testing.T) {
	portal := newTestPortal(t)
	deal := portal.AddItem(bitrix24test.Deal, fields{"title": "Сделка", portal.record.DealField("exchange"): "ЭДО", portal.record.DealField("participant"): "2BE1"})
	if card := portal.dealCard(deal); card.Exchange != "ЭДО" || card.Participant != "2BE1" {
		t.Errorf("exchange %q, participant %q; want ЭДО, 2BE1", card.Exchange, card.Participant)
	}
}
