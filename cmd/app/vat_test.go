package app_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// ourCompany saves the settings of our company with some of them changed.
func (s *site) ourCompany(pairs ...string) {
	s.t.Helper()
	p, err := s.atMenu().Post("/p/1/settings/companies/1", ourForm(pairs...))
	s.page(p, err, http.StatusOK)
}

// A rate that the regime of our company does not allow stops the form, the list of deals, and an existing act.
func TestVATRegimeStopsOtherRates(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	draft := s.formPaper(s.deal(5), "company")
	s.ourCompany("vat", "5", "vat-from", "2026-01-01")
	doc, action, f := s.tab(s.deal(1))
	for _, check := range []string{"presend-check", "print-check"} {
		if text := testid(doc, check).Find("li.bad").Text(); !strings.Contains(text, "НДС 22 % не подходит") || !strings.Contains(text, "УСН, НДС 5 %") {
			t.Errorf("%s shows %q", check, text)
		}
	}
	f.Set("vat-ground", "пп. 26 п. 2 ст. 149 НК РФ")
	p, err := s.manager.Post(action, f)
	row := strings.TrimPrefix(quantities(doc)[0], "quantity-")
	if text := testid(s.page(p, err, http.StatusUnprocessableEntity), "fault-rate-"+row).Text(); !strings.Contains(text, "НДС 22 % не подходит") {
		t.Errorf("the fault of the row is %q", text)
	}
	s.tab(s.deal(3))
	s.formMany(s.deal(3))
	s.await("the reason in the list", func() bool {
		return s.count(`form_wishes WHERE problem LIKE '%НДС 22 % не подходит%'`) == 1
	})
	p, err = s.manager.Post(draft+"/number", nil)
	s.page(p, err, http.StatusUnprocessableEntity)
	if n := s.count(`acts WHERE number <> ''`); n != 0 {
		t.Error("an act with a wrong rate took a number")
	}
	s.ourCompany("vat", "5", "vat-from", "", "vat-2", "22", "vat-from-2", "2026-07-01", "vat-ground", "ст. 149 НК РФ")
	_, action, f = s.tab(s.deal(1))
	today := f.Get("date")
	f.Set("date", "2026-06-30")
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusUnprocessableEntity)
	f.Set("date", today)
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
}

// «Без НДС» of a VAT payer, and 0 % on УСН, require a ground, which is entered and stored; a test of
// printform covers its printing.
func TestGroundsOfRates(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.ourCompany("vat", "7", "vat-from", "2026-01-01")
	seven, zero, deal := 7.0, 0.0, s.deal(1)
	s.portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Услуга", Price: 107, Quantity: 1, TaxRate: &seven, TaxIncluded: true},
		{Name: "Вывоз", Price: 100, Quantity: 1, TaxRate: &zero, TaxIncluded: true}, {Name: "Обучение", Price: 100, Quantity: 1}})
	_, action, f := s.tab(deal)
	f.Set("type", "paper-company")
	p, err := s.manager.Post(action, f)
	doc := s.page(p, err, http.StatusUnprocessableEntity)
	for _, field := range []string{"fault-vat-ground", "fault-zero-ground"} {
		if testid(doc, field).Text() == "" {
			t.Errorf("no message at %s", field)
		}
	}
	f.Set("vat-ground", "пп. 14 п. 2 ст. 149 НК РФ")
	f.Set("zero-ground", "пп. 2.1 п. 1 ст. 164 НК РФ")
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	page := s.act("/p/1/acts/1")
	if fact(page, "Без НДС на основании") != "пп. 14 п. 2 ст. 149 НК РФ" || fact(page, "НДС 0 % на основании") != "пп. 2.1 п. 1 ст. 164 НК РФ" {
		t.Errorf("the page shows %q", page.Find("dl").Text())
	}
	edit, _ := s.manager.Get("/p/1/acts/1/edit")
	if _, f := formOf(s.page(edit, nil, http.StatusOK)); f.Get("vat-ground") != "пп. 14 п. 2 ст. 149 НК РФ" {
		t.Errorf("the form of the act has %q", f.Get("vat-ground"))
	}
}

// An act with VAT that is no invoice warns that an invoice is due.
func TestInvoiceIsStillDue(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	doc, _, _ := s.tab(s.deal(1))
	for _, check := range []string{"presend-check", "print-check"} {
		if text := testid(doc, check).Text(); !strings.Contains(text, "счёт-фактура в него не входит") {
			t.Errorf("%s does not speak of the invoice", check)
		}
	}
	s.ourCompany("function", "СЧФДОП")
	doc, _, _ = s.tab(s.deal(1))
	if text := testid(doc, "presend-check").Text(); strings.Contains(text, "счёт-фактура в него не входит") {
		t.Error("an act that is an invoice asks for another")
	}
	if text := testid(doc, "print-check").Text(); !strings.Contains(text, "счёт-фактура в него не входит") {
		t.Error("on paper the act is no invoice")
	}
}

// Regimes are shown in their order, with a row for the next; faults are shown at their rows.
func TestRegimesOfACompany(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	admin := s.atMenu()
	post := func(status int, pairs ...string) map[string]string {
		p, err := admin.Post("/p/1/settings/companies/1", ourForm(pairs...))
		doc, got := s.page(p, err, status), map[string]string{}
		for _, n := range []string{"", "-2", "-3"} {
			got["vat"+n] = doc.Find(`[name="vat`+n+`"] option[selected]`).AttrOr("value", "-")
			got["from"+n] = doc.Find(`[name="vat-from`+n+`"]`).AttrOr("value", "-")
			got["fault"+n] = testid(doc, "fault-vat"+n).Text()
		}
		return got
	}
	got := post(http.StatusOK, "vat", "5", "vat-from", "2026-04-01", "vat-2", "exempt", "vat-from-2", "2025-01-01")
	if got["vat"] != "exempt" || got["from"] != "2025-01-01" || got["vat-2"] != "5" || got["from-2"] != "2026-04-01" || got["vat-3"] != "" || got["from-3"] != "" {
		t.Errorf("the page shows %v", got)
	}
	got = post(http.StatusUnprocessableEntity, "vat", "22", "vat-2", "5", "vat-from-2", "2024-01-01")
	if !strings.Contains(got["fault-2"], "01.01.2025") || got["vat-2"] != "5" || got["from-2"] != "2024-01-01" {
		t.Errorf("a regime before its law: %v", got)
	}
	post(http.StatusUnprocessableEntity, "vat", "patent", "function", "СЧФДОП")
	post(http.StatusOK, "vat", "exempt", "function", "СЧФДОП")
}
