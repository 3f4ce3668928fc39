package app_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// refuseLast signs the document of an act for us and refuses it for the counterparty.
func (s *site) refuseLast(act string) {
	s.t.Helper()
	s.await("the document in SBIS", func() bool {
		return testid(s.act(act), "act-delivery").First().Text() == waitingLabel
	})
	id := s.lastDocument().ID
	s.do(id, sbistest.SignByUs)
	s.do(id, sbistest.Reject)
	s.await("the refusal", func() bool { return status(s.act(act)) == "Отказ от подписания" })
}

// correct forms the corrected act and returns its page.
func (s *site) correct(act string) string {
	s.t.Helper()
	p, err := s.manager.Post(act+"/correct", form("key", uuid.NewString()))
	s.page(p, err, http.StatusOK)
	return fmt.Sprintf("/p/1/acts/%d", s.number(`SELECT max(id) FROM acts`))
}

// The correction of an invoice keeps its number and date and names the corrected document; the second
// correction has number 2.
func TestCorrectionOfAnInvoiceKeepsItsNumber(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.ourCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	s.send(s.deal(1))
	act := "/p/1/acts/1"
	s.refuseLast(act)
	for n := 1; n <= 2; n++ {
		refused := act
		title := regexp.MustCompile(`ИдФайл="([^"]+)"`).FindStringSubmatch(s.xml(refused))[1]
		act = s.correct(refused)
		page := s.act(act)
		if text := testid(page, "corrects").Find("a").AttrOr("href", ""); text != refused {
			t.Errorf("the correction points to %q, want %q", text, refused)
		}
		if text := testid(s.act(refused), "replaced").Find("a").AttrOr("href", ""); text != act {
			t.Errorf("the refused act points to %q, want %q", text, act)
		}
		p, err := s.manager.Post(act+"/send", nil)
		s.page(p, err, http.StatusOK)
		s.await("the document in SBIS", func() bool { return testid(s.act(act), "act-delivery").First().Text() == waitingLabel })
		xml := s.xml(act)
		date := s.today().Format("02.01.2006")
		for _, want := range []string{fmt.Sprintf(`<ИспрДок НомИспр="%d" ДатаИспр="%s"`, n, date), `НомерДок="1"`, `ИмяФайлИспрПрод="` + title + `"`} {
			if !strings.Contains(xml, want) {
				t.Errorf("correction %d lacks %s:\n%s", n, want, xml[:1200])
			}
		}
		if title := page.Find("h1").Text(); !strings.Contains(title, "исправление от") {
			t.Errorf("the draft is called %q", title)
		}
		if n < 2 {
			s.refuseLast(act)
		}
	}
	if title := s.act(act).Find("h1").Text(); !strings.Contains(title, "Акт № 1 от ") || !strings.Contains(title, "исправление № 2 от") {
		t.Errorf("the second correction is called %q", title)
	}
	if rows := s.registry("q=1").Find(`a[href*="/acts/"]`).Text(); !strings.Contains(rows, "1 (испр. 1)") || !strings.Contains(rows, "1 (испр. 2)") {
		t.Errorf("the search by the number shows %q", rows)
	}
	if n := s.count(`number_counters WHERE last > 1`); n != 0 {
		t.Error("a correction has used up a number")
	}
}

// A correction with changed sums requires the reason: mistakes can be corrected, an agreement after the
// service needs a document made in SBIS.
func TestCorrectionAsksWhySumsDiffer(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.ourCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	s.send(s.deal(1))
	s.refuseLast("/p/1/acts/1")
	act := s.correct("/p/1/acts/1")
	p, err := s.manager.Get(act + "/edit")
	doc := s.page(p, err, http.StatusOK)
	if testid(doc, "correction").Length() != 1 || doc.Find(`input[type="date"][name="date"]`).Length() != 0 {
		t.Error("the form lets the date of the document change, or does not speak of the correction")
	}
	action, f := formOf(doc)
	f.Set(quantities(doc)[0], "0,5")
	for cause, says := range map[string]string{"": "Укажите, почему", "agreement": "Нужен корректировочный документ", "nonsense": "Укажите, почему"} {
		f.Set("correction-cause", cause)
		p, err := s.manager.Post(action, f)
		if text := testid(s.page(p, err, http.StatusUnprocessableEntity), "fault-correction-cause").Text(); !strings.Contains(text, says) {
			t.Errorf("%q: %q", cause, text)
		}
	}
	f.Set("correction-cause", "mistake")
	for field, value := range map[string]string{"correction-date": "2020-01-01", "type": "paper-company", "date": "2026-01-15"} {
		was := f.Get(field)
		f.Set(field, value)
		p, err := s.manager.Post(action, f)
		if text := testid(s.page(p, err, http.StatusUnprocessableEntity), "fault-"+field).Text(); text == "" {
			t.Errorf("%s=%s has no fault", field, value)
		}
		f.Set(field, was)
	}
	f.Set("send", "1")
	p, err = s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	s.await("the document in SBIS", func() bool { return testid(s.act(act), "act-delivery").First().Text() == waitingLabel })
	if xml := s.xml(act); !strings.Contains(xml, `КолТов="0.5"`) || !strings.Contains(xml, `НомИспр="1"`) {
		t.Errorf("the correction is\n%s", xml)
	}
}

// When the deal was changed after the refusal, the correction is a draft that is not handed over until the reason is given.
func TestCorrectionOfAChangedDealIsNotSentUnexplained(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.ourCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	deal := s.deal(1)
	s.setRows(deal, productRow("Услуга", 2, 1000))
	s.send(deal)
	s.refuseLast("/p/1/acts/1")
	rows := s.portal.Rows(bitrix24test.Deal, deal)
	s.portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{{ID: int64(rows[0]["id"].(float64)), Name: "Услуга", Price: 900, Quantity: 2, TaxRate: percent(22), TaxIncluded: true}})
	s.tab(deal)
	act := s.correct("/p/1/acts/1")
	p, err := s.manager.Post(act+"/send", nil)
	if text := testid(s.page(p, err, http.StatusUnprocessableEntity), "presend-check").Text(); !strings.Contains(text, "Суммы или количество отличаются") {
		t.Errorf("the check shows %q", text)
	}
}

// A corrected act that is no invoice has a new number; an annulled correction can be replaced by another.
func TestCorrectionNumbers(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	s.sql(`UPDATE acts SET status = 'refused', number = '7'`)
	next := s.correct(act)
	s.does(next+"/number", nil, draftLabel)
	if n := s.count(`acts WHERE corrects IS NOT NULL AND number = '1' AND correction = 0`); n != 1 {
		t.Error("the corrected act has no number of its own")
	}
	s.ourCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	s.send(s.deal(3))
	invoice := fmt.Sprintf("/p/1/acts/%d", s.number(`SELECT max(id) FROM acts`))
	s.refuseLast(invoice)
	dropped := s.correct(invoice)
	s.does(dropped+"/mark", form("event", "annulment", "reason", "лишний"), "Аннулирован")
	act = s.correct(invoice)
	p, err := s.manager.Post(act+"/send", nil)
	s.page(p, err, http.StatusOK)
	if n := s.count(`acts WHERE correction = 1 AND corrected ->> 'number' = number`); n != 1 {
		t.Error("the correction after a dropped one is not the first")
	}
}
