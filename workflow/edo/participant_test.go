package edo_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// An id with another ИНН stops the form until a person has confirmed it; a Diadoc id of an ИП with two dashes
// is written into the document unchanged, without a confirmation.
func TestParticipantIDInTheForm(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2)
	foreign := "2BM-502424042010-20190412101500"
	s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(1), bitrix24test.Fields{"ufCrmDealActsParticipant": foreign}))
	tab, action, f := s.DealTab(s.Deal(1))
	if apptest.TestID(tab, "doubt-participant").Length() == 0 {
		t.Error("the doubt is not shown with the suggestion")
	}
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	tab = s.Page(p, err, http.StatusUnprocessableEntity)
	if text := apptest.TestID(tab, "fault-participant").Text(); !strings.Contains(text, "внутри него ИНН 502424042010, а в реквизитах ИНН 7802000015") {
		t.Errorf("at the field: %q", text)
	}
	if n := s.Count("acts"); n != 0 {
		t.Fatalf("%d acts were formed", n)
	}
	token, _ := tab.Find(`.act-form [data-testid="confirm-participant"]`).Attr("value")
	f.Set("confirm", token)
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the document goes to the confirmed id", func() bool {
		return len(s.SBIS.Documents()) == 1 && strings.Contains(s.LastDocument().Files[0].Name, "_"+foreign+"_")
	})

	buyer := apptest.INN12(7702000002)
	own := "2BM-" + buyer + "--20160728122711943083900000"
	_, action, f = s.DealTab(s.Deal(2))
	f.Set("participant", " "+own+"\u200b")
	f.Set("send", "1")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the document goes to the id as it is", func() bool {
		return len(s.SBIS.Documents()) == 2 && strings.Contains(s.LastDocument().Files[0].Name, "_"+own+"_")
	})
}

// Our own id is stored unchanged too, and must be confirmed in the settings when it is unusual.
func TestOwnParticipantIDIsConfirmed(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	id := "2BM-7736050003-773601001-2015"
	admin := apptest.NewVisitor(s.Portal, s.Portal.Admin(), s.AppURL)
	opened, err := admin.Open("DEFAULT", "/placement/menu", 0)
	s.Page(opened, err, http.StatusOK)
	p, err := admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm("participant", " "+id))
	doc := s.Page(p, err, http.StatusUnprocessableEntity)
	token, _ := apptest.TestID(doc, "confirm-participant").Attr("value")
	if !strings.Contains(apptest.TestID(doc, "fault-participant").Text(), "внутри него ИНН 7736050003") || token == "" {
		t.Errorf("accepted without a confirmation: %s", doc.Find(".fault").Text())
	}
	p, err = admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm("participant", id, "confirm", token))
	doc = s.Page(p, err, http.StatusOK)
	if v, _ := doc.Find(`[name="participant"]`).Attr("value"); v != id || apptest.TestID(doc, "confirm-participant").Filter("[checked]").Length() != 1 {
		t.Errorf("kept as %q", v)
	}
}
