package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The event of a new item arrives long before the response of the batch that created it, or the response is
// lost: the item stays linked to its act, for an act of a whole deal and of a part of one.
func TestALateItemIsOurs(t *testing.T) {
	t.Parallel()
	faults := map[string]bitrix24test.Fault{
		"the response comes late": {Kind: bitrix24test.Late, Delay: 6 * time.Second},
		"the response is lost":    {Kind: bitrix24test.Reset},
	}
	for name, fault := range faults {
		for of, whole := range map[string]bool{"all of the deal": true, "a part of the deal": false} {
			t.Run(name+", "+of, func(t *testing.T) {
				t.Parallel()
				s := start(t, 1, func(cfg *app.Config) {
					cfg.CallBound, cfg.Window, cfg.Lease, cfg.Sweep = 7*time.Second, 7*time.Second, 10*time.Second, time.Second
				})
				fault.Method, fault.Count = "crm.item.add", 1
				s.must(s.portal.Fault(fault))
				doc, action, form := s.tab(s.deal(1))
				form.Set("type", "paper-company")
				if !whole {
					form.Set(quantities(doc)[1], "1") // of four
				}
				formed, err := s.manager.Post(action, form)
				s.page(formed, err, http.StatusOK)
				s.await("the item", func() bool { return len(s.portal.Items(s.itemType())) == 1 })
				s.await("the event about it", func() bool { return s.count(`portal_events WHERE event = 'ONCRMDYNAMICITEMADD'`) == 1 })
				s.await("the act knows its item", func() bool { return s.count(`acts WHERE item_id <> 0`) == 1 })
				s.await("all is read", func() bool { return s.count(`tasks`) == 0 })
				s.quiet()
				if n, items := s.count(`acts`), s.portal.Items(s.itemType()); n != 1 || len(items) != 1 {
					t.Errorf("%d acts and %d items, want one of each", n, len(items))
				}
				if got := s.itemStage(s.settled()); got != draftLabel {
					t.Errorf("the item is in «%s»", got)
				}
				for _, told := range s.portal.Notifications() {
					t.Errorf("a notification %q was sent", told.Message)
				}
				if history := testid(s.act("/p/1/acts/1"), "history").Text(); strings.Contains(history, "CRM") {
					t.Errorf("the history mentions the CRM: %s", history)
				}
			})
		}
	}
}

// A person creates an item of a deal while the creation of ours is unanswered: it is processed as soon as ours is known.
func TestAnItemBesideALateOne(t *testing.T) {
	t.Parallel()
	s := start(t, 1, func(cfg *app.Config) {
		cfg.CallBound, cfg.Window, cfg.Lease = 7*time.Second, 7*time.Second, 10*time.Second
	})
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "crm.item.add", Kind: bitrix24test.Late, Delay: 4 * time.Second, Count: 1}))
	doc, action, form := s.tab(s.deal(1))
	form.Set("type", "paper-company")
	form.Set(quantities(doc)[1], "1")
	formed, err := s.manager.Post(action, form)
	s.page(formed, err, http.StatusOK)
	s.await("our item", func() bool { return len(s.portal.Items(s.itemType())) == 1 })
	theirs, err := s.portal.Create(s.portal.Manager(), s.itemType(), fields{"title": "Акт", "parentId2": s.deal(1)})
	s.must(err)
	s.await("an act of what was left", func() bool {
		return s.count(`acts`) == 2 && s.count(fmt.Sprintf(`acts WHERE item_id = %d`, theirs)) == 1
	})
}
