package usecases_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// refuseLast signs the document of an act for us and refuses it for the counterparty.
func refuseLast(s *apptest.Site, act string) {
	s.T.Helper()
	s.Await("the document in SBIS", func() bool {
		return apptest.TestID(s.ActPage(act), "act-delivery").First().Text() == apptest.WaitingLabel
	})
	id := s.LastDocument().ID
	s.MoveDocument(id, sbistest.MoveSignByUs)
	s.MoveDocument(id, sbistest.MoveReject)
	s.Await("the refusal", func() bool { return apptest.ActStatus(s.ActPage(act)) == "Отказ от подписания" })
}

// correct forms the corrected act and returns its page.
func correct(s *apptest.Site, act string) string {
	s.T.Helper()
	p, err := s.Manager.Post(act+"/correct", apptest.Form("key", uuid.NewString()))
	s.Page(p, err, http.StatusOK)
	return fmt.Sprintf("/p/1/acts/%d", s.Number(`SELECT max(id) FROM acts`))
}

// The correction of an invoice keeps its number and date and names the corrected document; the second
// correction has number 2.
func TestCorrectionOfAnInvoiceKeepsItsNumber(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	s.HandOver(s.Deal(1))
	act := "/p/1/acts/1"
	refuseLast(s, act)
	for n := 1; n <= 2; n++ {
		refused := act
		title := regexp.MustCompile(`ИдФайл="([^"]+)"`).FindStringSubmatch(s.XML(refused))[1]
		act = correct(s, refused)
		page := s.ActPage(act)
		if text := apptest.TestID(page, "corrects").Find("a").AttrOr("href", ""); text != refused {
			t.Errorf("the correction points to %q, want %q", text, refused)
		}
		if text := apptest.TestID(s.ActPage(refused), "replaced").Find("a").AttrOr("href", ""); text != act {
			t.Errorf("the refused act points to %q, want %q", text, act)
		}
		p, err := s.Manager.Post(act+"/send", nil)
		s.Page(p, err, http.StatusOK)
		s.Await("the document in SBIS", func() bool {
			return apptest.TestID(s.ActPage(act), "act-delivery").First().Text() == apptest.WaitingLabel
		})
		xml := s.XML(act)
		date := s.Today().Format("02.01.2006")
		for _, want := range []string{fmt.Sprintf(`<ИспрДок НомИспр="%d" ДатаИспр="%s"`, n, date), `НомерДок="1"`, `ИмяФайлИспрПрод="` + title + `"`} {
			if !strings.Contains(xml, want) {
				t.Errorf("correction %d lacks %s:\n%s", n, want, xml[:1200])
			}
		}
		if title := page.Find("h1").Text(); !strings.Contains(title, "исправление от") {
			t.Errorf("the draft is called %q", title)
		}
		if n < 2 {
			refuseLast(s, act)
		}
	}
	if title := s.ActPage(act).Find("h1").Text(); !strings.Contains(title, "Акт № 1 от ") || !strings.Contains(title, "исправление № 2 от") {
		t.Errorf("the second correction is called %q", title)
	}
	if rows := s.RegistryPage("q=1").Find(`a[href*="/acts/"]`).Text(); !strings.Contains(rows, "1 (испр. 1)") || !strings.Contains(rows, "1 (испр. 2)") {
		t.Errorf("the search by the number shows %q", rows)
	}
	if n := s.Count(`number_counters WHERE last > 1`); n != 0 {
		t.Error("a correction has used up a number")
	}
}

// A correction with changed sums requires the reason: mistakes can be corrected, an agreement after the
// service needs a document made in SBIS.
func TestCorrectionRequiresTheCauseOfOtherSums(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	s.HandOver(s.Deal(1))
	refuseLast(s, "/p/1/acts/1")
	act := correct(s, "/p/1/acts/1")
	p, err := s.Manager.Get(act + "/edit")
	doc := s.Page(p, err, http.StatusOK)
	if apptest.TestID(doc, "correction").Length() != 1 || doc.Find(`input[data-date][name="date"]`).Length() != 0 {
		t.Error("the form lets the date of the document change, or does not show that it is a correction")
	}
	action, f := apptest.ActForm(doc)
	f.Set(apptest.QuantityFields(doc)[0], "0,5")
	for cause, message := range map[string]string{"": "Укажите, почему", "agreement": "Нужен корректировочный документ", "nonsense": "Укажите, почему"} {
		f.Set("correction-cause", cause)
		p, err := s.Manager.Post(action, f)
		if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-correction-cause").Text(); !strings.Contains(text, message) {
			t.Errorf("%q: %q", cause, text)
		}
	}
	f.Set("correction-cause", "mistake")
	for field, value := range map[string]string{"correction-date": "2020-01-01", "type": "paper-company", "date": "2026-01-15"} {
		was := f.Get(field)
		f.Set(field, value)
		p, err := s.Manager.Post(action, f)
		if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-"+field).Text(); text == "" {
			t.Errorf("%s=%s has no fault", field, value)
		}
		f.Set(field, was)
	}
	f.Set("send", "1")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the document in SBIS", func() bool {
		return apptest.TestID(s.ActPage(act), "act-delivery").First().Text() == apptest.WaitingLabel
	})
	if xml := s.XML(act); !strings.Contains(xml, `КолТов="0.5"`) || !strings.Contains(xml, `НомИспр="1"`) {
		t.Errorf("the correction is\n%s", xml)
	}
}

