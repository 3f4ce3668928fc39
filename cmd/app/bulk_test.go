package app_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// drafts forms electronic acts of the first n deals and returns their ids.
func (s *site) drafts(n int) (ids []string) {
	s.t.Helper()
	for i := range n {
		opened, err := s.manager.OpenDeal(s.deal(i + 1))
		action, form := formOf(s.page(opened, err, http.StatusOK))
		formed, err := s.manager.Post(action, form)
		s.page(formed, err, http.StatusOK)
		_, act, _ := strings.Cut(formed.Path, "formed=")
		ids = append(ids, act)
	}
	return ids
}

// choice returns the form below the registry with an action and some acts selected.
func (s *site) choice(action string, ids ...string) url.Values {
	return url.Values{"key": {uuid.NewString()}, "action": {action}, "act": ids}
}

// bulk sends a form, follows it to the page of the bulk action, and waits for the result of the check.
func (s *site) bulk(form url.Values) (path string, doc *goquery.Document) {
	s.t.Helper()
	p, err := s.manager.Post("/p/1/acts/bulk", form)
	s.page(p, err, http.StatusOK)
	return p.Path, s.until(p.Path, "проверяется", false)
}

// until waits until the page of a bulk action shows, or no longer shows, a state.
func (s *site) until(path, state string, says bool) (doc *goquery.Document) {
	s.t.Helper()
	s.await(fmt.Sprintf("%q at %s: %t", state, path, says), func() bool {
		p, err := s.manager.Get(path)
		doc = s.page(p, err, http.StatusOK)
		return (strings.TrimSpace(testid(doc, "bulk-state").Find(".chip").Text()) == state) == says
	})
	return doc
}

func words(doc *goquery.Document) string { return testid(doc, "bulk-words").Text() }

// runs starts a bulk action and waits for its end.
func (s *site) runs(path string) *goquery.Document {
	s.t.Helper()
	p, err := s.manager.Post(path+"/run", nil)
	s.page(p, err, http.StatusOK)
	return s.until(path, "выполнено", true)
}

