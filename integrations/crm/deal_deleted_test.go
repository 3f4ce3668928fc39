package crm_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// The deal of an act is deleted while the act is with the counterparty, who then signs. The act is completed, no task waits or is retried, no
// one is notified of an edit that no person made, and the act's page shows what is left to do.
func TestActOfADeletedDealIsCompleted(t *testing.T) {
	t.Parallel()
	for name, reported := range map[string]bool{"the event arrives": true, "the event is lost": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			deal := s.Deal(1)
			tab := s.HandOver(deal)
			s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(tab) })
			s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
			s.Await("sent", func() bool { return s.Count("acts WHERE status = 'sent'") == 1 })
			s.AwaitQuiet()
			s.Portal.DropEvents(!reported)
			s.Must(s.Portal.Delete(s.Portal.Admin(), bitrix24test.Deal, deal))
			s.Portal.DropEvents(false)
			if reported {
				s.Await("the mark of our copy as deleted", func() bool { return s.Count("deals WHERE deleted") == 1 })
				if text := apptest.Text(s.ActPage("/p/1/acts/1"), "deal-gone"); !strings.Contains(text, "Осталось дождаться ответа контрагента") {
					t.Errorf("the act shows %q, want that the counterparty's answer is awaited", text)
				}
			}
			s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByCounterparty)
			s.Await("the card is signed", func() bool {
				items := s.Portal.Items(s.ItemType())
				return len(items) == 1 && s.ItemStage(int64(items[0]["id"].(float64))) == "Акт получен и подписан"
			})
			s.Await("the end of the tasks for the CRM", func() bool { return s.Count("tasks WHERE kind LIKE 'crm.%'") == 0 })
			s.AwaitQuiet()
			if n := s.Count("act_events WHERE kind = 'put_back'"); n != 0 {
				t.Errorf("%d edits that nobody made are undone, want none", n)
			}
			if text := apptest.Text(s.ActPage("/p/1/acts/1"), "deal-gone"); !strings.Contains(text, "Акт подписан, больше ничего не нужно") {
				t.Errorf("the act shows %q, want that nothing is left to do", text)
			}
		})
	}
}

// When a company is merged into another, its requisites, deals and acts move to that company; the contents of acts stay
// unchanged.
func TestMergedCompany(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	act := s.FormPaperAct(deal, "company")
	before := s.ActPage(act).Find(".facts").Text()
	s.AwaitQuiet()
	companyOfDeal := func(n int) int64 { return int64(s.Portal.Item(bitrix24test.Deal, s.Deal(n))["companyId"].(float64)) }
	if err := s.Portal.MergeCompanies(s.Portal.Admin(), companyOfDeal(1), companyOfDeal(3)); err != nil {
		t.Fatal(err)
	}
	into := companyOfDeal(1)
	s.Await("our copy has the other company", func() bool { return s.Count(fmt.Sprintf("deals WHERE id = %d AND company_id = %d", deal, into)) == 1 })
	p, err := s.Manager.OpenDeal(deal)
	if text := s.Page(p, err, http.StatusOK).Find("main").Text(); strings.Contains(text, "а в сделке теперь ИНН") {
		t.Errorf("the deal shows another counterparty than its act, want none: %s", text)
	}
	if n := s.Count(fmt.Sprintf("acts WHERE company_id = %d", into)); n != 1 {
		t.Errorf("%d acts of the other company, want one", n)
	}
	if after := s.ActPage(act).Find(".facts").Text(); after != before {
		t.Errorf("the act shows %s, want %s as before", after, before)
	}
}
