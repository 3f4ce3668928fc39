package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestUserFields(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A", "ufCrmDealActsOperator": "2BE"})
	if _, visible := p.Item(Deal, deal)["ufCrmDealActsOperator"]; visible {
		t.Error("a deal has a value before its field exists")
	}
	add := Fields{"moduleId": "crm", "field": Fields{"entityId": "CRM_DEAL", "fieldName": "UF_CRM_DEAL_ACTS_OPERATOR", "userTypeId": "string", "editFormLabel": "Оператор ЭДО"}}
	p.mustCall(t, 1, "userfieldconfig.add", add)
	if got := p.Item(Deal, deal)["ufCrmDealActsOperator"]; got != "2BE" {
		t.Errorf("the value written before its field existed = %v, want 2BE", got)
	}
	p.refusedWith(t, 1, "userfieldconfig.add", add, "", "Поле UF_CRM_DEAL_ACTS_OPERATOR для объекта CRM_DEAL уже существует.")
	p.refusedWith(t, 2, "userfieldconfig.add", add, "", "Access denied")
	listed := php.List(p.mustCall(t, 1, "userfieldconfig.list", Fields{"moduleId": "crm", "filter": Fields{"entityId": "CRM_DEAL"}}).Map()["fields"])
	if len(listed) != 1 || php.Map(listed[0])["fieldName"] != "UF_CRM_DEAL_ACTS_OPERATOR" {
		t.Errorf("fields of deals = %v, want UF_CRM_DEAL_ACTS_OPERATOR", listed)
	}
}

func TestUserFieldWithOptions(t *testing.T) {
	p := Start(t, unlimited)
	id, entityType := addActType(t, p)
	created := php.Map(p.mustCall(t, 1, "userfieldconfig.add", Fields{"moduleId": "crm", "field": Fields{
		"entityId": "CRM_" + php.Text(float64(id)), "fieldName": "UF_CRM_1_MEDIUM", "userTypeId": "enumeration",
		"enum": []any{Fields{"value": "Бумажный", "xmlId": "paper"}, Fields{"value": "Электронный", "xmlId": "edo"}},
	}}).Map()["field"])
	option := php.Integer(php.Map(php.List(created["enum"])[1])["id"])
	item := p.mustCall(t, 1, "crm.item.add", Fields{"entityTypeId": entityType, "fields": Fields{"ufCrm1Medium": option}}).item()
	if item["ufCrm1Medium"] != float64(option) {
		t.Errorf("the value of the field is %v, want the option %d", item["ufCrm1Medium"], option)
	}
	unknownOption := Fields{"entityTypeId": entityType, "id": item["id"], "fields": Fields{"ufCrm1Medium": 999}}
	if r := p.refusedCall(t, 1, "crm.item.update", unknownOption); r.Error() != "CRM_FIELD_ERROR_VALUE_NOT_VALID" {
		t.Errorf("an unknown option: %v, want CRM_FIELD_ERROR_VALUE_NOT_VALID", r.Body)
	}
}

func TestUserFieldNames(t *testing.T) {
	for want, f := range map[string]UserField{
		"ufCrmDealActsOperator": {EntityID: "CRM_DEAL", Name: "UF_CRM_DEAL_ACTS_OPERATOR"},
		"ufCrm_1721244707107":   {EntityID: "CRM_DEAL", Name: "UF_CRM_1721244707107"},
		"ufCrm7_1639669411830":  {EntityID: "CRM_7", Name: "UF_CRM_7_1639669411830"},
		"ufCrm7ActsMedium":      {EntityID: "CRM_7", Name: "UF_CRM_7_ACTS_MEDIUM"},
	} {
		if got := f.itemName(); got != want {
			t.Errorf("%s in items is %s, want %s", f.Name, got, want)
		}
	}
}