// rows returns the rows of the last bulk action: act, state, reason.
func (s *site) rows() (rows [][3]string) {
	s.t.Helper()
	db, err := sql.Open("postgres", s.owner)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	found, err := db.Query(`SELECT act_id, state, reason FROM bulk_rows WHERE bulk_id = (SELECT max(id) FROM bulks) ORDER BY n`)
	if err != nil {
		s.t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var r [3]string
		if err := found.Scan(&r[0], &r[1], &r[2]); err != nil {
			s.t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// crowd adds n other waiting tasks to the portal; crowd(0) removes them.
func (s *site) crowd(n int) {
	s.t.Helper()
	s.sql(`DELETE FROM tasks WHERE kind = 'crm.letter' AND subject >= 1000000`)
	s.sql(fmt.Sprintf(`INSERT INTO tasks (portal_id, kind, subject, due_at) SELECT 1, 'crm.letter', 1000000 + n, clock_timestamp() + interval '1 day' FROM generate_series(1, %d) n`, n))
}

func TestBulkHandOver(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	ids := s.drafts(4)
	paper := s.formPaper(s.deal(5), "company")
	form := s.choice("send", append(ids[:3:3], paper[strings.LastIndex(paper, "/")+1:])...)
	path, doc := s.bulk(form)
	if got := words(doc); got != "Можно: 3, нельзя: 1." {
		t.Errorf("the check shows %q", got)
	}
	if reason := testid(doc, "group-refused").Find(".reason").Text(); !strings.HasPrefix(reason, "Бумажный акт не передаётся в СБИС.") {
		t.Errorf("the reason reads %q", reason)
	}
	s.quiet()
	if n := len(s.documents()); n != 0 {
		t.Fatalf("%d documents before anybody confirmed it", n)
	}
	for range 2 {
		p, err := s.manager.Post("/p/1/acts/bulk", form)
		if s.page(p, err, http.StatusOK); p.Path != path {
			t.Errorf("the form sent twice redirects to %s, want %s", p.Path, path)
		}
	}
	if p, err := s.manager.Post("/p/1/acts/bulk", url.Values{"key": form["key"], "action": {"send"}, "act": ids[3:]}); err != nil || p.Path == path {
		t.Errorf("another choice on the same page redirects to %s, %v", p.Path, err)
	}
	doc = s.runs(path)
	s.runs(path)
	if got := words(doc); got != "Выполнено: 3, не получилось: 0, осталось: 0." {
		t.Errorf("at the end: %q", got)
	}
	s.await("three documents", func() bool { return len(s.documents()) == 3 })
	s.quiet()
	if n := len(s.documents()); n != 3 || s.count("bulks") != 2 {
		t.Errorf("%d documents, %d bulks", n, s.count("bulks"))
	}
	p, err := s.manager.Get("/p/1/bulks")
	if list := s.page(p, err, http.StatusOK).Find(".bulks li"); list.Length() != 2 || !strings.Contains(list.Text(), "Выполнено: 3") {
		t.Errorf("my bulks: %s", list.Text())
	}
}

// An act that changed between the check and its turn is refused then, with the message of the single action.
func TestBulkActThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	ids := s.drafts(4)
	path, _ := s.bulk(s.choice("send", ids...))
	s.sql(`UPDATE acts SET act_date = act_date - 1 WHERE id = ` + ids[3])
	s.sql(`UPDATE own_companies SET closed_before = (SELECT max(act_date) FROM acts)`)
	s.does("/p/1/acts/"+ids[1]+"/mark", form("event", "annulment", "reason", "не нужен"), "Аннулирован")
	s.sql(`UPDATE acts SET responsible_id = 77 WHERE id = ` + ids[2])
	s.sql(fmt.Sprintf(`INSERT INTO people VALUES (1, %d, '{%[1]d}')`, s.portal.Manager()))
	doc := s.runs(path)
	if got := words(doc); got != "Выполнено: 1, не получилось: 3, осталось: 0." {
		t.Errorf("at the end: %q", got)
	}
	for _, why := range []string{"Акт уже передан: «Аннулирован».", "вам он больше не виден", "закрыт"} {
		if all := testid(doc, "group-failed").Text(); !strings.Contains(all, why) {
			t.Errorf("no %q in %s", why, all)
		}
	}
	if n := s.count(`closed_tries WHERE act_id = ` + ids[3]); n != 1 {
		t.Errorf("%d attempts in the closed period are kept, want one", n)
	}
}

// The page of a bulk action is visible to its author and to administrators only; for others it does not exist.
func TestBulkIsItsAuthors(t *testing.T) {
	t.Parallel()
	s := start(t, 2)
	path, _ := s.bulk(s.choice("send", s.drafts(1)...))
	colleague := apptest.NewVisitor(s.portal, s.portal.AddUser(plainUser("Борис")), s.AppURL)
	s.works(colleague.User)
	p, err := colleague.OpenDeal(s.deal(1))
	s.page(p, err, http.StatusOK)
	for _, way := range []string{"", "/file"} {
		if p, err := colleague.Get(path + way); err != nil || p.Status != http.StatusNotFound {
			t.Errorf("a colleague at %s%s: %d %v", path, way, p.Status, err)
		}
	}
	for _, way := range []string{"/run", "/cancel", "/target"} {
		if p, err := colleague.Post(path+way, form("to", "1")); err != nil || p.Status != http.StatusNotFound {
			t.Errorf("a colleague does %s: %d %v", way, p.Status, err)
		}
	}
	admin := apptest.NewVisitor(s.portal, s.portal.Admin(), s.AppURL)
	p, err = admin.OpenDeal(s.deal(1))
	s.page(p, err, http.StatusOK)
	p, err = admin.Get(path)
	if doc := s.page(p, err, http.StatusOK); testid(doc, "bulk-run").Length() != 0 || testid(doc, "bulk-cancel").Length() != 1 {
		t.Error("an administrator sees and stops it, he does not run it")
	}
	if p, err := admin.Post(path+"/run", nil); err != nil || p.Status != http.StatusForbidden {
		t.Errorf("an administrator runs it: %d %v", p.Status, err)
	}
	p, err = admin.Post(path+"/cancel", nil)
	if doc := s.page(p, err, http.StatusOK); words(doc) != "Отменено, ни с одним актом ничего не сделано." {
		t.Errorf("an administrator stopped it: %q", words(doc))
	}
}

func plainUser(name string) bitrix24test.User {
	return bitrix24test.User{Name: name, LastName: "Коллегин", Active: true}
}
