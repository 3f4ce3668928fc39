package app_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The response to our write is lost: until its result is known, the item does not count as changed by a person.
func TestOurLostWriteIsNobodysRequest(t *testing.T) {
	t.Parallel()
	s := start(t, 1, func(cfg *app.Config) { cfg.Window, cfg.Sweep = 5*time.Second, time.Second })
	act := s.formPaper(s.deal(1), "company")
	item := s.settled()
	if err := s.portal.Fault(bitrix24test.Fault{Method: "crm.item.update", Kind: bitrix24test.Reset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	s.sql(`UPDATE acts SET item_wrote = item_wrote - interval '1 minute'`) // its echoes have expired
	s.does(act+"/number", nil, draftLabel)
	title := func() string { return fmt.Sprint(s.portal.Item(s.itemType(), item)["title"]) }
	s.await("our write", func() bool { return strings.HasPrefix(title(), "Акт № 1 от") })
	s.await("the hints about it", func() bool { return s.count(`tasks WHERE kind = 'crm.item.read'`) > 0 })
	s.await("the end", func() bool { return s.count(`tasks`) == 0 })
	if n := s.notified("Изменение в CRM отменено"); n != 0 || !strings.HasPrefix(title(), "Акт № 1 от") {
		t.Errorf("put back %d times, the item is called %s", n, title())
	}
}

// A person changes the item while we write another field of it: both changes are applied.
func TestAChangeBesideOurWriteIsSeen(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.formPaper(s.deal(1), "company")
	item := s.settled()
	var once sync.Once
	s.portal.Configure(func(c *bitrix24test.Config) {
		c.OnCall = func(stage, method string) {
			if stage == "before" && method == "crm.item.update" {
				once.Do(func() {
					_ = s.portal.Change(s.portal.Manager(), s.itemType(), item, fields{"assignedById": s.portal.Admin()})
				})
			}
		}
	})
	s.does(act+"/number", nil, draftLabel)
	s.await("the request", func() bool {
		return strings.Contains(testid(s.act(act), "history").Text(), "Ответственный изменён в CRM")
	})
}
