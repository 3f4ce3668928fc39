package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
)

func TestBulkHandOver(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	ids := s.FormDrafts(4)
	paper := s.FormPaperAct(s.Deal(5), "company")
	form := s.BulkForm("send", append(ids[:3:3], paper[strings.LastIndex(paper, "/")+1:])...)
	path, doc := s.StartBulk(form)
	if got := apptest.BulkText(doc); got != "Готовы: 3, пропустим: 1." {
		t.Errorf("the check shows %q", got)
	}
	if reason := apptest.TestID(doc, "group-refused").Find(".reason").Text(); !strings.HasPrefix(reason, "Бумажный акт не передаётся в СБИС.") {
		t.Errorf("the reason reads %q", reason)
	}
	s.AwaitQuiet()
	if n := len(s.Documents()); n != 0 {
		t.Fatalf("%d documents before anybody confirmed it", n)
	}
	for range 2 {
		p, err := s.Manager.Post("/p/1/acts/bulk", form)
		if s.Page(p, err, http.StatusOK); p.Path != path {
			t.Errorf("the form sent twice redirects to %s, want %s", p.Path, path)
		}
	}
	if p, err := s.Manager.Post("/p/1/acts/bulk", url.Values{"key": form["key"], "action": {"send"}, "act": ids[3:]}); err != nil || p.Path == path {
		t.Errorf("another choice on the same page redirects to %s, %v", p.Path, err)
	}
	doc = s.RunBulk(path)
	s.RunBulk(path)
	if got := apptest.BulkText(doc); got != "Выполнено: 3, не получилось: 0, осталось: 0." {
		t.Errorf("at the end: %q", got)
	}
	s.Await("three documents", func() bool { return len(s.Documents()) == 3 })
	s.AwaitQuiet()
	if n := len(s.Documents()); n != 3 || s.Count("bulks") != 2 {
		t.Errorf("%d documents, %d bulks", n, s.Count("bulks"))
	}
	p, err := s.Manager.Get("/p/1/bulks")
	if list := s.Page(p, err, http.StatusOK).Find(".bulks li"); list.Length() != 2 || !strings.Contains(list.Text(), "Выполнено: 3") {
		t.Errorf("my bulks: %s", list.Text())
	}
}

// An act that changed between the check and its turn is refused then, with the message of the single action.
func TestBulkActThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	ids := s.FormDrafts(4)
	path, _ := s.StartBulk(s.BulkForm("send", ids...))
	s.Exec(`UPDATE acts SET act_date = act_date - 1 WHERE id = ` + ids[3])
	s.Exec(`UPDATE own_companies SET closed_before = (SELECT max(act_date) FROM acts)`)
	s.PostAction("/p/1/acts/"+ids[1]+"/mark", apptest.Form("event", "annulment", "reason", "не нужен"), "Аннулирован")
	s.Exec(`UPDATE acts SET responsible_id = 77 WHERE id = ` + ids[2])
	s.Exec(fmt.Sprintf(`INSERT INTO people VALUES (1, %d, '{%[1]d}')`, s.Portal.Manager()))
	doc := s.RunBulk(path)
	if got := apptest.BulkText(doc); got != "Выполнено: 1, не получилось: 3, осталось: 0." {
		t.Errorf("at the end: %q", got)
	}
	for _, why := range []string{"Акт уже передан: «Аннулирован».", "вам он больше не виден", "закрыт"} {
		if all := apptest.TestID(doc, "group-failed").Text(); !strings.Contains(all, why) {
			t.Errorf("no %q in %s", why, all)
		}
	}
	if n := s.Count(`closed_tries WHERE act_id = ` + ids[3]); n != 1 {
		t.Errorf("%d attempts in the closed period are kept, want one", n)
	}
}

// The page of a bulk action is visible to its author and to administrators only; for others it does not exist.
func TestBulkIsItsAuthors(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	path, _ := s.StartBulk(s.BulkForm("send", s.FormDrafts(1)...))
	colleague := apptest.NewVisitor(s.Portal, s.Portal.AddUser(apptest.Employee("Борис")), s.AppURL)
	s.AddWorker(colleague.User)
	p, err := colleague.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
	for _, way := range []string{"", "/file"} {
		if p, err := colleague.Get(path + way); err != nil || p.Status != http.StatusNotFound {
			t.Errorf("a colleague at %s%s: %d %v", path, way, p.Status, err)
		}
	}
	for _, way := range []string{"/run", "/cancel", "/target"} {
		if p, err := colleague.Post(path+way, apptest.Form("to", "1")); err != nil || p.Status != http.StatusNotFound {
			t.Errorf("a colleague does %s: %d %v", way, p.Status, err)
		}
	}
	admin := apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	p, err = admin.OpenDeal(s.Deal(1))
	s.Page(p, err, http.StatusOK)
	p, err = admin.Get(path)
	if doc := s.Page(p, err, http.StatusOK); apptest.TestID(doc, "bulk-run").Length() != 0 || apptest.TestID(doc, "bulk-cancel").Length() != 1 {
		t.Error("an administrator sees and stops it, he does not run it")
	}
	if p, err := admin.Post(path+"/run", nil); err != nil || p.Status != http.StatusForbidden {
		t.Errorf("an administrator runs it: %d %v", p.Status, err)
	}
	p, err = admin.Post(path+"/cancel", nil)
	if doc := s.Page(p, err, http.StatusOK); apptest.BulkText(doc) != "Отменено, ни с одним актом ничего не сделано." {
		t.Errorf("an administrator stopped it: %q", apptest.BulkText(doc))
	}
}
