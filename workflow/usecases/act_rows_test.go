package usecases_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The kind of a row follows from its product; the unit is the CRM's, or none; prices have as few decimals as the sum allows.
func TestRowsOfTheDocument(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.Portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{
		{Name: "Консультация", Price: 1000, Quantity: 2, ProductID: 11, Type: 7, Measure: 356},
		{Name: "Буклет", Price: 100, Quantity: 3, ProductID: 12, Type: 4, Measure: 9999, MeasureName: "пачка"},
		{Name: "Что-то ещё", Price: 66.67, Quantity: 1.5, NoMeasure: true}})
	s.HandOver(deal)
	s.Await("the document", func() bool { return len(s.Documents()) == 1 })
	text := s.XML("/p/1/acts/1")
	for _, part := range []string{`НаимТов="Консультация" ОКЕИ_Тов="356" НаимЕдИзм="ч" КолТов="2" ЦенаТов="1000.00"`, `НаимТов="Буклет" НаимЕдИзм="пачка" КолТов="3" ЦенаТов="100.00"`,
		`НаимТов="Что-то ещё" КолТов="1.5" ЦенаТов="66.67" СтТовБезНДС="100.01"`} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in\n%s", part, text)
		}
	}
	for kind, n := range map[string]int{`ПрТовРаб="3"`: 1, `ПрТовРаб="1"`: 1, "<ДопСведТов": 2} {
		if got := strings.Count(text, kind); got != n {
			t.Errorf("%s: %d times, want %d", kind, got, n)
		}
	}
}

// The settings of our company may override the kind of rows of the catalogue.
func TestOurCompanySetsTheKindOfItsRows(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("line-kind", "work")
	s.HandOver(s.Deal(1))
	s.Await("the document", func() bool { return len(s.Documents()) == 1 })
	if n := strings.Count(s.XML("/p/1/acts/1"), `ПрТовРаб="2"`); n != 3 {
		t.Errorf("%d of 3 rows are works", n)
	}
	p, err := s.AdminAtMenu().Post("/p/1/settings/companies/1", apptest.OurCompanyForm("line-kind", "gift"))
	s.Page(p, err, http.StatusUnprocessableEntity)
}

// Advance payments and the id of a state contract are typed, checked at their fields, stored and sent.
func TestPaymentsOfAnAct(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	_, action, f := s.DealTab(s.Deal(1))
	f.Set("payment-number-1", "117")
	f.Set("state-contract", "123")
	p, err := s.Manager.Post(action, f)
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	if apptest.TestID(doc, "fault-payment-date-1").Text() == "" || apptest.TestID(doc, "fault-state-contract").Text() == "" {
		t.Errorf("no faults: %s", doc.Find(".fault").Text())
	}
	for name, value := range map[string]string{"payment-date-1": "2026-10-01", "payment-number-2": "А-2", "payment-date-2": "2026-10-02",
		"state-contract": "1234567890123456789012345", "send": "1"} {
		f.Set(name, value)
	}
	p, err = s.Manager.Post(action, f)
	formed := s.Page(p, err, http.StatusOK)
	act := formed.Find(`section#acts a[href*="/acts/"]`).First().AttrOr("href", "")
	s.Await("the document", func() bool { return s.WaitsForOurSignature(strings.TrimSuffix(action, "/acts")) })
	for _, part := range []string{`НомерПРД="117" ДатаПРД="01.10.2026"`, `НомерПРД="А-2" ДатаПРД="02.10.2026"`, `ИдГосКон="1234567890123456789012345"`} {
		if !strings.Contains(s.XML(act), part) {
			t.Errorf("no %s in the document", part)
		}
	}
	if got := apptest.Fact(s.ActPage(act), "Платёжные документы"); got != "№ 117 от 01.10.2026, № А-2 от 02.10.2026" {
		t.Errorf("the page shows %q", got)
	}
	p, err = s.Manager.Post(act+"/take-back", nil)
	s.Page(p, err, http.StatusOK)
	s.Await("the act back", func() bool { return s.Count(`acts WHERE delivery = ''`) == 1 })
	p, err = s.Manager.Get(act + "/edit")
	if _, f := apptest.ActForm(s.Page(p, err, http.StatusOK)); f.Get("payment-number-2") != "А-2" || f.Get("payment-date-1") != "01.10.2026" || !f.Has("payment-number-3") {
		t.Errorf("the form of the act: %v", f)
	}
}
