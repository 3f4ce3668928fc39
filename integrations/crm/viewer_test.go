package crm

import (
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/workflow"
)

func number(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestViewer(t *testing.T) {
	b := newBench(t)
	company, _ := b.company("ООО «Ромашка»")
	contact := b.AddItem(bitrix24test.Contact, fields{"name": "Анна", "lastName": "Соколова"})
	for name, tt := range map[string]struct {
		user  int64
		what  workflow.Object
		admin bool
		title string
	}{
		"a manager opens the menu":      {b.Manager(), workflow.Object{}, false, ""},
		"an administrator and a firm":   {b.Admin(), workflow.Object{Company: acts.CompanyID(company)}, true, "ООО «Ромашка»"},
		"a manager and a contact's tab": {b.Manager(), workflow.Object{Contact: acts.ContactID(contact)}, false, "Анна Соколова"},
	} {
		v, err := b.adapter().FetchViewer(t.Context(), b.kept, b.Issue(tt.user).Access, tt.what)
		if err != nil || v.User != acts.UserID(tt.user) || v.UserName == "" || v.Admin != tt.admin || v.Title != tt.title || v.Zone == "" {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
}

func TestViewerErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(b *bench, deal int64)
		want   error
	}{
		"an expired token":          {func(b *bench, _ int64) { b.ExpireTokens() }, workflow.ErrTokenExpired},
		"a token of a removed app":  {func(b *bench, _ int64) { b.RevokeTokens() }, workflow.ErrTokenExpired},
		"another user's deal":       {func(b *bench, deal int64) { b.Hide(b.Manager(), bitrix24test.Deal, deal) }, acts.Forbidden},
		"a deleted deal":            {func(b *bench, deal int64) { _ = b.Delete(b.Admin(), bitrix24test.Deal, deal) }, acts.NotFound},
		"a portal without a tariff": {func(b *bench, _ int64) { b.fault(bitrix24test.Fault{Kind: bitrix24test.Forbidden}) }, acts.Forbidden},
		"a portal over its limit":   {func(b *bench, _ int64) { b.fault(bitrix24test.Fault{Kind: bitrix24test.Unavailable}) }, acts.Unavailable},
		"a lost answer":             {func(b *bench, _ int64) { b.fault(bitrix24test.Fault{Kind: bitrix24test.Reset}) }, acts.Unavailable},
		"a portal at another address": {func(b *bench, _ int64) {
			b.fault(bitrix24test.Fault{Kind: bitrix24test.Rename, Location: "https://new.bitrix24.ru"})
		}, workflow.ErrPortalMoved},
		"the page of a balancer": {func(b *bench, _ int64) { b.fault(bitrix24test.Fault{Kind: bitrix24test.HTML200}) }, acts.Unavailable},
		"a deal's rows are not read": {func(b *bench, _ int64) {
			b.fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Method: "crm.item.productrow.list", Status: 403, Code: "ACCESS_DENIED"})
		}, acts.Forbidden},
		"the presets are not readable": {func(b *bench, _ int64) {
			b.fault(bitrix24test.Fault{Kind: bitrix24test.Limit, Method: "crm.requisite.preset.list"})
		}, acts.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка", "assignedById": b.Manager()})
			token := b.Issue(b.Manager()).Access
			tt.change(b, deal)
			_, err := b.adapter().FetchViewer(t.Context(), b.kept, token, workflow.Object{Deal: acts.DealID(deal)})
			if !errors.Is(err, tt.want) || acts.Message(err) == "" {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

// One call reads a deal with its rows, counterparty, requisites and presets.
func TestCardOfADeal(t *testing.T) {
	b := newBench(t)
	company, requisites := b.company("ООО «Ромашка»", "7707083893")
	b.AddBankDetail(fields{"ENTITY_ID": requisites[0], "RQ_BANK_NAME": "Банк", "RQ_BIK": "044525225", "RQ_ACC_NUM": "40702810000000000001"})
	contact := b.AddItem(bitrix24test.Contact, fields{"lastName": "Соколова", "fm": []any{
		fields{"typeId": "EMAIL", "valueType": "WORK", "value": " buh@romashka.example "}, fields{"typeId": "PHONE", "valueType": "WORK", "value": "+7 900 000-00-01"}}})
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Аудит", "stageId": "EXECUTING", "companyId": company, "contactId": contact,
		"assignedById": b.Manager(), "currencyId": "RUB", "movedTime": "2026-11-01T23:30:00+00:00"})
	b.SetRows(b.Manager(), bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Аудит", Price: 1000, Quantity: 2}})
	var card workflow.DealCard
	if n := b.calls(func() { card = b.card(deal) }); n != 1 {
		t.Errorf("the deal took %d calls", n)
	}
	if card.Title != "Аудит" || card.StageID != "EXECUTING" || card.Final || card.Company != acts.CompanyID(company) || card.Responsible != 2 ||
		card.Currency != "RUB" || card.Amount != 200000 || len(card.Rows) != 1 {
		t.Errorf("deal %+v", card.Deal)
	}
	if got := card.StageSince.Format("2006-01-02"); got != "2026-11-02" {
		t.Errorf("the stage has lasted since %s by the zone of the portal", got)
	}
	if card.Email != "buh@romashka.example" || card.Phones != "+7 900 000-00-01" {
		t.Errorf("contacts %q, %q", card.Email, card.Phones)
	}
	if p := card.Buyer; p.INN != "7707083893" || p.KPP != "770701001" || p.Kind != acts.PartyCompany || p.NoPreset || p.Address != "Москва, дом 93" || p.BIK != "044525225" {
		t.Errorf("counterparty %+v", p)
	}
}

// Each way of taxing a row arrives with the numbers of the card.
func TestTaxOfRows(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка"})
	b.SetRowFields(b.Manager(), bitrix24test.Deal, deal, []fields{
		{"productName": "в цене", "price": 122, "taxRate": 22, "taxIncluded": "Y", "measureCode": 796},
		{"productName": "сверху", "price": 122, "priceExclusive": 100, "taxRate": 22, "taxIncluded": "N", "measureCode": 356},
		{"productName": "без НДС", "price": 100, "taxIncluded": "N"},
		{"productName": "ставка 0", "price": 100, "taxRate": 0, "taxIncluded": "N", "measureCode": 999, "measureName": "выезд"},
	})
	rows := b.card(deal).Rows
	for n, want := range []acts.ProductRow{
		{Name: "в цене", Price: number("122"), NetPrice: number("100"), Rate: "22", Unit: acts.Unit{Code: "796", Name: "шт"}},
		{Name: "сверху", Price: number("122"), NetPrice: number("100"), OnTop: true, Rate: "22", Unit: acts.Unit{Code: "356", Name: "ч"}},
		{Name: "без НДС", Price: number("100"), NetPrice: number("100"), Rate: acts.NoVAT},
		{Name: "ставка 0", Price: number("100"), NetPrice: number("100"), OnTop: true, Rate: "0", Unit: acts.Unit{Code: "999", Name: "выезд"}},
	} {
		got := rows[n]
		if got.Name != want.Name || !got.Price.Equal(want.Price) || !got.NetPrice.Equal(want.NetPrice) || got.OnTop != want.OnTop || got.Rate != want.Rate || got.Unit != want.Unit {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// Lists that are longer than a page of 50 are read to their end.
func TestLongLists(t *testing.T) {
	b := newBench(t)
	company, _ := b.company("ООО «Много»", manyINNs(70)...)
	for range 60 {
		b.AddPreset("Реквизиты", 4)
	}
	foreign := b.AddPreset("Беларусь", 4)
	last := b.requisite(company, "1909999999")
	b.ChangeRequisite(last, fields{"PRESET_ID": foreign})
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка", "companyId": company})
	b.Link(bitrix24test.Deal, deal, last, 0, 0, 0)
	rows := make([]bitrix24test.Row, 120)
	for n := range rows {
		rows[n] = bitrix24test.Row{Name: strings.Repeat("я", n+1), Price: 1}
	}
	b.SetRows(b.Manager(), bitrix24test.Deal, deal, rows)
	card := b.card(deal)
	if len(card.Rows) != 120 || card.Rows[119].Name != strings.Repeat("я", 120) {
		t.Errorf("%d rows", len(card.Rows))
	}
	if card.Buyer.INN != "1909999999" || card.Buyer.Unsupported != acts.UnsupportedForeign || card.Buyer.Address != "Москва, дом 99" {
		t.Errorf("the selected requisite is the 71st, of the 61st preset: %+v", card.Buyer)
	}
}

func manyINNs(n int) (inns []string) {
	for i := range n {
		inns = append(inns, "77"+strings.Repeat("0", 6)+string(rune('0'+i/10))+string(rune('0'+i%10)))
	}
	return inns
}

// The answer to the question about the way of exchange is read from our fields of the deal.
func TestFieldsOfTheAnswer(t *testing.T) {
	b := newBench(t)
	deal := b.AddItem(bitrix24test.Deal, fields{"title": "Сделка", b.kept.DealField("exchange"): "ЭДО", b.kept.DealField("participant"): "2BE1"})
	if card := b.card(deal); card.Exchange != "ЭДО" || card.Participant != "2BE1" {
		t.Errorf("exchange %q, participant %q", card.Exchange, card.Participant)
	}
}
