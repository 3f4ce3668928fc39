package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// done forms a paper act of a whole deal and signs it for both parties: the deal moves to «Услуга оказана».
func (s *site) done(deal int64) (act string) {
	s.t.Helper()
	act = s.sentPaper(deal)
	p, err := s.manager.Upload(act+"/files/theirs", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.await("the deal is done", func() bool { return s.stage(deal) == "Услуга оказана" })
	s.quiet()
	return act
}

// elsewhere waits until the tab shows that the deal is not at the stage that its acts require, with a button,
// and checks that the responsible is notified once.
func (s *site) elsewhere(deal int64, at, place string) {
	s.t.Helper()
	s.await("the note", func() bool { return s.count("deals WHERE stage_note <> ''") == 1 })
	p, err := s.manager.OpenDeal(deal)
	doc := s.page(p, err, http.StatusOK)
	if text := says(doc, "deal-elsewhere"); !strings.Contains(text, "По актам сделке место на стадии «"+place+"»") || !strings.Contains(text, "Переместить на «"+place+"»") {
		s.t.Errorf("the tab shows %q", text)
	}
	if strings.Contains(doc.Text(), "До стадии «Услуга оказана» осталось") {
		s.t.Error("the tab counts what is left to a stage that the deal has reached or left")
	}
	s.quiet()
	if n := s.told(s.portal.Manager(), "стоит на стадии «"+at+"», а по её актам место на стадии «"+place+"»"); n != 1 {
		s.t.Errorf("notified %d times: %v", n, s.portal.Notifications())
	}
}

// press presses the button of the message and waits until the deal has moved.
func (s *site) press(deal int64, to string) {
	s.t.Helper()
	p, err := s.manager.Post(fmt.Sprintf("/p/1/deals/%d/move", deal), nil)
	s.page(p, err, http.StatusOK)
	s.await("the deal is moved", func() bool { return s.stage(deal) == to })
	s.await("the note is gone", func() bool { return s.count("deals WHERE stage_note <> ''") == 0 })
}

// When a person moves a deal with signed acts back, it stays there; the tab and a notification say so, and a button moves it
// again.
func TestSignedDealIsMovedBack(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	s.done(deal)
	s.must(s.portal.Move(s.portal.Admin(), bitrix24test.Deal, deal, "ACTS_1"))
	s.elsewhere(deal, "Подготовка акта", "Услуга оказана")
	if at := s.stage(deal); at != "Подготовка акта" {
		t.Errorf("the deal is at %s", at)
	}
	s.press(deal, "Услуга оказана")
}

// When the signed act of a deal is annulled, the deal stays at «Услуга оказана» with a message and a button.
func TestSignedActIsAnnulled(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	act := s.done(deal)
	s.does(act+"/mark", form("event", "annulment", "reason", "ошибка"), "Аннулирован")
	s.elsewhere(deal, "Услуга оказана", "Подготовка акта")
	if at := s.stage(deal); at != "Услуга оказана" {
		t.Errorf("the deal is at %s", at)
	}
	s.press(deal, "Подготовка акта")
}

// A deal that a person had moved to the required stage and moves away later is not moved either.
func TestDealMovedAwayFromWhereItsActsSay(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	s.must(s.portal.Move(s.portal.Manager(), bitrix24test.Deal, deal, "ACTS_3"))
	s.sentPaper(deal)
	s.quiet()
	s.must(s.portal.Move(s.portal.Manager(), bitrix24test.Deal, deal, "ACTS_1"))
	s.elsewhere(deal, "Подготовка акта", "Акт направлен заявителю")
	if at := s.stage(deal); at != "Подготовка акта" {
		t.Errorf("the deal is at %s", at)
	}
}
