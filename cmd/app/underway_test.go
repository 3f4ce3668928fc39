package app_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The answer to our write is lost: until we know what it did, the item says nothing about people.
func TestOurLostWriteIsNobodysRequest(t *testing.T) {
	t.Parallel()
	s := start(t, 1, func(cfg *app.Config) { cfg.Window, cfg.Sweep = 5*time.Second, time.Second })
	act := s.formPaper(s.deal(1), "company")
	item := s.settled()
	if err := s.portal.Fault(bitrix24test.Fault{Method: "crm.item.update", Kind: bitrix24test.Reset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	s.does(act+"/mark", form("event", "annulment", "reason", "проверка"), "Аннулирован")
	s.await("our write", func() bool { return s.itemStage(item) == "Аннулирован" })
	s.await("the hints about it", func() bool { return s.count(`SELECT count(*) FROM tasks WHERE kind = 'crm.item.read'`) > 0 })
	s.await("the end", func() bool { return s.count(`SELECT count(*) FROM tasks`) == 0 })
	if n := s.notified("Изменение в CRM отменено"); n != 0 || s.itemStage(item) != "Аннулирован" || status(s.act(act)) != "Аннулирован" {
		t.Errorf("put back %d times, the item is in «%s»", n, s.itemStage(item))
	}
}

// A person changes the card in the moment in which we write another field of it: both happen.
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
