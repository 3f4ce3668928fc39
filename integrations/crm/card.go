package crm

import (
	"context"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// dealCommands read a deal with all that an act of it needs; key names them in the batch. Company and contact are
// asked for as lists: a deal that has none then brings an empty list and no error.
func dealCommands(key string, id acts.DealID) []bitrix24.Command {
	deal := bitrix24.ID(id)
	company, contact := bitrix24.Ref(key, "item", "companyId"), bitrix24.Ref(key, "item", "contactId")
	return []bitrix24.Command{
		bitrix24.GetItem(bitrix24.DealType, deal).As(key),
		bitrix24.ListProductRows(bitrix24.DealType, deal).As(key + "rows"),
		bitrix24.ListRequisiteLinks(bitrix24.DealType, deal).As(key + "link"),
		bitrix24.ListItems(bitrix24.ItemQuery{Type: bitrix24.CompanyType, Select: []string{"*"}, Start: -1}).With(company, "filter", "=id").As(key + "company"),
		bitrix24.ListRequisites(bitrix24.CompanyType, 0).With(company, "filter", "ENTITY_ID").As(key + "companyreq"),
		bitrix24.ListAddresses(0).With(bitrix24.Ref(key+"companyreq", "0", "ID"), "filter", "ENTITY_ID").As(key + "companyaddr"),
		bitrix24.ListItems(bitrix24.ItemQuery{Type: bitrix24.ContactType, Select: []string{"*"}, Start: -1}).With(contact, "filter", "=id").As(key + "contact"),
		bitrix24.ListRequisites(bitrix24.ContactType, 0).With(contact, "filter", "ENTITY_ID").As(key + "contactreq"),
		bitrix24.ListAddresses(0).With(bitrix24.Ref(key+"contactreq", "0", "ID"), "filter", "ENTITY_ID").As(key + "contactaddr"),
	}
}

// readCard reads a deal out of a batch. Rows beyond the first page cost further calls.
func readCard(ctx context.Context, client *bitrix24.Client, p store.Portal, res *bitrix24.BatchResult, key string) (workflow.DealCard, error) {
	var got bitrix24.ItemResult[bitrix24.Deal]
	if err := res.Get(key, &got); err != nil {
		return workflow.DealCard{}, reading(err)
	}
	d := got.Item
	card := workflow.DealCard{Deal: store.Deal{
		ID: acts.DealID(d.ID), Title: string(d.Title), Category: int64(d.CategoryID), StageID: string(d.StageID),
		Final: semanticsOf(d) != "", Semantics: semanticsOf(d), UpdatedAt: d.UpdatedTime.Time, StageSince: stageSince(p, d), Company: acts.CompanyID(d.CompanyID), Contact: acts.ContactID(d.ContactID),
		Responsible: acts.UserID(d.AssignedByID), Amount: acts.Round(d.Opportunity.Decimal), Currency: string(d.CurrencyID),
		Operator: d.Raw.Text(watched(p, "operator")), Participant: d.Raw.Text(watched(p, "participant")),
	}}
	rows, err := readRows(ctx, client, res, key, d.ID)
	if err != nil {
		return card, err
	}
	card.Rows = rows
	card.Exchange = d.Raw.Text(watched(p, "exchange"))
	card.Email, card.Phones = readContacts(res, key)
	card.Buyer, card.OwnRequisite, err = readBuyer(res, key, card.Deal)
	return card, err
}

// readContacts finds where the counterparty is reached: its contact first, then the company. Multifields come only with
// all other fields (contracts/bitrix24.md 3.1).
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
		return nil, reading(err)
	}
	list := []bitrix24.ProductRow(got.ProductRows)
	if _, more := res.Next(key + "rows"); more {
		var err error
		if list, err = client.ProductRows(ctx, bitrix24.DealType, deal); err != nil {
			return nil, reading(err)
		}
	}
	rows := make([]acts.ProductRow, len(list))
	for i, r := range list {
		rows[i] = acts.ProductRow{ID: acts.RowID(r.ID), Sort: int(r.Sort), Name: string(r.ProductName), Quantity: r.Quantity.Decimal,
			Price: r.Price.Decimal, Rate: rateOf(r.TaxRate), Unit: unitOf(r)}
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

func unitOf(r bitrix24.ProductRow) acts.Unit {
	if r.MeasureCode == 0 {
		return acts.Unit{Code: "796", Name: "шт"}
	}
	return acts.Unit{Code: fmt.Sprintf("%03d", int64(r.MeasureCode)), Name: string(r.MeasureName)}
}

// readBuyer makes the counterparty out of the deal's company, else of its contact, and finds which
// requisites of ours the deal has chosen.
func readBuyer(res *bitrix24.BatchResult, key string, d store.Deal) (acts.Party, int64, error) {
	var links bitrix24.List[bitrix24.RequisiteLink]
	if err := res.Get(key+"link", &links); err != nil {
		return acts.Party{}, 0, reading(err)
	}
	var link bitrix24.RequisiteLink
	if len(links) > 0 {
		link = links[0]
	}
	side, name := "", ""
	switch {
	case d.Company != 0:
		var got bitrix24.ItemsResult[bitrix24.Company]
		if err := res.Get(key+"company", &got); err != nil {
			return acts.Party{}, 0, reading(err)
		}
		side = "company"
		if len(got.Items) > 0 {
			name = string(got.Items[0].Title)
		}
	case d.Contact != 0:
		var got bitrix24.ItemsResult[bitrix24.Contact]
		if err := res.Get(key+"contact", &got); err != nil {
			return acts.Party{}, 0, reading(err)
		}
		side = "contact"
		if len(got.Items) > 0 {
			c := got.Items[0]
			name = strings.Join(strings.Fields(fmt.Sprint(c.LastName, " ", c.Name, " ", c.SecondName)), " ")
		}
	default:
		return acts.Party{Kind: acts.Company, NoPreset: true}, int64(link.MyRequisiteID), nil
	}
	var reqs bitrix24.List[bitrix24.Requisite]
	if err := res.Get(key+side+"req", &reqs); err != nil {
		return acts.Party{}, 0, reading(err)
	}
	var addresses bitrix24.List[bitrix24.Address]
	_ = res.Get(key+side+"addr", &addresses) // without requisites there is nothing to ask addresses of
	return buyerOf(name, reqs, link.RequisiteID, addresses), int64(link.MyRequisiteID), nil
}

func buyerOf(name string, reqs []bitrix24.Requisite, chosen bitrix24.ID, addresses []bitrix24.Address) acts.Party {
	if len(reqs) == 0 {
		return acts.Party{Kind: acts.Company, Name: name, NoPreset: true}
	}
	r := reqs[0]
	for _, one := range reqs {
		if one.ID == chosen {
			r = one
		}
	}
	return partyOf(name, r, addresses)
}
