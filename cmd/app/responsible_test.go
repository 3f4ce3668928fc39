package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// gives changes the responsible of a deal in the CRM.
func (s *site) gives(deal, to int64) {
	s.t.Helper()
	s.must(s.portal.Change(s.portal.Admin(), bitrix24test.Deal, deal, fields{"assignedById": to}))
}

// answers waits until an employee is responsible for the first act, here and on its item.
func (s *site) answers(user int64) {
	s.t.Helper()
	s.await(fmt.Sprintf("employee %d answers for the act", user), func() bool {
		items := s.portal.Items(s.itemType())
		return s.count(fmt.Sprintf("acts WHERE id = 1 AND responsible_id = %d", user)) == 1 && len(items) > 0 && fmt.Sprint(items[0]["assignedById"]) == fmt.Sprint(user)
	})
}

// tasksOf returns the number of open tasks of an employee.
func (s *site) tasksOf(user int64) (n int) {
	for _, t := range s.portal.Tasks() {
		if t["status"] != "5" && t["responsibleId"] == fmt.Sprint(user) {
			n++
		}
	}
	return n
}

// told returns the number of an employee's notifications that contain words.
func (s *site) told(user int64, words string) (n int) {
	for _, one := range s.portal.Notifications() {
		if one.User == user && strings.Contains(one.Message, words) {
			n++
		}
	}
	return n
}

// When a deal with an act at SBIS gets another responsible, the item, pending reminders and later notifications follow.
func TestActFollowsItsDeal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal, boris, was := s.deal(1), s.portal.AddUser(plainUser("Борис")), s.portal.Manager()
	tab := s.send(deal)
	s.await("the document in SBIS", func() bool { return s.inCabinet(tab) })
	s.pass(s.due(1).Add(time.Minute))
	s.await("a reminder", func() bool { return s.told(was, "ждёт нашей подписи") == 1 })
	s.gives(deal, boris)
	s.answers(boris)
	s.await("the reminder goes to him", func() bool { return s.told(boris, "ждёт нашей подписи") == 1 })
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.do(s.lastDocument().ID, sbistest.SignByCounterparty)
	s.await("he is notified that both have signed", func() bool { return s.told(boris, "Акт получен и подписан") == 1 })
	s.quiet()
	if now, before := s.told(boris, "Акт получен и подписан"), s.told(was, "Акт № 1"); now != 1 || before != 1 {
		t.Errorf("he was notified %d times, the former one %d times: %v", now, before, s.portal.Notifications())
	}
}

// An existing task is assigned to the new responsible; an ended act keeps its responsible, and follows again
// when its end is undone.
func TestStatusTaskFollowsTheDeal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal, boris, was := s.deal(1), s.portal.AddUser(plainUser("Борис")), s.portal.Manager()
	s.works(was)
	act := s.sentPaper(deal)
	s.pass(s.due(5).Add(time.Minute))
	s.await("the task", func() bool { return s.count("reminders WHERE task_id <> 0") == 1 && s.tasksOf(was) == 1 })
	s.gives(deal, boris)
	s.answers(boris)
	s.await("the task goes to him", func() bool { return s.tasksOf(boris) == 1 })
	s.quiet()
	if n := len(s.portal.Tasks()); n != 1 {
		t.Errorf("%d tasks", n)
	}
	if text := testid(s.act(act), "history").Text(); !strings.Contains(text, "За сделку теперь отвечает другой сотрудник, за акт тоже") {
		t.Errorf("the history: %s", text)
	}
	p, err := s.manager.Upload(act+"/files/theirs", nil, scanned)
	s.page(p, err, http.StatusOK)
	s.await("signed", func() bool { return s.tasks(true) == 1 })
	s.gives(deal, was)
	s.await("the deal", func() bool { return s.count(fmt.Sprintf("deals WHERE responsible_id = %d", was)) > 0 })
	s.quiet()
	if n := s.count(fmt.Sprintf("acts WHERE responsible_id = %d", boris)); n != 1 {
		t.Error("an act that has ended goes with its deal")
	}
	s.does(act+"/undo", url.Values{"reason": {"не та копия"}}, "Акт направлен заявителю")
	s.answers(was)
}

// The creation of a task has an unclear result, and meanwhile the responsible of the deal changes: the one
// task is assigned to the new one.
func TestUnclearTaskFollowsTheDeal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal, boris := s.deal(1), s.portal.AddUser(plainUser("Борис"))
	s.sentPaper(deal)
	s.quiet()
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "tasks.task.add", Kind: bitrix24test.Reset, Count: 1}))
	s.pass(s.due(5).Add(time.Minute))
	s.await("a task whose answer is lost", func() bool { return len(s.portal.Tasks()) == 1 })
	s.gives(deal, boris)
	s.answers(boris)
	s.await("the task goes to him", func() bool { return s.tasksOf(boris) == 1 })
	s.quiet()
	if n := len(s.portal.Tasks()); n != 1 {
		t.Errorf("%d tasks", n)
	}
}

// A task deleted in the CRM without an event is assigned to nobody and blocks nothing.
func TestDeletedTaskFollowsNobody(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal, boris := s.deal(1), s.portal.AddUser(plainUser("Борис"))
	s.sentPaper(deal)
	s.pass(s.due(5).Add(time.Minute))
	s.await("the task", func() bool { return s.count("reminders WHERE task_id <> 0") == 1 })
	s.portal.DropEvents(true)
	s.portal.DeleteTask(s.portal.Manager(), s.taskID(0))
	s.portal.DropEvents(false)
	s.gives(deal, boris)
	s.answers(boris)
	s.quiet()
	if n := s.count("tasks WHERE kind = 'crm.remind'"); n != 0 {
		t.Errorf("%d reminders are left in the queue", n)
	}
}
