package usecases_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// A rate that the regime of our company does not allow stops the form, the list of deals, and an existing act.
func TestVATRegimeStopsOtherRates(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	draft := s.FormPaperAct(s.Deal(5), "company")
	s.SaveOurCompany("vat", "5", "vat-from", "2026-01-01")
	doc, action, f := s.DealTab(s.Deal(1))
	for _, check := range []string{"presend-check", "print-check"} {
		if text := apptest.TestID(doc, check).Find("li.bad").Text(); !strings.Contains(text, "НДС 22 % не подходит") || !strings.Contains(text, "УСН, НДС 5 %") {
			t.Errorf("%s shows %q", check, text)
		}
	}
	f.Set("vat-ground", "пп. 26 п. 2 ст. 149 НК РФ")
	p, err := s.Manager.Post(action, f)
	row := strings.TrimPrefix(apptest.QuantityFields(doc)[0], "quantity-")
	if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-rate-"+row).Text(); !strings.Contains(text, "НДС 22 % не подходит") {
		t.Errorf("the fault of the row is %q", text)
	}
	s.DealTab(s.Deal(3))
	s.FormActs(s.Deal(3))
	s.Await("the reason in the list", func() bool {
		return s.Count(`form_requests WHERE problem LIKE '%НДС 22 % не подходит%'`) == 1
	})
	p, err = s.Manager.Post(draft+"/number", nil)
	s.Page(p, err, http.StatusUnprocessableEntity)
	if n := s.Count(`acts WHERE number <> ''`); n != 0 {
		t.Error("an act with a wrong rate took a number")
	}
	s.SaveOurCompany("vat", "5", "vat-from", "", "vat-2", "22", "vat-from-2", "2026-07-01", "vat-ground", "ст. 149 НК РФ")
	_, action, f = s.DealTab(s.Deal(1))
	today := f.Get("date")
	f.Set("date", "2026-06-30")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusUnprocessableEntity)
	f.Set("date", today)
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
}

// «Без НДС» of a VAT payer, and 0 % on УСН, require a ground, which is entered and stored; a test of
// printform covers its printing.
func TestGroundsOfRates(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("vat", "7", "vat-from", "2026-01-01")
	seven, zero, deal := 7.0, 0.0, s.Deal(1)
	s.Portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Услуга", Price: 107, Quantity: 1, TaxRate: &seven, TaxIncluded: true},
		{Name: "Вывоз", Price: 100, Quantity: 1, TaxRate: &zero, TaxIncluded: true}, {Name: "Обучение", Price: 100, Quantity: 1}})
	_, action, f := s.DealTab(deal)
	f.Set("type", "paper-company")
	p, err := s.Manager.Post(action, f)
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	for _, field := range []string{"fault-vat-ground", "fault-zero-ground"} {
		if apptest.TestID(doc, field).Text() == "" {
			t.Errorf("no message at %s", field)
		}
	}
	f.Set("vat-ground", "пп. 14 п. 2 ст. 149 НК РФ")
	f.Set("zero-ground", "пп. 2.1 п. 1 ст. 164 НК РФ")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	page := s.ActPage("/p/1/acts/1")
	if apptest.Fact(page, "Без НДС на основании") != "пп. 14 п. 2 ст. 149 НК РФ" || apptest.Fact(page, "НДС 0 % на основании") != "пп. 2.1 п. 1 ст. 164 НК РФ" {
		t.Errorf("the page shows %q", page.Find("dl").Text())
	}
	edit, _ := s.Manager.Get("/p/1/acts/1/edit")
	if _, f := apptest.ActForm(s.Page(edit, nil, http.StatusOK)); f.Get("vat-ground") != "пп. 14 п. 2 ст. 149 НК РФ" {
		t.Errorf("the form of the act has %q", f.Get("vat-ground"))
	}
}

// An act with VAT that is no invoice warns that an invoice is due.
func TestInvoiceIsStillDue(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	doc, _, _ := s.DealTab(s.Deal(1))
	for _, check := range []string{"presend-check", "print-check"} {
		if text := apptest.TestID(doc, check).Text(); !strings.Contains(text, "счёт-фактура в него не входит") {
			t.Errorf("%s does not mention the invoice", check)
		}
	}
	s.SaveOurCompany("function", "СЧФДОП")
	doc, _, _ = s.DealTab(s.Deal(1))
	if text := apptest.TestID(doc, "presend-check").Text(); strings.Contains(text, "счёт-фактура в него не входит") {
		t.Error("an act that is an invoice requires another")
	}
	if text := apptest.TestID(doc, "print-check").Text(); !strings.Contains(text, "счёт-фактура в него не входит") {
		t.Error("on paper the act is no invoice")
	}
}

// Regimes are shown in their order, with a row for the next; faults are shown at their rows.
func TestRegimesOfACompany(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	admin := s.AdminAtMenu()
	post := func(status int, pairs ...string) map[string]string {
		p, err := admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm(pairs...))
		doc, got := s.Page(p, err, status), map[string]string{}
		for _, n := range []string{"", "-2", "-3"} {
			got["vat"+n] = doc.Find(`[name="vat`+n+`"] option[selected]`).AttrOr("value", "-")
			got["from"+n] = doc.Find(`[name="vat-from`+n+`"]`).AttrOr("value", "-")
			got["fault"+n] = apptest.TestID(doc, "fault-vat"+n).Text()
		}
		return got
	}
	got := post(http.StatusOK, "vat", "5", "vat-from", "2026-04-01", "vat-2", "exempt", "vat-from-2", "2025-01-01")
	if got["vat"] != "exempt" || got["from"] != "01.01.2025" || got["vat-2"] != "5" || got["from-2"] != "01.04.2026" || got["vat-3"] != "" || got["from-3"] != "" {
		t.Errorf("the page shows %v", got)
	}
	got = post(http.StatusUnprocessableEntity, "vat", "22", "vat-2", "5", "vat-from-2", "2024-01-01")
	if !strings.Contains(got["fault-2"], "01.01.2025") || got["vat-2"] != "5" || got["from-2"] != "01.01.2024" {
		t.Errorf("a regime before its law: %v", got)
	}
	post(http.StatusUnprocessableEntity, "vat", "patent", "function", "СЧФДОП")
	post(http.StatusOK, "vat", "exempt", "function", "СЧФДОП")
}
