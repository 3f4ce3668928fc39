package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/acts"
	"acts24/cmd/app/apptest"
)

// The presets of acts that wait for us count and list the acts for which acts.Act.AwaitsUs is true.
func TestPresetsOfActsThatAwaitUs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
	s.AwaitQuiet()              // nothing changes the acts between the query and the pages
	s.AddWorker(s.Manager.User) // sees all acts
	s.AddCopies(62)
	s.Exec(`UPDATE acts SET status = (ARRAY['draft', 'signed_by_us', 'sent', 'accepted_unsigned', 'signed', 'refused', 'annulled'])[1 + id % 7],
		delivery = (ARRAY['', 'queued', 'waiting_signature', 'waiting_connection', 'sent', 'delivered', 'completed', 'error', 'withdrawing'])[1 + id % 9],
		annulment = CAST((ARRAY['{}', '{"proposed": "theirs"}', '{"proposed": "ours"}', '{"proposed": "theirs", "step": "agree"}', '{"step": "recall"}',
			'{"proposed": "theirs", "step": "decline", "manual": true}', '{"proposed": "ours", "step": "withdraw", "manual": true}',
			'{"step": "propose", "manual": true, "executed": true}'])[1 + id / 7 % 8] AS jsonb),
		responsible_id = CASE WHEN id % 2 = 0 THEN responsible_id ELSE 0 END WHERE id > 1`)
	rows, err := s.Owner().Query(`SELECT status, delivery, responsible_id, annulment FROM acts`)
	s.Must(err)
	defer rows.Close()
	ours, mine, waiting := 0, 0, 0
	for rows.Next() {
		var a acts.Act
		var annulment []byte
		s.Must(rows.Scan(&a.Status, &a.Delivery, &a.Responsible, &annulment))
		s.Must(json.Unmarshal(annulment, &a.Annulment))
		if a.Delivery == acts.DeliveryWaitingSignature {
			waiting++
		}
		if a.AwaitsUs() {
			ours++
			if a.Responsible == acts.UserID(s.Manager.User) {
				mine++
			}
		}
	}
	s.Must(rows.Err())
	doc := s.RegistryPage("")
	for preset, want := range map[string]int{"my-action": mine, "waits-for-us": waiting} {
		if got := strings.TrimSpace(apptest.TestID(doc, "preset-"+preset).Find(".count").Text()); got != strconv.Itoa(want) {
			t.Errorf("preset %s counts %s, want %d", preset, got, want)
		}
		address := apptest.TestID(doc, "preset-"+preset).AttrOr("href", "")
		_, query, _ := strings.Cut(address, "?")
		if got := apptest.RegistryRows(s.RegistryPage(query)); got != want {
			t.Errorf("preset %s lists %d acts, want %d", preset, got, want)
		}
	}
	if got := apptest.RegistryRows(s.RegistryPage("our-move=1")); got != ours || ours == mine || ours == 0 {
		t.Errorf("%d acts wait for us, want %d, of which %d are the manager's", got, ours, mine)
	}
}

