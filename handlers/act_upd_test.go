package handlers_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// pdfText returns the text of the PDF at an address.
func pdfText(s *apptest.Site, t *testing.T, path string) string {
	t.Helper()
	got, err := s.Manager.Get(path)
	if err != nil || got.Status != http.StatusOK || !strings.HasPrefix(got.Body, "%PDF-") {
		t.Fatalf("%s: %d, %v: %.300s", path, got.Status, err, got.Body)
	}
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, []byte(got.Body), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext of poppler-utils: %v", err)
	}
	return apptest.PlainSpaces(string(out))
}

// Our company chooses what is printed of a paper act. An act with a number keeps the choice; the УПД can be printed beside it.
func TestPaperFormOfCompany(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for n, tt := range []struct{ form, has, not, contents string }{
		{"upd", "передаточный", "Страница 1 из", "УПД"},
		{"act_invoice", "СЧЕТ-ФАКТУРА", "передаточный документ (акт)", "Акт и счёт-фактура"},
		{"act", "Страница 1 из", "СЧЕТ-ФАКТУРА", ""},
	} {
		s.SaveOurCompany("paper", tt.form)
		act := s.FormPaperAct(s.Deal(2*n+1), "company")
		numbered, err := s.Manager.Post(act+"/number", nil)
		if got := apptest.Text(s.Page(numbered, err, http.StatusOK), "print-contents"); got != tt.contents {
			t.Errorf("%s: the page names the print form %q", tt.form, got)
		}
		s.SaveOurCompany("paper", map[bool]string{true: "upd", false: "act"}[tt.form == "act"])
		if text := pdfText(s, t, act+"/print"); !strings.Contains(text, tt.has) || strings.Contains(text, tt.not) || !strings.Contains(text, "17 800,00") {
			t.Errorf("%s: the print form is\n%s", tt.form, text)
		}
		href, ok := apptest.TestID(s.ActPage(act), "print-upd").Attr("href")
		if text := pdfText(s, t, href); !ok || !strings.Contains(text, "передаточный") || !strings.Contains(text, "17 800,00") {
			t.Errorf("%s: the УПД at %q is\n%s", tt.form, href, text)
		}
	}
}

// The УПД of an electronic act is printed from the XML that SBIS has; its print form stays the act.
func TestPrintElectronicUPD(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	text := pdfText(s, t, "/p/1/acts/1/upd")
	for _, want := range []string{"Универсальный", "17 800,00", "7701010105"} {
		if !strings.Contains(text, want) {
			t.Errorf("the printed УПД has no %q:\n%s", want, text)
		}
	}
	if form := pdfText(s, t, "/p/1/acts/1/print"); strings.Contains(form, "Статус:") {
		t.Errorf("the print form of an electronic act is an УПД:\n%s", form)
	}
}

// When an УПД cannot be printed, the page shows the reason, and no number is assigned where our company prints УПД.
func TestUPDThatCannotBePrinted(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("paper", "upd")
	doc, action, form := s.DealTab(s.Deal(1))
	if doc == nil {
		t.Fatal("no deal tab")
	}
	form.Set("type", "paper-company")
	form.Set("position", "Директор 😀")
	formed, err := s.Manager.Post(action, form)
	act, _ := s.Page(formed, err, http.StatusOK).Find(`section#acts a[href*="/acts/"]`).First().Attr("href")
	page := s.ActPage(act)
	if fault := apptest.Text(page, "upd-fault"); !strings.Contains(fault, "😀") || apptest.TestID(page, "download-pdf").Length() != 0 {
		t.Errorf("the page shows %q", fault)
	}
	refused, err := s.Manager.Post(act+"/number", nil)
	if page := s.Page(refused, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.Text(page, "fault-presend"), "😀") {
		t.Errorf("the act got a number: %s", refused.Body)
	}
	if got, err := s.Manager.Get(act + "/upd"); err != nil || got.Status != http.StatusUnprocessableEntity {
		t.Errorf("the УПД: %d, %v", got.Status, err)
	}
}
