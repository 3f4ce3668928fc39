package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// basisOf returns the basis shown by a form.
func basisOf(f url.Values) string {
	return strings.Join([]string{f.Get("basis-kind"), f.Get("basis"), f.Get("basis-number"), f.Get("basis-date")}, "|")
}

// An act without a named document has no basis, wherever it is formed, and the check warns about it.
func TestNoBasisIsMadeUp(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	doc, action, f := s.DealTab(s.Deal(1))
	if got := basisOf(f); got != "document|||" {
		t.Errorf("the form suggests %q", got)
	}
	if text := apptest.TestID(doc, "presend-check").Text(); !strings.Contains(text, "Акт без документа-основания") {
		t.Errorf("the check shows %q", text)
	}
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(strings.TrimSuffix(action, "/acts")) })
	if text := s.XML("/p/1/acts/1"); !strings.Contains(text, "<БезДокОснПер>1</БезДокОснПер>") || strings.Contains(text, "<ОснПер") {
		t.Error("the document names a basis")
	}
	if got := apptest.Fact(s.ActPage("/p/1/acts/1"), "Основание"); got != "" {
		t.Errorf("the page of the act shows %q", got)
	}
	s.FormActs(s.Deal(3))
	_, err = s.Portal.Create(s.Portal.Manager(), s.ItemType(), fields{"title": "Акт", "parentId2": s.Deal(5)})
	s.Must(err)
	s.Await("the acts of the list and of the card", func() bool { return s.Count(`acts`) == 3 })
	if n := s.Count(`acts WHERE basis = '{"name": "", "none": true}'`); n != 3 {
		t.Errorf("%d of 3 acts are without a document", n)
	}
	if got := actLetterOf(s, s.Deal(7)); strings.Contains(got, "основание") || !strings.Contains(got, "на сумму") {
		t.Errorf("the letter shows %q", got)
	}
}

// actLetterOf sends a paper act of the deal by e-mail and returns the letter.
func actLetterOf(s *apptest.Site, deal int64) string {
	s.T.Helper()
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "ООО «Исполнитель» <office@example.ru>" })
	act := s.FormPaperAct(deal, "company")
	p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Post(act+"/paper", url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}})
	s.Page(p, err, http.StatusOK)
	s.Await("the letter", func() bool { return len(s.Portal.Activities()) > 0 })
	return fmt.Sprint(s.Portal.Activities()[0])
}

