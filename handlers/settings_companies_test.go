package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
	"acts24/views"
)

// The settings of our company are stored and fill the form of a new act; faults are shown at their fields,
// and typed values are kept.
func TestCompanySettings(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	at := "/p/1/settings/companies/1"
	whole := apptest.OurCompanyForm("vat", "none", "vat-ground", "УСН", "act-type", "paper-company", "act-channel", "email", "signer", "Петрова Анна Олеговна",
		"power", "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3", "power-from", "2026-01-12", "power-to", "2036-01-12", "closed", "2026-01-01", "numbers", "А-{N}/{YY}")
	p, err := admin.Post(at, whole)
	s.Page(p, err, http.StatusOK)
	p, err = admin.Get("/p/1/settings/companies")
	shows(t, s.Page(p, err, http.StatusOK), whole)
	doc, _, f := s.DealTab(s.Deal(1))
	if f.Get("type") != "paper-company" || f.Get("channel") != "email" || f.Get("signer") != "Петрова Анна Олеговна" {
		t.Errorf("the form of a new act: type %q, channel %q, signer %q", f.Get("type"), f.Get("channel"), f.Get("signer"))
	}
	if text := apptest.TestID(doc, "presend-check").Find("li.bad").Text(); !strings.Contains(text, "НДС 22 % не подходит: режим организации на") {
		t.Errorf("VAT in the rows of a company without VAT does not stop: %s", text)
	}
	for field, change := range map[string][]string{
		"participant": {"participant", "2BE123"}, "numbers": {"numbers", "без счётчика"}, "signer": {"signer", "Иванов"}, "power": {"power", "123"},
		"power-to": {"power-to", "2026-01-01"}, "power-from": {"power-from", ""}, "function": {"function", "СЧФДОП"}, "vat": {"vat", "19"},
		"form": {"form", "doc"}, "act-type": {"act-type", "stone"}, "act-channel": {"act-channel", "pigeon"}, "closed": {"closed", "вчера"},
	} {
		bad := url.Values{}
		for name, values := range whole {
			bad[name] = values
		}
		bad.Set(change[0], change[1])
		p, err := admin.Post(at, bad)
		doc := s.Page(p, err, http.StatusUnprocessableEntity)
		if apptest.TestID(doc, "fault-"+field).Length() != 1 {
			t.Errorf("%v: no fault at %s: %s", change, field, apptest.TestID(doc, "alert").Text())
		}
		bad.Del("vat") // a value that is not in the list cannot be shown again
		bad.Del("form")
		bad.Del("act-type")
		bad.Del("act-channel")
		shows(t, doc, bad)
	}
	p, err = admin.Get("/p/1/settings/companies")
	shows(t, s.Page(p, err, http.StatusOK), whole)
}

// A company has its own address, to which a failed check leads, with a way back to all of them.
func TestPageOfOneCompany(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddSoleProprietor()
	admin := s.AdminAtMenu()
	p, err := admin.Get("/p/1/settings/companies/99")
	doc := s.Page(p, err, http.StatusOK)
	back := apptest.TestID(doc, "all-companies").AttrOr("href", "")
	if _, open := apptest.TestID(doc, "company-99").Attr("open"); !open || apptest.TestID(doc, "company-1").Length() != 0 || back != "/p/1/settings/companies" {
		t.Errorf("the page of one company leads back to %q: %s", back, doc.Text())
	}
	p, err = admin.Get(back)
	if all := s.Page(p, err, http.StatusOK); apptest.TestID(all, "company-1").Length() != 1 || apptest.TestID(all, "company-99").Length() != 1 || apptest.TestID(all, "all-companies").Length() != 0 {
		t.Error("the list lacks a company")
	}
	for _, no := range []string{"7", "-1", "x"} {
		p, err = admin.Get("/p/1/settings/companies/" + no)
		s.Page(p, err, http.StatusNotFound)
	}
}

// shows checks that the form of our company has the values.
func shows(t *testing.T, doc *goquery.Document, want url.Values) {
	t.Helper()
	form := apptest.TestID(doc, "company-1").Find("form").First()
	for name := range want {
		got, _ := form.Find(`input[name="` + name + `"]`).Attr("value")
		if list := form.Find(`select[name="` + name + `"]`); list.Length() > 0 {
			got, _ = list.Find("option[selected]").Attr("value")
		}
		if want := views.TypedDate(want.Get(name)); got != want {
			t.Errorf("%s shows %q, want %q", name, got, want)
		}
	}
}

// SBIS is queried when a company selects an account. If SBIS does not answer, the selection is stored and
// checked before sending.
func TestAccountIsAskedWhenItIsChosen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Exec("UPDATE edo_accounts SET details = NULL")
	a := apptest.Account(0)
	a.Own = nil
	s.SBIS.AddAccount(a)
	admin := s.AdminAtMenu()
	if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.СписокНашихОрганизаций", Kind: sbistest.FaultUnavailable}); err != nil {
		t.Fatal(err)
	}
	p, err := admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm())
	s.Page(p, err, http.StatusOK)
	s.SBIS.ClearFaults()
	p, err = admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm())
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-account").Text(), "не знает организацию") {
		t.Errorf("an account without the organisation: «%s»", apptest.TestID(doc, "fault-account").Text())
	}
}

// After a removal with the data the next number is asked for: the largest one in the CRM is shown, and no act gets a number before the
// administrator has saved it. Smaller numbers than those given are refused.
func TestNextNumberAfterARemoval(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	act := s.FormPaperAct(s.Deal(1), "company")
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.AwaitQuiet()
	s.Portal.Uninstall(true)
	s.Await("the portal is frozen", func() bool { return s.Count("portals WHERE state = 'frozen'") == 1 })
	s.Portal.Reinstall()
	s.Must(apptest.Connect(s.Portal, s.AppURL, apptest.OurCompany))
	s.Manager = apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
	act = s.FormPaperAct(s.Deal(3), "company")
	p, err = s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	if doc := s.Page(p, err, http.StatusConflict); !strings.Contains(doc.Text(), "Администратор указывает следующий номер") {
		t.Errorf("a number is given before it was decided:\n%s", doc.Text())
	}
	admin := s.AdminAtMenu()
	p, err = admin.Get("/p/2/settings/companies")
	doc := s.Page(p, err, http.StatusOK)
	if next, _ := doc.Find(`input[name="next-number"]`).First().Attr("value"); next != "2" || !strings.Contains(apptest.TestID(doc, "next-note-1").Text(), "наибольший номер — 1") {
		t.Errorf("the next number is %q, with %q", next, apptest.TestID(doc, "next-note-1").Text())
	}
	account, _ := doc.Find(`select[name="account"] option[selected]`).Attr("value")
	for number, status := range map[string]int{"0": http.StatusUnprocessableEntity, "много": http.StatusUnprocessableEntity, "7": http.StatusOK} {
		p, err = admin.Post("/p/2/settings/companies/1", apptest.OurCompanyForm("account", account, "next-number", number))
		s.Page(p, err, status)
	}
	p, err = s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`acts WHERE portal_id = 2 AND number = '7'`); n != 1 {
		t.Errorf("%d acts have the decided number", n)
	}
	p, err = admin.Post("/p/2/settings/companies/1", apptest.OurCompanyForm("account", account, "next-number", "7"))
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-next-number").Text(), "8 или больше") {
		t.Error("a number that was given is taken again")
	}
}
