package bitrix24

import "context"

// ProductRow is a product row of a deal or item, in exact decimals (docs/contracts/bitrix24.md, "Product rows").
type ProductRow struct {
	ID             ID        `json:"id"`
	OwnerID        ID        `json:"ownerId"`
	OwnerType      Text      `json:"ownerType"`
	ProductID      ID        `json:"productId"`
	ProductName    Text      `json:"productName"`
	Price          Amount    `json:"price"`          // with discount and tax
	PriceExclusive Amount    `json:"priceExclusive"` // with discount, without tax
	PriceNetto     Amount    `json:"priceNetto"`     // without discount and tax
	PriceBrutto    Amount    `json:"priceBrutto"`    // without discount, with tax
	Quantity       Amount    `json:"quantity"`
	DiscountTypeID ID        `json:"discountTypeId"` // 1 absolute, 2 percent
	DiscountRate   Amount    `json:"discountRate"`
	DiscountSum    Amount    `json:"discountSum"`
	TaxRate        OptAmount `json:"taxRate"` // missing: no VAT
	TaxIncluded    Bool      `json:"taxIncluded"`
	MeasureCode    ID        `json:"measureCode"`
	MeasureName    Text      `json:"measureName"`
	Sort           ID        `json:"sort"`
	XMLID          Text      `json:"xmlId"`
	Type           ID        `json:"type"`
}

// ProductRowsResult is what crm.item.productrow.list and set answer.
type ProductRowsResult struct {
	ProductRows List[ProductRow] `json:"productRows"`
}

// ListProductRows reads the first 50 rows of an object in the order of their ids; the answer is a ProductRowsResult.
// Both keys of the filter must carry the "=" sign.
func ListProductRows(t EntityType, id ID) Command {
	return Command{Method: "crm.item.productrow.list", Params: Params{
		"filter": Params{"=ownerType": t.Short(), "=ownerId": int64(id)},
		"order":  Params{"id": "ASC"},
	}}
}

// SetProductRows replaces all rows of an object; the answer is a ProductRowsResult.
func SetProductRows(t EntityType, id ID, rows []ProductRow) Command {
	list := make([]any, 0, len(rows))
	for _, row := range rows {
		list = append(list, row.settable())
	}
	return Command{Method: "crm.item.productrow.set", Params: Params{
		"ownerType": t.Short(), "ownerId": int64(id), "productRows": list,
	}}
}

// settable returns the values of a row that can be written; the portal calculates the others. A missing rate is omitted, because a
// command of a batch cannot contain null.
func (r ProductRow) settable() Params {
	p := Params{"price": r.Price, "quantity": r.Quantity, "taxIncluded": r.TaxIncluded.String()}
	optional := map[string]struct {
		value any
		given bool
	}{
		"productId":      {int64(r.ProductID), r.ProductID != 0},
		"productName":    {string(r.ProductName), r.ProductName != ""},
		"discountTypeId": {int64(r.DiscountTypeID), r.DiscountTypeID != 0},
		"discountRate":   {r.DiscountRate, r.DiscountTypeID == 2},
		"discountSum":    {r.DiscountSum, r.DiscountTypeID == 1},
		"taxRate":        {r.TaxRate.Amount, r.TaxRate.Set},
		"measureCode":    {int64(r.MeasureCode), r.MeasureCode != 0},
		"sort":           {int64(r.Sort), r.Sort != 0},
	}
	for name, field := range optional {
		if field.given {
			p[name] = field.value
		}
	}
	return p
}

// ProductRows reads all rows of an object, page by page.
func (c *Client) ProductRows(ctx context.Context, t EntityType, id ID) ([]ProductRow, error) {
	return readAll(ctx, c, ListProductRows(t, id), "start", func(p ProductRowsResult) []ProductRow { return p.ProductRows })
}

// SetProductRows replaces all rows of an object and returns them as stored by the CRM.
func (c *Client) SetProductRows(ctx context.Context, t EntityType, id ID, rows []ProductRow) ([]ProductRow, error) {
	out, err := fetch[ProductRowsResult](ctx, c, SetProductRows(t, id, rows))
	return out.ProductRows, err
}
