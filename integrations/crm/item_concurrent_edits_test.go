package crm_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The response to our write is lost: until its result is known, the item does not count as changed by a person.
func TestUnclearWriteIsNoRequestOfAPerson(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, func(cfg *app.Config) { cfg.Window, cfg.Reconcile = 5*time.Second, time.Second })
	act := s.FormPaperAct(s.Deal(1), "company")
	item := s.AwaitItem()
	if err := s.Portal.Fault(bitrix24test.Fault{Method: "crm.item.update", Kind: bitrix24test.FaultReset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	s.Exec(`UPDATE acts SET item_wrote = item_wrote - interval '1 minute'`) // its echoes have expired
	s.PostAction(act+"/number", nil, apptest.DraftLabel)
	title := func() string { return fmt.Sprint(s.Portal.Item(s.ItemType(), item)["title"]) }
	s.Await("our write", func() bool { return strings.HasPrefix(title(), "Акт № 1 от") })
	s.Await("a task to read the item", func() bool { return s.Count(`tasks WHERE kind = 'crm.item.read'`) > 0 })
	s.Await("the end of all tasks", func() bool { return s.Count(`tasks`) == 0 })
	if n := s.Notifications("Изменение в CRM отменено"); n != 0 || !strings.HasPrefix(title(), "Акт № 1 от") {
		t.Errorf("%d notifications about an undone edit, the item is called %q; want none and «Акт № 1 от …»", n, title())
	}
}

// A person changes the item while we write another field of it: both changes are applied.
func TestPersonsChangeBesideOurWrite(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.FormPaperAct(s.Deal(1), "company")
	item := s.AwaitItem()
	var once sync.Once
	changed := make(chan error, 1)
	s.Portal.Configure(func(c *bitrix24test.Config) {
		c.OnCall = func(stage, method string) {
			if stage == "before" && method == "crm.item.update" {
				once.Do(func() {
					changed <- s.Portal.Change(s.Portal.Manager(), s.ItemType(), item, fields{"assignedById": s.Portal.Admin()})
				})
			}
		}
	})
	s.PostAction(act+"/number", nil, apptest.DraftLabel)
	s.Await("the person's change", func() bool { return len(changed) == 1 })
	s.Must(<-changed)
	s.Await("our write", func() bool {
		return strings.HasPrefix(fmt.Sprint(s.Portal.Item(s.ItemType(), item)["title"]), "Акт № 1 от")
	})
	s.Await("the person's change in the history", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage(act), "history").Text(), "Ответственный изменён в CRM")
	})
}
