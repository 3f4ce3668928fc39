package usecases_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// What the document builder would refuse is reported before an act is formed, and no number is taken.
func TestTheCheckBuildsTheDocument(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("function", "СЧФДОП", "vat", "22", "vat-ground", "ст. 149 НК РФ")
	deal := s.Deal(1)
	twentyTwo := 22.0
	s.Portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Услуга", Price: 122, Quantity: 1, TaxRate: &twentyTwo, TaxIncluded: true},
		{Name: "Подарок", Price: 0, Quantity: 1, TaxRate: &twentyTwo, TaxIncluded: true}})
	doc, action, f := s.DealTab(deal)
	if text := apptest.TestID(doc, "presend-check").Find("li.bad").Text(); !strings.Contains(text, "Строка 2: в счёте-фактуре цена должна быть больше нуля") {
		t.Errorf("the check shows %q", text)
	}
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	refused := s.Page(p, err, http.StatusUnprocessableEntity)
	if text := apptest.TestID(refused, "fault-presend").Text(); !strings.Contains(text, "Строка 2") {
		t.Errorf("the refusal shows %q", text)
	}
	if n := s.Count(`acts`); n != 0 {
		t.Errorf("%d acts", n)
	}
	f.Del("send")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	_, act, _ := strings.Cut(p.Path, "formed=")
	p, err = s.Manager.Post("/p/1/acts/"+act+"/send", nil)
	s.Page(p, err, http.StatusUnprocessableEntity)
	if n := s.Count(`acts WHERE number = '' AND delivery = ''`); n != 1 {
		t.Error("the draft has taken a number")
	}
}

// Paper acts are checked before forming as well, and a type that contradicts the counterparty forms no act.
func TestATypeThatContradictsIsStopped(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for deal, kind := range map[int64]string{s.Deal(1): "person", s.Deal(2): "company"} {
		for _, medium := range []string{"paper", "electronic"} {
			_, action, f := s.DealTab(deal)
			f.Set("type", medium+"-"+kind)
			p, err := s.Manager.Post(action, f)
			if text := apptest.TestID(s.Page(p, err, http.StatusUnprocessableEntity), "fault-type").Text(); !strings.Contains(text, "Исправьте тип акта") {
				t.Errorf("%s-%s: %q", medium, kind, text)
			}
		}
	}
	if n := s.Count(`acts`); n != 0 {
		t.Errorf("%d acts", n)
	}
	doc, _, _ := s.DealTab(s.Deal(1))
	if text := apptest.TestID(doc, "print-check").Text(); !strings.Contains(text, "Реквизиты контрагента") || !strings.Contains(text, "Ставки НДС") {
		t.Errorf("before forming on paper: %q", text)
	}
}

// A draft whose counterparty was corrected in the CRM is checked with the requisites that its document will contain.
func TestTheCheckTakesTheRequisitesOfToday(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act, company := s.FormPaperAct(s.Deal(1), "company"), s.Portal.Item(bitrix24test.Deal, s.Deal(1))["companyId"].(float64)
	requisite := s.Portal.RequisitesOf(bitrix24test.Company, int64(company))[0]
	s.Exec(`UPDATE acts SET buyer = buyer || '{"kpp": ""}'`) // as it was when the act was formed
	if text := apptest.TestID(s.ActPage(act), "presend-check").Find("li.bad").Text(); text != "" {
		t.Errorf("the page of the act shows %q though the CRM has %v", text, requisite["RQ_KPP"])
	}
	s.PostAction(act+"/number", nil, "Подготовка акта")
	if n := s.Count(`acts WHERE number = '1' AND buyer ->> 'kpp' = '780201001'`); n != 1 {
		t.Error("the act was not numbered with the requisites of today")
	}
}
