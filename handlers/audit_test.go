package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
)

// The audit log records who read a file and an export and who changed settings, with the id of the request and without names; requests
// that are refused, and pages, leave no record.
func TestAuditLog(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	act := s.FormPaperAct(s.Deal(1), "company")
	admin := s.AdminAtMenu()
	s.ActPage(act)
	if n := s.Count(`audit WHERE action IN ('file', 'export')`); n != 0 {
		t.Errorf("%d files are recorded before one was read", n)
	}
	p, err := s.Manager.Get("/p/1/acts/export?format=csv&q=Иванов")
	if err != nil || p.Status != http.StatusOK {
		t.Fatalf("export: %d, %v", p.Status, err)
	}
	p, err = s.Manager.Get(act + "/print")
	if err != nil || p.Status != http.StatusOK {
		t.Fatalf("print: %d, %v", p.Status, err)
	}
	object := strings.TrimPrefix(act, "/p/1/") + "/print"
	for what, where := range map[string]string{
		"the export":   `action = 'export' AND object = 'acts/export' AND user_id <> 0 AND request_id <> ''`,
		"the document": `action = 'file' AND object = '` + object + `' AND request_id <> ''`,
	} {
		if n := s.Count(`audit WHERE portal_id = 1 AND ` + where); n != 1 {
			t.Errorf("%s: %d records", what, n)
		}
	}
	before := s.Count(`audit`)
	p, err = s.Manager.Post("/p/1/settings/days", apptest.Form("unsigned", "2"))
	s.Page(p, err, http.StatusForbidden)
	if got := s.Request(http.MethodGet, "/p/2/acts/export", nil, apptest.Header("Cookie", s.Manager.Cookies("/p/1/acts"))); got.Status == http.StatusOK {
		t.Errorf("another portal exports: %d", got.Status)
	}
	if n := s.Count(`audit`); n != before {
		t.Errorf("refused requests left %d records", n-before)
	}
	p, err = admin.Post("/p/1/settings/days", apptest.Form("unsigned", "2", "our-signature", "2", "invitation", "4", "again", "5", "accepted", "14", "days-off", "", "days-on", ""))
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`audit WHERE portal_id = 1 AND action = 'settings' AND object = 'settings/days' AND user_id <> 0`); n != 1 {
		t.Errorf("%d records of the settings", n)
	}
	if n := s.Count(`audit WHERE portal_id <> 1 AND action IN ('file', 'export')`); n != 0 {
		t.Errorf("%d records of another portal", n)
	}
}

// A file, an export and a change whose record cannot be written are refused; pages go on.
func TestNothingWithoutARecord(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	admin := s.AdminAtMenu()
	days := s.Number(`SELECT coalesce(sum(hashtext(CAST(data AS text))), 0) FROM settings`)
	s.Exec(`REVOKE INSERT ON audit FROM acts_app`)
	for _, path := range []string{act + "/print", "/p/1/acts/export?format=csv"} {
		p, err := s.Manager.Get(path)
		if err != nil || p.Status != http.StatusInternalServerError || strings.Contains(p.Body, "%PDF") || p.Header.Get("Content-Disposition") != "" {
			t.Errorf("%s without a record: %d, %v", path, p.Status, err)
		}
	}
	p, err := admin.Post("/p/1/settings/days", apptest.Form("unsigned", "2", "our-signature", "2", "invitation", "4", "again", "5", "accepted", "14", "days-off", "", "days-on", ""))
	s.Page(p, err, http.StatusInternalServerError)
	if n := s.Number(`SELECT coalesce(sum(hashtext(CAST(data AS text))), 0) FROM settings`); n != days {
		t.Error("settings were changed without a record")
	}
	s.ActPage(act)
}
