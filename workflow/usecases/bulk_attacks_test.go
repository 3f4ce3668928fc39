package usecases_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
)

// Input that cannot be chosen in the list is refused in Russian and creates no bulk action.
func TestBulkNonsense(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	s.HandOver(s.Deal(1))
	theirs := apptest.NewVisitor(s.Portals[1], s.Portals[1].Manager(), s.AppURL)
	p, err := theirs.OpenDeal(1)
	action, draft := apptest.ActForm(s.Page(p, err, http.StatusOK))
	formed, err := theirs.Post(action, draft)
	s.Page(formed, err, http.StatusOK)
	_, foreign, _ := strings.Cut(formed.Path, "formed=")
	s.Exec(`INSERT INTO people VALUES (1, 4242, '{}')`)
	with := func(action string, more ...string) url.Values {
		f := apptest.Form(append([]string{"key", uuid.NewString(), "action", action}, more...)...)
		return f
	}
	for name, tt := range map[string]struct {
		form    url.Values
		status  int
		message string
	}{
		"an empty form":                       {url.Values{}, 422, "Такого действия нет"},
		"an unknown action":                   {with("delete", "act", "1"), 422, "Такого действия нет"},
		"no key":                              {apptest.Form("action", "send", "act", "1"), 422, "Форма устарела"},
		"an invalid key":                      {apptest.Form("action", "send", "act", "1", "key", "1"), 422, "Форма устарела"},
		"no acts":                             {with("send"), 422, "Акты не выбраны"},
		"an act of another portal":            {with("send", "act", foreign), 404, "нет или который вам не виден"},
		"an act of another portal among ours": {with("send", "page", "1,"+foreign), 404, "нет или который вам не виден"},
		"an act that does not exist":          {with("pdf", "act", "99999"), 404, "нет или который вам не виден"},
		"a word":                              {with("send", "act", "все"), 422, "не акт"},
		"a negative number":                   {with("send", "act", "-1"), 422, "не акт"},
		"too large a number":                  {with("send", "page", "99999999999999999999"), 422, "не акт"},
		"an invalid filter":                   {with("send", "all", "1", "filter", "%zz"), 422, "Фильтр не понят"},
		"an unknown status":                   {with("send", "all", "1", "filter", "status=paid"), 422, "Фильтр не понят"},
		"an invalid day":                      {with("send", "all", "1", "filter", "from=yesterday"), 422, "Фильтр не понят"},
		"a company that is no number":         {with("send", "all", "1", "company", "x"), 422, "Фильтр не понят"},
		"a filter that matches nothing":       {with("send", "all", "1", "filter", "q="+url.QueryEscape("%_\x00нет")), 422, "Акты не выбраны"},
		"a large form":                        {with("send", "page", strings.Repeat("1,", 40_000)), 413, "Слишком большой запрос"},
	} {
		p, err := s.Manager.Post("/p/1/acts/bulk", tt.form)
		if err != nil || p.Status != tt.status || !strings.Contains(p.Body, tt.message) {
			t.Errorf("%s: status %d, want %d with %q, %v\n%s", name, p.Status, tt.status, tt.message, err, p.Body)
		}
	}
	for path, want := range map[string]int{"/p/1/bulks/1": 404, "/p/1/bulks/x": 404, "/p/1/bulks/-1": 404, "/p/1/bulks/1/file": 404, "/p/1/bulks/99999999999999999999": 404} {
		if p, err := s.Manager.Get(path); err != nil || p.Status != want {
			t.Errorf("%s: status %d, %v", path, p.Status, err)
		}
	}
	if n := s.Count("bulks"); n != 0 {
		t.Errorf("%d bulks of nonsense", n)
	}
}

// A bulk action of another portal does not exist for a visitor; acts that an employee cannot see are not selected for him.
func TestBulkStaysInItsPortal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	path, _ := s.StartBulk(s.BulkForm("send", s.FormDrafts(2)...))
	other := apptest.NewVisitor(s.Portals[1], s.Portals[1].Admin(), s.AppURL)
	p, err := other.OpenDeal(1)
	s.Page(p, err, http.StatusOK)
	for _, at := range []string{path, strings.Replace(path, "/p/1/", "/p/2/", 1)} {
		if p, err := other.Get(at); err != nil || p.Status != http.StatusNotFound && p.Status != http.StatusUnauthorized {
			t.Errorf("the other portal at %s: %d %v", at, p.Status, err)
		}
	}
	s.Exec(fmt.Sprintf(`INSERT INTO people VALUES (1, %d, '{%[1]d}')`, s.Portal.Manager()))
	s.Exec(`UPDATE acts SET responsible_id = 77 WHERE id = 1`)
	if p, err := s.Manager.Post("/p/1/acts/bulk", s.BulkForm("send", "1", "2")); err != nil || p.Status != http.StatusNotFound {
		t.Errorf("an act that he may not see: %d %v", p.Status, err)
	}
	if _, doc := s.StartBulk(url.Values{"key": {uuid.NewString()}, "action": {"send"}, "all": {"1"}}); apptest.BulkText(doc) != "Готовы: 1, пропустим: 0." {
		t.Errorf("of the whole list he takes what he sees: %q", apptest.BulkText(doc))
	}
}

