package crm

import (
	"context"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// Items reads items of the smart process, many in one call; deleted ones are missing.
func (a *Adapter) Items(ctx context.Context, p store.Portal, ids []acts.ItemID) ([]workflow.ItemCard, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := bitrix24.ItemsOf[bitrix24.Item](ctx, client, itemQuery(p), plainIDs(ids))
	if err != nil {
		return nil, readError(err)
	}
	return itemCards(p, found), nil
}

// ItemRows reads the product rows of an item.
func (a *Adapter) ItemRows(ctx context.Context, p store.Portal, id acts.ItemID) ([]workflow.ItemRow, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := client.ProductRows(ctx, bitrix24.EntityType(p.EntityTypeID), bitrix24.ID(id))
	if err != nil {
		return nil, readError(err)
	}
	rows := make([]workflow.ItemRow, len(found))
	for i, r := range found {
		rows[i] = workflow.ItemRow{Name: string(r.ProductName), Quantity: r.Quantity.Decimal, Price: r.Price.Decimal, Rate: acts.NoVAT}
		if r.TaxRate.Set {
			rows[i].Rate = acts.Rate(r.TaxRate.Amount.String())
		}
	}
	return rows, nil
}

// ItemsOfCompany reads the newest items of acts of one of our companies, one page in one call.
func (a *Adapter) ItemsOfCompany(ctx context.Context, p store.Portal, own acts.CompanyID) ([]workflow.ItemCard, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	query := itemQuery(p)
	query.Filter, query.Order, query.Start = bitrix24.Params{"=mycompanyId": int64(own)}, bitrix24.Params{"id": "DESC"}, -1
	res, err := client.Batch(ctx, []bitrix24.Command{bitrix24.ListItems(query).As("items")}, false)
	if err != nil {
		return nil, readError(err)
	}
	var page bitrix24.ItemsResult[bitrix24.Item]
	if err := res.Get("items", &page); err != nil {
		return nil, readError(err)
	}
	return itemCards(p, page.Items), nil
}

// itemQuery returns a query for all fields of items of the smart process «Акты».
func itemQuery(p store.Portal) bitrix24.ItemQuery {
	return bitrix24.ItemQuery{Type: bitrix24.EntityType(p.EntityTypeID), Select: []string{"*"}}
}

func plainIDs[T ~int64](ids []T) []bitrix24.ID {
	out := make([]bitrix24.ID, len(ids))
	for i, id := range ids {
		out[i] = bitrix24.ID(id)
	}
	return out
}

func itemCards(p store.Portal, items []bitrix24.Item) []workflow.ItemCard {
	cards := make([]workflow.ItemCard, len(items))
	for i, item := range items {
		cards[i] = itemCard(p, item)
	}
	return cards
}

func itemCard(p store.Portal, item bitrix24.Item) workflow.ItemCard {
	card := workflow.ItemCard{ID: acts.ItemID(item.ID), Deal: acts.DealID(item.DealID), Title: string(item.Title), Stage: string(item.StageID),
		CreatedBy: acts.UserID(item.CreatedBy), UpdatedBy: acts.UserID(item.UpdatedBy), MovedBy: acts.UserID(item.MovedBy),
		UpdatedAt: item.UpdatedTime.Time, Origin: actOfKey(string(item.XMLID)), Values: map[string]string{}, Files: map[acts.Side][]int64{}}
	for name := range item.Raw {
		card.Values[name] = item.Raw.Text(name)
	}
	for side, field := range fileFields {
		for _, file := range item.Raw.Files(p.ItemField(field)) {
			card.Files[side] = append(card.Files[side], int64(file.ID))
		}
	}
	return card
}
