package usecases_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
)

func inputs(doc *goquery.Document, names ...string) string {
	var values []string
	for _, name := range names {
		values = append(values, doc.Find(`form.act-form [name="`+name+`"]`).AttrOr("value", "–"))
	}
	return strings.Join(values, "|")
}

// Changing «Исполнитель» loads the signer, requisites, number, rates and last basis of the other company;
// other typed values are kept.
func TestChangeOfOurCompany(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddSoleProprietor()
	next := s.AddDealOfSameClient(s.Deal(1), nil)
	_, action, f := s.DealTab(s.Deal(1))
	for name, value := range map[string]string{"basis": "Договор", "basis-number": "105/26", "basis-date": "12.01.2026"} {
		f.Set(name, value)
	}
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)

	doc, action, f := s.DealTab(next)
	quantity := apptest.QuantityFields(doc)[0]
	if got := inputs(doc, "signer", "position", "ground", "basis-number"); got != "Иванов Иван Иванович|Генеральный директор|Устав|105/26" {
		t.Fatalf("the form is drawn with %q", got)
	}
	changed := func(status int, pairs ...string) *goquery.Document {
		g := url.Values{}
		for name, values := range f {
			g[name] = values
		}
		for i := 0; i < len(pairs); i += 2 {
			g.Set(pairs[i], pairs[i+1])
		}
		p, err := s.Manager.Post(action, g)
		return s.Page(p, err, status)
	}
	after := changed(http.StatusOK, "own", "99", "change-own", "1", "comment", "набрано", quantity, "0,5", "date", "2026-11-20")
	if got := inputs(after, "signer", "position", "ground", "basis-number", "own-drawn", "number"); got != "Громов Алексей|Индивидуальный предприниматель|||99|1" {
		t.Errorf("the form of the ИП has %q", got)
	}
	if got := inputs(after, "comment", quantity, "date"); got != "набрано|0,5|20.11.2026" {
		t.Errorf("what was typed is %q", got)
	}
	if text := after.Find(".parties").Text(); !strings.Contains(text, "ИНН 500100732259") || strings.Contains(text, "КПП 770101001") {
		t.Errorf("the requisites are %q", text)
	}
	if n := s.Count(`acts`); n != 1 {
		t.Errorf("%d acts", n)
	}
	typed := changed(http.StatusOK, "own", "99", "change-own", "1", "basis-number", "7")
	if got := inputs(typed, "basis-number"); got != "7" {
		t.Errorf("a basis that was typed became %q", got)
	}

	// without the button no act is formed for a company that has not been shown
	refused := changed(http.StatusUnprocessableEntity, "own", "99")
	if got := inputs(refused, "signer", "own-drawn"); got != "Громов Алексей|99" || !strings.Contains(apptest.TestID(refused, "alert").Text(), "Исполнитель изменён") {
		t.Errorf("%q, %q", got, apptest.TestID(refused, "alert").Text())
	}
	wrong := changed(http.StatusUnprocessableEntity, "own", "99", "own-drawn", "99")
	if text := apptest.TestID(wrong, "fault-position").Text(); !strings.Contains(text, "у него нет генерального директора") {
		t.Errorf("an ИП signs as %q", text)
	}
	_, g := apptest.ActForm(after)
	p, err = s.Manager.Post(action, g)
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`acts WHERE own_company_id = 99 AND function = 'ДОП' AND signer ->> 'position' = 'Индивидуальный предприниматель' AND vat_ground = 'патент' AND wanted_number = '1'`); n != 1 {
		t.Error("the act is not that of the ИП")
	}
}

// When the company of a draft changes, its signer changes too; an ИП has no general director in the settings.
func TestAnEntrepreneurHasNoDirector(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.AddSoleProprietor()
	act := s.FormPaperAct(s.Deal(1), "company")
	p, err := s.Manager.Get(act + "/edit")
	action, f := apptest.ActForm(s.Page(p, err, http.StatusOK))
	f.Set("own", "99")
	f.Set("change-own", "1")
	p, err = s.Manager.Post(action, f)
	if got := inputs(s.Page(p, err, http.StatusOK), "signer", "position"); got != "Громов Алексей|Индивидуальный предприниматель" {
		t.Errorf("the form of the draft has %q", got)
	}
	s.Exec(`UPDATE acts SET own_company_id = 99`)
	if text := apptest.TestID(s.ActPage(act), "presend-check").Find("li.bad").Text(); !strings.Contains(text, "у него нет генерального директора") {
		t.Errorf("the check of the draft shows %q", text)
	}
	p, err = s.AdminAtMenu().Post("/p/1/settings/companies/99", apptest.OurCompanyForm("participant", "2BEffffffffffffffffffffffffffffffff", "account", "0"))
	if apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-position").Text() == "" {
		t.Error("the settings take a general director of an ИП")
	}
}
