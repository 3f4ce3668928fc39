package edo_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// Labels of the act's page.
const (
	sentLabel     = "Акт направлен заявителю"
	signedLabel   = "Акт получен и подписан"
	annulledLabel = "Аннулирован"
)

const firstAct = "/p/1/acts/1"

// sentAct hands the first deal's act over and signs it for us; the counterparty has the document then.
func sentAct(t *testing.T, offered bool) (s *apptest.Site, document string) {
	t.Helper()
	s = apptest.Start(t, 1)
	s.SBIS.OfferAnnulment(offered)
	a := apptest.Account(0)
	a.Certificates = []sbistest.Certificate{apptest.ServerCertificate(apptest.OurThumbprint, 400)}
	s.SBIS.AddAccount(a)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	document = s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	awaitStatus(s, sentLabel)
	return s, document
}

// signedAct is sentAct that the counterparty has signed.
func signedAct(t *testing.T, offered bool) (s *apptest.Site, document string) {
	t.Helper()
	s, document = sentAct(t, offered)
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	awaitStatus(s, signedLabel)
	s.Await("the deal is done", func() bool { return s.DealStage(s.Deal(1)) == "Услуга оказана" })
	return s, document
}

func awaitStatus(s *apptest.Site, label string) {
	s.T.Helper()
	s.Await("the act is «"+label+"»", func() bool { return apptest.ActStatus(s.ActPage(firstAct)) == label })
}

// awaitState waits until the block of the annulment contains the words.
func awaitState(s *apptest.Site, words string) {
	s.T.Helper()
	s.Await("«"+words+"» on the page", func() bool { return strings.Contains(apptest.Text(s.ActPage(firstAct), "annulment-state"), words) })
}

// postStep posts a step of an annulment and expects the status of the response.
func postStep(s *apptest.Site, status int, pairs ...string) string {
	s.T.Helper()
	p, err := s.Manager.Post(firstAct+"/annulment", apptest.Form(pairs...))
	return strings.Join(strings.Fields(s.Page(p, err, status).Text()), " ")
}

func has(s *apptest.Site, id string) bool {
	return apptest.TestID(s.ActPage(firstAct), id).Length() > 0
}

// proposeInSBIS makes a party propose an annulment in SBIS.
func proposeInSBIS(s *apptest.Site, document, by, why string) {
	s.T.Helper()
	s.Must(s.SBIS.PerformMove(document, sbistest.MoveRequest{Move: sbistest.MoveAnnul, By: by, Comment: why}))
}

// eventsOf returns how often an event of this name happened to a document.
func eventsOf(s *apptest.Site, document, name string) (n int) {
	view, _ := s.SBIS.Document(document)
	for _, e := range view.Events {
		if e.Name == name {
			n++
		}
	}
	return n
}

// SBIS offers the action: the document is recalled once with the reason; the act is a draft again and can be sent again.
func TestRecallAtTheOperator(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, true)
	if !has(s, "recall-act") || has(s, "annul-act") || !has(s, "reason") || !has(s, "confirm-action") {
		t.Error("the page of a sent act does not offer to recall it with a reason and a confirmation, or offers to annul it")
	}
	if text := postStep(s, http.StatusUnprocessableEntity, "step", "recall"); !strings.Contains(text, "Напишите причину") {
		t.Error("recalled without a reason")
	}
	if eventsOf(s, document, "Отзыв документа") != 0 {
		t.Error("recalled without a confirmation")
	}
	postStep(s, http.StatusOK, "step", "recall", "reason", "Не тот период")
	awaitStatus(s, apptest.DraftLabel)
	if d := s.LastDocument(); d.StateName != "Отозван мной" || d.Comment != "Не тот период" || eventsOf(s, document, "Отзыв документа") != 1 {
		t.Errorf("SBIS has «%s», «%s»", d.StateName, d.Comment)
	}
	doc := s.ActPage(firstAct)
	history := apptest.Text(doc, "history")
	if !strings.Contains(history, "Документ отзывается из СБИС: Не тот период") || !strings.Contains(history, "Документ отозван в СБИС: Не тот период") {
		t.Errorf("the history: %s", history)
	}
	if has(s, "annulment-state") || !has(s, "edit-act") || !has(s, "send-act") {
		t.Error("the recalled act is not a draft that can be edited and sent")
	}
	s.Await("the timeline", func() bool {
		return s.TimelineEntries("Документ отозван в СБИС: Не тот период") == 1
	})
	p, err := s.Manager.Post(firstAct+"/send", nil)
	s.Page(p, err, http.StatusOK)
	s.Await("a second document", func() bool { return len(s.Documents()) == 2 })
}