// When the deal was changed after the refusal, the correction is a draft that is not handed over until the reason is given.
func TestCorrectionOfAChangedDealIsNotSentUnexplained(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	deal := s.Deal(1)
	s.SetRows(deal, apptest.ProductRow("Услуга", 2, 1000))
	s.HandOver(deal)
	refuseLast(s, "/p/1/acts/1")
	rows := s.Portal.Rows(bitrix24test.Deal, deal)
	s.Portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{{ID: int64(rows[0]["id"].(float64)), Name: "Услуга", Price: 900, Quantity: 2, TaxRate: apptest.Percent(22), TaxIncluded: true}})
	reread(s, deal)
	act := correct(s, "/p/1/acts/1")
	p, err := s.Manager.Post(act+"/send", nil)
	if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "presend-check").Text(); !strings.Contains(text, "Суммы или количество отличаются") {
		t.Errorf("the check shows %q", text)
	}
}

// A corrected act that is no invoice has a new number; an annulled correction can be replaced by another.
func TestCorrectionNumbers(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	s.Exec(`UPDATE acts SET status = 'refused', number = '7'`)
	next := correct(s, act)
	s.PostAction(next+"/number", nil, apptest.DraftLabel)
	if n := s.Count(`acts WHERE corrects IS NOT NULL AND number = '1' AND correction = 0`); n != 1 {
		t.Error("the corrected act has no number of its own")
	}
	s.SaveOurCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	s.HandOver(s.Deal(3))
	invoice := fmt.Sprintf("/p/1/acts/%d", s.Number(`SELECT max(id) FROM acts`))
	refuseLast(s, invoice)
	dropped := correct(s, invoice)
	s.PostAction(dropped+"/mark", apptest.Form("event", "annulment", "reason", "лишний"), "Аннулирован")
	act = correct(s, invoice)
	p, err := s.Manager.Post(act+"/send", nil)
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`acts WHERE correction = 1 AND corrected ->> 'number' = number`); n != 1 {
		t.Error("the correction after a dropped one is not the first")
	}
}

// A refused УПД on paper is an invoice: its correction keeps number, date and print form, whatever the company prints now.
func TestCorrectionOfPaperUPD(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("paper", "upd")
	refused := s.SendPaperAct(s.Deal(1))
	s.PostAction(refused+"/mark", apptest.Form("event", string(acts.EventRefusal), "reason", "Ошибка в названии"), "Отказ от подписания")
	s.SaveOurCompany("paper", "act")
	act := correct(s, refused)
	if title := s.ActPage(act).Find("h1").Text(); !strings.Contains(title, "исправление от") {
		t.Errorf("the draft is called %q", title)
	}
	numbered, err := s.Manager.Post(act+"/number", nil)
	s.Page(numbered, err, http.StatusOK)
	if n := s.Count(`acts WHERE id = 2 AND number = '1' AND correction = 1 AND paper_form = 'upd' AND act_date = (SELECT act_date FROM acts WHERE id = 1)`); n != 1 {
		t.Error("the correction has another number, date or print form than the refused act")
	}
	printed, err := s.Manager.Get(act + "/print")
	if err != nil || printed.Status != http.StatusOK || !strings.HasPrefix(printed.Body, "%PDF-") {
		t.Errorf("the print form: %d, %v", printed.Status, err)
	}
}

// The correction takes less than the refused act, another act takes the rest, and the correction is annulled: the refused act would exceed the
// deal and stays replaced. When nothing else has taken its rows, it waits for a decision again.
func TestAnnulledCorrectionReleasesOnlyWhatIsLeft(t *testing.T) {
	t.Parallel()
	for taken, want := range map[bool]string{true: "позиции этого уже в других актах", false: "этот снова ждёт решения"} {
		t.Run(fmt.Sprint("the rest is taken: ", taken), func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			deal := s.Deal(1)
			s.SetRows(deal, apptest.ProductRow("Консультации", 10, 1000))
			refused := s.SendPaperAct(deal)
			s.PostAction(refused+"/mark", apptest.Form("event", "refusal", "reason", "много"), "Отказ от подписания")
			correction := correct(s, refused)
			p, err := s.Manager.Get(correction + "/edit")
			doc := s.Page(p, err, http.StatusOK)
			action, f := apptest.ActForm(doc)
			f.Set(apptest.QuantityFields(doc)[0], "4")
			p, err = s.Manager.Post(action, f)
			s.Page(p, err, http.StatusOK)
			if taken {
				s.FormPaperAct(deal, "company")
			}
			s.PostAction(correction+"/mark", apptest.Form("event", "annulment", "reason", "лишний"), "Аннулирован")
			if text := apptest.Text(s.ActPage(refused), "history"); !strings.Contains(text, want) {
				t.Errorf("the history of the refused act: %s", text)
			}
			if n := s.Number(`SELECT coalesce(sum(l.quantity), 0)::bigint FROM acts a JOIN act_lines l ON l.act_id = a.id WHERE a.status <> 'annulled' AND a.replaced_by IS NULL`); taken && n != 6 || !taken && n != 10 {
				t.Errorf("acts that count have %d of 10", n)
			}
			if n := s.Count(`acts WHERE status = 'refused' AND replaced_by IS NULL`); n == 1 == taken {
				t.Errorf("%d refused acts wait for a decision", n)
			}
		})
	}
}
