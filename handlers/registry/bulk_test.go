package registry

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
	"acts24/views"
)

func TestReadBulk(t *testing.T) {
	const key = "6f2a6a1e-3f4e-4c58-9d5c-0d3b9f1a2b3c"
	form := func(pairs ...string) url.Values {
		f := url.Values{"key": {key}, "action": {"remind"}}
		for i := 0; i < len(pairs); i += 2 {
			f.Add(pairs[i], pairs[i+1])
		}
		return f
	}
	for name, tt := range map[string]struct {
		form url.Values
		ids  []acts.ActID
		all  bool
		err  bool
	}{
		"checked acts":            {form("act", "3", "act", "9"), []acts.ActID{3, 9}, false, false},
		"an act checked twice":    {form("act", "3", "act", "3"), []acts.ActID{3}, false, false},
		"the page":                {form("page", "3,9,21"), []acts.ActID{3, 9, 21}, false, false},
		"the page and its acts":   {form("page", "3,9", "act", "9"), []acts.ActID{3, 9}, false, false},
		"nothing":                 {form(), nil, false, false},
		"no number":               {form("act", "x"), nil, false, true},
		"no act":                  {form("act", "0"), nil, false, true},
		"the filter":              {form("all", "1", "filter", "status=sent", "act", "3"), nil, true, false},
		"the filter of a company": {form("all", "1", "company", "17"), nil, true, false},
		"a filter with a fault":   {form("all", "1", "filter", "status=x"), nil, true, true},
		"an invalid filter":       {form("all", "1", "filter", "%"), nil, true, true},
		"an invalid company":      {form("all", "1", "company", "-1"), nil, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readBulk(tt.form, visit(roles.RoleWorker))
			if (err != nil) != tt.err || err != nil && !errors.Is(err, acts.Invalid) {
				t.Fatalf("error %v", err)
			}
			if err == nil && (!slices.Equal(got.IDs, tt.ids) || (got.Filter != nil) != tt.all) {
				t.Errorf("%+v", got)
			}
		})
	}
	first, again := keyOf(form("act", "3")), keyOf(form("act", "3"))
	if first == "" || first != again || first == keyOf(form("act", "4")) || keyOf(url.Values{"key": {"x"}}) != "" {
		t.Errorf("the key %q belongs to the form and its selection, sent again it is %q", first, again)
	}
}

