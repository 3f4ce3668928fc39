package crm_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// managerNotices returns the manager's notifications that contain words.
func managerNotices(s *apptest.Site, words string) (list []string) {
	for _, n := range s.Portal.Notifications() {
		if n.User == s.Manager.User && strings.Contains(n.Message, words) {
			list = append(list, n.Message)
		}
	}
	return list
}

// Acts that are signed within ten minutes are one notification, updated by each of them, also when the response of an update is lost. A refusal
// comes at once beside it. The histories explain every status.
func TestNoticesOfSignaturesAreCollected(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for n := range 4 {
		tab := s.HandOver(s.Deal(2*n + 1)) // companies
		s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
		s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	}
	documents := s.Documents()
	s.Await("the acts are sent", func() bool { return s.Count(`acts WHERE status = 'sent'`) == 4 })
	s.MoveDocument(documents[0].ID, sbistest.MoveSignByCounterparty)
	s.Await("the first notification", func() bool { return len(managerNotices(s, "получен и подписан")) == 1 })
	if err := s.Portal.Fault(bitrix24test.Fault{Method: "im.notify.system.add", Kind: bitrix24test.FaultReset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	s.MoveDocument(documents[1].ID, sbistest.MoveSignByCounterparty)
	s.MoveDocument(documents[2].ID, sbistest.MoveSignByCounterparty)
	s.Must(s.SBIS.PerformMove(documents[3].ID, sbistest.MoveRequest{Move: sbistest.MoveReject, Comment: "Не та сумма"}))
	s.Await("one notification about three acts", func() bool { return len(managerNotices(s, "Подписано актов: 3")) == 1 })
	s.Await("the refusal", func() bool { return len(managerNotices(s, "Не та сумма")) == 1 })
	s.AwaitQuiet()
	if list := managerNotices(s, "получен и подписан"); len(list) != 1 || strings.Count(list[0], "params[actId]") != 3 || !strings.Contains(list[0], "params[page]=signed") {
		t.Errorf("the notifications about signatures are %q, want one with links to three acts and to the signed ones", list)
	}
	if faults := s.HistoryFaults(); len(faults) != 0 {
		t.Errorf("the histories do not explain the acts: %q", faults)
	}
	act, err := s.Manager.Get("/p/1/acts/1")
	history := apptest.PlainSpaces(apptest.TestID(s.Page(act, err, http.StatusOK), "history").Text())
	for _, want := range []string{"Номер: нет", "Передача документа:", "Статус: Акт направлен", "СБИС, событие документа"} {
		if !strings.Contains(strings.Join(strings.Fields(history), " "), want) {
			t.Errorf("the history does not contain %q: %s", want, history)
		}
	}
}

// Reminders about several acts that are due together are one notification, from which those that are not needed any more disappear. When one of the
// acts gets another responsible, both get what is theirs.
func TestRemindersAreCollected(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for n := range 3 {
		tab := s.HandOver(s.Deal(2*n + 1))
		s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
	}
	s.AdvanceTo(s.ReminderDue(1).Add(time.Minute))
	s.Await("one notification about three acts", func() bool {
		return len(managerNotices(s, "Ждут нашей подписи в СБИС актов: 3")) == 1
	})
	s.AwaitQuiet()
	if list := managerNotices(s, "ждёт нашей подписи в СБИС с"); len(list) != 1 || strings.Count(list[0], "params[actId]") != 3 {
		t.Errorf("the notifications are %q, want one that names three acts", list)
	}
	boris := s.Portal.AddUser(apptest.Employee("Борис"))
	s.Must(s.Portal.Change(s.Portal.Admin(), bitrix24test.Deal, s.Deal(1), fields{"assignedById": boris}))
	s.Await("the notification of the other responsible", func() bool { return s.NotificationsTo(boris, "ждёт нашей подписи в СБИС с") == 1 })
	s.Await("the rest for the former one", func() bool {
		return len(managerNotices(s, "Ждут нашей подписи в СБИС актов: 2")) == 1
	})
	s.AwaitQuiet()
	if n := len(managerNotices(s, "ждёт нашей подписи")); n != 1 {
		t.Errorf("the former responsible has %d notifications, want one", n)
	}
}

// Messages of one kind about several deals within ten minutes are one notification; a later one begins another.
func TestMessagesAboutDealsAreCollected(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	for _, n := range []int{1, 3, 5} {
		s.ApproveDeal(s.Deal(n))
	}
	s.Await("one notification about three deals", func() bool {
		return len(managerNotices(s, "Одобрены, а акта нет, сделок: 3")) == 1
	})
	s.AwaitQuiet()
	if list := managerNotices(s, "сделка одобрена, а акта ещё нет"); len(list) != 1 || strings.Count(list[0], "/crm/deal/details/") != 3 {
		t.Errorf("the notifications are %q, want one that names three deals", list)
	}
	s.AdvanceTo(s.Clock.Now().Add(11 * time.Minute))
	s.ApproveDeal(s.Deal(7))
	s.Await("another notification", func() bool {
		return len(managerNotices(s, "сделка одобрена, а акта ещё нет")) == 2
	})
}
