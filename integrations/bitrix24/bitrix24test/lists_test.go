package bitrix24test

import (
	"fmt"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestPages(t *testing.T) {
	p := Start(t, unlimited)
	for i := range 120 {
		p.AddItem(Deal, Fields{"title": fmt.Sprint("Сделка ", i)})
	}
	for _, tt := range []struct {
		start             any
		rows, total, next int
	}{{nil, 50, 120, 50}, {50, 50, 120, 100}, {100, 20, 120, 0}, {"100", 20, 120, 0}, {-1, 50, 0, 0}, {500, 0, 120, 0}} {
		r := p.mustCall(t, 1, "crm.item.list", Fields{"entityTypeId": 2, "start": tt.start, "select": []any{"id"}})
		if got := len(r.items()); got != tt.rows || php.Integer(r.Body["total"]) != int64(tt.total) || php.Integer(r.Body["next"]) != int64(tt.next) {
			t.Errorf("start %v: %d rows, total %v, next %v; want %d, %d, %d (0: absent)", tt.start, got, r.Body["total"], r.Body["next"], tt.rows, tt.total, tt.next)
		}
	}
	found, lastID := 0, 0.0
	for range 10 { // three pages if the filter works
		r := p.mustCall(t, 1, "crm.item.list", Fields{
			"entityTypeId": 2, "start": -1, "order": Fields{"id": "ASC"}, "filter": Fields{">id": lastID}, "select": []any{"id"},
		})
		rows := r.items()
		found += len(rows)
		if len(rows) < 50 {
			break
		}
		lastID, _ = php.Number(php.Map(rows[49])["id"])
	}
	if found != 120 {
		t.Errorf("reading by id finds %d deals, want 120", found)
	}
}

func TestFilters(t *testing.T) {
	p := Start(t, unlimited)
	p.AddItem(Company, Fields{"title": "Наша", "isMyCompany": "Y"})
	p.AddItem(Company, Fields{"title": "Клиент"})
	p.AddUserField(UserField{EntityID: "CRM_DEAL", Name: "UF_CRM_FLAG", Kind: "boolean", Label: "Флаг"})
	p.AddItem(Deal, Fields{"title": "Альфа", "opportunity": 100.0, "companyId": 2.0, "updatedTime": "2026-11-01T10:00:00+03:00", "ufCrmFlag": "Y"})
	p.AddItem(Deal, Fields{"title": "Бета", "opportunity": 200.0, "updatedTime": "2026-11-02T10:00:00+03:00"})
	p.AddItem(Deal, Fields{"title": "Альфабет", "opportunity": 300.0, "updatedTime": "2026-11-03T10:00:00+03:00", "originId": "k-1"})
	for name, tt := range map[string]struct {
		entity int
		filter Fields
		want   string
	}{
		"equal":             {Deal, Fields{"title": "Бета"}, "2"},
		"list":              {Deal, Fields{"id": []any{1, "3"}}, "1 3"},
		"in":                {Deal, Fields{"@id": []any{1, 2}}, "1 2"},
		"not in":            {Deal, Fields{"!@id": []any{1, 2}}, "3"},
		"not equal":         {Deal, Fields{"!=originId": ""}, "3"},
		"empty":             {Deal, Fields{"=companyId": 0}, "2 3"},
		"range":             {Deal, Fields{">=opportunity": 200, "<opportunity": "300"}, "2"},
		"part of the text":  {Deal, Fields{"%title": "альфа"}, "1 3"},
		"beginning of text": {Deal, Fields{"=%title": "Альфа%"}, "1 3"},
		"since a time":      {Deal, Fields{">=updatedTime": "2026-11-02T07:00:00+00:00"}, "2 3"},
		"since local time":  {Deal, Fields{">updatedTime": "2026-11-02 10:00:00"}, "3"},
		"either":            {Deal, Fields{"0": Fields{"logic": "OR", "0": Fields{"id": 1}, "1": Fields{"title": "Бета"}}}, "1 2"},
		"yes as 1":          {Deal, Fields{"ufCrmFlag": 1}, "1"},
		"yes as Y, ignored": {Deal, Fields{"ufCrmFlag": "Y"}, "1 2 3"},
		"our company":       {Company, Fields{"isMyCompany": "Y"}, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, raw := range p.mustCall(t, 1, "crm.item.list", Fields{"entityTypeId": tt.entity, "filter": tt.filter, "order": Fields{"id": "ASC"}}).items() {
				got += " " + php.Text(php.Map(raw)["id"])
			}
			if got != " "+tt.want {
				t.Errorf("ids%s, want %s", got, tt.want)
			}
		})
	}
}

