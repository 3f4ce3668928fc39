package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"
	"golang.org/x/text/encoding/charmap"

	"acts24/integrations/bitrix24/bitrix24test"
)

// xml returns the document of an act as it was sent to SBIS.
func (s *site) xml(act string) string {
	s.t.Helper()
	p, err := s.manager.Get(act + "/xml")
	s.page(p, err, http.StatusOK)
	text, err := charmap.Windows1251.NewDecoder().String(p.Body)
	s.must(err)
	return text
}

// basisOf returns the basis shown by a form.
func basisOf(f url.Values) string {
	return strings.Join([]string{f.Get("basis-kind"), f.Get("basis"), f.Get("basis-number"), f.Get("basis-date")}, "|")
}

func fact(doc *goquery.Document, name string) string {
	return strings.TrimSpace(doc.Find("dt").FilterFunction(func(_ int, dt *goquery.Selection) bool { return dt.Text() == name }).Next().Text())
}

// sameClient adds another deal with the counterparty of a deal.
func (s *site) sameClient(deal int64, more fields) int64 {
	s.t.Helper()
	f := fields{"title": "Ещё одна сделка", "companyId": s.portal.Item(bitrix24test.Deal, deal)["companyId"], "categoryId": 0, "stageId": "EXECUTING",
		"assignedById": s.portal.Manager(), "currencyId": "RUB", "ufCrmDealActsParticipant": s.portal.Item(bitrix24test.Deal, deal)["ufCrmDealActsParticipant"]}
	for name, value := range more {
		f[name] = value
	}
	id := s.portal.AddItem(bitrix24test.Deal, f)
	s.portal.SetRows(0, bitrix24test.Deal, id, []bitrix24test.Row{{Name: "Услуга", Price: 1000, Quantity: 1}})
	return id
}

// formMany requests acts of several deals from the list of deals without acts.
func (s *site) formMany(deals ...int64) {
	s.t.Helper()
	f := form("key", uuid.NewString())
	for _, d := range deals {
		f.Add("deal", fmt.Sprint(d))
	}
	p, err := s.manager.Post("/p/1/deals/acts", f)
	s.page(p, err, http.StatusOK)
}

// An act without a named document has no basis, wherever it is formed, and the check warns about it.
func TestNoBasisIsMadeUp(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	doc, action, f := s.tab(s.deal(1))
	if got := basisOf(f); got != "document|||" {
		t.Errorf("the form suggests %q", got)
	}
	if text := testid(doc, "presend-check").Text(); !strings.Contains(text, "Акт без документа-основания") {
		t.Errorf("the check shows %q", text)
	}
	f.Set("send", "1")
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	s.await("the document in SBIS", func() bool { return s.inCabinet(strings.TrimSuffix(action, "/acts")) })
	if text := s.xml("/p/1/acts/1"); !strings.Contains(text, "<БезДокОснПер>1</БезДокОснПер>") || strings.Contains(text, "<ОснПер") {
		t.Error("the document names a basis")
	}
	if got := fact(s.act("/p/1/acts/1"), "Основание"); got != "" {
		t.Errorf("the page of the act shows %q", got)
	}
	s.formMany(s.deal(3))
	_, err = s.portal.Create(s.portal.Manager(), s.itemType(), fields{"title": "Акт", "parentId2": s.deal(5)})
	s.must(err)
	s.await("the acts of the list and of the card", func() bool { return s.count(`acts`) == 3 })
	if n := s.count(`acts WHERE basis = '{"name": "", "none": true}'`); n != 3 {
		t.Errorf("%d of 3 acts are without a document", n)
	}
	if got := actLetterOf(s, s.deal(7)); strings.Contains(got, "основание") || !strings.Contains(got, "на сумму") {
		t.Errorf("the letter shows %q", got)
	}
}

// actLetterOf sends a paper act of the deal by e-mail and returns the letter.
func actLetterOf(s *site, deal int64) string {
	s.t.Helper()
	s.portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "ООО «Исполнитель» <office@example.ru>" })
	act := s.formPaper(deal, "company")
	p, err := s.manager.Upload(act+"/files/ours", nil, scanned)
	s.page(p, err, http.StatusOK)
	p, err = s.manager.Post(act+"/paper", url.Values{"channel": {"email"}, "address": {"buh@romashka.ru"}})
	s.page(p, err, http.StatusOK)
	s.await("the letter", func() bool { return len(s.portal.Activities()) > 0 })
	return fmt.Sprint(s.portal.Activities()[0])
}

