package app_test

import (
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// The deal of an act is deleted while the act is with the counterparty, and then both parties sign. The act
// is completed, no task waits or is retried, no one is notified of an edit that no person made, and the act's
// page shows what is left to do.
func TestActOfADeletedDealGoesOn(t *testing.T) {
	t.Parallel()
	for name, heard := range map[string]bool{"the event of it came": true, "nobody has heard of it": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, 1)
			deal := s.deal(1)
			tab := s.send(deal)
			s.await("the document in SBIS", func() bool { return s.inCabinet(tab) })
			s.do(s.lastDocument().ID, sbistest.SignByUs)
			s.await("sent", func() bool { return s.count("acts WHERE status = 'sent'") == 1 })
			s.quiet()
			s.portal.DropEvents(!heard)
			s.must(s.portal.Delete(s.portal.Admin(), bitrix24test.Deal, deal))
			s.portal.DropEvents(false)
			if heard {
				s.await("we know of it", func() bool { return s.count("deals WHERE deleted") == 1 })
				if text := says(s.act("/p/1/acts/1"), "deal-gone"); !strings.Contains(text, "Осталось дождаться ответа контрагента") {
					t.Errorf("the act shows %q", text)
				}
			}
			s.do(s.lastDocument().ID, sbistest.SignByCounterparty)
			s.await("the card is signed", func() bool {
				items := s.portal.Items(s.itemType())
				return len(items) == 1 && s.itemStage(int64(items[0]["id"].(float64))) == "Акт получен и подписан"
			})
			s.await("nothing waits", func() bool { return s.count("tasks WHERE kind LIKE 'crm.%'") == 0 })
			s.quiet()
			if n := s.count("act_events WHERE kind = 'put_back'"); n != 0 {
				t.Errorf("%d edits are put back that nobody made", n)
			}
			if text := says(s.act("/p/1/acts/1"), "deal-gone"); !strings.Contains(text, "Акт подписан, больше ничего не нужно") {
				t.Errorf("the act shows %q", text)
			}
		})
	}
}
