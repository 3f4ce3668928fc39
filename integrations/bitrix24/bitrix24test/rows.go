package bitrix24test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/bitrix24/bitrix24test/prices"
)

// Row is a product row as entered by a user; zero values get defaults.
type Row struct {
	ID             int64
	Name           string
	Price          float64  // of one unit, with discount and tax
	PriceExclusive float64  // with discount, without tax; zero: calculated from Price
	Quantity       float64  // 1 when zero
	TaxRate        *float64 // nil: without VAT
	TaxIncluded    bool
	DiscountRate   float64 // percent
	DiscountSum    float64 // absolute, instead of the rate
	Measure        int     // code of the unit, 796 when zero
	MeasureName    string  // of a unit that the portal added
	NoMeasure      bool    // the row has no unit
	ProductID      int64
	Type           int // of the product: 1 goods … 7 services; 4 when zero
}

// defaultMeasure is the default unit of a portal: pieces.
const defaultMeasure = 796

var measures = map[int]string{796: "шт", 356: "ч", 362: "мес", 359: "сут", 6: "м", 55: "м2", 166: "кг", 839: "компл", 642: "ед"}

// ownerCode returns the short code of an entity type: D, C, CO or T with the hexadecimal id.
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

// ownerType returns the entity type of a short code, 0 for an unknown one.
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

// SetRows replaces the product rows of an item, as a user does in the card. Rows with an ID keep it.
func (p *Portal) SetRows(actor int64, entityType int, id int64, rows []Row) {
	in := make([]Fields, 0, len(rows))
	for _, r := range rows {
		in = append(in, r.fields())
	}
	p.SetRowFields(actor, entityType, id, in)
}

// SetRowFields replaces the product rows of an item by rows with the names of crm_item_product_row
// (apidocs.bitrix24.ru/api-reference/crm/data-types.html); omitted values are calculated or get their documented default.
// It returns the rows as written.
func (p *Portal) SetRowFields(actor int64, entityType int, id int64, rows []Fields) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	return php.Copy(p.replaceRows(entityType, id, rows, p.user(actor)))
}

func (r Row) fields() Fields {
	out := Fields{"productName": r.Name, "price": r.Price, "taxIncluded": php.YesNo(r.TaxIncluded)}
	if r.TaxRate != nil {
		out["taxRate"] = *r.TaxRate
	}
	if r.DiscountSum != 0 {
		out["discountTypeId"], out["discountSum"] = float64(prices.DiscountAbsolute), r.DiscountSum
	} else {
		out["discountTypeId"], out["discountRate"] = float64(prices.DiscountPercent), r.DiscountRate
	}
	for name, n := range map[string]float64{
		"id": float64(r.ID), "quantity": r.Quantity, "measureCode": float64(r.Measure), "productId": float64(r.ProductID),
		"priceExclusive": r.PriceExclusive, "type": float64(r.Type),
	} {
		if n != 0 {
			out[name] = n
		}
	}
	switch {
	case r.NoMeasure:
		out["measureCode"] = 0.0
	case r.Measure == 0:
		out["measureCode"] = float64(defaultMeasure)
	case r.MeasureName != "":
		out["measureName"] = r.MeasureName
	}
	return out
}

// Rows copies the product rows of an item.
func (p *Portal) Rows(entityType int, id int64) []Fields {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := []Fields{}
	for _, r := range p.st.Rows[rowsKey(ownerCode(entityType), id)] {
		out = append(out, php.Copy(r))
	}
	return out
}

// replaceRows stores the rows and the sums of their owner.
func (p *Portal) replaceRows(entityType int, id int64, in []Fields, actor *User) []Fields {
	code := ownerCode(entityType)
	rows := make([]Fields, 0, len(in))
	for i, f := range in {
		rows = append(rows, p.fullRow(code, id, i, f))
	}
	p.st.Rows[rowsKey(code, id)] = rows
	owner := p.st.records(entityType).get(id)
	next := php.Copy(owner)
	prices.WriteTotals(next, rows)
	p.save(entityType, owner, next, actor)
	return rows
}

// fullRow calculates all prices of a row from its price, tax and discount.
func (p *Portal) fullRow(code string, owner int64, position int, f Fields) Fields {
	out := Fields{
		"ownerId": float64(owner), "ownerType": code, "productName": strings.TrimSpace(php.Text(f["productName"])),
		"customized": "Y", "xmlId": "", "storeId": nil, "taxIncluded": php.YesNo(php.Truth(f["taxIncluded"])),
		"productId": float64(php.Integer(f["productId"])), "type": orNumber(f["type"], 4),
	}
	out["id"] = float64(php.Integer(f["id"]))
	if php.Integer(f["id"]) == 0 {
		out["id"] = float64(p.st.next("row"))
	} else {
		p.st.reserve("row", php.Integer(f["id"]))
	}
	out["quantity"] = orNumber(f["quantity"], 1)
	out["sort"] = orNumber(f["sort"], float64(position+1)*10)
	p.st.measure(out, f)
	prices.Fill(out, f, p.st.priceDigits())
	return out
}

