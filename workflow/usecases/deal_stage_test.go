package usecases_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// done forms a paper act of a whole deal and signs it for both parties: the deal moves to «Услуга оказана».
func done(s *apptest.Site, deal int64) (act string) {
	s.T.Helper()
	act = s.SendPaperAct(deal)
	p, err := s.Manager.Upload(act+"/files/theirs", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.Await("the deal is done", func() bool { return s.DealStage(deal) == "Услуга оказана" })
	s.AwaitQuiet()
	return act
}

// checkElsewhere waits until the tab shows that the deal is not at the stage that its acts require, with a button,
// and checks that the responsible is notified once.
func checkElsewhere(s *apptest.Site, deal int64, at, place string) {
	s.T.Helper()
	s.Await("the note", func() bool { return s.Count("deals WHERE stage_note <> ''") == 1 })
	p, err := s.Manager.OpenDeal(deal)
	doc := s.Page(p, err, http.StatusOK)
	if text := apptest.Text(doc, "deal-elsewhere"); !strings.Contains(text, "По актам сделке место на стадии «"+place+"»") || !strings.Contains(text, "Переместить на «"+place+"»") {
		s.T.Errorf("the tab shows %q", text)
	}
	if strings.Contains(doc.Text(), "Чтобы закрыть сделку") {
		s.T.Error("the tab counts what is left to a stage that the deal has reached or left")
	}
	s.AwaitQuiet()
	if n := s.NotificationsTo(s.Portal.Manager(), "стоит на стадии «"+at+"», а по её актам место на стадии «"+place+"»"); n != 1 {
		s.T.Errorf("notified %d times: %v", n, s.Portal.Notifications())
	}
}

// press presses the button of the message and waits until the deal has moved.
func press(s *apptest.Site, deal int64, to string) {
	s.T.Helper()
	p, err := s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/move", deal), nil)
	s.Page(p, err, http.StatusOK)
	s.Await("the deal is moved", func() bool { return s.DealStage(deal) == to })
	s.Await("the note is gone", func() bool { return s.Count("deals WHERE stage_note <> ''") == 0 })
}

// When a person moves a deal with signed acts back, it stays there; the tab and a notification report it, and a button moves
// it again.
func TestSignedDealIsMovedBack(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	done(s, deal)
	s.Must(s.Portal.Move(s.Portal.Admin(), bitrix24test.Deal, deal, "ACTS_1"))
	checkElsewhere(s, deal, "Подготовка акта", "Услуга оказана")
	if at := s.DealStage(deal); at != "Подготовка акта" {
		t.Errorf("the deal is at %s", at)
	}
	press(s, deal, "Услуга оказана")
}

// When the signed act of a deal is annulled, the deal stays at «Услуга оказана» with a message and a button.
func TestSignedActIsAnnulled(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	act := done(s, deal)
	s.PostAction(act+"/mark", apptest.Form("event", "annulment", "reason", "ошибка"), "Аннулирован")
	checkElsewhere(s, deal, "Услуга оказана", "Подготовка акта")
	if at := s.DealStage(deal); at != "Услуга оказана" {
		t.Errorf("the deal is at %s", at)
	}
	press(s, deal, "Подготовка акта")
}

// A deal that a person had moved to the required stage and moves away later is not moved either.
func TestDealMovedAwayFromWhereItsActsSay(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.Must(s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, deal, "ACTS_3"))
	s.SendPaperAct(deal)
	s.AwaitQuiet()
	s.Must(s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, deal, "ACTS_1"))
	checkElsewhere(s, deal, "Подготовка акта", "Акт направлен заявителю")
	if at := s.DealStage(deal); at != "Подготовка акта" {
		t.Errorf("the deal is at %s", at)
	}
}

// The row that no act covers is removed from the deal: its signed act is all that is left, and the deal is done.
func TestDealIsDoneWhenItsRestIsRemoved(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.SetRows(deal, apptest.ProductRow("Консультации", 1, 1000), apptest.ProductRow("Копии", 2, 500))
	doc, action, f := s.DealTab(deal)
	f.Set("type", "paper-company")
	f.Del("pick-" + strings.TrimPrefix(apptest.QuantityFields(doc)[1], "quantity-"))
	p, err := s.Manager.Post(action, f)
	act, _ := s.Page(p, err, http.StatusOK).Find(`section#acts a[href*="/acts/"]`).First().Attr("href")
	p, err = s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.PostAction(act+"/paper", apptest.Form("channel", "post"), "Акт направлен заявителю")
	p, err = s.Manager.Upload(act+"/files/theirs", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.Await("a part is done", func() bool { return s.DealStage(deal) == "Акт направлен заявителю" })
	s.AwaitQuiet()
	s.SetRows(deal, apptest.ProductRow("Консультации", 1, 1000))
	s.Await("the deal is done", func() bool { return s.DealStage(deal) == "Услуга оказана" })
}