func TestBulkHasLimits(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AddCopies(10_000)
	for action, most := range map[string]string{"send": "не больше 10\u00a0000 актов", "pdf": "не больше 500 актов"} {
		p, err := s.Manager.Post("/p/1/acts/bulk", url.Values{"key": {uuid.NewString()}, "action": {action}, "all": {"1"}})
		if err != nil || p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, most) {
			t.Errorf("%s of 10,001 acts: %d %v\n%s", action, p.Status, err, p.Body)
		}
	}
}

// An archive contains every document once, under valid file names.
func TestBulkArchive(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.Await("the document", func() bool { return len(s.Documents()) == 1 })
	s.AddCopies(5)
	s.Exec(`UPDATE acts SET number = '', act_date = '2026-11-20', buyer = buyer || '{"name": "../..\\ООО «Ромашка»: <1>"}' WHERE id > 3`)
	s.AddCopyLines()
	all := func(action string) url.Values {
		return url.Values{"key": {uuid.NewString()}, "action": {action}, "all": {"1"}}
	}
	path, doc := s.StartBulk(all("pdf"))
	if apptest.BulkText(doc) != "Войдут в архив: 6, не войдут: 0." {
		t.Errorf("the check shows %q", apptest.BulkText(doc))
	}
	if p, err := s.Manager.Post(path+"/run", nil); err != nil || p.Status != http.StatusConflict {
		t.Errorf("an archive is run: %d %v", p.Status, err)
	}
	href, _ := apptest.TestID(doc, "bulk-file").Attr("href")
	names := archive(s, href, "%PDF-")
	if len(names) != 6 || names["Акт от 20.11.2026 ..-..-ООО Ромашка- 1.pdf"] != 1 || names["Акт от 20.11.2026 ..-..-ООО Ромашка- 1 (3).pdf"] != 1 {
		t.Errorf("the archive holds %v", names)
	}
	path, doc = s.StartBulk(all("xml"))
	if got := apptest.BulkText(doc); got != "Войдут в архив: 1, не войдут: 5." || !strings.Contains(apptest.TestID(doc, "group-refused").Text(), "Электронный документ ещё не сформирован.") {
		t.Errorf("the check shows %q", got)
	}
	if names = archive(s, path+"/file", "<?xml"); len(names) != 1 {
		t.Errorf("the archive holds %v", names)
	}
	path, _ = s.StartBulk(all("pdf"))
	s.Exec(fmt.Sprintf(`INSERT INTO people VALUES (1, %d, '{}')`, s.Portal.Manager()))
	if names = archive(s, path+"/file", "Акт "); len(names) != 1 || names["Не вошли в архив.txt"] != 1 {
		t.Errorf("he may see none of them: %v", names)
	}
}

// archive reads a zip file whose entries all have the same first bytes.
func archive(s *apptest.Site, path, begins string) map[string]int {
	s.T.Helper()
	p, err := s.Manager.Get(path)
	if err != nil || p.Status != http.StatusOK || p.Header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") {
		s.T.Fatalf("%s: %d %v %v", path, p.Status, p.Header, err)
	}
	z, err := zip.NewReader(bytes.NewReader([]byte(p.Body)), int64(len(p.Body)))
	if err != nil {
		s.T.Fatal(err)
	}
	names := map[string]int{}
	for _, f := range z.File {
		names[f.Name]++
		file, err := f.Open()
		if err != nil {
			s.T.Fatal(err)
		}
		body, err := io.ReadAll(file)
		if err != nil || !bytes.HasPrefix(body, []byte(begins)) || strings.ContainsAny(f.Name, `/\:*?"<>|`) {
			s.T.Errorf("%q begins with %.20q, %v", f.Name, body, err)
		}
	}
	return names
}
