package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestRestoredDealGetsANewID(t *testing.T) {
	box := newInbox(t, 200)
	p := Start(t, unlimited)
	p.FinishInstall(true)
	for _, name := range []string{"ONCRMDEALADD", "ONCRMDEALDELETE"} {
		p.mustCall(t, 1, "event.bind", Fields{"event": name, "handler": box.url})
	}
	kind := int(php.Integer(php.Map(p.mustCall(t, 1, "crm.type.add", Fields{"fields": Fields{
		"title": "Акты", "isStagesEnabled": "Y", "relations": Fields{"parent": []any{Fields{"entityTypeId": Deal, "isChildrenListEnabled": "true"}}},
	}}).Map()["type"])["entityTypeId"]))
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_COPY", Kind: "file"})
	deal, err := p.Create(2, Deal, Fields{"title": "A", "ufCrmCopy": []any{"a.txt", "MQ=="}})
	if err != nil {
		t.Fatal(err)
	}
	p.SetRows(2, Deal, deal, []Row{{Name: "Услуга", Price: 100, Quantity: 1}})
	item, err := p.Create(2, kind, Fields{"parentId2": deal})
	if err != nil {
		t.Fatal(err)
	}
	p.Link(Deal, deal, 1, 0, 2, 0)
	box.takeEvents(p)
	if err := p.Delete(2, Deal, deal); err != nil || p.Item(kind, item)["parentId2"] != nil {
		t.Fatalf("deleted: %v, the item hangs on %v", err, p.Item(kind, item)["parentId2"])
	}
	if bin := p.Bin(); len(bin) != 1 || bin[0].ID != deal || bin[0].Title != "A" {
		t.Errorf("bin = %v", bin)
	}
	fresh, err := p.Restore(1, Deal, deal)
	if err != nil || fresh == deal || p.Item(Deal, deal) != nil {
		t.Fatalf("restored as %d, %v", fresh, err)
	}
	back := p.Item(Deal, fresh)
	file, kept := p.File(php.Integer(php.Map(back["ufCrmCopy"])["id"]))
	if back["title"] != "A" || !kept || string(file.Data) != "1" || back["updatedBy"] != 1.0 {
		t.Errorf("restored %v", back)
	}
	if len(p.Rows(Deal, fresh)) != 1 || php.Integer(p.Item(kind, item)["parentId2"]) != fresh || php.Integer(p.LinkOf(Deal, fresh)["MC_REQUISITE_ID"]) != 2 {
		t.Errorf("rows %v, parent %v, link %v", p.Rows(Deal, fresh), p.Item(kind, item)["parentId2"], p.LinkOf(Deal, fresh))
	}
	got := box.takeEvents(p)
	if len(got) != 2 || got[0]["event"] != "ONCRMDEALDELETE" || got[1]["event"] != "ONCRMDEALADD" ||
		php.Integer(php.Map(php.Map(got[1]["data"])["FIELDS"])["ID"]) != fresh {
		t.Errorf("events = %v", got)
	}
	if _, err := p.Restore(1, Deal, deal); err == nil {
		t.Error("restored twice")
	}
}

func TestDeletionsAreTold(t *testing.T) {
	box := newInbox(t, 200)
	p := Start(t, unlimited)
	p.FinishInstall(true)
	for kind, name := range map[int]string{Deal: "ONCRMDEALDELETE", Company: "ONCRMCOMPANYDELETE", Contact: "ONCRMCONTACTDELETE"} {
		p.mustCall(t, 1, "event.bind", Fields{"event": name, "handler": box.url})
		id := p.AddItem(kind, Fields{"title": "A"})
		p.mustCall(t, 2, "crm.item.delete", Fields{"entityTypeId": kind, "id": id})
		if got := box.takeEvents(p); len(got) != 1 || got[0]["event"] != name || php.Integer(php.Map(php.Map(got[0]["data"])["FIELDS"])["ID"]) != id {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCompaniesAreMerged(t *testing.T) {
	box := newInbox(t, 200)
	p := Start(t, unlimited)
	p.FinishInstall(true)
	for _, name := range []string{"ONCRMDEALUPDATE", "ONCRMCOMPANYUPDATE", "ONCRMCOMPANYDELETE"} {
		p.mustCall(t, 1, "event.bind", Fields{"event": name, "handler": box.url})
	}
	old, kept := p.AddItem(Company, Fields{"title": "ООО «Старое»"}), p.AddItem(Company, Fields{"title": "ООО «Новое»"})
	p.AddRequisite(Fields{"ENTITY_TYPE_ID": Company, "ENTITY_ID": old, "RQ_INN": "7717586110"})
	deal, other := p.AddItem(Deal, Fields{"title": "A", "companyId": old}), p.AddItem(Deal, Fields{"title": "B", "companyId": kept})
	if err := p.MergeCompanies(2, old, kept); err != nil {
		t.Fatal(err)
	}
	if p.Item(Company, old) != nil || php.Integer(p.Item(Deal, deal)["companyId"]) != kept || p.Item(Deal, other)["updatedBy"] != 1.0 {
		t.Errorf("the deal has company %v", p.Item(Deal, deal)["companyId"])
	}
	if len(p.RequisitesOf(Company, kept)) != 1 {
		t.Error("the requisites are lost")
	}
	if err := p.RenameCompany(2, kept, "ООО «Новейшее»"); err != nil {
		t.Fatal(err)
	}
	names := []any{}
	for _, e := range box.takeEvents(p) {
		names = append(names, e["event"])
	}
	if len(names) != 3 || names[0] != "ONCRMDEALUPDATE" || names[1] != "ONCRMCOMPANYDELETE" || names[2] != "ONCRMCOMPANYUPDATE" {
		t.Errorf("events = %v", names)
	}
	if p.MergeCompanies(2, kept, kept) == nil || p.MergeCompanies(2, old, kept) == nil {
		t.Error("a senseless merge is done")
	}
}
