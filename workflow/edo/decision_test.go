package edo_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

var accountant = sbistest.Person{Surname: "Фролова", Name: "Мария", Patronymic: "Олеговна"}

// Every page shows the reason, author and time of a refusal; one click opens the corrected draft with the differences.
func TestRefusalAndItsCorrection(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, false)
	s.Must(s.SBIS.PerformMove(document, sbistest.MoveRequest{Move: sbistest.MoveReject, Comment: "Неверное количество", Person: accountant}))
	awaitStatus(s, "Отказ от подписания")
	day := s.Today().Format("02.01.2006")
	doc := s.ActPage(firstAct)
	if fact := apptest.Fact(doc, "Отказ"); !strings.Contains(fact, "Фролова Мария Олеговна, "+day) || !strings.Contains(fact, "сообщил СБИС") {
		t.Errorf("the page shows «%s»", fact)
	}
	want := "Причина отказа: Неверное количество (Фролова Мария Олеговна, " + day + ")"
	if note := apptest.Text(doc, "delivery-note"); note != want {
		t.Errorf("the reason is «%s»", note)
	}
	if text := s.RegistryPage("").Text(); !strings.Contains(text, want) {
		t.Error("the registry does not show who refused and when")
	}
	if tab, _, _ := s.DealTab(s.Deal(1)); !strings.Contains(tab.Text(), want) {
		t.Error("the deal tab does not show who refused and when")
	}
	s.Await("the responsible told", func() bool {
		return s.Notifications("Неверное количество. Отказ подписал: Фролова Мария Олеговна, "+day) == 1
	})
	s.Await("the timeline", func() bool {
		return s.TimelineEntries("Неверное количество\nСтатус: Акт направлен заявителю → Отказ от подписания\nФролова Мария Олеговна, СБИС") == 1
	})
	if !has(s, "correct-act") {
		t.Fatal("no corrected act is offered")
	}
	key := uuid.NewString()
	p, err := s.Manager.Post(firstAct+"/correct", apptest.Form("key", key))
	doc = s.Page(p, err, http.StatusOK)
	if p.Path != "/p/1/acts/2/edit" || apptest.TestID(doc, "save-act").Length() != 1 {
		t.Fatalf("the corrected act opens at %s", p.Path)
	}
	if text := apptest.Text(doc, "corrects"); !strings.Contains(text, "Причина отказа: Неверное количество") || !strings.Contains(text, "Отличий пока нет") {
		t.Errorf("the form shows %s", text)
	}
	action, f := apptest.ActForm(doc)
	f.Set(apptest.QuantityFields(doc)[0], "0,5")
	p, err = s.Manager.Post(action+"/preview", f)
	doc = s.Page(p, err, http.StatusOK)
	if text := apptest.Text(doc, "correction-differences"); !strings.Contains(text, "количество: 1 → 0,5") || doc.Find("td.differs").Length() != 1 {
		t.Errorf("the changed quantity is not highlighted: %s", text)
	}
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Get("/p/1/acts/2/edit")
	if text := apptest.Text(s.Page(p, err, http.StatusOK), "correction-differences"); !strings.Contains(text, "количество: 1 → 0,5") {
		t.Errorf("the saved difference is not shown: %s", text)
	}
	p, err = s.Manager.Post("/p/1/acts/2/send", nil)
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Post(firstAct+"/correct", apptest.Form("key", key)) // the same click again, after the hand-over
	if s.Page(p, err, http.StatusOK); p.Path != "/p/1/acts/2" {
		t.Errorf("a repeated click leads to %s", p.Path)
	}
}

// A signature with remarks is a signature: a task quotes them, and the setting decides about the deal.
func TestSignedWithRemarks(t *testing.T) {
	t.Parallel()
	for _, open := range []bool{false, true} {
		t.Run(fmt.Sprint("the setting is ", open), func(t *testing.T) {
			t.Parallel()
			s, document := sentAct(t, false)
			first, then := "Услуга оказана", "Услуга оказана"
			if open {
				first = "Услуга оказана, есть замечания"
				s.Exec(`UPDATE settings SET data = data || '{"remarks_open": true}'`)
			}
			s.Must(s.SBIS.PerformMove(document, sbistest.MoveRequest{Move: sbistest.MoveSignWithRemarks, Comment: "Отчёт без подписи", Person: accountant}))
			awaitStatus(s, signedLabel)
			if fact := apptest.Fact(s.ActPage(firstAct), "Подписан с замечаниями"); !strings.Contains(fact, "Отчёт без подписи") {
				t.Errorf("the page shows «%s»", fact)
			}
			s.Await("the deal at "+first, func() bool { return s.DealStage(s.Deal(1)) == first })
			s.Await("the task", func() bool { return s.Count(`reminders WHERE kind = 'remarks' AND task_id <> 0`) == 1 })
			task := s.Portal.Tasks()[0]
			if title, text := fmt.Sprint(task["title"]), fmt.Sprint(task["description"]); !strings.HasPrefix(title, "Разобрать замечания: Акт № 1") || !strings.Contains(text, "Отчёт без подписи") {
				t.Errorf("the task: %s\n%s", title, text)
			}
			s.Portal.CompleteTask(s.Portal.Manager(), s.TaskID(0), true)
			s.Await("the remarks are settled", func() bool {
				return strings.Contains(apptest.Text(s.ActPage(firstAct), "history"), "Замечания контрагента сняты")
			})
			if fact := apptest.Fact(s.ActPage(firstAct), "Подписан с замечаниями"); fact != "" {
				t.Errorf("settled remarks are shown: «%s»", fact)
			}
			s.Await("the deal at "+then, func() bool { return s.DealStage(s.Deal(1)) == then })
			s.AwaitQuiet()
			if n := len(s.Portal.Tasks()); n != 1 {
				t.Errorf("%d tasks", n)
			}
		})
	}
}