// SBIS offers nothing: the reason is kept, the page names the button, and the recall that a person makes in the account is followed.
func TestRecallInTheAccount(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, false)
	postStep(s, http.StatusOK, "step", "recall", "reason", "Ошибка в сумме")
	awaitState(s, "нажмите «Аннулировать»")
	doc := s.ActPage(firstAct)
	if text := apptest.Text(doc, "annulment-state"); !strings.Contains(text, "Ошибка в сумме") || !strings.Contains(text, "Открыть в СБИС") {
		t.Errorf("the page shows %s", text)
	}
	if apptest.ActStatus(doc) != sentLabel || s.ExecutedActions() != 0 {
		t.Errorf("«%s» before the recall, %d actions", apptest.ActStatus(doc), s.ExecutedActions())
	}
	if text := postStep(s, http.StatusConflict, "step", "propose", "reason", "x"); !strings.Contains(text, "отзовите документ") {
		t.Error("an annulment is proposed before the countersignature")
	}
	s.MoveDocument(document, sbistest.MoveRecall)
	awaitStatus(s, apptest.DraftLabel)
	if history := apptest.Text(s.ActPage(firstAct), "history"); !strings.Contains(history, "Документ отозван в СБИС: Ошибка в сумме") {
		t.Errorf("our reason is missing in the history: %s", history)
	}
	s.PostAction(firstAct+"/mark", apptest.Form("event", "annulment", "reason", "лишний"), annulledLabel)
	if doc, _, _ := s.DealTab(s.Deal(1)); apptest.TestID(doc, "create-act").Length() == 0 {
		t.Error("the rows of the annulled act are not free")
	}
}

// A recall that the person has cancelled is not expected any more.
func TestRecallIsGivenUp(t *testing.T) {
	t.Parallel()
	s, _ := sentAct(t, false)
	postStep(s, http.StatusOK, "step", "recall", "reason", "Ошибка")
	awaitState(s, "нажмите «Аннулировать»")
	postStep(s, http.StatusOK, "step", "forget")
	if has(s, "annulment-state") || !has(s, "recall-act") {
		t.Error("the recall is still expected")
	}
	postStep(s, http.StatusConflict, "step", "forget")
}

// The counterparty signs while its document is to be recalled, or although it was recalled: the signature counts and the responsible is
// notified.
func TestSignatureInsteadOfARecall(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, false)
	postStep(s, http.StatusOK, "step", "recall", "reason", "Ошибка")
	awaitState(s, "нажмите «Аннулировать»")
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	awaitStatus(s, signedLabel)
	if has(s, "annulment-state") || has(s, "recall-act") || !has(s, "annul-act") {
		t.Error("the page still shows the recall, or does not offer to annul")
	}
	if history := apptest.Text(s.ActPage(firstAct), "history"); strings.Contains(history, signedLabel+": Ошибка") {
		t.Errorf("our reason is shown as the counterparty's: %s", history)
	}
	s.Await("the responsible told", func() bool { return s.Notifications("Документ не отозван") == 1 })
}

func TestSignatureAfterTheRecall(t *testing.T) {
	t.Parallel()
	s, document := sentAct(t, true)
	postStep(s, http.StatusOK, "step", "recall", "reason", "Ошибка")
	awaitStatus(s, apptest.DraftLabel)
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	awaitStatus(s, signedLabel)
	if history := apptest.Text(s.ActPage(firstAct), "history"); !strings.Contains(history, "Отозванный документ контрагент всё же подписал") {
		t.Errorf("the history: %s", history)
	}
	s.Await("the responsible told", func() bool { return s.Notifications(signedLabel) > 0 })
}

