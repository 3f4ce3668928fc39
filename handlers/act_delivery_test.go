package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// While SBIS is silent the page of an act shows why its document is not there and when SBIS is called again; «Повторить» calls it at once.
func TestDeliveryWhileSBISIsSilent(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	if err := s.SBIS.Fault(sbistest.Fault{Kind: sbistest.FaultUnavailable}); err != nil {
		t.Fatal(err)
	}
	tab := s.HandOver(s.Deal(1))
	const act = "/p/1/acts/1"
	s.Await("the reason", func() bool { return apptest.TestID(s.ActPage(act), "delivery-problem").Length() == 1 })
	s.Exec(`UPDATE tasks SET sent_at = sent_at - interval '2 minutes' WHERE kind = 'edo.put'`) // an earlier call is over
	s.Await("the next try", func() bool {
		doc := s.ActPage(act)
		return strings.Contains(apptest.Text(doc, "delivery-problem"), "Повторим через") && apptest.TestID(doc, "repeat-delivery").Length() == 1
	})
	s.SBIS.ClearFaults()
	p, err := s.Manager.Post(act+"/repeat", nil)
	if doc := s.Page(p, err, http.StatusOK); !strings.Contains(apptest.Text(doc, "notice"), "Обращаемся в СБИС") {
		t.Errorf("after the press the page reads %q", apptest.Text(doc, "notice"))
	}
	s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
	doc := s.ActPage(act)
	if apptest.TestID(doc, "delivery-problem").Length() != 0 || !strings.Contains(apptest.Text(doc, "open-sbis"), "подписать") {
		t.Errorf("afterwards the page shows %q and %q", apptest.Text(doc, "delivery-problem"), apptest.Text(doc, "open-sbis"))
	}
}
