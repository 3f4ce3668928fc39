package bitrix24test

import "testing"

func TestProductRows(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A"})
	ten := 10.0
	p.SetRows(1, Deal, deal, []Row{
		{Name: "iphone 14", Price: 90000, Quantity: 3, TaxRate: &ten, TaxIncluded: true, DiscountRate: 10},
		{Name: "Без НДС", Price: 5550, Measure: 6},
	})
	rows := list(p.must(t, 2, "crm.item.productrow.list", Fields{"filter": Fields{"=ownerType": "D", "=ownerId": deal}}).Map()["productRows"])
	first, second := fields(rows[0]), fields(rows[1])
	for name, want := range map[string]float64{
		"price": 90000, "priceExclusive": 81818.18, "priceNetto": 90909.09, "priceBrutto": 100000, "discountSum": 9090.91, "taxRate": 10,
	} {
		if first[name] != want {
			t.Errorf("%s = %v, want %v", name, first[name], want)
		}
	}
	if second["taxRate"] != nil || second["measureName"] != "м" || second["quantity"] != 1.0 {
		t.Errorf("second row = %v", second)
	}
	if item := p.Item(Deal, deal); item["opportunity"] != 275550.0 || item["taxValue"] != 24545.45 {
		t.Errorf("the deal's sums = %v, %v", item["opportunity"], item["taxValue"])
	}
	if got := len(list(p.must(t, 2, "crm.item.productrow.list", Fields{"filter": Fields{"=ownerType": "D", "=ownerId": deal, ">price": 6000}}).Map()["productRows"])); got != 1 {
		t.Errorf("a filter by price found %d", got)
	}
	p.Hide(3, Deal, deal)
	if r := p.refused(t, 3, "crm.item.productrow.list", Fields{"filter": Fields{"=ownerType": "D", "=ownerId": deal}}); r.Body["error_description"] != "Доступ запрещен" {
		t.Errorf("foreign rows: %v", r.Body)
	}
}

func TestRowsOfASmartProcess(t *testing.T) {
	p := Start(t, unlimited)
	_, entityType := withActs(t, p)
	item := p.must(t, 1, "crm.item.add", Fields{"entityTypeId": entityType, "fields": Fields{"title": "Акт"}}).item()
	set := Fields{"ownerType": "T406", "ownerId": item["id"], "productRows": []any{
		Fields{"productName": "Услуга", "price": 122, "quantity": 0.5, "taxRate": 22, "taxIncluded": "Y", "discountTypeId": 1, "discountSum": 10},
	}}
	row := fields(list(p.must(t, 1, "crm.item.productrow.set", set).Map()["productRows"])[0])
	if row["priceExclusive"] != 100.0 || row["priceNetto"] != 110.0 || row["priceBrutto"] != 134.2 || row["ownerType"] != "T406" {
		t.Errorf("row = %v", row)
	}
	if r := p.refused(t, 1, "crm.item.productrow.set", Fields{"ownerType": "D", "ownerId": 99, "productRows": []any{}}); r.Error() != "OWNER_NOT_FOUND" {
		t.Errorf("no such deal: %v", r.Body)
	}
	if got := p.Item(int(entityType), integer(item["id"]))["opportunity"]; got != 61.0 {
		t.Errorf("sum = %v", got)
	}
}
