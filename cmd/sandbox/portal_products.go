package main

import (
	"strconv"

	"acts24/integrations/bitrix24/bitrix24test"
)

// portalProduct is a product row in the card.
type portalProduct struct {
	ID                                            int64
	Name, Price, Quantity, Measure, Discount, VAT string
	RawPrice, RawQuantity                         string
	Sum                                           string
}

// products shows the rows and their sum.
func (c *portalCard) products(rows []bitrix24test.Fields) {
	total := 0.0
	for _, r := range rows {
		price, n := numberOf(r, "price"), numberOf(r, "quantity")
		p := portalProduct{
			ID: idOf(r, "id"), Name: textOf(r, "productName"), Price: rubles(price), Quantity: quantity(n),
			Measure: textOf(r, "measureName"), VAT: "без НДС", Sum: rubles(price * n),
			RawPrice: strconv.FormatFloat(price, 'f', -1, 64), RawQuantity: strconv.FormatFloat(n, 'f', -1, 64),
		}
		if _, taxed := r["taxRate"].(float64); taxed {
			p.VAT = textOf(r, "taxRate") + " %"
		}
		if d := numberOf(r, "discountSum"); d > 0 {
			p.Discount = rubles(d)
		}
		total += price * n
		c.Rows = append(c.Rows, p)
	}
	c.Total = rubles(total)
}

// inputs are the fields of the card that a person may edit here.
func (s *portalPages) inputs(entityType int, item bitrix24test.Fields) []portalField {
	var out []portalField
	for _, f := range s.portal.ItemFields(entityType) {
		own := len(f.Name) > 5 && f.Name[:5] == "ufCrm"
		common := f.Name == "title" || f.Name == "comments" || f.Name == "companyId" || f.Name == "assignedById" || f.Name == "parentId2"
		if f.ReadOnly || !own && !common {
			continue
		}
		in := portalField{Name: f.Name, Title: f.Title, Kind: inputKind(f), Value: textOf(item, f.Name)}
		if in.Kind == "date" && len(in.Value) > 10 {
			in.Value = in.Value[:10]
		}
		for _, o := range f.Options {
			in.Options = append(in.Options, portalOption{strconv.FormatInt(o.ID, 10), o.Value, o.ID == idOf(item, f.Name)})
		}
		if f.Name == "assignedById" {
			in.Kind, in.Options = "enumeration", s.userOptions(idOf(item, f.Name))
		}
		out = append(out, in)
	}
	return out
}

func (s *portalPages) userOptions(chosen int64) []portalOption {
	var out []portalOption
	for _, u := range s.portal.Users() {
		out = append(out, portalOption{strconv.FormatInt(u.ID, 10), u.FullName(), u.ID == chosen})
	}
	return out
}

func inputKind(f bitrix24test.FieldInfo) string {
	switch f.Kind {
	case "date", "enumeration", "boolean", "file":
		return f.Kind
	case "double", "integer", "crm_company", "crm_entity":
		return "number"
	}
	return "text"
}
