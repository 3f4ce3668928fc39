package app_test

import (
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// sbisAccount changes the account of our company at SBIS.
func (s *site) sbisAccount(change func(*sbistest.Account)) {
	a := apptest.Account(0)
	a.Certificates = []sbistest.Certificate{serverKey(ourKey, 400)}
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
			s := start(t, 1)
			s.signsBy(way, map[string]string{"server": ourKey}[way], serverKey(ourKey, 400))
			s.sbisAccount(withApproval)
			s.send(s.deal(1))
			s.await("the document where its signature puts it", func() bool { return len(s.documents()) == 1 && s.lastDocument().State == state })
			if n := s.SBIS.Trace().Count(prepares); n != 1 || s.executed() != 1 {
				t.Errorf("prepared %d times, executed %d times", n, s.executed())
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
			s := start(t, 1)
			admin := s.signsBy("server", ourKey, serverKey(ourKey, 400))
			p, err := admin.Post("/p/1/settings/companies/1", ourForm("certificate", ourKey, "form", "pdf"))
			s.page(p, err, http.StatusOK)
			if err := s.SBIS.Fault(sbistest.Fault{Method: executes, Kind: sbistest.Refuse, Count: 1, Text: text}); err != nil {
				t.Fatal(err)
			}
			tab := s.send(s.deal(1))
			s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
			if n := s.SBIS.Trace().Count(prepares); n != 1 || s.executed() != 2 {
				t.Errorf("prepared %d times, executed %d times", n, s.executed())
			}
		})
	}
}

// When the signature is still missing after the preparation, nothing is prepared again: a person signs.
func TestPreparedInVain(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.signsBy("server", ourKey, serverKey(ourKey, 400))
	if err := s.SBIS.Fault(sbistest.Fault{Method: executes, Kind: sbistest.Refuse, Text: "Не приложен файл подписи"}); err != nil {
		t.Fatal(err)
	}
	s.send(s.deal(1))
	s.await("the reason on the act", func() bool {
		return strings.Contains(testid(s.act("/p/1/acts/1"), "delivery-note").Text(), "Не приложен файл подписи")
	})
	if n := s.SBIS.Trace().Count(prepares); n != 1 || s.executed() != 1 {
		t.Errorf("prepared %d times, executed %d times", n, s.executed())
	}
}

// The response to a preparation is lost: it is not executed twice, whether it was executed or not, and the document is sent.
func TestPreparedOnceWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]int{
		sbistest.Reset:       1, // it was executed
		sbistest.HTML200:     2, // it was not executed, which the refusal to sign shows
		sbistest.Unavailable: 2,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := start(t, 1)
			s.signsBy("server", ourKey, serverKey(ourKey, 400))
			s.sbisAccount(withApproval)
			if err := s.SBIS.Fault(sbistest.Fault{Method: prepares, Kind: kind, Count: 1}); err != nil {
				t.Fatal(err)
			}
			tab := s.send(s.deal(1))
			s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
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
			s := start(t, 1)
			s.sbisAccount(func(a *sbistest.Account) { a.States = naming })
			signed := s.send(s.deal(1))
			s.tabShows(signed, draftLabel, waitingLabel)
			first := s.lastDocument().ID
			s.do(first, sbistest.SignByUs)
			s.tabShows(signed, "Акт направлен заявителю", "Доставлен контрагенту")
			s.do(first, sbistest.SignByCounterparty)
			s.tabShows(signed, "Акт получен и подписан", "Обмен завершён")
			s.do(first, sbistest.Annul)
			s.do(first, sbistest.AgreeAnnulment)
			s.await("the annulment", func() bool {
				return strings.Contains(testid(s.act("/p/1/acts/1"), "act-status").First().Text(), "Аннулирован")
			})
			undelivered := s.send(s.deal(2))
			s.tabShows(undelivered, draftLabel, waitingLabel)
			s.do(s.lastDocument().ID, sbistest.SignByUs)
			s.do(s.lastDocument().ID, sbistest.DeliveryError)
			s.tabShows(undelivered, draftLabel, "Ошибка отправки")
			third := s.send(s.deal(3))
			s.tabShows(third, draftLabel, waitingLabel)
			s.do(s.lastDocument().ID, sbistest.SignByUs)
			s.do(s.lastDocument().ID, sbistest.Reject)
			s.tabShows(third, "Отказ от подписания", "Обмен завершён")
		})
	}
}

// The codes of connections are not published: a counterparty counts as reachable only after an exchange with
// another one of the same code.
func TestConnectedIsWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	says := func(deal int) string {
		t.Helper()
		text := ""
		s.await("the answer about the counterparty", func() bool {
			doc, _, _ := s.tab(s.deal(deal))
			text = strings.Join(strings.Fields(testid(doc, "presend-check").Text()), " ")
			return !strings.Contains(text, "спрашиваем СБИС")
		})
		return text
	}
	if text := says(1); !strings.Contains(text, "Подключение к обмену не проверено (СБИС сообщает: «Подключен»)") {
		t.Errorf("before any exchange: «%s»", text)
	}
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if text := says(3); strings.Contains(text, "не проверено") {
		t.Errorf("another counterparty with the code of an exchange: «%s»", text)
	}
	roaming := apptest.CounterpartyOf(5)
	roaming.Boxes[0].Code, roaming.Boxes[0].State = "11", "Роуминг настраивается"
	s.SBIS.AddCounterparty(roaming)
	if text := says(5); !strings.Contains(text, "не проверено (СБИС сообщает: «Роуминг настраивается»)") {
		t.Errorf("a code that was never seen: «%s»", text)
	}
}