// The administrator chooses the deal fields with the contract. A text that cannot be parsed with certainty is
// offered unchanged in the form and not completed in bulk.
func TestBasisOfTheDealsField(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	for _, u := range []bitrix24test.UserField{{Name: "UF_CRM_CONTRACT", Kind: "string", Label: "Договор"}, {Name: "UF_CRM_NUMBER", Kind: "string", Label: "Номер договора"},
		{Name: "UF_CRM_DAY", Kind: "date", Label: "Дата договора"}, {Name: "UF_CRM_TAGS", Kind: "string", Label: "Метки", Multiple: true}} {
		u.EntityID = "CRM_DEAL"
		s.portal.AddUserField(u)
	}
	s.must(s.portal.Change(1, bitrix24test.Deal, s.deal(1), fields{"ufCrmContract": "Договор № 105/26 от 12.01.2026", "ufCrmNumber": "7", "ufCrmDay": "2026-02-03T03:00:00+03:00"}))
	s.must(s.portal.Change(1, bitrix24test.Deal, s.deal(3), fields{"ufCrmContract": "дог. 7"}))

	admin := s.atMenu()
	p, err := admin.Get("/p/1/settings/documents")
	page := s.page(p, err, http.StatusOK)
	if text := testid(page, "basis-field-text").Text(); !strings.Contains(text, "Договор (UF_CRM_CONTRACT)") || strings.Contains(text, "UF_CRM_DAY") || strings.Contains(text, "TAGS") || strings.Contains(text, "ACTS") {
		t.Errorf("fields for a text: %s", text)
	}
	save := func(status int, pairs ...string) *goquery.Document {
		p, err := admin.Post("/p/1/settings/documents", form(pairs...))
		return s.page(p, err, status)
	}
	if doc := save(http.StatusUnprocessableEntity, "source", "text", "text", "UF_CRM_NONE"); testid(doc, "fault-text").Text() == "" {
		t.Error("a field that does not exist was taken")
	}
	if doc := save(http.StatusUnprocessableEntity, "source", "parts", "number", "UF_CRM_NUMBER", "date", "UF_CRM_CONTRACT", "name", "Договор"); testid(doc, "fault-date").Text() == "" {
		t.Error("a text was taken for a date")
	}
	save(http.StatusOK, "source", "text", "text", "UF_CRM_CONTRACT")
	doc, _, f := s.tab(s.deal(1))
	if got := basisOf(f); got != "document|Договор|105/26|2026-01-12" || !strings.Contains(testid(doc, "basis-from").Text(), "Из поля сделки") {
		t.Errorf("basis %q, from %q", got, testid(doc, "basis-from").Text())
	}
	_, action, f := s.tab(s.deal(3))
	if got := basisOf(f); got != "document|дог. 7||" {
		t.Errorf("an uncertain text is offered as %q", got)
	}
	s.formMany(s.deal(1), s.deal(3))
	s.await("one act and one reason", func() bool { return s.count(`acts`) == 1 && s.count(`form_wishes WHERE problem <> ''`) == 1 })
	if n := s.count(`form_wishes WHERE problem LIKE '%У основания «дог. 7» нет даты%'`); n != 1 {
		t.Error("the reason does not name the text")
	}
	if n := s.count(`acts WHERE basis ->> 'number' = '105/26' AND basis ->> 'taken' IS NULL`); n != 1 {
		t.Error("the act of the list lacks the contract of its deal")
	}
	f.Set("basis-kind", "none")
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)

	save(http.StatusOK, "source", "parts", "number", "UF_CRM_NUMBER", "date", "UF_CRM_DAY", "name", "Контракт")
	s.must(s.portal.Change(1, bitrix24test.Deal, s.deal(5), fields{"ufCrmNumber": "7", "ufCrmDay": "2026-02-03T03:00:00+03:00"}))
	if _, _, f := s.tab(s.deal(5)); basisOf(f) != "document|Контракт|7|2026-02-03" {
		t.Errorf("two fields give %q", basisOf(f))
	}
}

// The form suggests the document of the last act with the same counterparty and company, and names its source.
func TestBasisOfTheLastAct(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	first, next, bulk := s.deal(1), s.sameClient(s.deal(1), nil), s.sameClient(s.deal(1), nil)
	_, action, f := s.tab(first)
	for name, value := range map[string]string{"basis": "Договор", "basis-number": "105/26", "basis-date": "2026-01-12"} {
		f.Set(name, value)
	}
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)

	doc, action, f := s.tab(next)
	if got := basisOf(f); got != "document|Договор|105/26|2026-01-12" || !strings.Contains(testid(doc, "basis-from").Text(), "Из акта от ") {
		t.Errorf("basis %q, from %q", got, testid(doc, "basis-from").Text())
	}
	if href := testid(doc, "basis-from").Find("a").AttrOr("href", ""); href != "/p/1/acts/1" {
		t.Errorf("it links to %q", href)
	}
	if _, _, f := s.tab(s.deal(3)); basisOf(f) != "document|||" {
		t.Errorf("another counterparty is offered %q", basisOf(f))
	}
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	if n := s.count(`acts WHERE basis ->> 'taken' IS NOT NULL`); n != 0 {
		t.Error("a person saw the suggestion and it is still doubted")
	}
	s.tab(bulk) // makes the deal known
	s.formMany(bulk)
	s.await("the act of the list", func() bool { return s.count(`acts`) == 3 })
	if text := testid(s.act("/p/1/acts/3"), "presend-check").Text(); !strings.Contains(text, "Основание взято из прежнего акта (акта от ") {
		t.Errorf("the basis is unconfirmed, and the check shows %q", text)
	}
}
