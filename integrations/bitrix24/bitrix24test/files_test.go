package bitrix24test

import (
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestFilesThatAreNotNamedAreDeleted(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal, other := p.AddItem(Deal, Fields{"title": "A"}), p.AddItem(Deal, Fields{"title": "Б"})
	pair := func(name string) []any { return []any{name, base64.StdEncoding.EncodeToString([]byte(name))} }
	update := func(id int64, files ...any) (ids []int64, first string) {
		item := p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": id, "fields": Fields{"ufCrmMany": files}}).item()
		for _, raw := range php.List(item["ufCrmMany"]) {
			ids, first = append(ids, php.Integer(php.Map(raw)["id"])), php.Text(php.Map(raw)["urlMachine"])
		}
		return ids, first
	}
	foreign, _ := update(other, pair("чужой.txt"))
	old, _ := update(deal, pair("1.txt"), pair("2.txt"))
	now, link := update(deal, Fields{"id": old[1]}, pair("3.txt"), Fields{"id": foreign[0]}, Fields{"id": 999})
	if len(now) != 2 || now[0] != old[1] {
		t.Fatalf("the field holds %v after %v", now, old)
	}
	for id, want := range map[int64]bool{old[0]: false, old[1]: true, now[1]: true, foreign[0]: true} {
		if _, kept := p.File(id); kept != want {
			t.Errorf("file %d is there: %v", id, kept)
		}
	}
	for _, want := range []int{http.StatusOK, http.StatusUnauthorized} {
		resp, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("the link answers %d, want %d", resp.StatusCode, want)
		}
		clock = clock.Add(2 * time.Hour) // and the token is dead
	}
}

func TestFilesAreBoundToTheToken(t *testing.T) {
	p := Start(t, unlimited)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_COPY", Kind: "file"})
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	pair := func(name, data string) []any { return []any{name, base64.StdEncoding.EncodeToString([]byte(data))} }
	update := func(f Fields) Fields {
		return p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": 2, "id": deal, "fields": f}).item()
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
