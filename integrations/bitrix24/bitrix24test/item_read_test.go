package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestMultiFieldsOfACompany(t *testing.T) {
	p := Start(t, unlimited)
	company := p.AddItem(Company, Fields{"title": "ООО «Ромашка»", "fm": []any{
		Fields{"typeId": "EMAIL", "valueType": "WORK", "value": "a@b.ru"}, Fields{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7"},
	}})
	item := p.mustCall(t, 2, "crm.item.get", Fields{"entityTypeId": 4, "id": company}).item()
	if item["emailWork"] != "a@b.ru" || item["email"] != "a@b.ru" || item["hasPhone"] != "Y" || len(php.List(item["fm"])) != 2 {
		t.Errorf("company = %v, want the e-mail, hasPhone Y and two values in fm", item)
	}
	selected := php.Map(p.mustCall(t, 2, "crm.item.list", Fields{"entityTypeId": 4, "select": []any{"id", "fm", "emailWork"}}).items()[0])
	if _, hasFM := selected["fm"]; hasFM || selected["emailWork"] != "a@b.ru" {
		t.Errorf("selected fields = %v, want emailWork without fm, which cannot be selected", selected)
	}
}
