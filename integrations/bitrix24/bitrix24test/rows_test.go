package bitrix24test

import (
	"maps"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestProductRows(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	tenPercent := 10.0
	p.SetRows(1, Deal, deal, []Row{
		{Name: "iphone 14", Price: 90000, Quantity: 3, TaxRate: &tenPercent, TaxIncluded: true, DiscountRate: 10},
		{Name: "Без НДС", Price: 5550, Measure: 6},
	})
	rows := php.List(p.mustCall(t, 2, "crm.item.productrow.list", Fields{"filter": Fields{"=ownerType": "D", "=ownerId": deal}}).Map()["productRows"])
	first, second := php.Map(rows[0]), php.Map(rows[1])
	for name, want := range map[string]float64{
		"price": 90000, "priceExclusive": 81818.18, "priceNetto": 90909.09, "priceBrutto": 100000, "discountSum": 9090.91, "taxRate": 10,
	} {
		if first[name] != want {
			t.Errorf("%s = %v, want %v", name, first[name], want)
		}
	}
	if second["taxRate"] != nil || second["measureName"] != "м" || second["quantity"] != 1.0 {
		t.Errorf("second row = %v, want no tax, metres and the quantity 1", second)
	}
	if item := p.Item(Deal, deal); item["opportunity"] != 275550.0 || item["taxValue"] != 24545.45 {
		t.Errorf("sum and tax of the deal = %v, %v; want 275550, 24545.45", item["opportunity"], item["taxValue"])
	}
	if got := len(php.List(p.mustCall(t, 2, "crm.item.productrow.list", Fields{"filter": Fields{"=ownerType": "D", "=ownerId": deal, ">price": 6000}}).Map()["productRows"])); got != 1 {
		t.Errorf("a filter by price finds %d rows, want 1", got)
	}
	p.Hide(3, Deal, deal)
	if r := p.refusedCall(t, 3, "crm.item.productrow.list", Fields{"filter": Fields{"=ownerType": "D", "=ownerId": deal}}); r.Body["error_description"] != "Доступ запрещен" {
		t.Errorf("rows of a hidden deal: %v, want Доступ запрещен", r.Body)
	}
}

func TestRowsOfASmartProcess(t *testing.T) {
	p := Start(t, unlimited)
	_, entityType := addActType(t, p)
	item := p.mustCall(t, 1, "crm.item.add", Fields{"entityTypeId": entityType, "fields": Fields{"title": "Акт"}}).item()
	set := Fields{"ownerType": "T406", "ownerId": item["id"], "productRows": []any{
		Fields{"productName": "Услуга", "price": 122, "quantity": 0.5, "taxRate": 22, "taxIncluded": "Y", "discountTypeId": 1, "discountSum": 10},
	}}
	row := php.Map(php.List(p.mustCall(t, 1, "crm.item.productrow.set", set).Map()["productRows"])[0])
	if row["priceExclusive"] != 100.0 || row["priceNetto"] != 110.0 || row["priceBrutto"] != 134.2 || row["ownerType"] != "T406" {
		t.Errorf("row = %v, want prices 100, 110, 134.2 of T406", row)
	}
	if r := p.refusedCall(t, 1, "crm.item.productrow.set", Fields{"ownerType": "D", "ownerId": 99, "productRows": []any{}}); r.Error() != "OWNER_NOT_FOUND" {
		t.Errorf("rows of a deal that does not exist: %v, want OWNER_NOT_FOUND", r.Body)
	}
	if got := p.Item(int(entityType), php.Integer(item["id"]))["opportunity"]; got != 61.0 {
		t.Errorf("sum of the item = %v, want 61", got)
	}
}

// The sums of a deal are calculated like those of the portal, in whole kopecks.
func TestSumsOfADeal(t *testing.T) {
	for name, tt := range map[string]struct {
		digits   int
		row      Fields
		sum, tax float64
	}{
		"tax in the price":             {2, Fields{"price": 122.06, "quantity": 100, "taxRate": 22, "taxIncluded": "Y"}, 12206, 2201.08},
		"tax on top":                   {2, Fields{"price": 122.06, "quantity": 100, "taxRate": 22, "taxIncluded": "N"}, 12206.10, 2201.10},
		"tax on top of a small price":  {2, Fields{"priceExclusive": 0.33, "quantity": 1000, "taxRate": 22, "taxIncluded": "N"}, 402.60, 72.60},
		"tax on top of a net price":    {8, Fields{"priceExclusive": 33.33, "quantity": 100, "taxRate": 22, "taxIncluded": "N"}, 4066.26, 733.26},
		"a float that is not exact":    {2, Fields{"price": 2100.10, "quantity": 7.25, "taxRate": 5, "taxIncluded": "Y"}, 15225.73, 725.03},
		"half a kopeck goes up":        {2, Fields{"price": 1.01, "quantity": 0.5}, 0.51, 0},
		"a row that is a discount":     {2, Fields{"price": -1.01, "quantity": 0.5}, -0.51, 0},
		"a quantity of eight decimals": {2, Fields{"price": 100, "quantity": 0.12345678, "taxRate": 22, "taxIncluded": "Y"}, 12.35, 2.23},
		"a quantity of 0":              {2, Fields{"price": 100, "quantity": 0, "taxRate": 22, "taxIncluded": "Y"}, 0, 0},
		"an unusual rate":              {2, Fields{"price": 116.67, "taxRate": 16.67, "taxIncluded": "Y"}, 116.67, 16.67},
		"a rate of 0 %":                {2, Fields{"price": 100, "taxRate": 0, "taxIncluded": "Y"}, 100, 0},
		"eight decimals, tax on top":   {8, Fields{"price": 326.42, "quantity": 3, "taxRate": 22, "taxIncluded": "N"}, 979.26, 176.59},
	} {
		t.Run(name, func(t *testing.T) {
			p := Start(t, unlimited)
			if err := p.SetPriceDigits(tt.digits); err != nil {
				t.Fatal(err)
			}
			deal := p.AddItem(Deal, Fields{"title": "A"})
			p.SetRowFields(1, Deal, deal, []Fields{tt.row})
			if item := p.Item(Deal, deal); item["opportunity"] != tt.sum || item["taxValue"] != tt.tax {
				t.Errorf("sum and tax of the deal = %v, %v; want %v, %v", item["opportunity"], item["taxValue"], tt.sum, tt.tax)
			}
		})
	}
}

// Rows do not change the sum of a deal that was entered manually, until it is calculated again.
func TestManualSums(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A", "opportunity": 5, "taxValue": 1, "isManualOpportunity": "Y"})
	rate := 22.0
	p.SetRows(1, Deal, deal, []Row{{Name: "Услуга", Price: 122, TaxRate: &rate, TaxIncluded: true}})
	if item := p.Item(Deal, deal); item["opportunity"] != 5.0 || item["taxValue"] != 1.0 {
		t.Errorf("manual sum and tax = %v, %v; want 5, 1", item["opportunity"], item["taxValue"])
	}
	if err := p.Change(1, Deal, deal, Fields{"isManualOpportunity": "N"}); err != nil {
		t.Fatal(err)
	}
	if item := p.Item(Deal, deal); item["opportunity"] != 122.0 || item["taxValue"] != 22.0 {
		t.Errorf("calculated sum and tax = %v, %v; want 122, 22", item["opportunity"], item["taxValue"])
	}
}

// The same rows get new ids, and a given id is ignored.
func TestRowsAreReplaced(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.SetRows(1, Deal, deal, []Row{{Name: "Услуга", Price: 100}, {Name: "Работа", Price: 50}})
	before := p.Rows(Deal, deal)
	set := make([]any, len(before))
	for i, r := range before {
		set[i] = r
	}
	for range 2 {
		p.mustCall(t, 1, "crm.item.productrow.set", Fields{"ownerType": "D", "ownerId": deal, "productRows": set})
	}
	after := p.Rows(Deal, deal)
	if len(after) != len(before) {
		t.Fatalf("%d rows after the replacements, want %d", len(after), len(before))
	}
	for i, r := range after {
		if php.Integer(r["id"]) <= php.Integer(before[1]["id"])+2 {
			t.Errorf("row %d has the id %v, want one after both replacements", i, r["id"])
		}
		delete(r, "id")
		delete(before[i], "id")
		if !maps.Equal(r, before[i]) {
			t.Errorf("row %d = %v, want %v", i, r, before[i])
		}
	}
}

func TestUnitsAndTypesOfRows(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.SetRows(1, Deal, deal, []Row{
		{Name: "Услуга", Price: 1}, {Name: "Час", Price: 1, Measure: 356},
		{Name: "Своя", Price: 1, Measure: 9901, MeasureName: "усл."}, {Name: "Без единицы", Price: 1, NoMeasure: true, Type: 7},
	})
	rows := p.Rows(Deal, deal)
	for i, want := range []struct {
		code float64
		name string
	}{{796, "шт"}, {356, "ч"}, {9901, "усл."}, {0, ""}} {
		if rows[i]["measureCode"] != want.code || rows[i]["measureName"] != want.name {
			t.Errorf("row %d has the unit %v %v, want %v", i, rows[i]["measureCode"], rows[i]["measureName"], want)
		}
	}
	if rows[0]["type"] != 4.0 || rows[3]["type"] != 7.0 {
		t.Errorf("types %v, %v of the first and the last row, want 4, 7", rows[0]["type"], rows[3]["type"])
	}
	p.mustCall(t, 1, "crm.item.productrow.set", Fields{"ownerType": "D", "ownerId": deal, "productRows": []any{
		Fields{"productName": "Без каталога", "price": 1}, Fields{"productId": 9621, "price": 1},
		Fields{"productName": "Своя", "price": 1, "measureCode": 9901, "measureName": "иначе", "type": 7},
	}})
	rows = p.Rows(Deal, deal)
	for i, want := range []string{"", "шт", "усл."} {
		if rows[i]["measureName"] != want || rows[i]["type"] != 4.0 {
			t.Errorf("set row %d has the unit %v and type %v, want %q and 4", i, rows[i]["measureName"], rows[i]["type"], want)
		}
	}
}