// We propose to annul; the answer decides. Until the counterparty agrees, the act covers its rows.
func TestAnnulmentProposedByUs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		offered bool
		answer  sbistest.Move
		status  string
		state   string
	}{
		{true, sbistest.MoveAgreeAnnulment, annulledLabel, ""},
		{true, sbistest.MoveDeclineAnnulment, signedLabel, "Контрагент не согласился аннулировать акт: Работы приняты"},
		{false, sbistest.MoveAgreeAnnulment, annulledLabel, ""},
		{false, sbistest.MoveDeclineAnnulment, signedLabel, "Контрагент не согласился аннулировать акт: Работы приняты"},
	} {
		t.Run(fmt.Sprint(tt.offered, tt.answer), func(t *testing.T) {
			t.Parallel()
			s, document := signedAct(t, tt.offered)
			if has(s, "recall-act") || !has(s, "annul-act") {
				t.Error("the page of a signed act offers to recall it, or does not offer to annul it")
			}
			postStep(s, http.StatusOK, "step", "propose", "reason", "Двойной акт")
			if !tt.offered {
				awaitState(s, "нажмите «Аннулировать»")
				proposeInSBIS(s, document, "us", "Двойной акт")
			}
			awaitState(s, "ждём контрагента")
			if text := apptest.Text(s.ActPage(firstAct), "annulment-state"); !strings.Contains(text, "Двойной акт") || !strings.Contains(text, "Подписать его должен контрагент") {
				t.Errorf("the page shows %s", text)
			}
			if text := postStep(s, http.StatusConflict, "step", "propose", "reason", "ещё раз"); !strings.Contains(text, "уже отправлено") {
				t.Error("a second proposal while one is open")
			}
			if doc, _, _ := s.DealTab(s.Deal(1)); apptest.TestID(doc, "create-act").Length() != 0 {
				t.Error("the rows are free before the counterparty has agreed")
			}
			if n := eventsOf(s, document, "Отправка соглашения об аннулировании"); n != 1 || s.DealStage(s.Deal(1)) != "Услуга оказана" {
				t.Errorf("proposed %d times, the deal is at «%s»", n, s.DealStage(s.Deal(1)))
			}
			s.Must(s.SBIS.PerformMove(document, sbistest.MoveRequest{Move: tt.answer, Comment: "Работы приняты"}))
			awaitStatus(s, tt.status)
			if n := s.Count(`act_events WHERE kind = 'delivery' AND text LIKE 'Доставлен%' AND at > (SELECT min(at) FROM act_events WHERE kind = 'annulment_propose')`); n != 0 {
				t.Error("the history shows that the signed document was delivered after the proposal")
			}
			s.AwaitQuiet()
			if n := s.Count(`act_events WHERE kind = 'package'`); n != 1 && tt.answer == sbistest.MoveDeclineAnnulment {
				t.Errorf("the package was fetched %d times, want once: a proposal has no files", n)
			}
			if tt.state != "" {
				awaitState(s, tt.state)
				s.Await("the responsible told", func() bool {
					return s.Notifications("Контрагент не согласился аннулировать акт") == 1
				})
				if !has(s, "annul-act") {
					t.Error("a declined proposal cannot be made again")
				}
				return
			}
			if has(s, "annulment-state") {
				t.Error("an annulled act waits for something")
			}
			if doc, _, _ := s.DealTab(s.Deal(1)); apptest.TestID(doc, "create-act").Length() == 0 {
				t.Error("the rows of the annulled act are not free")
			}
		})
	}
}

// The counterparty proposes: the responsible is notified, and the answer is executed where SBIS offers it.
func TestAnnulmentProposedByThem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		offered bool
		step    string
		status  string
		event   string
	}{
		{true, "agree", annulledLabel, "Документ аннулирован"},
		{true, "decline", signedLabel, "Отказ в аннулировании"},
		{false, "agree", annulledLabel, "Документ аннулирован"},
		{false, "decline", signedLabel, "Отказ в аннулировании"},
	} {
		t.Run(fmt.Sprint(tt.offered, tt.step), func(t *testing.T) {
			t.Parallel()
			s, document := signedAct(t, tt.offered)
			if text := postStep(s, http.StatusConflict, "step", tt.step); !strings.Contains(text, "не предлагал") {
				t.Error("an answer without a proposal")
			}
			proposeInSBIS(s, document, "counterparty", "Услуга не оказана")
			awaitState(s, "Контрагент предлагает аннулировать акт")
			if !has(s, "annulment-agree") || !has(s, "annulment-decline") || has(s, "annul-act") {
				t.Error("the answers are not offered, or a second proposal is")
			}
			s.Await("the responsible told", func() bool {
				return s.Notifications("Контрагент предлагает аннулировать акт: Услуга не оказана") == 1
			})
			postStep(s, http.StatusOK, "step", tt.step)
			if !tt.offered {
				awaitState(s, "нажмите «Аннулирование»")
				s.MoveDocument(document, map[string]sbistest.Move{"agree": sbistest.MoveAgreeAnnulment, "decline": sbistest.MoveDeclineAnnulment}[tt.step])
			}
			s.Await("the answer in SBIS", func() bool { return eventsOf(s, document, tt.event) == 1 })
			awaitStatus(s, tt.status)
			s.Await("nothing to answer", func() bool {
				return !has(s, "annulment-agree") && !strings.Contains(apptest.Text(s.ActPage(firstAct), "annulment-state"), "СБИС")
			})
			if tt.step == "decline" {
				awaitState(s, "Мы не согласились аннулировать акт")
			}
		})
	}
}

