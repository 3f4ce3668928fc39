package bitrix24test

import (
	"slices"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestRestoredDealGetsANewID(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALADD", "ONCRMDEALDELETE")
	_, actType := addActType(t, p)
	entityType := int(actType)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_COPY", Kind: "file"})
	deal, err := p.Create(2, Deal, Fields{"title": "A", "ufCrmCopy": upload("a.txt", "1")})
	if err != nil {
		t.Fatal(err)
	}
	p.SetRows(2, Deal, deal, []Row{{Name: "Услуга", Price: 100, Quantity: 1}})
	item, err := p.Create(2, entityType, Fields{"parentId2": deal})
	if err != nil {
		t.Fatal(err)
	}
	p.Link(Deal, deal, 1, 0, 2, 0)
	box.takeEvents(p)
	if err := p.Delete(2, Deal, deal); err != nil || p.Item(entityType, item)["parentId2"] != nil {
		t.Fatalf("Delete = %v, parent of the item %v; want none", err, p.Item(entityType, item)["parentId2"])
	}
	if bin := p.Bin(); len(bin) != 1 || bin[0].ID != deal || bin[0].Title != "A" {
		t.Errorf("recycle bin = %v, want the deal", bin)
	}
	fresh, err := p.Restore(1, Deal, deal)
	if err != nil || fresh == deal || p.Item(Deal, deal) != nil {
		t.Fatalf("restored as %d, %v; want a new id", fresh, err)
	}
	restored := p.Item(Deal, fresh)
	file, kept := p.File(php.Integer(php.Map(restored["ufCrmCopy"])["id"]))
	if restored["title"] != "A" || !kept || string(file.Data) != "1" || restored["updatedBy"] != 1.0 {
		t.Errorf("restored deal = %v, want its title and file, updated by user 1", restored)
	}
	if len(p.Rows(Deal, fresh)) != 1 || php.Integer(p.Item(entityType, item)["parentId2"]) != fresh || php.Integer(p.LinkOf(Deal, fresh)["MC_REQUISITE_ID"]) != 2 {
		t.Errorf("rows %v, parent of the item %v, link %v; want those of the deleted deal", p.Rows(Deal, fresh), p.Item(entityType, item)["parentId2"], p.LinkOf(Deal, fresh))
	}
	got := box.takeEvents(p)
	if len(got) != 2 || got[0]["event"] != "ONCRMDEALDELETE" || got[1]["event"] != "ONCRMDEALADD" ||
		php.Integer(eventField(got[1], "ID")) != fresh {
		t.Errorf("events = %v, want ONCRMDEALDELETE and ONCRMDEALADD of the new id", got)
	}
	if _, err := p.Restore(1, Deal, deal); err == nil {
		t.Error("a deal is restored twice")
	}
}

func TestDeletionsSendEvents(t *testing.T) {
	p, box := startWithInbox(t)
	for entityType, name := range map[int]string{Deal: "ONCRMDEALDELETE", Company: "ONCRMCOMPANYDELETE", Contact: "ONCRMCONTACTDELETE"} {
		p.bindEvents(t, box, name)
		id := p.AddItem(entityType, Fields{"title": "A"})
		p.mustCall(t, 2, "crm.item.delete", Fields{"entityTypeId": entityType, "id": id})
		if got := box.takeEvents(p); len(got) != 1 || got[0]["event"] != name || php.Integer(eventField(got[0], "ID")) != id {
			t.Errorf("events of the deletion of %d = %v, want %s", id, got, name)
		}
	}
}

func TestMergeAndRenameCompanies(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALUPDATE", "ONCRMCOMPANYUPDATE", "ONCRMCOMPANYDELETE")
	old, kept := p.AddItem(Company, Fields{"title": "ООО «Старое»"}), p.AddItem(Company, Fields{"title": "ООО «Новое»"})
	p.AddRequisite(Fields{"ENTITY_TYPE_ID": Company, "ENTITY_ID": old, "RQ_INN": "7717586110"})
	deal, other := p.AddItem(Deal, Fields{"title": "A", "companyId": old}), p.AddItem(Deal, Fields{"title": "B", "companyId": kept})
	if err := p.MergeCompanies(2, old, kept); err != nil {
		t.Fatal(err)
	}
	if p.Item(Company, old) != nil || php.Integer(p.Item(Deal, deal)["companyId"]) != kept || p.Item(Deal, other)["updatedBy"] != 1.0 {
		t.Errorf("the company %v exists %v, the deal has %v, the other deal was updated by %v; want the deal moved to %d and the rest untouched",
			old, p.Item(Company, old) != nil, p.Item(Deal, deal)["companyId"], p.Item(Deal, other)["updatedBy"], kept)
	}
	if len(p.RequisitesOf(Company, kept)) != 1 {
		t.Errorf("requisites of the kept company = %v, want those of the other", p.RequisitesOf(Company, kept))
	}
	if err := p.RenameCompany(2, kept, "ООО «Новейшее»"); err != nil {
		t.Fatal(err)
	}
	var names []any
	for _, e := range box.takeEvents(p) {
		names = append(names, e["event"])
	}
	if want := []any{"ONCRMDEALUPDATE", "ONCRMCOMPANYDELETE", "ONCRMCOMPANYUPDATE"}; !slices.Equal(names, want) {
		t.Errorf("events = %v, want %v", names, want)
	}
	if p.MergeCompanies(2, kept, kept) == nil || p.MergeCompanies(2, old, kept) == nil {
		t.Error("a company is merged with itself or from a deleted one")
	}
}
