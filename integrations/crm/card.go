package crm

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// dealCommands returns the commands that read a deal with everything an act needs; their keys start with key. Company and contact are read
// as lists, so that a deal without them gives an empty list and no error.
func dealCommands(key string, id acts.DealID) []bitrix24.Command {
	deal := bitrix24.ID(id)
	company, contact := bitrix24.Ref(key, "item", "companyId"), bitrix24.Ref(key, "item", "contactId")
	return append([]bitrix24.Command{
		bitrix24.GetItem(bitrix24.DealType, deal).As(key),
		bitrix24.ListProductRows(bitrix24.DealType, deal).As(key + "rows"),
		bitrix24.ListRequisiteLinks(bitrix24.DealType, deal).As(key + "link"),
		bitrix24.ListItems(bitrix24.ItemQuery{Type: bitrix24.CompanyType, Select: []string{"*"}, Start: -1}).With(company, "filter", "=id").As(key + "company"),
		bitrix24.ListItems(bitrix24.ItemQuery{Type: bitrix24.ContactType, Select: []string{"*"}, Start: -1}).With(contact, "filter", "=id").As(key + "contact"),
	}, partyCommands(key, company, contact)...)
}

// presetsKey is the key of the presets of requisites, which all deals of a batch share.
const presetsKey = "presets"

// readCard decodes a deal from the results of a batch. Rows after the first page need further calls.
func readCard(ctx context.Context, client *bitrix24.Client, p store.Portal, res *bitrix24.BatchResult, key string) (workflow.DealCard, error) {
	var got bitrix24.ItemResult[bitrix24.Deal]
	if err := res.Get(key, &got); err != nil {
		return workflow.DealCard{}, readError(err)
	}
	d := got.Item
	card := workflow.DealCard{Deal: store.Deal{
		ID: acts.DealID(d.ID), Title: string(d.Title), Category: int64(d.CategoryID), StageID: string(d.StageID),
		Final: semanticsOf(d) != "", Semantics: semanticsOf(d), UpdatedAt: d.UpdatedTime.Time, StageSince: stageSince(p, d), Company: acts.CompanyID(d.CompanyID), Contact: acts.ContactID(d.ContactID),
		Responsible: acts.UserID(d.AssignedByID), Amount: acts.Round(d.Opportunity.Decimal), Currency: string(d.CurrencyID),
		ManualAmount: bool(d.IsManualOpportunity), TaxValue: acts.Round(d.TaxValue.Decimal),
		Operator: d.Raw.Text(answerField(p, "operator")), Participant: d.Raw.Text(answerField(p, "participant")), Basis: basisOf(p, d.Raw),
	}}
	rows, err := readRows(ctx, client, res, key, d.ID)
	if err != nil {
		return card, err
	}
	card.Rows = rows
	card.Exchange = d.Raw.Text(answerField(p, "exchange"))
	card.Email, card.Phones = readContacts(res, key)
	known, err := readPresets(ctx, client, res)
	if err != nil {
		return card, err
	}
	return card, readParties(ctx, client, res, key, &card.Deal, known)
}

// basisOf reads the fields that hold the basis of the deal's acts. The CRM returns a date as a time in the portal's zone: «2026-01-12T03:00:00+03:00».
func basisOf(p store.Portal, raw bitrix24.Fields) acts.DealBasis {
	text := func(part string) string {
		return strings.Join(strings.Fields(raw.Text(p.DealField(store.BasisField+part))), " ")
	}
	b := acts.DealBasis{Text: text("text"), Number: text("number")}
	if date := text("date"); len(date) >= len(time.DateOnly) {
		b.Date, _ = time.Parse(time.DateOnly, date[:len(time.DateOnly)])
	}
	return b
}

// readContacts returns the e-mail address and phones of the counterparty: of its contact, then of the company. The CRM returns multifields
// only when all fields are selected (docs/contracts/bitrix24.md, "CRM objects").
func readContacts(res *bitrix24.BatchResult, key string) (email, phones string) {
	var people bitrix24.ItemsResult[bitrix24.Contact]
	var firms bitrix24.ItemsResult[bitrix24.Company]
	var fields []bitrix24.Multifield
	if res.Get(key+"contact", &people) == nil && len(people.Items) > 0 {
		fields = append(fields, people.Items[0].Multifields...)
	}
	if res.Get(key+"company", &firms) == nil && len(firms.Items) > 0 {
		fields = append(fields, firms.Items[0].Multifields...)
	}
	var numbers []string
	for _, f := range fields {
		value := tidy(f.Value)
		switch {
		case f.TypeID == "EMAIL" && email == "" && acts.ValidEmail(value):
			email = value
		case f.TypeID == "PHONE" && value != "" && len(numbers) < 3:
			numbers = append(numbers, value)
		}
	}
	return email, strings.Join(numbers, ", ")
}

func readRows(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult, key string, deal bitrix24.ID) ([]acts.ProductRow, error) {
	var got bitrix24.ProductRowsResult
	if err := res.Get(key+"rows", &got); err != nil {
		return nil, readError(err)
	}
	list := []bitrix24.ProductRow(got.ProductRows)
	if _, more := res.Next(key + "rows"); more {
		var err error
		if list, err = client.ProductRows(ctx, bitrix24.DealType, deal); err != nil {
			return nil, readError(err)
		}
	}
	rows := make([]acts.ProductRow, len(list))
	for i, r := range list {
		rows[i] = acts.ProductRow{CRM: int64(r.ID), Product: int64(r.ProductID), Sort: int(r.Sort), Name: string(r.ProductName), Quantity: r.Quantity.Decimal,
			Price: r.Price.Decimal, NetPrice: r.PriceExclusive.Decimal, OnTop: !bool(r.TaxIncluded) && rateOf(r.TaxRate) != acts.NoVAT, Rate: rateOf(r.TaxRate), Unit: unitOf(r), Kind: kindOf(r)}
	}
	return rows, nil
}

func rateOf(tax bitrix24.OptAmount) acts.Rate {
	var percent *decimal.Decimal
	if tax.Set {
		percent = &tax.Decimal
	}
	return acts.RateOf(percent)
}

// serviceProduct is the type of a product row that is a service (`crm_item_product_row.type`,
// apidocs.bitrix24.ru/api-reference/crm/data-types.html).
const serviceProduct = 7

// kindOf distinguishes goods from services. All types except that of services are goods of the catalogue. Rows without a product have a
// type too, which means nothing.
func kindOf(r bitrix24.ProductRow) acts.LineKind {
	switch {
	case r.Type == serviceProduct:
		return acts.KindService
	case r.Type > 0 && r.ProductID > 0:
		return acts.KindGoods
	}
	return acts.KindUnknown
}

func unitOf(r bitrix24.ProductRow) acts.Unit {
	if r.MeasureCode == 0 {
		return acts.Unit{Name: tidy(r.MeasureName)}
	}
	return acts.Unit{Code: fmt.Sprintf("%03d", int64(r.MeasureCode)), Name: string(r.MeasureName)}
}
