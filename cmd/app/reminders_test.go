package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/acts/workday"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// sentPaper forms a paper act of a deal and sends it by post today.
func (s *site) sentPaper(deal int64) string {
	s.t.Helper()
	kind := "company"
	if deal%2 == 0 { // the furnished deals with an ИП
		kind = "person"
	}
	act := s.formPaper(deal, kind)
	p, err := s.manager.Upload(act+"/files/ours", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.does(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	return act
}

// due returns when the reminder of an act sent now is due: the start of the working day after the fifth.
func (s *site) due(days int) time.Time {
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		s.t.Fatal(err)
	}
	_, at := workday.New(workday.ParsePortal("1.01,2.01,7.01,23.02,8.03,1.05,9.05,12.06,4.11", "", []string{"SA", "SU"})).Due(s.clock.now(), days, zone)
	return at
}

func (s *site) tasks(done bool) (n int) {
	for _, task := range s.portal.Tasks() {
		if (task["status"] == "5") == done {
			n++
		}
	}
	return n
}

func TestStatusTaskOfAnUnsignedAct(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.sentPaper(s.deal(1))
	at := s.due(5)
	s.pass(at.Add(-time.Minute))
	s.quiet()
	if n := len(s.portal.Tasks()); n != 0 {
		t.Fatalf("%d tasks a minute early", n)
	}
	s.pass(at.Add(time.Minute))
	s.await("the task", func() bool { return s.tasks(false) == 1 })
	task := s.portal.Tasks()[0]
	if title, _ := task["title"].(string); !strings.HasPrefix(title, "Указать статус акта: Акт № 1") {
		t.Errorf("title %q", title)
	}
	if text, _ := task["description"].(string); !strings.Contains(text, "/marketplace/view/") {
		t.Errorf("no link in %q", text)
	}
	s.quiet()
	if n := len(s.portal.Tasks()); n != 1 {
		t.Fatalf("%d tasks", n)
	}
	s.does(act+"/mark", url.Values{"event": {"accept_unsigned"}}, "Акт принят, но не подписан заявителем")
	s.await("the task ended by itself", func() bool { return s.tasks(true) == 1 && s.tasks(false) == 0 })
}

// A task completed by hand without a status is created again after the same term; an answer ends it.
func TestStatusTaskEndedByHand(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.sentPaper(s.deal(1))
	s.pass(s.due(5).Add(time.Minute))
	s.await("the task", func() bool { return s.count("reminders WHERE task_id <> 0") == 1 }) // a person is never faster than the program
	s.portal.CompleteTask(s.portal.Manager(), s.taskID(0), true)
	s.await("the days counted again", func() bool {
		return strings.Contains(testid(s.act(act), "history").Text(), "закрыта без статуса")
	})
	s.pass(s.due(5).Add(time.Minute))
	s.await("a second task", func() bool { return s.tasks(false) == 1 && s.tasks(true) == 1 })
	p, err := s.manager.Upload(act+"/files/theirs", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.await("both ended", func() bool { return s.tasks(true) == 2 })
}

func (s *site) taskID(n int) int64 {
	id, _ := s.portal.Tasks()[n]["id"].(string)
	var number int64
	for _, c := range id {
		number = number*10 + int64(c-'0')
	}
	return number
}

// The response to the creation of a task is lost: the task is found among the tasks of its deal, newest
// first, however many there are, and completed later.
func TestStatusTaskIsFoundByItsBinding(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.boundless()
	act := s.sentPaper(s.deal(1))
	of := func(deal int64) fields {
		return fields{"title": "Позвонить", "responsibleId": "2", "ufCrmTask": []any{fmt.Sprint("D_", deal)}}
	}
	for n := range 60 {
		s.portal.AddTask(s.portal.Manager(), of(s.deal(1+n%2)))
	}
	var once sync.Once
	s.portal.Configure(func(c *bitrix24test.Config) {
		c.OnCall = func(stage, method string) {
			if stage == "after" && method == "tasks.task.add" {
				once.Do(func() {
					for range 55 {
						s.portal.AddTask(s.portal.Manager(), of(s.deal(1)))
					}
				})
			}
		}
	})
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "tasks.task.add", Kind: bitrix24test.Reset, Count: 1}))
	s.pass(s.due(5).Add(time.Minute))
	s.await("the task is known", func() bool { return s.count(`reminders WHERE task_id = 61`) == 1 })
	s.quiet()
	ours := 0
	for _, task := range s.portal.Tasks() {
		if strings.HasPrefix(fmt.Sprint(task["xmlId"]), "acts24-") {
			ours++
		}
	}
	if ours != 1 {
		t.Errorf("%d tasks of one reminder", ours)
	}
	s.does(act+"/mark", url.Values{"event": {"accept_unsigned"}}, "Акт принят, но не подписан заявителем")
	s.await("it is ended", func() bool { return s.tasks(true) == 1 })
}