func TestBulkView(t *testing.T) {
	bulk := func(action store.BulkAction, state store.BulkState, user acts.UserID, counts ...int) store.Bulk {
		b := store.Bulk{ID: 8, Action: action, State: state, User: user, UserName: "Борис", CreatedAt: today}
		b.New, b.Refused, b.Waiting, b.Done, b.Failed = counts[0], counts[1], counts[2], counts[3], counts[4]
		return b
	}
	for name, tt := range map[string]struct {
		bulk store.Bulk
		role roles.Role
		want func(views.Bulk) bool
	}{
		"a target is chosen first": {bulk(store.BulkResponsible, store.BulkChoosing, 5, 3, 0, 0, 0, 0), roles.RoleWorker, func(m views.Bulk) bool { return m.Choose == "/p/7/bulks/8/target" && m.Cancel != "" && !m.Busy }},
		"the dry run":              {bulk(store.BulkSend, store.BulkChecking, 5, 2, 1, 1, 0, 0), roles.RoleWorker, func(m views.Bulk) bool { return m.Busy && m.Now == 2 && m.Of == 4 && m.Run == "" }},
		"its result": {bulk(store.BulkSend, store.BulkChecked, 5, 0, 1, 3, 0, 0), roles.RoleWorker, func(m views.Bulk) bool {
			return m.Run == "/p/7/bulks/8/run" && m.Counts == "Готовы: 3, пропустим: 1."
		}},
		"somebody else's":     {bulk(store.BulkSend, store.BulkChecked, 6, 0, 1, 3, 0, 0), roles.RoleWorker, func(m views.Bulk) bool { return m.Run == "" && m.Author == "Начал: Борис." }},
		"of a viewer":         {bulk(store.BulkSend, store.BulkChecked, 5, 0, 1, 3, 0, 0), roles.RoleViewer, func(m views.Bulk) bool { return m.Run == "" }},
		"nothing can be done": {bulk(store.BulkSend, store.BulkChecked, 5, 0, 4, 0, 0, 0), roles.RoleWorker, func(m views.Bulk) bool { return m.Run == "" && m.File == "" }},
		"an archive": {bulk(store.BulkPDF, store.BulkChecked, 5, 0, 1, 3, 0, 0), roles.RoleViewer, func(m views.Bulk) bool {
			return m.File == "/p/7/bulks/8/file" && m.FileLabel == "Скачать архив" && m.Cancel == "" && m.State.Text == "готово"
		}},
		"a table": {bulk(store.BulkTable, store.BulkChecked, 5, 0, 0, 3, 0, 0), roles.RoleViewer, func(m views.Bulk) bool {
			return m.FileLabel == "Скачать таблицу" && strings.HasPrefix(m.Counts, "Войдут в таблицу: 3")
		}},
		"it runs": {bulk(store.BulkSend, store.BulkRunning, 5, 0, 1, 3, 2, 1), roles.RoleWorker, func(m views.Bulk) bool {
			return m.Busy && m.Now == 3 && m.Of == 6 && m.CancelLabel == "Остановить"
		}},
		"it is done":                  {bulk(store.BulkSend, store.BulkDone, 5, 0, 0, 0, 2, 1), roles.RoleWorker, func(m views.Bulk) bool { return !m.Busy && m.Now == 3 && m.Of == 3 && m.Cancel == "" }},
		"it was cancelled in time":    {bulk(store.BulkSend, store.BulkCancelled, 5, 0, 0, 3, 0, 0), roles.RoleWorker, func(m views.Bulk) bool { return strings.Contains(m.Counts, "ничего не сделано") }},
		"it was cancelled in between": {bulk(store.BulkSend, store.BulkCancelled, 5, 0, 0, 3, 1, 0), roles.RoleWorker, func(m views.Bulk) bool { return strings.Contains(m.Counts, "не начаты: 3") }},
	} {
		t.Run(name, func(t *testing.T) {
			if m := bulkView(visit(tt.role), tt.bulk); !tt.want(m) {
				t.Errorf("%+v", m)
			}
		})
	}
	list := bulksView(visit(roles.RoleWorker), []store.Bulk{bulk(store.BulkSend, store.BulkRunning, 5, 0, 0, 1, 1, 0), bulk(store.BulkSend, store.BulkChecked, 5, 0, 0, 1, 0, 0)})
	if !list.Busy || len(list.Bulks) != 2 || list.Bulks[0].Link.Href != "/p/7/bulks/8" || !strings.HasPrefix(list.Bulks[1].Counts, "Готовы: 1") {
		t.Errorf("%+v", list)
	}
}

func TestBulkGroups(t *testing.T) {
	b := store.Bulk{Action: store.BulkSend, State: store.BulkDone}
	list := groupViews(visit(roles.RoleWorker), b, []store.BulkGroup{{State: store.RowFailed, Reason: "СБИС не ответил", Acts: 12, First: []store.BulkAct{{ID: 4, Number: "К-1", Date: today}, {ID: 5, Date: today}}},
		{State: store.RowDone, Acts: 1, First: []store.BulkAct{{ID: 6}}}})
	if g := list[0]; !g.Open || g.Title != "Не получилось" || g.More != "и ещё 10\u00a0актов" || g.Acts.Rows[0].Cells[0].Link.Text != "Акт № К-1 от 27.11.2026" || g.Acts.Rows[1].Cells[0].Link.Text != "Акт без номера от 27.11.2026" || g.Acts.Rows[0].Cells[0].Link.Href != "/p/7/acts/4" {
		t.Errorf("%+v", g)
	}
	if g := list[1]; g.Open || g.Title != "Переданы" || g.Tone != "success" || g.More != "" {
		t.Errorf("%+v", g)
	}
	for state, want := range map[store.BulkState]string{store.BulkRunning: "Осталось", store.BulkCancelled: "Не начаты", store.BulkChecked: "Готовы"} {
		if title, _ := groupTitle(store.Bulk{Action: store.BulkSend, State: state}, "waiting"); title != want {
			t.Errorf("%s: %s", state, title)
		}
	}
	people := targets(visit(roles.RoleWorker), []people.User{{ID: 5, Name: "Анна"}, {ID: 6, Name: "Борис"}})
	if len(people) != 3 || people[1].Label != "Анна (я)" || people[2].Value != "6" {
		t.Errorf("%+v", people)
	}
}
