package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// addActType creates a smart process of acts with all settings that add fields, and returns the id of its type and its entity type.
func addActType(t *testing.T, p *Portal) (id, entityType int64) {
	t.Helper()
	r := p.mustCall(t, 1, "crm.type.add", Fields{"fields": Fields{
		"title": "Акты", "isStagesEnabled": "Y", "isClientEnabled": "Y", "isMycompanyEnabled": "Y", "isLinkWithProductsEnabled": "Y",
		"isBeginCloseDatesEnabled": "Y", "isSourceEnabled": "Y", "isObserversEnabled": "Y",
		"relations":        Fields{"parent": []any{Fields{"entityTypeId": 2, "isChildrenListEnabled": "true"}}},
		"linkedUserFields": Fields{"TASKS_TASK|UF_CRM_TASK": "true"},
	}})
	created := php.Map(r.Map()["type"])
	return php.Integer(created["id"]), php.Integer(created["entityTypeId"])
}

func TestSmartProcess(t *testing.T) {
	p := Start(t, unlimited)
	id, entityType := addActType(t, p)
	if id != 1 || entityType != 1030 {
		t.Fatalf("type %d, entity type %d; want 1, 1030", id, entityType)
	}
	relations := php.Map(p.mustCall(t, 2, "crm.type.getByEntityTypeId", Fields{"entityTypeId": entityType}).Map()["type"])["relations"]
	if got := php.Map(php.List(php.Map(relations)["parent"])[2]); got["entityTypeId"] != 2.0 || got["isChildrenListEnabled"] != "Y" {
		t.Errorf("relations = %v, want the third parent to be deals with a list of children", relations)
	}
	category := php.Map(php.List(p.mustCall(t, 1, "crm.category.list", Fields{"entityTypeId": entityType}).Map()["categories"])[0])
	stageEntity := "DYNAMIC_1030_STAGE_" + php.Text(category["id"])
	p.mustCall(t, 1, "crm.status.add", Fields{"fields": Fields{"ENTITY_ID": stageEntity, "STATUS_ID": "SENT", "NAME": "Акт направлен заявителю", "SORT": 35}})
	stages := php.List(p.mustCall(t, 1, "crm.status.list", Fields{"filter": Fields{"ENTITY_ID": stageEntity}, "order": Fields{"SORT": "ASC"}}).Result())
	if got := php.Map(stages[3]); got["STATUS_ID"] != "DT1030_"+php.Text(category["id"])+":SENT" || got["SORT"] != "35" {
		t.Errorf("stages = %v, want the added one as the fourth", stages)
	}
	deal := p.AddItem(Deal, Fields{"title": "A"})
	item := p.mustCall(t, 2, "crm.item.add", Fields{"entityTypeId": entityType, "fields": Fields{
		"parentId2": deal, "originatorId": "acts24", "originId": "act-1", "xmlId": "acts24-1", "title": "Акт № 1", "observers": []any{"1", 2},
	}}).item()
	if item["stageId"] != "DT1030_"+php.Text(category["id"])+":NEW" || item["parentId2"] != 1.0 || item["previousStageId"] != nil {
		t.Errorf("item = %v, want the first stage, the deal as parent and no previous stage", item)
	}
	for _, filter := range []Fields{{"parentId2": deal}, {"@parentId2": []any{deal, 77}}, {"=xmlId": "acts24-1"}} {
		if got := p.mustCall(t, 1, "crm.item.list", Fields{"entityTypeId": entityType, "filter": filter}).items(); len(got) != 1 {
			t.Errorf("the filter %v finds %d items, want 1", filter, len(got))
		}
	}
	if _, has := item["originId"]; has {
		t.Error("an item of a smart process has an originId")
	}
	if r := p.refusedCall(t, 1, "crm.item.list", Fields{"entityTypeId": entityType, "filter": Fields{"=originId": "act-1"}}); r.Error() != "INVALID_ARG_VALUE" {
		t.Errorf("a filter by originId: %v, want INVALID_ARG_VALUE", r.Body)
	}
	if upper := php.Map(php.Map(p.mustCall(t, 1, "crm.item.fields", Fields{"entityTypeId": entityType}).Map()["fields"])["parentId2"])["upperName"]; upper != "PARENT_ID_2" {
		t.Errorf("upperName of parentId2 = %v, want PARENT_ID_2", upper)
	}
	plainType := php.Integer(php.Map(p.mustCall(t, 1, "crm.type.add", Fields{"fields": Fields{"title": "Без ничего"}}).Map()["type"])["entityTypeId"])
	if got := p.mustCall(t, 1, "crm.item.fields", Fields{"entityTypeId": plainType}).Map()["fields"]; php.Map(got)["stageId"] != nil || php.Map(got)["opportunity"] != nil {
		t.Errorf("fields of a type without stages and products: %v, want neither stageId nor opportunity", got)
	}
	p.mustCall(t, 1, "crm.item.delete", Fields{"entityTypeId": entityType, "id": item["id"]})
	p.refusedWith(t, 1, "crm.item.get", Fields{"entityTypeId": entityType, "id": item["id"]}, "NOT_FOUND", "Элемент не найден")
}
