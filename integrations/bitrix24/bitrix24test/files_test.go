package bitrix24test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestFilesThatAnUpdateOmitsAreDeleted(t *testing.T) {
	p := Start(t, unlimited)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal, other := p.AddItem(Deal, Fields{"title": "A"}), p.AddItem(Deal, Fields{"title": "Б"})
	update := func(id int64, files ...any) (ids []int64) {
		item := p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": id, "fields": Fields{"ufCrmMany": files}}).item()
		for _, raw := range php.List(item["ufCrmMany"]) {
			ids = append(ids, php.Integer(php.Map(raw)["id"]))
		}
		return ids
	}
	foreign := update(other, upload("чужой.txt", "чужой"))
	before := update(deal, upload("1.txt", "1"), upload("2.txt", "2"))
	after := update(deal, Fields{"id": before[1]}, upload("3.txt", "3"), Fields{"id": foreign[0]}, Fields{"id": 999})
	if len(after) != 2 || after[0] != before[1] {
		t.Fatalf("the field holds %v after %v, want the named file and a new one", after, before)
	}
	for id, want := range map[int64]bool{before[0]: false, before[1]: true, after[1]: true, foreign[0]: true} {
		if _, kept := p.File(id); kept != want {
			t.Errorf("file %d exists %v, want %v", id, kept, want)
		}
	}
}

func TestFileLinkWorksWithItsTokenOnly(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_COPY", Kind: "file"})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	download := func(link string) (int, string) {
		resp, err := http.Get(link)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		raw, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(raw)
	}
	update := Fields{"entityTypeId": 2, "id": deal, "fields": Fields{"ufCrmCopy": upload("акт.pdf", "%PDF")}}
	link := php.Text(php.Map(p.mustCall(t, 2, "crm.item.update", update).item()["ufCrmCopy"])["urlMachine"])
	if status, content := download(link); status != http.StatusOK || content != "%PDF" {
		t.Errorf("the link answers %d %q, want 200 %%PDF", status, content)
	}
	otherToken := strings.Replace(link, "auth=", "auth="+p.Issue(2).Access+"&was=", 1)
	if status, _ := download(otherToken); status != http.StatusForbidden {
		t.Errorf("the link with another token answers %d, want 403", status)
	}
	clock = clock.Add(2 * time.Hour)
	if status, _ := download(link); status != http.StatusUnauthorized {
		t.Errorf("the link with an expired token answers %d, want 401", status)
	}
}

func TestClearedFileField(t *testing.T) {
	p := Start(t, unlimited)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_COPY", Kind: "file"})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	for _, value := range []any{upload("акт.pdf", "%PDF"), ""} {
		item := p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": 2, "id": deal, "fields": Fields{"ufCrmCopy": value}}).item()
		if got := item["ufCrmCopy"]; (got == nil) != (value == "") {
			t.Errorf("the field after an update to %v = %v", value, got)
		}
	}
}
