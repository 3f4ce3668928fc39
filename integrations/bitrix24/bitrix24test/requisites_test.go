package bitrix24test

import (
	"slices"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestRequisites(t *testing.T) {
	p := Start(t, unlimited)
	company := p.AddItem(Company, Fields{"title": "ООО «Ромашка»"})
	deal := p.AddItem(Deal, Fields{"title": "A", "companyId": company})
	requisite := p.AddRequisite(Fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "RQ_INN": "0700000001", "RQ_KPP": "770101001"})
	p.AddRequisite(Fields{"ENTITY_TYPE_ID": 3, "ENTITY_ID": 1, "PRESET_ID": 2, "RQ_INN": "700000001"})
	bank := p.AddBankDetail(Fields{"ENTITY_ID": requisite, "RQ_BIK": "044525225", "RQ_BANK_NAME": "ПАО Сбербанк"})
	p.AddAddress(Fields{"ENTITY_ID": requisite, "CITY": "Москва", "POSTAL_CODE": "101000"})

	rows := php.List(p.mustCall(t, 2, "crm.requisite.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}}).Result())
	if len(rows) != 1 || php.Map(rows[0])["RQ_INN"] != "0700000001" || php.Map(rows[0])["ID"] != "1" {
		t.Errorf("requisites of the company = %v, want one with its INN and id as texts", rows)
	}
	if got := php.List(p.mustCall(t, 2, "crm.requisite.list", Fields{"filter": Fields{"RQ_INN": "0700000001"}, "select": []any{"ID", "RQ_INN"}}).Result()); len(got) != 1 || len(php.Map(got[0])) != 2 {
		t.Errorf("requisites by INN = %v, want one with the two selected fields", got)
	}
	if got := php.List(p.mustCall(t, 2, "crm.requisite.bankdetail.list", Fields{"filter": Fields{"ENTITY_ID": requisite}}).Result()); php.Map(got[0])["NAME"] != "ПАО Сбербанк" {
		t.Errorf("bank details = %v, want those of ПАО Сбербанк", got)
	}
	if got := php.List(p.mustCall(t, 2, "crm.address.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 8, "@ENTITY_ID": []any{requisite}}}).Result()); php.Map(got[0])["CITY"] != "Москва" {
		t.Errorf("addresses = %v, want Москва", got)
	}
	p.refusedWith(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}, "", "Not found")
	p.mustCall(t, 2, "crm.requisite.link.register", Fields{"fields": Fields{
		"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": requisite, "BANK_DETAIL_ID": bank, "MC_REQUISITE_ID": 0, "MC_BANK_DETAIL_ID": 0,
	}})
	if got := p.mustCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}).Map(); got["REQUISITE_ID"] != "1" || got["MC_REQUISITE_ID"] != "0" || got["ENTITY_ID"] != float64(deal) {
		t.Errorf("link = %v, want the requisite, none of ours and the deal", got)
	}
}

