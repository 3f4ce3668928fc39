package bitrix24test

import (
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

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

	rows := php.List(p.mustCall(t, 2, "crm.requisite.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}}).Result())
	if len(rows) != 1 || php.Map(rows[0])["RQ_INN"] != "0700000001" || php.Map(rows[0])["ID"] != "1" {
		t.Errorf("requisites = %v", rows)
	}
	if got := php.List(p.mustCall(t, 2, "crm.requisite.list", Fields{"filter": Fields{"RQ_INN": "0700000001"}, "select": []any{"ID", "RQ_INN"}}).Result()); len(got) != 1 || len(php.Map(got[0])) != 2 {
		t.Errorf("by INN = %v", got)
	}
	if got := php.List(p.mustCall(t, 2, "crm.requisite.bankdetail.list", Fields{"filter": Fields{"ENTITY_ID": rq}}).Result()); php.Map(got[0])["NAME"] != "ПАО Сбербанк" {
		t.Errorf("bank = %v", got)
	}
	if got := php.List(p.mustCall(t, 2, "crm.address.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 8, "@ENTITY_ID": []any{rq}}}).Result()); php.Map(got[0])["CITY"] != "Москва" {
		t.Errorf("address = %v", got)
	}
	if r := p.refusedCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}); r.Body["error_description"] != "Not found" {
		t.Errorf("no link yet: %v", r.Body)
	}
	p.mustCall(t, 2, "crm.requisite.link.register", Fields{"fields": Fields{
		"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": rq, "BANK_DETAIL_ID": bank, "MC_REQUISITE_ID": 0, "MC_BANK_DETAIL_ID": 0,
	}})
	if got := p.mustCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}).Map(); got["REQUISITE_ID"] != "1" || got["MC_REQUISITE_ID"] != "0" || got["ENTITY_ID"] != float64(deal) {
		t.Errorf("link = %v", got)
	}
	item := p.mustCall(t, 2, "crm.item.get", Fields{"entityTypeId": 4, "id": company}).item()
	if item["emailWork"] != "a@b.ru" || item["email"] != "a@b.ru" || item["hasPhone"] != "Y" || len(php.List(item["fm"])) != 2 {
		t.Errorf("multi-fields = %v", item)
	}
	picked := php.Map(p.mustCall(t, 2, "crm.item.list", Fields{"entityTypeId": 4, "select": []any{"id", "fm", "emailWork"}}).items()[0])
	if _, named := picked["fm"]; named || picked["emailWork"] != "a@b.ru" {
		t.Errorf("fm cannot be named in select: %v", picked)
	}
}