// measure sets the unit of a row. An omitted unit is that of the product in the catalogue, here always pieces; a row without a product has
// none: code 0 and no name (apidocs.bitrix24.ru/api-reference/crm/deals/crm-deal-productrows-set.html). A name
// sent with a code becomes a unit of the portal.
func (s *state) measure(out, f Fields) {
	code, named := php.Number(f["measureCode"])
	if !named && php.Integer(f["productId"]) > 0 {
		code = defaultMeasure
	}
	if name := php.Text(f["measureName"]); name != "" && code != 0 {
		s.Measures[int(code)] = name
	}
	out["measureCode"], out["measureName"] = code, measures[int(code)]
	if name, own := s.Measures[int(code)]; own {
		out["measureName"] = name
	}
}

func orNumber(v any, fallback float64) float64 {
	if n, ok := php.Number(v); ok && v != "" {
		return n
	}
	return fallback
}

// priceDigits returns the number of decimals of stored prices: 2 in the samples of
// apidocs.bitrix24.ru/api-reference/crm/universal/product-rows/crm-item-productrow-list.html, 8 in the sample of
// apidocs.bitrix24.ru/api-reference/crm/leads/crm-lead-productrows-get.html (PRICE 22175.328).
func (s *state) priceDigits() int32 {
	if s.PriceDigits == 0 {
		return 2
	}
	return int32(s.PriceDigits)
}

// SetPriceDigits sets the number of decimals of stored prices: 2 or 8.
func (p *core) SetPriceDigits(digits int) error {
	if digits != 2 && digits != 8 {
		return contract.Refuse("", "priceDigits must be 2 or 8, not %d", digits)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.PriceDigits = digits
	p.changed()
	return nil
}

// PriceDigits returns the number of decimals of stored prices.
func (p *core) PriceDigits() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return int(p.st.priceDigits())
}

// rowList requires both =ownerType and =ownerId, with the sign.
func rowList(c *call) (any, error) {
	filter := php.Map(c.p["filter"])
	code, id := php.Text(filter["=ownerType"]), php.Integer(filter["=ownerId"])
	if code == "" || id == 0 {
		return nil, contract.Refuse("0", "Required filter fields: =ownerType, =ownerId")
	}
	entityType := ownerType(code)
	if entityType == 0 || !c.st.hasType(entityType) {
		return nil, contract.Refuse("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
	}
	if c.st.records(entityType).get(id) == nil {
		return nil, contract.Refuse("OWNER_NOT_FOUND", "Owner was not found")
	}
	if !c.st.maySee(c.user, entityType, id) {
		return nil, contract.Refuse("ACCESS_DENIED", "Доступ запрещен")
	}
	var rows []Fields
	for _, r := range c.st.Rows[rowsKey(code, id)] {
		if fieldFits(r, filter) {
			rows = append(rows, r)
		}
	}
	keys := c.orderKeys()
	if len(keys) == 0 {
		keys = []sortKey{{"id", false}}
	}
	sortRows(rows, keys)
	page := c.page(rows)
	if page == nil {
		page = []Fields{}
	}
	return Fields{"productRows": page}, nil
}

// rowSet replaces all rows of the owner; they get new ids, because a row of
// apidocs.bitrix24.ru/api-reference/crm/universal/product-rows/crm-item-productrow-set.html has none. Values that the page does not
// name, and those that apidocs.bitrix24.ru/api-reference/crm/universal/product-rows/crm-item-productrow-fields.html calls read-only, are
// ignored.
func rowSet(c *call) (any, error) {
	code, id := php.Text(c.p["ownerType"]), php.Integer(c.p["ownerId"])
	entityType := ownerType(code)
	if entityType == 0 || !c.st.takesProducts(entityType) {
		return nil, contract.Refuse("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported")
	}
	if c.st.records(entityType).get(id) == nil {
		return nil, contract.Refuse("OWNER_NOT_FOUND", "Owner was not found")
	}
	if !c.st.maySee(c.user, entityType, id) {
		return nil, contract.Refuse("ACCESS_DENIED", "Доступ запрещен")
	}
	var in []Fields
	for _, raw := range php.List(c.p["productRows"]) {
		f := php.Map(raw)
		c.recordIgnored("crm.item.productrow.set", f)
		maps.DeleteFunc(f, func(name string, _ any) bool {
			_, known := contract.Methods["crm.item.productrow.set"].Fields[name]
			return !known
		})
		in = append(in, f)
	}
	rows := c.replaceRows(entityType, id, in, c.user)
	out := []any{}
	for _, r := range rows {
		out = append(out, php.Copy(r))
	}
	return Fields{"productRows": out}, nil
}

func (s *state) takesProducts(entityType int) bool {
	if entityType == Deal {
		return true
	}
	t := s.typeByEntity(entityType)
	return t != nil && php.Truth(t.Flags["isLinkWithProductsEnabled"])
}
