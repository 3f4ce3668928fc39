package app_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// company saves the settings of our company as an administrator, with some fields changed.
func (s *site) company(change url.Values) {
	s.t.Helper()
	admin := apptest.NewVisitor(s.portal, s.portal.Admin(), s.AppURL)
	opened, err := admin.Open("DEFAULT", "/placement/menu", 0)
	s.page(opened, err, http.StatusOK)
	opened, err = admin.Get("/p/1/settings/companies")
	doc := s.page(opened, err, http.StatusOK)
	c := apptest.OurCompany
	action := fmt.Sprintf("/p/1/settings/companies/%d", c.ID)
	account, _ := doc.Find(`form[action="` + action + `"] select[name="account"] option[selected]`).Attr("value")
	form := url.Values{"account": {account}, "participant": {c.Participant}, "signer": {c.Signer}, "position": {c.Position},
		"ground": {c.Ground}, "function": {c.Function}, "numbers": {"{N}"}}
	for name, values := range change {
		form[name] = values
	}
	saved, err := admin.Post(action, form)
	s.page(saved, err, http.StatusOK)
}

// When our company exchanges PDF, the document contains the print form; its number, date and sum are sent
// separately, because SBIS does not read them from a PDF.
func TestElectronicActAsPDF(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.company(url.Values{"form": {"pdf"}})
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	doc := s.lastDocument()
	today := s.today().Format("02.01.2006")
	if doc.Number != "1" || doc.Date != today || doc.Sum != "17800.00" {
		t.Errorf("the document is № %s of %s for %s", doc.Number, doc.Date, doc.Sum)
	}
	if len(doc.Files) != 1 || !strings.HasSuffix(doc.Files[0].Name, ".pdf") {
		t.Fatalf("files %+v", doc.Files)
	}
	body, ok := s.SBIS.File(doc.ID, doc.Files[0].Name)
	printed, err := s.manager.Get("/p/1/acts/1/print")
	if !ok || err != nil || !bytes.HasPrefix(body, []byte("%PDF-")) || len(printed.Body) == 0 {
		t.Errorf("%d bytes in SBIS, %d bytes to print, %v", len(body), len(printed.Body), err)
	}
	s.do(doc.ID, sbistest.SignByUs)
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	s.do(doc.ID, sbistest.SignByCounterparty)
	s.tabShows(tab, "Акт получен и подписан", "Обмен завершён")
	s.await("the deal done", func() bool { return s.stage(s.deal(1)) == "Услуга оказана" })
}