// A document that is not signed by both is not annulled by agreement; a senseless step is refused with a message.
func TestAnnulmentOutOfPlace(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.FormDrafts(1)
	for step, want := range map[string]string{"propose": "аннулируйте его сами", "recall": "отзывать нечего", "agree": "не предлагал", "withdraw": "Предложения об аннулировании нет"} {
		if text := postStep(s, http.StatusConflict, "step", step, "reason", "Ошибка"); !strings.Contains(text, want) {
			t.Errorf("%s of a draft: %s", step, text[:min(len(text), 600)])
		}
	}
	postStep(s, http.StatusUnprocessableEntity, "step", "dance")
	if has(s, "recall-act") || has(s, "annul-act") {
		t.Error("a draft offers to be recalled or annulled by agreement")
	}
}

// Without an answer the responsible is reminded, the counterparty can be reminded by a letter, and the proposal can be withdrawn.
func TestAnnulmentUnanswered(t *testing.T) {
	t.Parallel()
	s, document := signedAct(t, true)
	postStep(s, http.StatusOK, "step", "propose", "reason", "Двойной акт")
	awaitState(s, "ждём контрагента")
	if has(s, "annulment-remind") || !has(s, "annulment-withdraw") {
		t.Error("a proposal of today is reminded of, or cannot be withdrawn")
	}
	s.Await("the reminder is scheduled", func() bool { return s.Count(`reminders WHERE kind = 'annulment' AND closed_at IS NULL`) == 1 })
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the responsible reminded", func() bool {
		return s.Notifications("контрагент не ответил на предложение аннулировать акт") == 1
	})
	awaitState(s, "Контрагент не ответил")
	if text := postStep(s, http.StatusUnprocessableEntity, "step", "remind", "address", "никуда"); !strings.Contains(text, "Укажите один адрес") {
		t.Error("a letter to nobody")
	}
	postStep(s, http.StatusOK, "step", "remind", "address", "buh@zakazchik.example")
	s.Await("the letter", func() bool {
		return strings.Contains(apptest.Text(s.ActPage(firstAct), "history"), "Напоминание о предложении аннулировать акт ушло")
	})
	if apptest.ActStatus(s.ActPage(firstAct)) != signedLabel {
		t.Error("the letter has changed the status")
	}
	postStep(s, http.StatusOK, "step", "withdraw")
	awaitState(s, "отзовите запрос на аннулирование") // SBIS offers no such action
	s.MoveDocument(document, sbistest.MoveWithdrawAnnulment)
	awaitState(s, "Наше предложение аннулировать акт отозвано")
	s.Await("no reminder", func() bool { return s.Count(`reminders WHERE kind = 'annulment' AND closed_at IS NULL`) == 0 })
}

// The answer to our recall is lost: the document is read, and not recalled twice.
func TestRecalledOnceWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{sbistest.FaultReset, sbistest.FaultCut, sbistest.FaultHTML200} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s, document := sentAct(t, true)
			for _, f := range []sbistest.Fault{
				{Method: "СБИС.СписокИзменений", Kind: sbistest.FaultUnavailable},
				{Method: "СБИС.ВыполнитьДействие", Kind: kind, Count: 1},
			} {
				s.Must(s.SBIS.Fault(f))
			}
			postStep(s, http.StatusOK, "step", "recall", "reason", "Ошибка")
			awaitStatus(s, apptest.DraftLabel)
			s.SBIS.ClearFaults()
			if n := eventsOf(s, document, "Отзыв документа"); n != 1 {
				t.Errorf("recalled %d times", n)
			}
		})
	}
}

// A signature that SBIS cannot make is left to a person, and so is a step that SBIS refuses.
func TestAnnulmentThatTheServiceCannotDo(t *testing.T) {
	t.Parallel()
	s, document := signedAct(t, true)
	s.Must(s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ВыполнитьДействие", Kind: sbistest.FaultRefuse, Count: 1, Text: "Недостаточно прав"}))
	postStep(s, http.StatusOK, "step", "propose", "reason", "Двойной акт")
	awaitState(s, "Недостаточно прав")
	s.Await("the responsible told", func() bool { return s.Notifications("Недостаточно прав") == 1 })
	postStep(s, http.StatusOK, "step", "forget")
	a := apptest.Account(0)
	a.Certificates = nil
	s.SBIS.AddAccount(a)
	postStep(s, http.StatusOK, "step", "propose", "reason", "Двойной акт")
	awaitState(s, "Нужна подпись, а ключа на сервере СБИС у нас нет")
	proposeInSBIS(s, document, "us", "Двойной акт")
	awaitState(s, "ждём контрагента")
}
