package bitrix24test

import "testing"

func TestRequisites(t *testing.T) {
	p := Start(t, unlimited)
	company := p.AddItem(Company, Fields{"title": "ООО «Ромашка»", "fm": []any{
		Fields{"typeId": "EMAIL", "valueType": "WORK", "value": "a@b.ru"}, Fields{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7"},
	}})
	deal := p.AddItem(Deal, Fields{"title": "A", "companyId": company})
	rq := p.AddRequisite(Fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "RQ_INN": "0700000001", "RQ_KPP": "770101001"})
	p.AddRequisite(Fields{"ENTITY_TYPE_ID": 3, "ENTITY_ID": 1, "PRESET_ID": 2, "RQ_INN": "700000001"})
	bank := p.AddBankDetail(Fields{"ENTITY_ID": rq, "RQ_BIK": "044525225", "RQ_BANK_NAME": "ПАО Сбербанк"})
	p.AddAddress(Fields{"ENTITY_ID": rq, "CITY": "Москва", "POSTAL_CODE": "101000"})

	rows := list(p.must(t, 2, "crm.requisite.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}}).Result())
	if len(rows) != 1 || fields(rows[0])["RQ_INN"] != "0700000001" || fields(rows[0])["ID"] != "1" {
		t.Errorf("requisites = %v", rows)
	}
	if got := list(p.must(t, 2, "crm.requisite.list", Fields{"filter": Fields{"RQ_INN": "0700000001"}, "select": []any{"ID", "RQ_INN"}}).Result()); len(got) != 1 || len(fields(got[0])) != 2 {
		t.Errorf("by INN = %v", got)
	}
	if got := list(p.must(t, 2, "crm.requisite.bankdetail.list", Fields{"filter": Fields{"ENTITY_ID": rq}}).Result()); fields(got[0])["NAME"] != "ПАО Сбербанк" {
		t.Errorf("bank = %v", got)
	}
	if got := list(p.must(t, 2, "crm.address.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 8, "@ENTITY_ID": []any{rq}}}).Result()); fields(got[0])["CITY"] != "Москва" {
		t.Errorf("address = %v", got)
	}
	if r := p.refused(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}); r.Body["error_description"] != "Not found" {
		t.Errorf("no link yet: %v", r.Body)
	}
	p.must(t, 2, "crm.requisite.link.register", Fields{"fields": Fields{
		"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": rq, "BANK_DETAIL_ID": bank, "MC_REQUISITE_ID": 0, "MC_BANK_DETAIL_ID": 0,
	}})
	if got := p.must(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}).Map(); got["REQUISITE_ID"] != "1" || got["MC_REQUISITE_ID"] != "0" || got["ENTITY_ID"] != float64(deal) {
		t.Errorf("link = %v", got)
	}
	item := p.must(t, 2, "crm.item.get", Fields{"entityTypeId": 4, "id": company}).item()
	if item["emailWork"] != "a@b.ru" || item["email"] != "a@b.ru" || item["hasPhone"] != "Y" || len(list(item["fm"])) != 2 {
		t.Errorf("multi-fields = %v", item)
	}
	picked := fields(p.must(t, 2, "crm.item.list", Fields{"entityTypeId": 4, "select": []any{"id", "fm", "emailWork"}}).items()[0])
	if _, named := picked["fm"]; named || picked["emailWork"] != "a@b.ru" {
		t.Errorf("fm cannot be named in select: %v", picked)
	}
}
