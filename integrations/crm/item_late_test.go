package crm_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The event of a new item arrives long before the response of the batch that created it, or the response is
// lost: the item stays linked to its act, for an act of a whole deal and of a part of one.
func TestItemWithALateAnswerIsLinked(t *testing.T) {
	t.Parallel()
	faults := map[string]bitrix24test.Fault{
		"the response comes late": {Method: "crm.item.add", Kind: bitrix24test.FaultLate, Delay: 6 * time.Second, Count: 1},
		"the response is lost":    {Method: "crm.item.add", Kind: bitrix24test.FaultReset, Count: 1},
	}
	for name, fault := range faults {
		for part, whole := range map[string]bool{"all of the deal": true, "a part of the deal": false} {
			t.Run(name+", "+part, func(t *testing.T) {
				t.Parallel()
				s := apptest.Start(t, 1, func(cfg *app.Config) {
					cfg.CallTimeout, cfg.Window, cfg.Lease, cfg.Reconcile = 7*time.Second, 7*time.Second, 10*time.Second, time.Second
				})
				s.Must(s.Portal.Fault(fault))
				doc, action, form := s.DealTab(s.Deal(1))
				form.Set("type", "paper-company")
				if !whole {
					form.Set(apptest.QuantityFields(doc)[1], "1") // of four
				}
				formed, err := s.Manager.Post(action, form)
				s.Page(formed, err, http.StatusOK)
				s.Await("the item", func() bool { return len(s.Portal.Items(s.ItemType())) == 1 })
				s.Await("the event about it", func() bool { return s.Count(`portal_events WHERE event = 'ONCRMDYNAMICITEMADD'`) == 1 })
				s.Await("the link of the act to its item", func() bool { return s.Count(`acts WHERE item_id <> 0`) == 1 })
				s.Await("the end of all tasks", func() bool { return s.Count(`tasks`) == 0 })
				s.AwaitQuiet()
				if n, items := s.Count(`acts`), s.Portal.Items(s.ItemType()); n != 1 || len(items) != 1 {
					t.Errorf("%d acts and %d items, want one of each", n, len(items))
				}
				if got := s.ItemStage(s.AwaitItem()); got != apptest.DraftLabel {
					t.Errorf("the item is at «%s», want «%s»", got, apptest.DraftLabel)
				}
				for _, notice := range s.Portal.Notifications() {
					t.Errorf("the notification %q was sent, want none", notice.Message)
				}
				if history := apptest.TestID(s.ActPage("/p/1/acts/1"), "history").Text(); strings.Contains(history, "CRM") {
					t.Errorf("the history has an edit in the CRM, want none: %s", history)
				}
			})
		}
	}
}

// A person creates an item of a deal while the creation of ours is unanswered: it is processed as soon as ours is known.
func TestItemOfAPersonBesideALateOne(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, func(cfg *app.Config) {
		cfg.CallTimeout, cfg.Window, cfg.Lease = 7*time.Second, 7*time.Second, 10*time.Second
	})
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "crm.item.add", Kind: bitrix24test.FaultLate, Delay: 4 * time.Second, Count: 1}))
	doc, action, form := s.DealTab(s.Deal(1))
	form.Set("type", "paper-company")
	form.Set(apptest.QuantityFields(doc)[1], "1")
	formed, err := s.Manager.Post(action, form)
	s.Page(formed, err, http.StatusOK)
	s.Await("our item", func() bool { return len(s.Portal.Items(s.ItemType())) == 1 })
	theirs, err := s.Portal.Create(s.Portal.Manager(), s.ItemType(), fields{"title": "Акт", "parentId2": s.Deal(1)})
	s.Must(err)
	s.Await("an act of the rest of the deal for the person's item", func() bool {
		return s.Count(`acts`) == 2 && s.Count(fmt.Sprintf(`acts WHERE item_id = %d`, theirs)) == 1
	})
}
