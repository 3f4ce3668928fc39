package bitrix24test

import (
	"fmt"
	"net/http"
	"slices"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// drivenDeal is a deal in the words of the sandbox; what is absent stays as it is or gets the portal's default.
type drivenDeal struct {
	Title         *string `json:"title"`
	Category      *int64  `json:"category"`
	StageID       *string `json:"stageId"` // with the prefix of its pipeline: C1:WON
	CompanyID     *int64  `json:"companyId"`
	ContactID     *int64  `json:"contactId"`
	Responsible   *int64  `json:"responsible"`
	Currency      *string `json:"currency"`
	Requisite     *int64  `json:"requisite"` // of the client; nothing is checked, so that it may name what does not exist
	BankDetail    *int64  `json:"bankDetail"`
	OwnRequisite  *int64  `json:"ownRequisite"`
	OwnBankDetail *int64  `json:"ownBankDetail"`
	Rows          []any   `json:"rows"`
	Fields        Fields  `json:"fields"` // any other field as crm.item.update names it, or as UF_CRM_…
}

// values are the fields of the item.
func (d drivenDeal) values() Fields {
	out := Fields{}
	for name, v := range d.Fields {
		out[name] = v
	}
	given(out, "title", d.Title)
	given(out, "categoryId", d.Category)
	given(out, "stageId", d.StageID)
	given(out, "companyId", d.CompanyID)
	given(out, "contactId", d.ContactID)
	given(out, "assignedById", d.Responsible)
	given(out, "currencyId", d.Currency)
	return php.Copy(out)
}

func given[T any](out Fields, name string, v *T) {
	if v != nil {
		out[name] = *v
	}
}

// choose writes the choice of requisites that the deal names; the rest of it stays.
func (d drivenDeal) choose(s *state, deal int64) {
	link := s.linkOf(Deal, deal)
	if link == nil {
		link = Fields{"ENTITY_TYPE_ID": Deal, "ENTITY_ID": deal}
	}
	before := len(link)
	for name, id := range map[string]*int64{
		"REQUISITE_ID": d.Requisite, "BANK_DETAIL_ID": d.BankDetail, "MC_REQUISITE_ID": d.OwnRequisite, "MC_BANK_DETAIL_ID": d.OwnBankDetail,
	} {
		given(link, name, id)
	}
	if len(link) > 2 || before > 2 {
		s.link(link)
	}
}

// driving lets the signed-in person write an item of the sandbox with the fields that are there; a name that means nothing is
// refused, while REST ignores it.
func (p *Portal) driving(r *http.Request, entityType int, f Fields) (*call, error) {
	c, err := p.person(p.signedIn(r))
	if err != nil {
		return nil, err
	}
	known := p.st.fieldsOf(entityType)
	for name := range f {
		byName, ok := known[name]
		for _, one := range known {
			if !ok && one.upperName() == name {
				byName, ok = one, true
			}
		}
		if !ok || byName.readOnly {
			p.mu.Unlock()
			return nil, fmt.Errorf("fields: %s is unknown or cannot be written", name)
		}
	}
	c.p = Fields{"entityTypeId": entityType, "fields": f, "useOriginalUfNames": "Y"}
	return c, nil
}

// postDeal makes a deal as a person does, with its rows and its choice of requisites.
func (p *Portal) postDeal(r *http.Request) (any, error) {
	var in drivenDeal
	if err := putIn(r, &in); err != nil {
		return nil, err
	}
	rows, err := drivenRows(in.Rows)
	if err != nil {
		return nil, err
	}
	c, err := p.driving(r, Deal, in.values())
	if err != nil {
		return nil, err
	}
	defer p.mu.Unlock()
	out, err := itemAdd(c)
	if err != nil {
		return nil, err
	}
	id := php.Integer(php.Map(php.Map(out)["item"])["id"])
	in.choose(p.st, id)
	written := []Fields{}
	if len(rows) > 0 {
		written = p.replaceRows(Deal, id, rows, c.user)
	}
	return Fields{"id": id, "productRows": php.Copy(written)}, nil
}

// patchDeal edits a deal as a person does in its card.
func (p *Portal) patchDeal(r *http.Request) (any, error) {
	var in drivenDeal
	if err := putIn(r, &in); err != nil {
		return nil, err
	}
	if in.Rows != nil {
		return nil, fmt.Errorf("rows: are replaced by PUT /_sandbox/deals/%d/rows", pathID(r))
	}
	c, err := p.driving(r, Deal, in.values())
	if err != nil {
		return nil, err
	}
	defer p.mu.Unlock()
	if p.st.records(Deal).get(pathID(r)) == nil {
		return nil, errNothingThere
	}
	c.p["id"] = pathID(r)
	if _, err := itemUpdate(c); err != nil {
		return nil, err
	}
	in.choose(p.st, pathID(r))
	p.changed()
	return Fields{"id": pathID(r)}, nil
}

// deleteDeal puts a deal into the bin, as a person does.
func (p *Portal) deleteDeal(r *http.Request) (any, error) {
	if p.Item(Deal, pathID(r)) == nil {
		return nil, errNothingThere
	}
	return Fields{"ok": true}, p.Delete(p.signedIn(r), Deal, pathID(r))
}

// putRows replaces all product rows of a deal, as crm.item.productrow.set does: they get new numbers.
func (p *Portal) putRows(r *http.Request) (any, error) {
	var in []any
	if err := putIn(r, &in); err != nil {
		return nil, err
	}
	rows, err := drivenRows(in)
	if err != nil {
		return nil, err
	}
	c, err := p.person(p.signedIn(r))
	if err != nil {
		return nil, err
	}
	defer p.mu.Unlock()
	if p.st.records(Deal).get(pathID(r)) == nil {
		return nil, errNothingThere
	}
	return Fields{"id": pathID(r), "productRows": php.Copy(p.replaceRows(Deal, pathID(r), rows, c.user))}, nil
}

// rowNumbers are the numbers of a row that is put in; those of the portal itself (id, ownerId, priceNetto …) are counted
// again, so that rows of state.json can be put back as they are.
var rowNumbers = []string{
	"price", "priceExclusive", "quantity", "taxRate", "measureCode", "type", "productId", "sort", "discountTypeId", "discountRate", "discountSum",
}

// drivenRows reads rows in the words of crm_item_product_row; name may stand for productName.
func drivenRows(in []any) ([]Fields, error) {
	out := make([]Fields, 0, len(in))
	for i, raw := range in {
		row, ok := raw.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("rows[%d]: is no object", i)
		}
		f := Fields{"productName": row["productName"], "taxIncluded": row["taxIncluded"], "measureName": row["measureName"]}
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