// Both parties have several requisites with addresses and accounts, and the link of the deal selects among them.
func TestLinkSelectsAmongSeveralRequisites(t *testing.T) {
	p := Start(t, unlimited)
	client, ours, stranger := p.AddItem(Company, Fields{"title": "ООО «Клиент»"}), p.AddItem(Company, Fields{"title": "Мы", "isMyCompany": "Y"}), p.AddItem(Company, Fields{"title": "Чужая"})
	deal := p.AddItem(Deal, Fields{"title": "A", "companyId": client})
	add := func(company int64, kpp, city string) (requisite, bank int64) {
		requisite = p.AddRequisite(Fields{"ENTITY_TYPE_ID": Company, "ENTITY_ID": company, "RQ_INN": "7802020205", "RQ_KPP": kpp})
		p.AddAddress(Fields{"ENTITY_ID": requisite, "CITY": city})
		return requisite, p.AddBankDetail(Fields{"ENTITY_ID": requisite, "RQ_BANK_NAME": "Банк " + city, "RQ_ACC_NUM": kpp})
	}
	_, headBank := add(client, "780201001", "Санкт-Петербург")
	branch, branchBank := add(client, "540243001", "Новосибирск")
	foreign, _ := add(stranger, "770101001", "Москва")
	_, _ = add(ours, "770201001", "Москва")
	second, secondBank := add(ours, "771443001", "Тверь")

	linkTo := func(requisite, bank, ourRequisite, ourBank int64) Fields {
		return Fields{"fields": Fields{"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "REQUISITE_ID": requisite, "BANK_DETAIL_ID": bank, "MC_REQUISITE_ID": ourRequisite, "MC_BANK_DETAIL_ID": ourBank}}
	}
	for want, in := range map[string]Fields{
		"The Requisite with ID '99' is not found":                                         linkTo(99, 0, 0, 0),
		"The Requisite with ID '3' is not assigned to Company with ID '1'":                linkTo(foreign, 0, 0, 0),
		"The BankDetail with ID '1' is not assigned to Requisite with ID '2'":             linkTo(branch, headBank, 0, 0),
		"The Requisite with ID '3' is not assigned to your company with ID '3'":           linkTo(0, 0, foreign, 0),
		"The BankDetail of your company with ID '77' is not found":                        linkTo(0, 0, second, 77),
		"The BankDetail of your company with ID '1' is not assigned to Requisite of your": linkTo(0, 0, second, headBank),
	} {
		if r := p.refusedCall(t, 1, "crm.requisite.link.register", in); !strings.HasPrefix(php.Text(r.Body["error_description"]), want) {
			t.Errorf("refusal = %v, want %s", r.Body, want)
		}
	}
	p.mustCall(t, 1, "crm.requisite.link.register", linkTo(branch, branchBank, second, secondBank))
	link := p.mustCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}).Map()
	for column, want := range map[string]int64{"REQUISITE_ID": branch, "BANK_DETAIL_ID": branchBank, "MC_REQUISITE_ID": second, "MC_BANK_DETAIL_ID": secondBank} {
		if php.Integer(link[column]) != want {
			t.Errorf("%s = %v, want %d", column, link[column], want)
		}
	}
	for requisite, city := range map[any]string{link["REQUISITE_ID"]: "Новосибирск", link["MC_REQUISITE_ID"]: "Тверь"} {
		address := php.List(p.mustCall(t, 2, "crm.address.list", Fields{"filter": Fields{"ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite}}).Result())
		bank := php.List(p.mustCall(t, 2, "crm.requisite.bankdetail.list", Fields{"filter": Fields{"ENTITY_ID": requisite}}).Result())
		if len(address) != 1 || php.Map(address[0])["CITY"] != city || len(bank) != 1 || php.Map(bank[0])["NAME"] != "Банк "+city {
			t.Errorf("requisite %v has the addresses %v and the banks %v, want one each of %s", requisite, address, bank, city)
		}
		if php.Map(address[0])["ANCHOR_TYPE_ID"] != "4" {
			t.Errorf("the address %v lacks the type of its owner, 4", address[0])
		}
	}
	if !p.DeleteRequisite(branch) || len(p.AddressesOf(branch)) != 0 || len(p.BankDetailsOf(branch)) != 0 || p.DeleteRequisite(branch) {
		t.Error("a deleted requisite keeps addresses or bank details, or is deleted twice")
	}
	link = p.mustCall(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}).Map()
	if link["REQUISITE_ID"] != "0" || link["BANK_DETAIL_ID"] != "0" || php.Integer(link["MC_REQUISITE_ID"]) != second {
		t.Errorf("link after the deletion = %v, want only our requisite", link)
	}
	p.DeleteRequisite(second)
	p.refusedWith(t, 2, "crm.requisite.link.get", Fields{"entityTypeId": 2, "entityId": deal}, "", "Not found")
}

// The ids of presets differ between portals, their order and names do not.
func TestRenumberPresets(t *testing.T) {
	p := Start(t, unlimited)
	requisite := p.AddRequisite(Fields{"ENTITY_TYPE_ID": Company, "ENTITY_ID": 1, "PRESET_ID": PresetEntrepreneur})
	p.RenumberPresets(21, 17, 35)
	var presets []string
	for _, raw := range php.List(p.mustCall(t, 2, "crm.requisite.preset.list", Fields{"order": Fields{"SORT": "ASC"}}).Result()) {
		presets = append(presets, php.Text(php.Map(raw)["ID"])+" "+php.Text(php.Map(raw)["NAME"]))
	}
	if want := []string{"21 Организация", "17 ИП", "35 Физ. лицо"}; !slices.Equal(presets, want) {
		t.Errorf("presets = %q, want %q", presets, want)
	}
	if got := p.Requisite(requisite)["PRESET_ID"]; got != "17" {
		t.Errorf("the preset of the requisite is %v, want 17", got)
	}
}
