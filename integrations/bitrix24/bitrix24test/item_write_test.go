package bitrix24test

import (
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestItemRoundTrip(t *testing.T) {
	p := Start(t, unlimited)
	added := p.mustCall(t, 1, "crm.item.add", Fields{"entityTypeId": Deal, "fields": Fields{
		"title": "  Сделка с пробелами ", "opportunity": "1000,50", "isManualOpportunity": true, "noSuchField": 1,
	}}).item()
	if added["title"] != "Сделка с пробелами" || added["opportunity"] != 1000.5 || added["isManualOpportunity"] != "Y" {
		t.Errorf("item = %v, want a trimmed title, the sum 1000.5 and Y", added)
	}
	if added["stageId"] != "NEW" || added["stageSemanticId"] != "P" || added["closed"] != "N" || added["companyId"] != 0.0 {
		t.Errorf("item = %v, want the first stage, not closed, without a company", added)
	}
	read := p.mustCall(t, 2, "crm.item.get", Fields{"entityTypeId": Deal, "id": added["id"]}).item()
	if read["title"] != added["title"] || read["createdBy"] != 1.0 {
		t.Errorf("read back %v, want the written title and createdBy 1", read)
	}
	lines := p.Trace().Lines()
	if got := lines[0].Ignored; len(got) != 1 || got[0] != "noSuchField" {
		t.Errorf("ignored names in the trace: %v, want noSuchField", got)
	}
}

func TestUpdateWithoutAChangeKeepsUpdatedTime(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Now = func() time.Time { return clock } })
	id := p.AddItem(Deal, Fields{"title": "A"})
	before := p.Item(Deal, id)
	clock = clock.Add(time.Hour)
	unchanged := p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": id, "fields": Fields{"title": "A "}}).item()
	if unchanged["updatedTime"] != before["updatedTime"] {
		t.Errorf("updatedTime = %v, want %v", unchanged["updatedTime"], before["updatedTime"])
	}
}

func TestMoveToAnotherStage(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Now = func() time.Time { return clock } })
	id := p.AddItem(Deal, Fields{"title": "A"})
	clock = clock.Add(time.Hour)
	moved := p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": id, "fields": Fields{"stageId": "WON"}}).item()
	if moved["updatedBy"] != 2.0 || moved["movedBy"] != 2.0 || moved["closed"] != "Y" || moved["stageSemanticId"] != "S" {
		t.Errorf("moved item = %v, want it closed with success, moved and updated by user 2", moved)
	}
	if moved["movedTime"] != "2026-11-02T14:00:00+03:00" {
		t.Errorf("movedTime = %v, want 14:00 in Moscow", moved["movedTime"])
	}
	history := p.mustCall(t, 1, "crm.stagehistory.list", Fields{"entityTypeId": Deal, "filter": Fields{"OWNER_ID": id}}).items()
	if len(history) != 2 || php.Map(history[1])["STAGE_ID"] != "WON" || php.Map(history[1])["TYPE_ID"] != 3.0 {
		t.Errorf("history = %v, want the creation and the move to WON", history)
	}
}

func TestRefusedCalls(t *testing.T) {
	p := Start(t, unlimited)
	id := p.AddItem(Deal, Fields{"title": "A"})
	p.Hide(3, Deal, id)
	p.Require(Deal, "WON", "companyId")
	for name, tt := range map[string]struct {
		user   int64
		method string
		in     Fields
		code   string
		status int
	}{
		"no right to see":   {3, "crm.item.get", Fields{"entityTypeId": 2, "id": id}, "ACCESS_DENIED", 400},
		"no such item":      {1, "crm.item.get", Fields{"entityTypeId": 2, "id": 99}, "NOT_FOUND", 400},
		"no such type":      {1, "crm.item.get", Fields{"entityTypeId": 1030, "id": 1}, "NOT_FOUND", 400},
		"missing parameter": {1, "crm.item.get", Fields{"entityTypeId": 2}, "100", 400},
		"wrong type":        {1, "crm.item.get", Fields{"entityTypeId": 2, "id": "abc"}, "100", 400},
		"unknown parameter": {1, "crm.item.get", Fields{"entityTypeId": 2, "id": id, "ID": id}, "ERROR_ARGUMENT", 400},
		"unknown method":    {1, "crm.item.fetch", Fields{}, "ERROR_METHOD_NOT_FOUND", 404},
		"unknown filter":    {1, "crm.item.list", Fields{"entityTypeId": 2, "filter": Fields{"fooBar": 1}}, "INVALID_ARG_VALUE", 400},
		"bad order":         {1, "crm.item.list", Fields{"entityTypeId": 2, "order": Fields{"id": "UP"}}, "INVALID_ARG_VALUE", 400},
		"unknown stage":     {1, "crm.item.update", Fields{"entityTypeId": 2, "id": id, "fields": Fields{"stageId": "C9:NEW"}}, "CRM_FIELD_ERROR_VALUE_NOT_VALID", 400},
		"mandatory field":   {1, "crm.item.update", Fields{"entityTypeId": 2, "id": id, "fields": Fields{"stageId": "WON"}}, "CRM_FIELD_ERROR_REQUIRED", 400},
		"text for a list":   {1, "crm.item.update", Fields{"entityTypeId": 2, "id": id, "fields": Fields{"observers": "1"}}, "100", 400},
		"no administrator":  {2, "crm.type.add", Fields{"fields": Fields{"title": "Акты"}}, "ACCESS_DENIED", 403},
		"odd type number":   {1, "crm.type.add", Fields{"fields": Fields{"title": "Акты", "entityTypeId": 1031}}, "INVALID_ARG_VALUE", 400},
		"rows without =":    {1, "crm.item.productrow.list", Fields{"filter": Fields{"ownerType": "D", "ownerId": id}}, "0", 400},
	} {
		t.Run(name, func(t *testing.T) {
			if r := p.refusedCall(t, tt.user, tt.method, tt.in); r.Error() != tt.code || r.Status != tt.status {
				t.Errorf("got %d %s (%v), want %d %s", r.Status, r.Error(), r.Body["error_description"], tt.status, tt.code)
			}
		})
	}
}

func TestRefusalNamesTheMandatoryField(t *testing.T) {
	p := Start(t, unlimited)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_ACT_NUMBER", Kind: "string", Label: "Номер акта"})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.Require(Deal, "WON", "ufCrmActNumber")
	r := p.refusedCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": deal, "fields": Fields{"stageId": "WON"}})
	if r.Error() != "CRM_FIELD_ERROR_REQUIRED" || r.Body["error_description"] != `Поле "Номер акта" обязательно для заполнения` {
		t.Errorf("refusal = %v, want CRM_FIELD_ERROR_REQUIRED with the label of the field", r.Body)
	}
	p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": deal, "fields": Fields{"stageId": "WON", "ufCrmActNumber": "7"}})
}