// The administrator chooses the deal fields with the contract. A text that cannot be parsed with certainty is
// offered unchanged in the form and not completed in bulk.
func TestBasisOfTheDealsField(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for _, u := range []bitrix24test.UserField{{Name: "UF_CRM_CONTRACT", Kind: "string", Label: "Договор"}, {Name: "UF_CRM_NUMBER", Kind: "string", Label: "Номер договора"},
		{Name: "UF_CRM_DAY", Kind: "date", Label: "Дата договора"}, {Name: "UF_CRM_TAGS", Kind: "string", Label: "Метки", Multiple: true}} {
		u.EntityID = "CRM_DEAL"
		s.Portal.AddUserField(u)
	}
	s.Must(s.Portal.Change(1, bitrix24test.Deal, s.Deal(1), fields{"ufCrmContract": "Договор № 105/26 от 12.01.2026", "ufCrmNumber": "7", "ufCrmDay": "2026-02-03T03:00:00+03:00"}))
	s.Must(s.Portal.Change(1, bitrix24test.Deal, s.Deal(3), fields{"ufCrmContract": "дог. 7"}))

	admin := s.AdminAtMenu()
	p, err := admin.Get("/p/1/settings/documents")
	page := s.Page(p, err, http.StatusOK)
	if text := apptest.TestID(page, "basis-field-text").Text(); !strings.Contains(text, "Договор (UF_CRM_CONTRACT)") || strings.Contains(text, "UF_CRM_DAY") || strings.Contains(text, "TAGS") || strings.Contains(text, "ACTS") {
		t.Errorf("fields for a text: %s", text)
	}
	save := func(status int, pairs ...string) *goquery.Document {
		p, err := admin.Post("/p/1/settings/documents", apptest.Form(pairs...))
		return s.Page(p, err, status)
	}
	if doc := save(http.StatusUnprocessableEntity, "source", "text", "text", "UF_CRM_NONE"); apptest.TestID(doc, "fault-text").Text() == "" {
		t.Error("a field that does not exist was taken")
	}
	if doc := save(http.StatusUnprocessableEntity, "source", "parts", "number", "UF_CRM_NUMBER", "date", "UF_CRM_CONTRACT", "name", "Договор"); apptest.TestID(doc, "fault-date").Text() == "" {
		t.Error("a text was taken for a date")
	}
	save(http.StatusOK, "source", "text", "text", "UF_CRM_CONTRACT")
	doc, _, f := s.DealTab(s.Deal(1))
	if got := basisOf(f); got != "document|Договор|105/26|12.01.2026" || !strings.Contains(apptest.TestID(doc, "basis-from").Text(), "Из поля сделки") {
		t.Errorf("basis %q, from %q", got, apptest.TestID(doc, "basis-from").Text())
	}
	_, action, f := s.DealTab(s.Deal(3))
	if got := basisOf(f); got != "document|дог. 7||" {
		t.Errorf("an uncertain text is offered as %q", got)
	}
	s.FormActs(s.Deal(1), s.Deal(3))
	s.Await("one act and one reason", func() bool { return s.Count(`acts`) == 1 && s.Count(`form_requests WHERE problem <> ''`) == 1 })
	if n := s.Count(`form_requests WHERE problem LIKE '%У основания «дог. 7» нет даты%'`); n != 1 {
		t.Error("the reason does not name the text")
	}
	if n := s.Count(`acts WHERE basis ->> 'number' = '105/26' AND basis ->> 'taken' IS NULL`); n != 1 {
		t.Error("the act of the list lacks the contract of its deal")
	}
	f.Set("basis-kind", "none")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)

	save(http.StatusOK, "source", "parts", "number", "UF_CRM_NUMBER", "date", "UF_CRM_DAY", "name", "Контракт")
	s.Must(s.Portal.Change(1, bitrix24test.Deal, s.Deal(5), fields{"ufCrmNumber": "7", "ufCrmDay": "2026-02-03T03:00:00+03:00"}))
	if _, _, f := s.DealTab(s.Deal(5)); basisOf(f) != "document|Контракт|7|03.02.2026" {
		t.Errorf("two fields give %q", basisOf(f))
	}
}

// The form suggests the document of the last act with the same counterparty and company, and names its source.
func TestBasisOfTheLastAct(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	first, next, bulk := s.Deal(1), s.AddDealOfSameClient(s.Deal(1), nil), s.AddDealOfSameClient(s.Deal(1), nil)
	_, action, f := s.DealTab(first)
	for name, value := range map[string]string{"basis": "Договор", "basis-number": "105/26", "basis-date": "2026-01-12"} {
		f.Set(name, value)
	}
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)

	doc, action, f := s.DealTab(next)
	if got := basisOf(f); got != "document|Договор|105/26|12.01.2026" || !strings.Contains(apptest.TestID(doc, "basis-from").Text(), "Из акта от ") {
		t.Errorf("basis %q, from %q", got, apptest.TestID(doc, "basis-from").Text())
	}
	if href := apptest.TestID(doc, "basis-from").Find("a").AttrOr("href", ""); href != "/p/1/acts/1" {
		t.Errorf("it links to %q", href)
	}
	if _, _, f := s.DealTab(s.Deal(3)); basisOf(f) != "document|||" {
		t.Errorf("another counterparty is offered %q", basisOf(f))
	}
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`acts WHERE basis ->> 'taken' IS NOT NULL`); n != 0 {
		t.Error("a person saw the suggestion and it is still doubted")
	}
	s.DealTab(bulk) // makes the deal known
	s.FormActs(bulk)
	s.Await("the act of the list", func() bool { return s.Count(`acts`) == 3 })
	if text := apptest.TestID(s.ActPage("/p/1/acts/3"), "presend-check").Text(); !strings.Contains(text, "Основание взято из прежнего акта (акта от ") {
		t.Errorf("the basis is unconfirmed, and the check shows %q", text)
	}
}
