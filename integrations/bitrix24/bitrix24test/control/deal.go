package control

import (
	"fmt"
	"net/http"
	"slices"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// dealRequest describes a deal. An omitted value stays unchanged, or gets the portal's default in a new deal.
type dealRequest struct {
	Title         *string `json:"title"`
	Category      *int64  `json:"category"`
	StageID       *string `json:"stageId"` // with the prefix of its pipeline: C1:WON
	CompanyID     *int64  `json:"companyId"`
	ContactID     *int64  `json:"contactId"`
	Responsible   *int64  `json:"responsible"`
	Currency      *string `json:"currency"`
	Requisite     *int64  `json:"requisite"` // of the client; not checked, so that it may name one that does not exist
	BankDetail    *int64  `json:"bankDetail"`
	OwnRequisite  *int64  `json:"ownRequisite"`
	OwnBankDetail *int64  `json:"ownBankDetail"`
	Rows          []any   `json:"rows"`
	Fields        fields  `json:"fields"` // any other field, named as in crm.item.update or UF_CRM_…
}

// card returns what is written into the deal: its fields and the selected requisites.
func (d dealRequest) card() bitrix24test.DealCard {
	out := bitrix24test.DealCard{Fields: fields{}, Requisites: fields{}}
	for name, v := range d.Fields {
		out.Fields[name] = v
	}
	setIfGiven(out.Fields, "title", d.Title)
	setIfGiven(out.Fields, "categoryId", d.Category)
	setIfGiven(out.Fields, "stageId", d.StageID)
	setIfGiven(out.Fields, "companyId", d.CompanyID)
	setIfGiven(out.Fields, "contactId", d.ContactID)
	setIfGiven(out.Fields, "assignedById", d.Responsible)
	setIfGiven(out.Fields, "currencyId", d.Currency)
	setIfGiven(out.Requisites, "REQUISITE_ID", d.Requisite)
	setIfGiven(out.Requisites, "BANK_DETAIL_ID", d.BankDetail)
	setIfGiven(out.Requisites, "MC_REQUISITE_ID", d.OwnRequisite)
	setIfGiven(out.Requisites, "MC_BANK_DETAIL_ID", d.OwnBankDetail)
	return out
}

func setIfGiven[T any](out fields, name string, v *T) {
	if v != nil {
		out[name] = *v
	}
}

// checkFields returns an error for a field that the portal does not have or that cannot be written; REST ignores such fields.
func (c controls) checkFields(f fields) error {
	writable := map[string]bool{}
	for _, known := range c.portal.ItemFields(bitrix24test.Deal) {
		writable[known.Name], writable[known.UpperName] = !known.ReadOnly, !known.ReadOnly
	}
	for _, name := range php.SortedKeys(f) {
		if !writable[name] {
			return fmt.Errorf("fields: %s is unknown or cannot be written", name)
		}
	}
	return nil
}

// postDeal creates a deal with its rows and the selected requisites.
func (c controls) postDeal(r *http.Request) (any, error) {
	var in dealRequest
	if err := decodeStrict(r, &in); err != nil {
		return nil, err
	}
	rows, err := rowsOf(in.Rows)
	if err != nil {
		return nil, err
	}
	card := in.card()
	card.Rows = rows
	if err := c.checkFields(card.Fields); err != nil {
		return nil, err
	}
	id, written, err := c.portal.CreateDeal(c.portal.SignedIn(r), card)
	if err != nil {
		return nil, err
	}
	return fields{"id": id, "productRows": written}, nil
}

// patchDeal edits a deal.
func (c controls) patchDeal(r *http.Request) (any, error) {
	var in dealRequest
	if err := decodeStrict(r, &in); err != nil {
		return nil, err
	}
	if in.Rows != nil {
		return nil, fmt.Errorf("rows: are replaced by PUT /_sandbox/deals/%d/rows", pathID(r))
	}
	card := in.card()
	if err := c.checkFields(card.Fields); err != nil {
		return nil, err
	}
	if c.portal.Item(bitrix24test.Deal, pathID(r)) == nil {
		return nil, errNotFound
	}
	if err := c.portal.ChangeDeal(c.portal.SignedIn(r), pathID(r), card); err != nil {
		return nil, err
	}
	return fields{"id": pathID(r)}, nil
}

// deleteDeal moves a deal to the recycle bin.
func (c controls) deleteDeal(r *http.Request) (any, error) {
	if c.portal.Item(bitrix24test.Deal, pathID(r)) == nil {
		return nil, errNotFound
	}
	return ok, c.portal.Delete(c.portal.SignedIn(r), bitrix24test.Deal, pathID(r))
}

// putRows replaces all product rows of a deal, as crm.item.productrow.set does: they get new ids.
func (c controls) putRows(r *http.Request) (any, error) {
	var in []any
	if err := decodeStrict(r, &in); err != nil {
		return nil, err
	}
	rows, err := rowsOf(in)
	if err != nil {
		return nil, err
	}
	if c.portal.Item(bitrix24test.Deal, pathID(r)) == nil {
		return nil, errNotFound
	}
	written := c.portal.SetRowFields(c.portal.SignedIn(r), bitrix24test.Deal, pathID(r), rows)
	return fields{"id": pathID(r), "productRows": written}, nil
}

// rowNumbers are the numeric values of a row that are read. Those that the portal calculates (id, ownerId, priceNetto …) are
// ignored, so that rows of state.json can be sent back unchanged.
var rowNumbers = []string{
	"price", "priceExclusive", "quantity", "taxRate", "measureCode", "type", "productId", "sort", "discountTypeId", "discountRate", "discountSum",
}

// rowsOf reads rows with the names of crm_item_product_row; name may be given instead of productName.
func rowsOf(in []any) ([]fields, error) {
	out := make([]fields, 0, len(in))
	for i, raw := range in {
		row, isObject := raw.(map[string]any)
		if !isObject {
			return nil, fmt.Errorf("rows[%d]: is no object", i)
		}
		f := fields{"productName": row["productName"], "taxIncluded": row["taxIncluded"], "measureName": row["measureName"]}
		if row["name"] != nil {
			f["productName"] = row["name"]
		}
		for name, v := range row {
			if !slices.Contains(rowNumbers, name) || v == nil {
				continue
			}
			if _, isNumber := php.Number(v); !isNumber {
				return nil, fmt.Errorf("rows[%d].%s: %v is no number", i, name, v)
			}
			f[name] = v
		}
		out = append(out, f)
	}
	return out, nil
}
