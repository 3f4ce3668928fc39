package bitrix24test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// withActs creates a smart process with all settings that add fields, and returns its ids.
func withActs(t *testing.T, p *Portal) (id, entityType int64) {
	t.Helper()
	r := p.must(t, 1, "crm.type.add", Fields{"fields": Fields{
		"title": "Акты", "isStagesEnabled": "Y", "isClientEnabled": "Y", "isMycompanyEnabled": "Y", "isLinkWithProductsEnabled": "Y",
		"isBeginCloseDatesEnabled": "Y", "isSourceEnabled": "Y", "isObserversEnabled": "Y",
		"relations":        Fields{"parent": []any{Fields{"entityTypeId": 2, "isChildrenListEnabled": "true"}}},
		"linkedUserFields": Fields{"TASKS_TASK|UF_CRM_TASK": "true"},
	}})
	made := php.Map(r.Map()["type"])
	return php.Integer(made["id"]), php.Integer(made["entityTypeId"])
}

func TestSmartProcess(t *testing.T) {
	p := Start(t, unlimited)
	id, entityType := withActs(t, p)
	if id != 1 || entityType != 1030 {
		t.Fatalf("type %d, entity type %d", id, entityType)
	}
	relations := php.Map(p.must(t, 2, "crm.type.getByEntityTypeId", Fields{"entityTypeId": entityType}).Map()["type"])["relations"]
	if got := php.Map(php.List(php.Map(relations)["parent"])[2]); got["entityTypeId"] != 2.0 || got["isChildrenListEnabled"] != "Y" {
		t.Errorf("relations = %v", relations)
	}
	cat := php.Map(php.List(p.must(t, 1, "crm.category.list", Fields{"entityTypeId": entityType}).Map()["categories"])[0])
	entity := "DYNAMIC_1030_STAGE_" + php.Text(cat["id"])
	p.must(t, 1, "crm.status.add", Fields{"fields": Fields{"ENTITY_ID": entity, "STATUS_ID": "SENT", "NAME": "Акт направлен заявителю", "SORT": 35}})
	stages := php.List(p.must(t, 1, "crm.status.list", Fields{"filter": Fields{"ENTITY_ID": entity}, "order": Fields{"SORT": "ASC"}}).Result())
	if got := php.Map(stages[3]); got["STATUS_ID"] != "DT1030_"+php.Text(cat["id"])+":SENT" || got["SORT"] != "35" {
		t.Errorf("stages = %v", stages)
	}
	deal := p.AddItem(Deal, Fields{"title": "A"})
	item := p.must(t, 2, "crm.item.add", Fields{"entityTypeId": entityType, "fields": Fields{
		"parentId2": deal, "originatorId": "acts24", "originId": "act-1", "xmlId": "acts24-1", "title": "Акт № 1", "observers": []any{"1", 2},
	}}).item()
	if item["stageId"] != "DT1030_"+php.Text(cat["id"])+":NEW" || item["parentId2"] != 1.0 || item["previousStageId"] != nil {
		t.Errorf("item = %v", item)
	}
	for _, filter := range []Fields{{"parentId2": deal}, {"@parentId2": []any{deal, 77}}, {"=xmlId": "acts24-1"}} {
		if got := p.must(t, 1, "crm.item.list", Fields{"entityTypeId": entityType, "filter": filter}).items(); len(got) != 1 {
			t.Errorf("%v found %d", filter, len(got))
		}
	}
	if _, has := item["originId"]; has {
		t.Error("an item of a smart process has an originId")
	}
	if r := p.refused(t, 1, "crm.item.list", Fields{"entityTypeId": entityType, "filter": Fields{"=originId": "act-1"}}); r.Error() != "INVALID_ARG_VALUE" {
		t.Errorf("a filter by originId: %v", r.Body)
	}
	if upper := php.Map(php.Map(p.must(t, 1, "crm.item.fields", Fields{"entityTypeId": entityType}).Map()["fields"])["parentId2"])["upperName"]; upper != "PARENT_ID_2" {
		t.Errorf("upperName = %v", upper)
	}
	bare := php.Integer(php.Map(p.must(t, 1, "crm.type.add", Fields{"fields": Fields{"title": "Без ничего"}}).Map()["type"])["entityTypeId"])
	if got := p.must(t, 1, "crm.item.fields", Fields{"entityTypeId": bare}).Map()["fields"]; php.Map(got)["stageId"] != nil || php.Map(got)["opportunity"] != nil {
		t.Errorf("fields of a type without stages and products: %v", got)
	}
	p.must(t, 1, "crm.item.delete", Fields{"entityTypeId": entityType, "id": item["id"]})
	p.refused(t, 1, "crm.item.get", Fields{"entityTypeId": entityType, "id": item["id"]})
}

func TestStagesKeepTheirOrder(t *testing.T) {
	p := Start(t, unlimited)
	add := func(code, sort, semantics string) Fields {
		return Fields{"fields": Fields{"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": code, "NAME": code, "SORT": sort, "SEMANTICS": semantics}}
	}
	p.must(t, 1, "crm.status.add", add("APPROVED", "45", ""))
	p.refused(t, 1, "crm.status.add", add("LATE", "65", ""))
	p.refused(t, 1, "crm.status.add", add("WON2", "61", "S"))
	if r := p.refused(t, 1, "crm.status.add", add("APPROVED", "46", "")); r.Error() != "ERROR_CORE" {
		t.Errorf("duplicate: %v", r.Body)
	}
	p.refused(t, 1, "crm.status.add", add("A_CODE_OF_MORE_THAN_22_CHARS", "46", ""))
}