func TestParametersInFormAndQuery(t *testing.T) {
	p := Start(t, unlimited)
	p.AddItem(Deal, Fields{"title": "Б", "opportunity": 1.0})
	p.AddItem(Deal, Fields{"title": "А", "opportunity": 1.0})
	form := "entityTypeId=2&filter%5B%3E%3Dopportunity%5D=1&order[title]=ASC&select[]=id&select[]=title&auth=" + p.Issue(1).Access
	got := postRaw(t, p, "crm.item.list", "application/x-www-form-urlencoded", form)
	first := php.Map(php.List(php.Map(got["result"])["items"])[0])
	if first["title"] != "А" || len(first) != 2 {
		t.Errorf("a call with a form = %v, want two fields of А first", got)
	}
	query := postRaw(t, p, "crm.item.get.json?entityTypeId=2&id=1&auth="+p.Issue(1).Access, "application/json", "")
	if item := php.Map(php.Map(query["result"])["item"]); item["title"] != "Б" {
		t.Errorf("a call with parameters in the query = %v, want the deal Б", query)
	}
}

func TestFiltersByUpdatedTime(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) { c.Now = func() time.Time { return clock } })
	for range 4 {
		p.AddItem(Deal, Fields{"title": "A"})
	}
	clock = clock.Add(time.Minute)
	if err := p.Change(3, Deal, 4, Fields{"title": "Б"}); err != nil {
		t.Fatal(err)
	}
	p.mustCall(t, 2, "crm.item.update", Fields{"entityTypeId": Deal, "id": 2, "fields": Fields{"title": "Б"}})
	clock = clock.Add(time.Minute)
	if err := p.Move(0, Deal, 1, "WON"); err != nil {
		t.Fatal(err)
	}
	list := func(filter Fields) (found string) { // id, updatedBy and movedBy of each deal
		rows := p.mustCall(t, 2, "crm.item.list", Fields{
			"entityTypeId": Deal, "filter": filter, "order": Fields{"updatedTime": "ASC"}, "start": -1,
			"select": []any{"id", "updatedTime", "updatedBy", "movedBy"},
		}).items()
		for _, raw := range rows {
			r := php.Map(raw)
			found += fmt.Sprint(r["id"], "/", r["updatedBy"], "/", r["movedBy"], " ")
		}
		return found
	}
	for since, want := range map[string]string{
		"2026-11-02T13:00:00+03:00": "3/1/1 2/2/1 4/3/1 1/0/0 ", "2026-11-02T13:01:00+03:00": "2/2/1 4/3/1 1/0/0 ",
		"2026-11-02T10:01:01Z": "1/0/0 ", "2026-11-02 13:02:00": "1/0/0 ", "2026-11-02T13:02:01+03:00": "",
	} {
		if got := list(Fields{">=updatedTime": since}); got != want {
			t.Errorf("changed since %s: %s, want %s", since, got, want)
		}
	}
	if got := list(Fields{">=updatedTime": "2026-11-02T13:01:00+03:00", "<=updatedTime": "2026-11-02T13:01:00+03:00", ">id": 2}); got != "4/3/1 " {
		t.Errorf("changed in one second, after id 2: %s, want 4/3/1", got)
	}
	if got := list(Fields{"@id": []any{4, 1, 9}}); got != "4/3/1 1/0/0 " {
		t.Errorf("by ids: %s, want 4/3/1 1/0/0", got)
	}
}

func TestListOmitsHiddenDeals(t *testing.T) {
	p := Start(t, unlimited)
	id := p.AddItem(Deal, Fields{"title": "A"})
	p.AddItem(Deal, Fields{"title": "B"})
	p.Hide(3, Deal, id)
	for user, want := range map[int64]int{1: 2, 2: 2, 3: 1} {
		if got := p.mustCall(t, user, "crm.item.list", Fields{"entityTypeId": 2}).items(); len(got) != want {
			t.Errorf("user %d sees %d deals, want %d", user, len(got), want)
		}
	}
}
