package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// gives changes the responsible of a deal in the CRM.
func gives(s *apptest.Site, deal, to int64) {
	s.T.Helper()
	s.Must(s.Portal.Change(s.Portal.Admin(), bitrix24test.Deal, deal, fields{"assignedById": to}))
}

// answers waits until an employee is responsible for the first act, here and on its item.
func answers(s *apptest.Site, user int64) {
	s.T.Helper()
	s.Await(fmt.Sprintf("employee %d is responsible for the act", user), func() bool {
		items := s.Portal.Items(s.ItemType())
		return s.Count(fmt.Sprintf("acts WHERE id = 1 AND responsible_id = %d", user)) == 1 && len(items) > 0 && fmt.Sprint(items[0]["assignedById"]) == fmt.Sprint(user)
	})
}

// tasksOf returns the number of open tasks of an employee.
func tasksOf(s *apptest.Site, user int64) (n int) {
	for _, t := range s.Portal.Tasks() {
		if t["status"] != "5" && t["responsibleId"] == fmt.Sprint(user) {
			n++
		}
	}
	return n
}

// When a deal with an act at SBIS gets another responsible, the item, pending reminders and later notifications follow.
func TestActFollowsItsDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, boris, was := s.Deal(1), s.Portal.AddUser(apptest.Employee("Борис")), s.Portal.Manager()
	tab := s.HandOver(deal)
	s.Await("the document in SBIS", func() bool { return s.WaitsForOurSignature(tab) })
	s.AdvanceTo(s.ReminderDue(1).Add(time.Minute))
	s.Await("a reminder", func() bool { return s.NotificationsTo(was, "Подпишите его в кабинете") == 1 })
	gives(s, deal, boris)
	answers(s, boris)
	s.Await("the reminder goes to him", func() bool { return s.NotificationsTo(boris, "Подпишите его в кабинете") == 1 })
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByCounterparty)
	s.Await("he is notified that both have signed", func() bool { return s.NotificationsTo(boris, "Акт получен и подписан") == 1 })
	s.AwaitQuiet()
	if now, before := s.NotificationsTo(boris, "Акт получен и подписан"), s.NotificationsTo(was, "Акт № 1"); now != 1 || before != 0 {
		t.Errorf("he was notified %d times, the former one still has %d notifications about the act: %v", now, before, s.Portal.Notifications())
	}
}

// An existing task is assigned to the new responsible; an ended act keeps its responsible, and follows again
// when its end is undone.
func TestStatusTaskFollowsTheDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, boris, was := s.Deal(1), s.Portal.AddUser(apptest.Employee("Борис")), s.Portal.Manager()
	s.AddWorker(was)
	act := s.SendPaperAct(deal)
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task", func() bool { return s.Count("reminders WHERE task_id <> 0") == 1 && tasksOf(s, was) == 1 })
	gives(s, deal, boris)
	answers(s, boris)
	s.Await("the task goes to him", func() bool { return tasksOf(s, boris) == 1 })
	s.AwaitQuiet()
	if n := len(s.Portal.Tasks()); n != 1 {
		t.Errorf("%d tasks", n)
	}
	if text := apptest.TestID(s.ActPage(act), "history").Text(); !strings.Contains(text, "За сделку теперь отвечает другой сотрудник, за акт тоже") {
		t.Errorf("the history: %s", text)
	}
	p, err := s.Manager.Upload(act+"/files/theirs", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.Await("signed", func() bool { return s.Tasks(true) == 1 })
	gives(s, deal, was)
	s.Await("the deal", func() bool { return s.Count(fmt.Sprintf("deals WHERE responsible_id = %d", was)) > 0 })
	s.AwaitQuiet()
	if n := s.Count(fmt.Sprintf("acts WHERE responsible_id = %d", boris)); n != 1 {
		t.Error("an act that has ended goes with its deal")
	}
	s.PostAction(act+"/undo", url.Values{"reason": {"не та копия"}}, "Акт направлен заявителю")
	answers(s, was)
}

// The creation of a task has an unclear result, and meanwhile the responsible of the deal changes: the one
// task is assigned to the new one.
func TestUnclearTaskFollowsTheDeal(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, boris := s.Deal(1), s.Portal.AddUser(apptest.Employee("Борис"))
	s.SendPaperAct(deal)
	s.AwaitQuiet()
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "tasks.task.add", Kind: bitrix24test.FaultReset, Count: 1}))
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("a task whose answer is lost", func() bool { return len(s.Portal.Tasks()) == 1 })
	gives(s, deal, boris)
	answers(s, boris)
	s.Await("the task goes to him", func() bool { return tasksOf(s, boris) == 1 })
	s.AwaitQuiet()
	if n := len(s.Portal.Tasks()); n != 1 {
		t.Errorf("%d tasks", n)
	}
}

// A task deleted in the CRM without an event is assigned to nobody and blocks nothing.
func TestDeletedTaskFollowsNobody(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, boris := s.Deal(1), s.Portal.AddUser(apptest.Employee("Борис"))
	s.SendPaperAct(deal)
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task", func() bool { return s.Count("reminders WHERE task_id <> 0") == 1 })
	s.Portal.DropEvents(true)
	s.Portal.DeleteTask(s.Portal.Manager(), s.TaskID(0))
	s.Portal.DropEvents(false)
	gives(s, deal, boris)
	answers(s, boris)
	s.AwaitQuiet()
	if n := s.Count("tasks WHERE kind = 'crm.remind'"); n != 0 {
		t.Errorf("%d reminders are left in the queue", n)
	}
}