// TestSeveralRequisites: both parties have several requisites with addresses and accounts, and the link of the deal selects them.
func TestSeveralRequisites(t *testing.T) {
	p := Start(t, unlimited)
	client, ours, stranger := p.AddItem(Company, Fields{"title": "ООО «Клиент»"}), p.AddItem(Company, Fields{"title": "Мы", "isMyCompany": "Y"}), p.AddItem(Company, Fields{"title": "Чужая"})
	deal := p.AddItem(Deal, Fields{"title": "A", "companyId": client})
	requisite := func(company int64, kpp, city string) (rq, bank int64) {
		rq = p.AddRequisite(Fields{"ENTITY_TYPE_ID": Company, "ENTITY_ID": company, "RQ_INN": "7802020205", "RQ_KPP": kpp})
		p.AddAddress(Fields{"ENTITY_ID": rq, "CITY": city})
		return rq, p.AddBankDetail(Fields{"ENTITY_ID": rq, "RQ_BANK_NAME": "Банк " + city, "RQ_ACC_NUM": kpp})
	}
	_, headBank := requisite(client, "780201001", "Санкт-Петербург")
	branch, branchBank := requisite(client, "540243001", "Новосибирск")
	foreign, _ := requisite(stranger, "770101001", "Москва")
	_, _ = requisite(ours, "770201001", "Москва")
	second, secondBank := requisite(ours, "771443001", "Тверь")

	register := func(rq, bank, mc, mcBank int64) Fields {
		return Fields{"fields": Fields{"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": rq, "BANK_DETAIL_ID": bank, "MC_REQUISITE_ID": mc, "MC_BANK_DETAIL_ID": mcBank}}
	}
	for words, in := range map[string]Fields{
		"The Requisite with ID '99' is not found":                                         register(99, 0, 0, 0),
		"The Requisite with ID '3' is not assigned to Company with ID '1'":                register(foreign, 0, 0, 0),
		"The BankDetail with ID '1' is not assigned to Requisite with ID '2'":             register(branch, headBank, 0, 0),
		"The Requisite with ID '3' is not assigned to your company with ID '3'":           register(0, 0, foreign, 0),
		"The BankDetail of your company with ID '77' is not found":                        register(0, 0, second, 77),
		"The BankDetail of your company with ID '1' is not assigned to Requisite of your": register(0, 0, second, headBank),
	} {
		if r := p.refusedCall(t, 1, "crm.requisite.link.register", in); !strings.HasPrefix(php.Text(r.Body["error_description"]), words) {
			t.Errorf("%v, want %s", r.Body, words)
		}
	}
	p.mustCall(t, 1, "crm.requisite.link.register", register(branch, branchBank, second, secondBank))
	link := p.mustCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}).Map()
	for column, want := range map[string]int64{"REQUISITE_ID": branch, "BANK_DETAIL_ID": branchBank, "MC_REQUISITE_ID": second, "MC_BANK_DETAIL_ID": secondBank} {
		if php.Integer(link[column]) != want {
			t.Errorf("%s = %v, want %d", column, link[column], want)
		}
	}
	for rq, city := range map[any]string{link["REQUISITE_ID"]: "Новосибирск", link["MC_REQUISITE_ID"]: "Тверь"} {
		address := php.List(p.mustCall(t, 2, "crm.address.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 8, "ENTITY_ID": rq}}).Result())
		bank := php.List(p.mustCall(t, 2, "crm.requisite.bankdetail.list", Fields{"filter": Fields{"ENTITY_ID": rq}}).Result())
		if len(address) != 1 || php.Map(address[0])["CITY"] != city || len(bank) != 1 || php.Map(bank[0])["NAME"] != "Банк "+city {
			t.Errorf("requisite %v: %v, %v", rq, address, bank)
		}
		if php.Map(address[0])["ANCHOR_TYPE_ID"] != "4" {
			t.Errorf("the address does not tell its owner: %v", address[0])
		}
	}
	if !p.DeleteRequisite(branch) || len(p.AddressesOf(branch)) != 0 || len(p.BankDetailsOf(branch)) != 0 || p.DeleteRequisite(branch) {
		t.Error("the deleted requisite left something")
	}
	link = p.mustCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}).Map()
	if link["REQUISITE_ID"] != "0" || link["BANK_DETAIL_ID"] != "0" || php.Integer(link["MC_REQUISITE_ID"]) != second {
		t.Errorf("after the deletion the remaining requisites of the link are %v", link)
	}
	p.DeleteRequisite(second)
	if r := p.refusedCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}); r.Body["error_description"] != "Not found" {
		t.Errorf("the choice of deleted requisites: %v", r.Body)
	}
}

// TestPresetsOfAPortal: the ids of presets differ between portals, their XML_ID does not.
func TestPresetsOfAPortal(t *testing.T) {
	p := Start(t, unlimited)
	rq := p.AddRequisite(Fields{"ENTITY_TYPE_ID": Company, "ENTITY_ID": 1, "PRESET_ID": PresetEntrepreneur})
	p.RenumberPresets(21, 17, 35)
	for i, raw := range php.List(p.mustCall(t, 2, "crm.requisite.preset.list", Fields{"order": Fields{"SORT": "ASC"}}).Result()) {
		want := []Fields{{"ID": "21", "NAME": "Организация"}, {"ID": "17", "NAME": "ИП"}, {"ID": "35", "NAME": "Физ. лицо"}}[i]
		if preset := php.Map(raw); preset["ID"] != want["ID"] || preset["NAME"] != want["NAME"] {
			t.Errorf("preset %d = %v, want %v", i, preset, want)
		}
	}
	if got := p.Requisite(rq)["PRESET_ID"]; got != "17" {
		t.Errorf("the requisite's preset is %v", got)
	}
}
