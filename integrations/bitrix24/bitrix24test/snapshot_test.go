package bitrix24test

import (
	"path/filepath"
	"testing"
)

func TestSnapshot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "portal", "state.json")
	p := Start(t, unlimited, func(c *Config) { c.SavePath = file })
	deal := p.AddItem(Deal, Fields{"title": "Сохранённая"})
	pair := p.Issue(2)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	loaded := Start(t, unlimited)
	if found, err := loaded.Load(file + ".none"); found || err != nil {
		t.Errorf("Load of a missing file = %t, %v; want false", found, err)
	}
	if found, err := loaded.Load(file); !found || err != nil {
		t.Fatalf("Load = %t, %v; want true", found, err)
	}
	if loaded.MemberID() != p.MemberID() || loaded.ApplicationToken() != p.ApplicationToken() {
		t.Error("the loaded portal has another member id or application token")
	}
	r, err := loaded.CallAs(pair.Access, "crm.item.get", Fields{"entityTypeId": 2, "id": deal})
	if err != nil || r.item()["title"] != "Сохранённая" {
		t.Errorf("the deal read with the saved token = %v, %v; want Сохранённая", r.Body, err)
	}
	if id := loaded.AddItem(Deal, Fields{"title": "B"}); id != deal+1 {
		t.Errorf("the next deal has the id %d, want %d", id, deal+1)
	}
}
