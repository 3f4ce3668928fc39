package bitrix24test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Row is one product row as it is entered; what is left zero gets the usual value.
type Row struct {
	ID           int64
	Name         string
	Price        float64  // of one unit, with discount and tax
	Quantity     float64  // 1 when zero
	TaxRate      *float64 // nil: without VAT
	TaxIncluded  bool
	DiscountRate float64 // percent
	DiscountSum  float64 // absolute, instead of the rate
	Measure      int     // OKEI code, 796 when zero
	ProductID    int64
}

var measures = map[int]string{796: "шт", 356: "ч", 362: "мес", 359: "сут", 6: "м", 55: "м2", 166: "кг", 839: "компл", 642: "ед"}

// ownerCode is the short code of an entity type: D, C, CO or T with the hex number.
func ownerCode(entityType int) string {
	switch entityType {
	case Deal:
		return "D"
	case Contact:
		return "C"
	case Company:
		return "CO"
	}
	return fmt.Sprintf("T%x", entityType)
}

// ownerType reads a short code; 0 when it means nothing here.
func ownerType(code string) int {
	for _, t := range []int{Deal, Contact, Company} {
		if ownerCode(t) == code {
			return t
		}
	}
	if hex, ok := strings.CutPrefix(code, "T"); ok {
		n, err := strconv.ParseInt(hex, 16, 32)
		if err == nil {
			return int(n)
		}
	}
	return 0
}

func rowsKey(code string, id int64) string { return fmt.Sprintf("%s:%d", code, id) }

// SetRows replaces the product rows of an item, as its owner does in the card. Rows with an ID keep it.
func (p *Portal) SetRows(actor int64, entityType int, id int64, rows []Row) {
	p.mu.Lock()
	defer p.mu.Unlock()
	in := make([]Fields, 0, len(rows))
	for _, r := range rows {
		in = append(in, r.fields())
	}
	p.replaceRows(entityType, id, in, p.user(actor))
}

func (r Row) fields() Fields {
	out := Fields{"productName": r.Name, "price": r.Price, "taxIncluded": yesNo(r.TaxIncluded)}
	if r.TaxRate != nil {
		out["taxRate"] = *r.TaxRate
	}
	if r.DiscountSum > 0 {
		out["discountTypeId"], out["discountSum"] = 1.0, r.DiscountSum
	} else {
		out["discountTypeId"], out["discountRate"] = 2.0, r.DiscountRate
	}
	for name, n := range map[string]float64{
		"id": float64(r.ID), "quantity": r.Quantity, "measureCode": float64(r.Measure), "productId": float64(r.ProductID),
	} {
		if n != 0 {
			out[name] = n
		}
	}
	return out
}

// Rows copies the product rows of an item.
func (p *Portal) Rows(entityType int, id int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Fields{}
	for _, r := range p.st.Rows[rowsKey(ownerCode(entityType), id)] {
		out = append(out, plain(r))
	}
	return out
}

// replaceRows writes the rows, the sums of the owner and, when it changed, the owner itself.
func (p *Portal) replaceRows(entityType int, id int64, in []Fields, actor *User) []Fields {
	code := ownerCode(entityType)
	rows := make([]Fields, 0, len(in))
	for i, f := range in {
		rows = append(rows, p.fullRow(code, id, i, f))
	}
	p.st.Rows[rowsKey(code, id)] = rows
	owner := p.st.records(entityType).get(id)
	next := plain(owner)
	sum, tax := totals(rows)
	next["taxValue"] = tax
	if next["isManualOpportunity"] != "Y" {
		next["opportunity"] = sum
	}
	p.save(entityType, owner, next, actor)
	return rows
}

// fullRow works out all prices of a row from its price, tax and discount.
func (p *Portal) fullRow(code string, owner int64, position int, f Fields) Fields {
	out := Fields{
		"ownerId": float64(owner), "ownerType": code, "productName": strings.TrimSpace(text(f["productName"])),
		"customized": "Y", "xmlId": "", "type": 4.0, "storeId": nil, "taxIncluded": yesNo(truth(f["taxIncluded"])),
		"productId": float64(integer(f["productId"])),
	}
	out["id"] = float64(integer(f["id"]))
	if integer(f["id"]) == 0 {
		out["id"] = float64(p.st.next("row"))
	} else {
		p.st.took("row", integer(f["id"]))
	}
	out["quantity"] = orNumber(f["quantity"], 1)
	out["sort"] = orNumber(f["sort"], float64(position+1)*10)
	measure := int(orNumber(f["measureCode"], 796))
	out["measureCode"], out["measureName"] = float64(measure), measures[measure]
	prices(out, f)
	return out
}

func orNumber(v any, otherwise float64) float64 {
	if n, ok := number(v); ok && v != "" {
		return n
	}
	return otherwise
}

// prices fills the price columns: exclusive has the discount and no tax, netto neither, brutto the tax only.
func prices(out, f Fields) {
	price, rate := orNumber(f["price"], 0), 0.0
	out["price"], out["priceAccount"], out["taxRate"] = price, price, nil
	if n, ok := number(f["taxRate"]); ok && f["taxRate"] != "" {
		rate, out["taxRate"] = n, n
	}
	exclusive := price / (1 + rate/100)
	netto := exclusive
	if integer(f["discountTypeId"]) == 1 {
		sum := orNumber(f["discountSum"], 0)
		netto = exclusive + sum
		out["discountTypeId"], out["discountSum"], out["discountRate"] = 1.0, sum, 0.0
		if netto > 0 {
			out["discountRate"] = cents(sum / netto * 100)
		}
	} else {
		discount := orNumber(f["discountRate"], 0)
		if discount < 100 {
			netto = exclusive / (1 - discount/100)
		}
		out["discountTypeId"], out["discountRate"], out["discountSum"] = 2.0, discount, cents(netto-exclusive)
	}
	out["priceExclusive"], out["priceNetto"], out["priceBrutto"] = cents(exclusive), cents(netto), cents(netto*(1+rate/100))
}

func cents(f float64) float64 { return math.Round(f*100) / 100 }

// totals sums rows with tax, and the tax alone.
func totals(rows []Fields) (sum, tax float64) {
	for _, r := range rows {
		price, _ := number(r["price"])
		quantity, _ := number(r["quantity"])
		rate, _ := number(r["taxRate"])
		sum += cents(price * quantity)
		tax += cents(price * quantity * rate / (100 + rate))
	}
	return cents(sum), cents(tax)
}
