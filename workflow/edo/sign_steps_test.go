package edo_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// sbisAccount changes the account of our company at SBIS.
func sbisAccount(s *apptest.Site, change func(*sbistest.Account)) {
	a := apptest.Account(0)
	a.Certificates = []sbistest.Certificate{apptest.ServerCertificate(apptest.OurThumbprint, 400)}
	change(&a)
	s.SBIS.AddAccount(a)
}

// withApproval sets up an approval stage with its own names and requires the preparation of formal documents.
func withApproval(a *sbistest.Account) {
	a.Regulation = sbistest.Regulation{Stage: "Согласование и отправка", Action: "Согласовать и отправить"}
	a.Prepares = true
}

const (
	prepares = "СБИС.ПодготовитьДействие"
	executes = "СБИС.ВыполнитьДействие"
)

// Stage and action are named as in the account, and formal documents are prepared once, whoever signs them.
func TestSignedByTheNamesOfTheAccount(t *testing.T) {
	t.Parallel()
	for way, state := range map[string]int{"server": 4, "deferred": 23} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			s.SetSigning(way, map[string]string{"server": apptest.OurThumbprint}[way], apptest.ServerCertificate(apptest.OurThumbprint, 400))
			sbisAccount(s, withApproval)
			s.HandOver(s.Deal(1))
			s.Await("the document in the state after its signature", func() bool { return len(s.Documents()) == 1 && s.LastDocument().State == state })
			if n := s.SBIS.Trace().Count(prepares); n != 1 || s.ExecutedActions() != 1 {
				t.Errorf("prepared %d times, executed %d times", n, s.ExecutedActions())
			}
		})
	}
}

// An informal file is prepared only when SBIS reports that its signature is missing, and only once.
func TestPreparedWhenTheSignatureIsMissing(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"no file": "Не приложен файл подписи", "no signature": "Не хватает подписи под: Акт.pdf"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			admin := s.SetSigning("server", apptest.OurThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400))
			p, err := admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm("certificate", apptest.OurThumbprint, "form", "pdf"))
			s.Page(p, err, http.StatusOK)
			if err := s.SBIS.Fault(sbistest.Fault{Method: executes, Kind: sbistest.FaultRefuse, Count: 1, Text: text}); err != nil {
				t.Fatal(err)
			}
			tab := s.HandOver(s.Deal(1))
			s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
			if n := s.SBIS.Trace().Count(prepares); n != 1 || s.ExecutedActions() != 2 {
				t.Errorf("prepared %d times, executed %d times", n, s.ExecutedActions())
			}
		})
	}
}

// When the signature is still missing after the preparation, nothing is prepared again: a person signs.
func TestPreparedInVain(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SetSigning("server", apptest.OurThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400))
	if err := s.SBIS.Fault(sbistest.Fault{Method: executes, Kind: sbistest.FaultRefuse, Text: "Не приложен файл подписи"}); err != nil {
		t.Fatal(err)
	}
	s.HandOver(s.Deal(1))
	s.Await("the reason on the act", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage("/p/1/acts/1"), "delivery-note").Text(), "Не приложен файл подписи")
	})
	if n := s.SBIS.Trace().Count(prepares); n != 1 || s.ExecutedActions() != 1 {
		t.Errorf("prepared %d times, executed %d times", n, s.ExecutedActions())
	}
}

// The response to a preparation is lost: it is not executed twice, whether it was executed or not, and the document is sent.
func TestPreparedOnceWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]int{
		sbistest.FaultReset:       1, // it was executed
		sbistest.FaultHTML200:     2, // it was not executed, which the refusal to sign shows
		sbistest.FaultUnavailable: 2,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			s.SetSigning("server", apptest.OurThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400))
			sbisAccount(s, withApproval)
			if err := s.SBIS.Fault(sbistest.Fault{Method: prepares, Kind: kind, Count: 1}); err != nil {
				t.Fatal(err)
			}
			tab := s.HandOver(s.Deal(1))
			s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
			if n := s.SBIS.Trace().Count(prepares); n != want {
				t.Errorf("asked to prepare %d times, want %d", n, want)
			}
		})
	}
}

// An account may report states by name only, or with different codes: no act gets stuck or changes wrongly.
func TestStatesByTheirNames(t *testing.T) {
	t.Parallel()
	for _, naming := range []sbistest.Naming{sbistest.ByName, sbistest.ByOtherCode} {
		t.Run(string(naming), func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			sbisAccount(s, func(a *sbistest.Account) { a.States = naming })
			signed := s.HandOver(s.Deal(1))
			s.AwaitTab(signed, apptest.DraftLabel, apptest.WaitingLabel)
			first := s.LastDocument().ID
			s.MoveDocument(first, sbistest.MoveSignByUs)
			s.AwaitTab(signed, "Акт направлен заявителю", "Доставлен контрагенту")
			s.MoveDocument(first, sbistest.MoveSignByCounterparty)
			s.AwaitTab(signed, "Акт получен и подписан", "Обмен завершён")
			s.MoveDocument(first, sbistest.MoveAnnul)
			s.MoveDocument(first, sbistest.MoveAgreeAnnulment)
			s.Await("the annulment", func() bool {
				return strings.Contains(apptest.TestID(s.ActPage("/p/1/acts/1"), "act-status").First().Text(), "Аннулирован")
			})
			undelivered := s.HandOver(s.Deal(2))
			s.AwaitTab(undelivered, apptest.DraftLabel, apptest.WaitingLabel)
			s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
			s.MoveDocument(s.LastDocument().ID, sbistest.MoveDeliveryError)
			s.AwaitTab(undelivered, apptest.DraftLabel, "Ошибка отправки")
			third := s.HandOver(s.Deal(3))
			s.AwaitTab(third, apptest.DraftLabel, apptest.WaitingLabel)
			s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
			s.MoveDocument(s.LastDocument().ID, sbistest.MoveReject)
			s.AwaitTab(third, "Отказ от подписания", "Обмен завершён")
		})
	}
}

// The codes of connections are not published: a counterparty counts as reachable only after an exchange with
// another one of the same code.
func TestConnectedIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	statusText := func(deal int) string {
		t.Helper()
		text := ""
		s.Await("the answer about the counterparty", func() bool {
			doc, _, _ := s.DealTab(s.Deal(deal))
			text = strings.Join(strings.Fields(apptest.TestID(doc, "presend-check").Text()), " ")
			return !strings.Contains(text, "спрашиваем СБИС")
		})
		return text
	}
	if text := statusText(1); !strings.Contains(text, "Подключение к обмену не проверено (СБИС сообщает: «Подключен»)") {
		t.Errorf("before any exchange: «%s»", text)
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if text := statusText(3); strings.Contains(text, "не проверено") {
		t.Errorf("another counterparty with the code of an exchange: «%s»", text)
	}
	roaming := apptest.CounterpartyOf(5)
	roaming.Boxes[0].Code, roaming.Boxes[0].State = "11", "Роуминг настраивается"
	s.SBIS.AddCounterparty(roaming)
	if text := statusText(5); !strings.Contains(text, "не проверено (СБИС сообщает: «Роуминг настраивается»)") {
		t.Errorf("a code that was never seen: «%s»", text)
	}
}
