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
	again := Start(t, unlimited)
	if found, err := again.Load(file + ".none"); found || err != nil {
		t.Errorf("a missing file: %t %v", found, err)
	}
	if found, err := again.Load(file); !found || err != nil {
		t.Fatalf("load: %t %v", found, err)
	}
	if again.MemberID() != p.MemberID() || again.ApplicationToken() != p.ApplicationToken() {
		t.Error("the portal changed its identity")
	}
	r, err := again.CallAs(pair.Access, "crm.item.get", Fields{"entityTypeId": 2, "id": deal})
	if err != nil || r.item()["title"] != "Сохранённая" {
		t.Errorf("with the old token: %v %v", r.Body, err)
	}
	if id := again.AddItem(Deal, Fields{"title": "B"}); id != deal+1 {
		t.Errorf("numbers start again at %d", id)
	}
}