func TestUserFields(t *testing.T) {
	p := Start(t, unlimited)
	deal := p.AddItem(Deal, Fields{"title": "A", "ufCrmDealActsOperator": "2BE"})
	if _, shown := p.Item(Deal, deal)["ufCrmDealActsOperator"]; shown {
		t.Error("a value is shown before its field exists")
	}
	add := Fields{"moduleId": "crm", "field": Fields{"entityId": "CRM_DEAL", "fieldName": "UF_CRM_DEAL_ACTS_OPERATOR", "userTypeId": "string", "editFormLabel": "Оператор ЭДО"}}
	p.must(t, 1, "userfieldconfig.add", add)
	if got := p.Item(Deal, deal)["ufCrmDealActsOperator"]; got != "2BE" {
		t.Errorf("the kept value = %v", got)
	}
	if r := p.refused(t, 1, "userfieldconfig.add", add); r.Error() != "" {
		t.Errorf("a second one: %v", r.Body)
	}
	p.refused(t, 2, "userfieldconfig.add", add)
	id, entityType := withActs(t, p)
	made := php.Map(p.must(t, 1, "userfieldconfig.add", Fields{"moduleId": "crm", "field": Fields{
		"entityId": "CRM_" + php.Text(float64(id)), "fieldName": "UF_CRM_1_MEDIUM", "userTypeId": "enumeration",
		"enum": []any{Fields{"value": "Бумажный", "xmlId": "paper"}, Fields{"value": "Электронный", "xmlId": "edo"}},
	}}).Map()["field"])
	option := php.Integer(php.Map(php.List(made["enum"])[1])["id"])
	item := p.must(t, 1, "crm.item.add", Fields{"entityTypeId": entityType, "fields": Fields{"ufCrm1Medium": option}}).item()
	if item["ufCrm1Medium"] != float64(option) {
		t.Errorf("enumeration = %v, want %d", item["ufCrm1Medium"], option)
	}
	p.refused(t, 1, "crm.item.update", Fields{"entityTypeId": entityType, "id": item["id"], "fields": Fields{"ufCrm1Medium": 999}})
	listed := php.List(p.must(t, 1, "userfieldconfig.list", Fields{"moduleId": "crm", "filter": Fields{"entityId": "CRM_DEAL"}}).Map()["fields"])
	if len(listed) != 1 || php.Map(listed[0])["fieldName"] != "UF_CRM_DEAL_ACTS_OPERATOR" {
		t.Errorf("list = %v", listed)
	}
}

func TestUserFieldNames(t *testing.T) {
	for name, tt := range map[string]UserField{
		"ufCrmDealActsOperator": {EntityID: "CRM_DEAL", Name: "UF_CRM_DEAL_ACTS_OPERATOR"},
		"ufCrm_1721244707107":   {EntityID: "CRM_DEAL", Name: "UF_CRM_1721244707107"},
		"ufCrm7_1639669411830":  {EntityID: "CRM_7", Name: "UF_CRM_7_1639669411830"},
		"ufCrm7ActsMedium":      {EntityID: "CRM_7", Name: "UF_CRM_7_ACTS_MEDIUM"},
	} {
		if got := tt.itemName(); got != name {
			t.Errorf("%s becomes %s, want %s", tt.Name, got, name)
		}
	}
}

func TestFilesAreBoundToTheToken(t *testing.T) {
	p := Start(t, unlimited)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_COPY", Kind: "file"})
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	pair := func(name, data string) []any { return []any{name, base64.StdEncoding.EncodeToString([]byte(data))} }
	update := func(f Fields) Fields {
		return p.must(t, 2, "crm.item.update", Fields{"entityTypeId": 2, "id": deal, "fields": f}).item()
	}
	item := update(Fields{"ufCrmCopy": pair("акт.pdf", "%PDF"), "ufCrmMany": []any{pair("1.txt", "1"), pair("2.txt", "2")}})
	link := php.Text(php.Map(item["ufCrmCopy"])["urlMachine"])
	resp, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if raw, _ := io.ReadAll(resp.Body); string(raw) != "%PDF" {
		t.Errorf("the file is %q", raw)
	}
	stolen, err := http.Get(strings.Replace(link, "auth=", "auth="+p.Issue(2).Access+"&was=", 1))
	if err != nil || stolen.StatusCode != http.StatusForbidden {
		t.Errorf("the link works with another token: %v %v", stolen, err)
	}
	first := php.Map(php.List(item["ufCrmMany"])[0])["id"]
	if got := php.List(update(Fields{"ufCrmMany": []any{Fields{"id": first}}})["ufCrmMany"]); len(got) != 1 {
		t.Errorf("files that are not named must go: %v", got)
	}
	if got := update(Fields{"ufCrmCopy": ""})["ufCrmCopy"]; got != nil {
		t.Errorf("a cleared file field = %v", got)
	}
}
