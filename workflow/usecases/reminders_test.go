package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

func TestStatusTaskOfAnUnsignedAct(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.SendPaperAct(s.Deal(1))
	at := s.ReminderDue(5)
	s.AdvanceTo(at.Add(-time.Minute))
	s.AwaitQuiet()
	if n := len(s.Portal.Tasks()); n != 0 {
		t.Fatalf("%d tasks a minute early", n)
	}
	s.AdvanceTo(at.Add(time.Minute))
	s.Await("the task", func() bool { return s.Tasks(false) == 1 })
	task := s.Portal.Tasks()[0]
	if title, _ := task["title"].(string); !strings.HasPrefix(title, "Указать статус акта: Акт № 1") {
		t.Errorf("title %q", title)
	}
	if text, _ := task["description"].(string); !strings.Contains(text, "/marketplace/view/") {
		t.Errorf("no link in %q", text)
	}
	s.AwaitQuiet()
	if n := len(s.Portal.Tasks()); n != 1 {
		t.Fatalf("%d tasks", n)
	}
	s.PostAction(act+"/mark", url.Values{"event": {"accept_unsigned"}}, "Акт принят, но не подписан заявителем")
	s.Await("the task ended by itself", func() bool { return s.Tasks(true) == 1 && s.Tasks(false) == 0 })
}

// A task completed by hand without a status is created again after the same term; an answer ends it.
func TestStatusTaskEndedByHand(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.SendPaperAct(s.Deal(1))
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task", func() bool { return s.Count("reminders WHERE task_id <> 0") == 1 }) // a person is never faster than the program
	s.Portal.CompleteTask(s.Portal.Manager(), s.TaskID(0), true)
	s.Await("the days counted again", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage(act), "history").Text(), "закрыта без статуса")
	})
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("a second task", func() bool { return s.Tasks(false) == 1 && s.Tasks(true) == 1 })
	p, err := s.Manager.Upload(act+"/files/theirs", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.Await("both ended", func() bool { return s.Tasks(true) == 2 })
}

// The response to the creation of a task is lost: the task is found among the tasks of its deal, newest
// first, however many there are, and completed later.
func TestStatusTaskIsFoundByItsBinding(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	act := s.SendPaperAct(s.Deal(1))
	of := func(deal int64) fields {
		return fields{"title": "Позвонить", "responsibleId": "2", "ufCrmTask": []any{fmt.Sprint("D_", deal)}}
	}
	for n := range 60 {
		s.Portal.AddTask(s.Portal.Manager(), of(s.Deal(1+n%2)))
	}
	var once sync.Once
	s.Portal.Configure(func(c *bitrix24test.Config) {
		c.OnCall = func(stage, method string) {
			if stage == "after" && method == "tasks.task.add" {
				once.Do(func() {
					for range 55 {
						s.Portal.AddTask(s.Portal.Manager(), of(s.Deal(1)))
					}
				})
			}
		}
	})
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "tasks.task.add", Kind: bitrix24test.FaultReset, Count: 1}))
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task is known", func() bool { return s.Count(`reminders WHERE task_id = 61`) == 1 })
	s.AwaitQuiet()
	ours := 0
	for _, task := range s.Portal.Tasks() {
		if strings.HasPrefix(fmt.Sprint(task["xmlId"]), "acts24-") {
			ours++
		}
	}
	if ours != 1 {
		t.Errorf("%d tasks of one reminder", ours)
	}
	s.PostAction(act+"/mark", url.Values{"event": {"accept_unsigned"}}, "Акт принят, но не подписан заявителем")
	s.Await("it is ended", func() bool { return s.Tasks(true) == 1 })
}

// A lost event about the task is found by the reconciliation.
func TestStatusTaskEndedUnheard(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	act := s.SendPaperAct(s.Deal(1))
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task", func() bool { return s.Count("reminders WHERE task_id <> 0") == 1 })
	s.Portal.DropEvents(true)
	s.Portal.CompleteTask(s.Portal.Manager(), s.TaskID(0), true)
	s.Await("the reconciliation found it", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage(act), "history").Text(), "закрыта без статуса")
	})
}

// An electronic act that waits for our signature causes one notification; an act that the counterparty does
// not sign causes a task.
func TestRemindersOfAnElectronicAct(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	waiting := func() (n int) {
		for _, one := range s.Portal.Notifications() {
			if strings.Contains(one.Message, "ждёт нашей подписи в СБИС с") {
				n++
			}
		}
		return n
	}
	s.AdvanceTo(s.ReminderDue(1).Add(time.Minute))
	s.Await("the notification", func() bool { return waiting() == 1 })
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.Await("sent", func() bool { return s.DealStage(s.Deal(1)) == "Акт направлен заявителю" })
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task", func() bool { return s.Tasks(false) == 1 })
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByCounterparty)
	s.Await("the task ended by itself", func() bool { return s.Tasks(true) == 1 })
	if n := waiting(); n != 1 {
		t.Errorf("%d notifications about our signature", n)
	}
}

// Fifty reminders of a portal that are due together take one call.
func TestFiftyRemindersCostOneCall(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Grow(50)
	s.RemoveLimits()
	for n := 1; n <= 50; n++ {
		s.SendPaperAct(s.Deal(n))
	}
	s.Await("items in the CRM", func() bool { return len(s.Portal.Items(s.ItemType())) == 50 })
	at := s.ReminderDue(5)
	n, methods := s.CountCalls(func() {
		s.AdvanceTo(at.Add(time.Minute))
		s.Await("fifty tasks", func() bool { return s.Tasks(false) == 50 })
	})
	others := 0
	for _, m := range methods {
		if m != "tasks.task.add" && m != "batch" {
			others++
		}
	}
	if n-int64(others) > 1 || len(s.Portal.Tasks()) != 50 {
		t.Errorf("%d calls, %d of them for other things: %v", n, others, methods)
	}
}

// When the deal is deleted, reminders pause and the act stays.
func TestRemindersPauseWithTheDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	act := s.SendPaperAct(s.Deal(1))
	at := s.ReminderDue(5)
	if err := s.Portal.Delete(s.Portal.Admin(), bitrix24test.Deal, s.Deal(1)); err != nil {
		t.Fatal(err)
	}
	s.Await("the notice on the page of the act", func() bool { return apptest.TestID(s.ActPage(act), "deal-gone").Length() == 1 })
	s.AdvanceTo(at.Add(time.Minute))
	s.AwaitQuiet()
	if n := len(s.Portal.Tasks()); n != 0 {
		t.Errorf("%d tasks for a deleted deal", n)
	}
}

// Another employee gets the reminders of a dismissed responsible.
func TestDismissedResponsible(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SendPaperAct(s.Deal(1))
	s.Portal.ChangeUser(s.Portal.Manager(), func(u *bitrix24test.User) { u.Active = false })
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task of another", func() bool {
		return s.Tasks(false) == 1 && s.Portal.Tasks()[0]["responsibleId"] != fmt.Sprint(s.Portal.Manager())
	})
}