// A visitor saves filters under names that only he sees; heads of departments and administrators share theirs. Shared filters of a
// dismissed employee stay, and an administrator takes them over.
func TestSavedFilters(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddWorker(s.Manager.User)
	admin, me := s.AdminAtMenu(), s.Manager.User
	save := func(v *apptest.Visitor, name string, shared bool, query string, want int) *goquery.Document {
		t.Helper()
		form := url.Values{"name": {name}, "query": {query}}
		if shared {
			form.Set("shared", "1")
		}
		p, err := v.Post("/p/1/filters", form)
		return s.Page(p, err, want)
	}
	post := func(v *apptest.Visitor, path string, want int, pairs ...string) *goquery.Document {
		t.Helper()
		p, err := v.Post("/p/1/filters/"+path, apptest.Form(pairs...))
		return s.Page(p, err, want)
	}
	names := func(v *apptest.Visitor) string {
		t.Helper()
		p, err := v.Get("/p/1/acts")
		return strings.Join(s.Page(p, err, http.StatusOK).Find("[data-testid^=saved-filter-]").Map(func(_ int, a *goquery.Selection) string { return strings.TrimSpace(a.Text()) }), "; ")
	}

	const hostile = `<b>Бумага</b> "\u202eпапка`
	doc := save(s.Manager, "  "+hostile+"\x00\n", false, "sort=sum&medium=paper&nonsense=1", http.StatusOK)
	saved := doc.Find("[data-testid^=saved-filter-]")
	if strings.TrimSpace(saved.Text()) != hostile || saved.AttrOr("href", "") != "/p/1/acts?medium=paper&sort=sum" || doc.Find("[data-testid^=saved-filter-][aria-current]").Length() != 1 ||
		apptest.Text(doc, "notice") != "Фильтр сохранён." || apptest.TestID(doc, "save-as").Length() != 0 {
		t.Errorf("saved is %q, %q", saved.Text(), saved.AttrOr("href", ""))
	}
	company := s.Number(`SELECT company_id FROM acts`)
	doc = save(s.Manager, "Одна компания", false, fmt.Sprintf("company=%d", company), http.StatusOK)
	if here := doc.Find("[data-testid^=saved-filter-][aria-current]"); strings.TrimSpace(here.Text()) != "Одна компания" || apptest.RegistryRows(doc) != 1 {
		t.Errorf("the filter of a company is %q", here.Text())
	}
	post(s.Manager, fmt.Sprint(s.Number(`SELECT id FROM saved_filters WHERE name = 'Одна компания'`))+"/delete", http.StatusOK)
	for name, query := range map[string]string{"": "medium=paper", " \t": "medium=paper", strings.Repeat("ж", 61): "medium=paper", strings.ToUpper(hostile): "medium=electronic"} {
		if doc := save(s.Manager, name, false, query, http.StatusUnprocessableEntity); apptest.FaultAt(doc, "name") == "" {
			t.Errorf("%.20q is refused without a reason", name)
		}
	}
	for _, query := range []string{"", "status=paid", "%", "nonsense=1"} {
		save(s.Manager, "Нет условий", false, query, http.StatusUnprocessableEntity)
	}
	save(s.Manager, "Общий", true, "overdue=1", http.StatusForbidden)
	s.Exec(fmt.Sprintf(`INSERT INTO units (portal_id, kind, id, name, head_id) VALUES (1, 'department', 900, 'Отдел', %d)`, me))
	save(s.Manager, "Просрочка отдела", true, "overdue=1&medium=paper", http.StatusOK)
	save(admin, "Все отказы", true, "status=refused", http.StatusOK)
	if mine, his := names(s.Manager), names(admin); mine != hostile+"; Просрочка отдела; Все отказы" || his != "Все отказы; Просрочка отдела" {
		t.Errorf("the head sees %q, the administrator %q", mine, his)
	}

	id := func(name string) string {
		return fmt.Sprint(s.Number(`SELECT id FROM saved_filters WHERE name LIKE '%` + name + `%'`))
	}
	private, shared, admins := id("Бумага"), id("Просрочка"), id("отказы")
	post(admin, private, http.StatusNotFound, "name", "Чужой")
	post(admin, private+"/delete", http.StatusNotFound)
	post(s.Manager, admins, http.StatusForbidden, "name", "Чужой")
	post(s.Manager, admins+"/delete", http.StatusForbidden)
	post(s.Manager, admins+"/take", http.StatusForbidden)
	post(s.Manager, "999999/delete", http.StatusNotFound)
	post(s.Manager, "x", http.StatusNotFound)
	post(s.Manager, private, http.StatusOK, "name", "Бумажные")
	if doc := post(s.Manager, private, http.StatusUnprocessableEntity, "name", "просрочка ОТДЕЛА"); apptest.FaultAt(doc, "name") == "" || doc.Find("details[open] input[name=name]").AttrOr("value", "") != "просрочка ОТДЕЛА" {
		t.Error("a name that is taken is refused without its field")
	}

	s.Exec(fmt.Sprintf(`INSERT INTO users (portal_id, id, name, active) VALUES (1, %d, 'Анна Менеджер', false) ON CONFLICT (portal_id, id) DO UPDATE SET active = false, name = EXCLUDED.name`, me))
	p, err := admin.Get("/p/1/filters")
	if text := s.Page(p, err, http.StatusOK).Find("[data-testid=saved-filters]").Text(); !strings.Contains(text, "Анна Менеджер, не работает") || strings.Contains(text, "Бумажные") {
		t.Errorf("the administrator reads %q", text)
	}
	post(admin, shared+"/take", http.StatusOK)
	post(admin, shared, http.StatusOK, "name", "Просрочка", "shared", "1")
	if n := s.Count(fmt.Sprintf(`saved_filters WHERE id = %s AND user_id <> %d AND shared AND name = 'Просрочка'`, shared, me)); n != 1 {
		t.Error("the administrator has not taken the filter over")
	}

	s.Exec(fmt.Sprintf(`INSERT INTO saved_filters (portal_id, user_id, name, query, shared) SELECT 1, %d, 'Личный ' || n, 'overdue=1', false FROM generate_series(1, 300) n`, me))
	s.Exec(`INSERT INTO saved_filters (portal_id, user_id, name, query, shared) SELECT 1, 5000 + n, 'Ф ' || n || repeat(' очень длинное имя', 3), 'overdue=1', true FROM generate_series(1, 197) n`)
	save(admin, "Двухсотый", false, "failed=1", http.StatusOK)
	if doc := save(admin, "Лишний", false, "failed=1", http.StatusConflict); !strings.Contains(apptest.Text(doc, "alert"), "уже 200 сохранённых фильтров") || doc.Find("input[name=name]").First().AttrOr("value", "") != "Лишний" {
		t.Errorf("the limit reads %q", apptest.Text(doc, "alert"))
	}
	if p, err = admin.Get("/p/1/acts"); s.Page(p, err, http.StatusOK).Find("[data-testid^=saved-filter-]").Length() != 12 {
		t.Error("the registry does not show the first twelve filters")
	}
	post(admin, shared+"/delete", http.StatusOK)
	save(admin, "Лишний", false, "failed=1", http.StatusOK)
}