// A lost event about the task is found by the reconciliation.
func TestStatusTaskEndedUnheard(t *testing.T) {
	t.Parallel()
	s := start(t, 1, sweeping)
	act := s.sentPaper(s.deal(1))
	s.pass(s.due(5).Add(time.Minute))
	s.await("the task", func() bool { return s.tasks(false) == 1 })
	s.portal.DropEvents(true)
	s.portal.CompleteTask(s.portal.Manager(), s.taskID(0), true)
	s.await("the reconciliation found it", func() bool {
		return strings.Contains(testid(s.act(act), "history").Text(), "закрыта без статуса")
	})
}

// An electronic act that waits for our signature causes one notification; an act that the counterparty does
// not sign causes a task.
func TestRemindersOfAnElectronicAct(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	waiting := func() (n int) {
		for _, one := range s.portal.Notifications() {
			if strings.Contains(one.Message, "ждёт нашей подписи в СБИС с") {
				n++
			}
		}
		return n
	}
	s.pass(s.due(1).Add(time.Minute))
	s.await("the notification", func() bool { return waiting() == 1 })
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.await("sent", func() bool { return s.stage(s.deal(1)) == "Акт направлен заявителю" })
	s.pass(s.due(5).Add(time.Minute))
	s.await("the task", func() bool { return s.tasks(false) == 1 })
	s.do(s.lastDocument().ID, sbistest.SignByCounterparty)
	s.await("the task ended by itself", func() bool { return s.tasks(true) == 1 })
	if n := waiting(); n != 1 {
		t.Errorf("%d notifications about our signature", n)
	}
}

// Fifty reminders of a portal that are due together take one call.
func TestFiftyRemindersCostOneCall(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.Grow(50)
	s.boundless()
	for n := 1; n <= 50; n++ {
		s.sentPaper(s.deal(n))
	}
	s.await("items in the CRM", func() bool { return len(s.portal.Items(s.itemType())) == 50 })
	at := s.due(5)
	n, methods := s.calls(func() {
		s.pass(at.Add(time.Minute))
		s.await("fifty tasks", func() bool { return s.tasks(false) == 50 })
	})
	others := 0
	for _, m := range methods {
		if m != "tasks.task.add" && m != "batch" {
			others++
		}
	}
	if n-int64(others) > 1 || len(s.portal.Tasks()) != 50 {
		t.Errorf("%d calls, %d of them for other things: %v", n, others, methods)
	}
}

// When the deal is deleted, reminders pause and the act stays.
func TestRemindersPauseWithTheDeal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	act := s.sentPaper(s.deal(1))
	at := s.due(5)
	if err := s.portal.Delete(s.portal.Admin(), bitrix24test.Deal, s.deal(1)); err != nil {
		t.Fatal(err)
	}
	s.await("the act knows", func() bool { return testid(s.act(act), "deal-gone").Length() == 1 })
	s.pass(at.Add(time.Minute))
	s.quiet()
	if n := len(s.portal.Tasks()); n != 0 {
		t.Errorf("%d tasks for a deleted deal", n)
	}
}

// Another employee gets the reminders of a dismissed responsible.
func TestDismissedResponsible(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.sentPaper(s.deal(1))
	s.portal.ChangeUser(s.portal.Manager(), func(u *bitrix24test.User) { u.Active = false })
	s.pass(s.due(5).Add(time.Minute))
	s.await("the task of another", func() bool {
		return s.tasks(false) == 1 && s.portal.Tasks()[0]["responsibleId"] != fmt.Sprint(s.portal.Manager())
	})
}
