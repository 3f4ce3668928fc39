package bitrix24test

import (
	"fmt"
	"testing"
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
		r := p.must(t, 1, "crm.item.list", Fields{"entityTypeId": 2, "start": tt.start, "select": []any{"id"}})
		if got := len(r.items()); got != tt.rows || integer(r.Body["total"]) != int64(tt.total) || integer(r.Body["next"]) != int64(tt.next) {
			t.Errorf("start %v: %d rows, total %v, next %v", tt.start, got, r.Body["total"], r.Body["next"])
		}
	}
	seen, last := 0, 0.0
	for {
		r := p.must(t, 1, "crm.item.list", Fields{
			"entityTypeId": 2, "start": -1, "order": Fields{"id": "ASC"}, "filter": Fields{">id": last}, "select": []any{"id"},
		})
		rows := r.items()
		seen += len(rows)
		if len(rows) < 50 {
			break
		}
		last, _ = number(fields(rows[49])["id"])
	}
	if seen != 120 {
		t.Errorf("the walk by id saw %d", seen)
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
		"begins":            {Deal, Fields{"=%title": "Альфа%"}, "1 3"},
		"since a moment":    {Deal, Fields{">=updatedTime": "2026-11-02T07:00:00+00:00"}, "2 3"},
		"since a local one": {Deal, Fields{">updatedTime": "2026-11-02 10:00:00"}, "3"},
		"either":            {Deal, Fields{"0": Fields{"logic": "OR", "0": Fields{"id": 1}, "1": Fields{"title": "Бета"}}}, "1 2"},
		"yes as 1":          {Deal, Fields{"ufCrmFlag": 1}, "1"},
		"yes as Y is lost":  {Deal, Fields{"ufCrmFlag": "Y"}, "1 2 3"},
		"own company":       {Company, Fields{"isMyCompany": "Y"}, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, raw := range p.must(t, 1, "crm.item.list", Fields{"entityTypeId": tt.entity, "filter": tt.filter, "order": Fields{"id": "ASC"}}).items() {
				got += " " + text(fields(raw)["id"])
			}
			if got != " "+tt.want {
				t.Errorf("got%s, want %s", got, tt.want)
			}
		})
	}
}

func TestFormBodies(t *testing.T) {
	p := Start(t, unlimited)
	p.AddItem(Deal, Fields{"title": "Б", "opportunity": 1.0})
	p.AddItem(Deal, Fields{"title": "А", "opportunity": 1.0})
	form := "entityTypeId=2&filter%5B%3E%3Dopportunity%5D=1&order[title]=ASC&select[]=id&select[]=title&auth=" + p.Issue(1).Access
	got := post(t, p, "crm.item.list", "application/x-www-form-urlencoded", form)
	first := fields(list(fields(got["result"])["items"])[0])
	if first["title"] != "А" || len(first) != 2 {
		t.Errorf("form body: %v", got)
	}
	query := post(t, p, "crm.item.get.json?entityTypeId=2&id=1&auth="+p.Issue(1).Access, "application/json", "")
	if query["error"] != nil {
		t.Errorf("query: %v", query)
	}
}
