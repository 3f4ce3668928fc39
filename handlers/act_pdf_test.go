package handlers_test

import (
	"bytes"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// When our company exchanges PDF, the document contains the print form; its number, date and sum are sent
// separately, because SBIS does not read them from a PDF.
func TestElectronicActAsPDF(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("form", "pdf")
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	doc := s.LastDocument()
	today := s.Today().Format("02.01.2006")
	if doc.Number != "1" || doc.Date != today || doc.Sum != "17800.00" {
		t.Errorf("the document is № %s of %s for %s", doc.Number, doc.Date, doc.Sum)
	}
	if len(doc.Files) != 1 || !strings.HasSuffix(doc.Files[0].Name, ".pdf") {
		t.Fatalf("files %+v", doc.Files)
	}
	body, ok := s.SBIS.File(doc.ID, doc.Files[0].Name)
	printed, err := s.Manager.Get("/p/1/acts/1/print")
	if !ok || err != nil || !bytes.HasPrefix(body, []byte("%PDF-")) || len(printed.Body) == 0 {
		t.Errorf("%d bytes in SBIS, %d bytes to print, %v", len(body), len(printed.Body), err)
	}
	s.MoveDocument(doc.ID, sbistest.MoveSignByUs)
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	s.MoveDocument(doc.ID, sbistest.MoveSignByCounterparty)
	s.AwaitTab(tab, "Акт получен и подписан", "Обмен завершён")
	s.Await("the deal done", func() bool { return s.DealStage(s.Deal(1)) == "Услуга оказана" })
}
