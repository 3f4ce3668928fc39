package bitrix24test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestChangesAreListedByTheirMoment(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Now = func() time.Time { return clock } })
	for range 4 {
		p.AddItem(Deal, Fields{"title": "A"})
	}
	clock = clock.Add(time.Minute)
	if err := p.Change(3, Deal, 4, Fields{"title": "Б"}); err != nil {
		t.Fatal(err)
	}
	p.must(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": 2, "fields": Fields{"title": "Б"}})
	clock = clock.Add(time.Minute)
	if err := p.Move(0, Deal, 1, "WON"); err != nil {
		t.Fatal(err)
	}
	ask := func(filter Fields) (found string) {
		rows := p.must(t, 2, "crm.item.list", Fields{
			"entityTypeId": Deal, "filter": filter, "order": Fields{"updatedTime": "ASC"}, "start": -1,
			"select": []any{"id", "updatedTime", "updatedBy", "movedBy"},
		}).items()
		for _, raw := range rows {
			r := fields(raw)
			found += fmt.Sprint(r["id"], "/", r["updatedBy"], "/", r["movedBy"], " ")
		}
		return found
	}
	for since, want := range map[string]string{
		"2026-11-02T13:00:00+03:00": "3/1/1 2/2/1 4/3/1 1/0/0 ", "2026-11-02T13:01:00+03:00": "2/2/1 4/3/1 1/0/0 ",
		"2026-11-02T10:01:01Z": "1/0/0 ", "2026-11-02 13:02:00": "1/0/0 ", "2026-11-02T13:02:01+03:00": "",
	} {
		if got := ask(Fields{">=updatedTime": since}); got != want {
			t.Errorf("since %s: %s, want %s", since, got, want)
		}
	}
	if got := ask(Fields{">=updatedTime": "2026-11-02T13:01:00+03:00", "<=updatedTime": "2026-11-02T13:01:00+03:00", ">id": 2}); got != "4/3/1 " {
		t.Errorf("one second: %s", got)
	}
	if got := ask(Fields{"@id": []any{4, 1, 9}}); got != "4/3/1 1/0/0 " {
		t.Errorf("by ids: %s", got)
	}
}

func TestFilesThatAreNotNamedAreDeleted(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_MANY", Kind: "file", Multiple: true})
	deal, other := p.AddItem(Deal, Fields{"title": "A"}), p.AddItem(Deal, Fields{"title": "Б"})
	pair := func(name string) []any { return []any{name, base64.StdEncoding.EncodeToString([]byte(name))} }
	update := func(id int64, files ...any) (ids []int64, first string) {
		item := p.must(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": id, "fields": Fields{"ufCrmMany": files}}).item()
		for _, raw := range list(item["ufCrmMany"]) {
			ids, first = append(ids, integer(fields(raw)["id"])), text(fields(raw)["urlMachine"])
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

func TestAMandatoryFieldIsNamed(t *testing.T) {
	p := Start(t, unlimited)
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_ACT_NUMBER", Kind: "string", Label: "Номер акта"})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.Require(Deal, "WON", "ufCrmActNumber")
	r := p.refused(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": deal, "fields": Fields{"stageId": "WON"}})
	if r.Error() != "CRM_FIELD_ERROR_REQUIRED" || r.Body["error_description"] != `Поле "Номер акта" обязательно для заполнения` {
		t.Errorf("refusal = %v", r.Body)
	}
	p.must(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": deal, "fields": Fields{"stageId": "WON", "ufCrmActNumber": "7"}})
}
