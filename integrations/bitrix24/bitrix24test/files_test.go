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
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal, other := p.AddItem(Deal, Fields{"title": "A"}), p.AddItem(Deal, Fields{"title": "Б"})
	update := func(id int64, files ...any) (ids []int64, lastLink string) {
		item := p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": id, "fields": Fields{"ufCrmMany": files}}).item()
		for _, raw := range php.List(item["ufCrmMany"]) {
			ids, lastLink = append(ids, php.Integer(php.Map(raw)["id"])), php.Text(php.Map(raw)["urlMachine"])
		}
		return ids, lastLink
	}
	foreign, _ := update(other, upload("чужой.txt", "чужой"))
	before, _ := update(deal, upload("1.txt", "1"), upload("2.txt", "2"))
	after, link := update(deal, Fields{"id": before[1]}, upload("3.txt", "3"), Fields{"id": foreign[0]}, Fields{"id": 999})
	if len(after) != 2 || after[0] != before[1] {
		t.Fatalf("the field holds %v after %v, want the named file and a new one", after, before)
	}
	for id, want := range map[int64]bool{before[0]: false, before[1]: true, after[1]: true, foreign[0]: true} {
		if _, kept := p.File(id); kept != want {
			t.Errorf("file %d exists %v, want %v", id, kept, want)
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
		clock = clock.Add(2 * time.Hour) // the token of the link expires
	}
}

func TestFilesAreBoundToTheToken(t *testing.T) {
	p := Start(t, unlimited)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_COPY", Kind: "file"})
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	update := func(f Fields) Fields {
		return p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": 2, "id": deal, "fields": f}).item()
	}
	item := update(Fields{"ufCrmCopy": upload("акт.pdf", "%PDF"), "ufCrmMany": []any{upload("1.txt", "1"), upload("2.txt", "2")}})
	link := php.Text(php.Map(item["ufCrmCopy"])["urlMachine"])
	resp, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if raw, _ := io.ReadAll(resp.Body); string(raw) != "%PDF" {
		t.Errorf("the file is %q, want %%PDF", raw)
	}
	withOtherToken, err := http.Get(strings.Replace(link, "auth=", "auth="+p.Issue(2).Access+"&was=", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = withOtherToken.Body.Close() }()
	if withOtherToken.StatusCode != http.StatusForbidden {
		t.Errorf("the link with another token answers %d, want 403", withOtherToken.StatusCode)
	}
	first := php.Map(php.List(item["ufCrmMany"])[0])["id"]
	if got := php.List(update(Fields{"ufCrmMany": []any{Fields{"id": first}}})["ufCrmMany"]); len(got) != 1 {
		t.Errorf("files after an update that names one of two = %v, want one", got)
	}
	if got := update(Fields{"ufCrmCopy": ""})["ufCrmCopy"]; got != nil {
		t.Errorf("a cleared file field = %v, want null", got)
	}
}
