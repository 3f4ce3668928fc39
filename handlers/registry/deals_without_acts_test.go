package registry

import (
	"net/url"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/queue"
	"acts24/views"
)

func TestDealsQuery(t *testing.T) {
	for address, want := range map[string]struct {
		filter list.DealFilter
		faulty bool
	}{
		"": {}, "stage=C1%3ANEW": {list.DealFilter{Stage: "C1:NEW"}, false}, "responsible=5&stage=S": {list.DealFilter{Stage: "S", Responsible: 5}, false},
		"q=x&stage=S": {list.DealFilter{Stage: "S", Text: "x"}, false}, "q=" + strings.Repeat("x", 101): {list.DealFilter{Text: strings.Repeat("x", 100)}, true},
		"responsible=x": {faulty: true}, "responsible=0": {faulty: true}, "responsible=-3": {faulty: true},
	} {
		q := readDealsQuery(parsed(t, address), visit(roles.RoleWorker))
		if q.filter.Stage != want.filter.Stage || q.filter.Responsible != want.filter.Responsible || q.filter.Text != want.filter.Text || (len(q.faults) > 0) != want.faulty {
			t.Errorf("%s reads %+v, %v", address, q.filter, q.faults)
		}
		if got := q.query().Encode(); !want.faulty && got != parsed(t, address).Encode() {
			t.Errorf("%s is written %s", address, got)
		}
	}
}

func TestDealsNotice(t *testing.T) {
	for address, want := range map[string]string{"": "", "done=formed&n=0": "уже сформированы", "done=formed&n=3": "Формируем 3\u00a0акта", "done=closed&n=0": "уже закрыт", "done=closed&n=1": "Остаток закрыт: 1\u00a0сделка",
		"done=x&n=1": "", "done=formed&n=-1": "", "done=formed&n=1000000": "", "done=formed&n=x": ""} {
		if got := dealsNotice(parsed(t, address)); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %q", address, got)
		}
	}
}

func TestDealsWithoutActsView(t *testing.T) {
	settings := store.Settings{Pipelines: []store.Pipeline{{ID: 1, Stages: []store.DealStage{{ID: "S", Name: "Одобрено"}}, Await: []string{"S"}}}}
	deal := list.DealWithoutActs{ID: 12, Title: "Выставка", Category: 1, StageID: "S", Since: day("2026-11-24"), Uncovered: 12_345_600, Currency: "RUB", Responsible: 6, ResponsibleName: "Борис"}
	page := list.DealsPage{Deals: []list.DealWithoutActs{deal}, Count: 1, Settings: settings, Backfill: queue.Backfill{Done: true}}
	changed := func(change func(*list.DealWithoutActs)) list.DealsPage {
		d, p := deal, page
		change(&d)
		p.Deals = []list.DealWithoutActs{d}
		return p
	}
	empty := list.DealsPage{Settings: settings, Backfill: queue.Backfill{Done: true}}
	for name, tt := range map[string]struct {
		query string
		found list.DealsPage
		try   dealsFailure
		role  roles.Role
		want  func(views.DealsWithoutActs) bool
	}{
		"a deal": {"", page, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			c := m.Rows.Rows[0].Cells
			return c[0].Link.Path == "/crm/deal/details/12/" && c[6].Link.Href == "/p/7/deals/12" && c[3].Text == "3\u00a0дня" && c[3].Note == "с 24.11.2026" && c[4].Note == "" && m.Count == "Сделок: 1"
		}},
		"a remainder":     {"", changed(func(d *list.DealWithoutActs) { d.HasActs = true }), dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool { return m.Rows.Rows[0].Cells[4].Note == "остаток" }},
		"without a title": {"", changed(func(d *list.DealWithoutActs) { d.Title = "" }), dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool { return m.Rows.Rows[0].Cells[0].Link.Text == "Сделка № 12" }},
		"since today":     {"", changed(func(d *list.DealWithoutActs) { d.Since = today }), dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool { return m.Rows.Rows[0].Cells[3].Text == "сегодня" }},
		"an act is being made": {"", changed(func(d *list.DealWithoutActs) { d.Forming = true }), dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return m.Busy && m.Rows.Rows[0].Cells[0].Chips[0].Tone == "progress"
		}},
		"an act was not made": {"", changed(func(d *list.DealWithoutActs) { d.Problem = "Нет ИНН." }), dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return !m.Busy && m.Rows.Rows[0].Cells[0].Chips[0].Tone == "problem" && m.Rows.Rows[0].Cells[0].Fault != ""
		}},
		"checked deals stay": {"", page, dealsFailure{deals: []acts.DealID{12}, reason: "x", err: acts.Faults{{Field: "reason", Text: "Коротко."}}}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return m.Rows.Rows[0].Chosen && m.Reason == "x" && m.Faults["reason"] != "" && m.Alert == ""
		}},
		"an error without a field": {"", page, dealsFailure{err: acts.Errorf(acts.Invalid, "Отметьте сделки.")}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return m.Alert == "Отметьте сделки." && m.Notice == ""
		}},
		"everything has acts": {"", empty, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return m.Empty == "Все сделки закрыты актами."
		}},
		"nothing matches": {"stage=S", empty, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return m.Filtered && m.EmptyLink.Href == "/p/7/deals" && len(m.Back) == 1
		}},
		"a condition is wrong": {"responsible=x", empty, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return strings.HasPrefix(m.Empty, "Список не построен")
		}},
		"no stage waits": {"", list.DealsPage{Backfill: queue.Backfill{Done: true}}, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return strings.Contains(m.Empty, "администратор") && m.EmptyLink.Href == ""
		}},
		"an administrator maps": {"", list.DealsPage{Backfill: queue.Backfill{Done: true}}, dealsFailure{}, roles.RoleAdministrator, func(m views.DealsWithoutActs) bool { return m.EmptyLink.Href == "/p/7/settings/stages" }},
		"deals are being copied": {"", list.DealsPage{Settings: settings, Backfill: queue.Backfill{DealsRead: 10, Total: 2000}}, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return m.Copying != nil && strings.Contains(m.Copying.Text, "10 из 2\u00a0000") && strings.HasPrefix(m.Empty, "Пока")
		}},
		"the copying has a problem": {"", list.DealsPage{Settings: settings, Backfill: queue.Backfill{Problem: "Нет связи."}}, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool { return strings.Contains(m.Copying.Text, "Нет связи.") }},
		"the stage is chosen": {"stage=S", page, dealsFailure{}, roles.RoleWorker, func(m views.DealsWithoutActs) bool {
			return len(m.Stage) == 2 && m.Stage[1].Chosen && m.Stage[1].Label == "Одобрено"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			q := parsed(t, tt.query)
			if m := dealsWithoutActsView(visit(tt.role), readDealsQuery(q, visit(tt.role)), tt.found, tt.try, q, today); !tt.want(m) {
				t.Errorf("%+v", m)
			}
		})
	}
	next := page
	next.Next = list.PageKey{Value: "2026-11-24", ID: 12}
	m := dealsWithoutActsView(visit(roles.RoleWorker), readDealsQuery(url.Values{"stage": {"S"}}, visit(roles.RoleWorker)), next, dealsFailure{}, nil, today)
	if m.Next != "/p/7/deals?after="+encodeCursor(next.Next, list.DealSorting, list.DealSorting.First, 7)+"&stage=S" || m.First != "" {
		t.Errorf("the next page is %s", m.Next)
	}
}
