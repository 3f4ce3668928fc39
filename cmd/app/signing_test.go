package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

const (
	ourKey   = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"
	freshKey = "1A1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F801"
)

var director = sbistest.Person{Surname: "Иванов", Name: "Иван", Patronymic: "Иванович"}

// serverKey returns a certificate of our company's director whose key SBIS stores.
func serverKey(thumbprint string, days int) sbistest.Certificate {
	now := time.Now()
	return sbistest.Certificate{Thumbprint: thumbprint, Owner: director, INN: apptest.Own.INN, Position: "Генеральный директор",
		From: now.AddDate(-1, 0, 0), Until: now.AddDate(0, 0, days), KeyType: "Серверный", Activated: true}
}

// ourForm returns the form of our company with changes.
func ourForm(change ...string) url.Values {
	c := apptest.OurCompany
	f := url.Values{"account": {"1"}, "participant": {c.Participant}, "signer": {c.Signer}, "position": {c.Position}, "ground": {c.Ground},
		"function": {c.Function}, "numbers": {"{N}"}}
	for i := 0; i+1 < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

// signsBy adds certificates to the account and sets the way of signing, with the key for our company.
func (s *site) signsBy(way, key string, certificates ...sbistest.Certificate) *apptest.Visitor {
	s.t.Helper()
	a := apptest.Account(0)
	a.Certificates = certificates
	s.SBIS.AddAccount(a)
	admin := s.atMenu()
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/p/1/settings/accounts/1/check", nil},
		{"/p/1/settings/companies/1", ourForm("certificate", key)},
		{"/p/1/settings/accounts/1/signing", url.Values{"signing": {way}}},
	} {
		p, err := admin.Post(step.path, step.form)
		s.page(p, err, http.StatusOK)
	}
	return admin
}

// executed returns how often sending was executed.
func (s *site) executed() int {
	return s.SBIS.Trace().Count("СБИС.ВыполнитьДействие")
}

func TestSignedWithTheKeyOnTheServer(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.signsBy("server", ourKey, serverKey(ourKey, 400))
	doc, _, _ := s.tab(s.deal(1))
	if text := testid(doc, "who-signs").Last().Text(); text != "Подпишет сервис ключом Иванов И. И." {
		t.Errorf("the form shows «%s»", text)
	}
	tab := s.send(s.deal(1))
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if d := s.lastDocument(); d.Files[0].Signed != 1 || s.executed() != 1 {
		t.Errorf("%d signatures, executed %d times", d.Files[0].Signed, s.executed())
	}
	s.await("the deal moved", func() bool { return s.stage(s.deal(1)) == "Акт направлен заявителю" })
}

// The response to the sending is lost: the document is read, found to be sent, and not sent again.
func TestSignedOnceWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{sbistest.Reset, sbistest.Cut, sbistest.HTML200} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := start(t, 1)
			s.signsBy("server", ourKey, serverKey(ourKey, 400))
			for _, f := range []sbistest.Fault{
				{Method: "СБИС.СписокИзменений", Kind: sbistest.Unavailable}, // otherwise the list of changes reports it first
				{Method: "СБИС.ВыполнитьДействие", Kind: kind, Count: 1},
			} {
				if err := s.SBIS.Fault(f); err != nil {
					t.Fatal(err)
				}
			}
			tab := s.send(s.deal(1))
			s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
			s.SBIS.ClearFaults()
			sent := 0
			view, _ := s.SBIS.Document(s.lastDocument().ID)
			for _, e := range view.Events {
				if e.Name == "Отправка" {
					sent++
				}
			}
			want := 1
			if kind == sbistest.HTML200 { // before the execution: it was not executed and is repeated
				want = 2
			}
			if len(s.documents()) != 1 || sent != 1 || s.executed() != want {
				t.Errorf("%d documents, sent %d times, executed %d times, want %d", len(s.documents()), sent, s.executed(), want)
			}
		})
	}
}

// The response to the writing is lost, and the list of changes reports the document first: it is signed nevertheless.
func TestSignedWhenTheListTellsFirst(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.signsBy("server", ourKey, serverKey(ourKey, 400))
	if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.Reset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	tab := s.send(s.deal(1))
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if len(s.documents()) != 1 || s.executed() != 1 {
		t.Errorf("%d documents, executed %d times", len(s.documents()), s.executed())
	}
}

func TestPutBeforeTheSigner(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.signsBy("deferred", "")
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
	s.await("the document before the signer", func() bool { return s.lastDocument().State == 23 })
	doc := s.act(strings.TrimSuffix(tab, "/deals/1") + "/acts/1")
	if text := testid(doc, "who-signs").First().Text(); text != "Подписывает Иванов И. И. в кабинете СБИС" {
		t.Errorf("the act shows «%s»", text)
	}
	s.await("the line of history", func() bool {
		return strings.Contains(testid(s.act("/p/1/acts/1"), "history").Text(), "Документ передан на подписание")
	})
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if s.executed() != 1 {
		t.Errorf("executed %d times", s.executed())
	}
	back := s.send(s.deal(2)) // and one that is withdrawn
	s.await("the second before the signer", func() bool { return len(s.documents()) == 2 && s.lastDocument().State == 23 })
	s.tabShows(back, draftLabel, waitingLabel)
	p, err := s.manager.Post("/p/1/acts/2/take-back", nil)
	s.page(p, err, http.StatusOK)
	s.tabShows(back, draftLabel, "Не передан")
}

// A document that SBIS cannot sign waits in the account with the reason; a person signs it there.
func TestWhatIsNotSignedWaitsForAPerson(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.signsBy("server", ourKey, serverKey(ourKey, 400))
	if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ВыполнитьДействие", Kind: sbistest.Refuse, Count: 1, Text: "Сертификат отозван"}); err != nil {
		t.Fatal(err)
	}
	tab := s.send(s.deal(1))
	s.await("the reason on the act", func() bool {
		return strings.Contains(testid(s.act("/p/1/acts/1"), "delivery-note").Text(), "Сертификат отозван")
	})
	if text := testid(s.act("/p/1/acts/1"), "who-signs").First().Text(); text != "Подписывает Иванов И. И. в кабинете СБИС" {
		t.Errorf("the act shows «%s»", text)
	}
	s.await("the responsible told", func() bool { return s.notified("Сертификат отозван") == 1 })
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
}

// A key that cannot sign stops the hand-over with a message about what to do.
func TestKeysThatCannotSign(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	foreign := serverKey(freshKey, 400)
	foreign.INN = "500100732259"
	admin := s.signsBy("server", freshKey, serverKey(ourKey, 400), foreign)
	says := func(want string) {
		t.Helper()
		_, action, f := s.tab(s.deal(1))
		f.Set("send", "1")
		p, err := s.manager.Post(action, f)
		if doc := s.page(p, err, http.StatusUnprocessableEntity); !strings.Contains(testid(doc, "fault-presend").Text(), want) {
			t.Errorf("«%s», want «%s»", testid(doc, "fault-presend").Text(), want)
		}
	}
	says("Укажите машиночитаемую доверенность")
	power := []string{"certificate", freshKey, "power", "DD52C3D2-405B-7FCA-B0A3-0A2E5ABB45F3", "power-from", "2026-01-12", "power-to", "2036-01-12"}
	p, err := admin.Post("/p/1/settings/companies/1", ourForm(power...))
	s.page(p, err, http.StatusOK)
	tab := s.send(s.deal(1))
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	body, _ := s.SBIS.File(s.lastDocument().ID, s.lastDocument().Files[0].Name)
	if !strings.Contains(string(body), "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3") {
		t.Error("the title does not name the power of attorney")
	}
	s.pass(s.clock.now().AddDate(0, 0, 401))
	_, action, f := s.tab(s.deal(3))
	f.Set("send", "1")
	f.Set("date", s.today().Format(time.DateOnly))
	p, err = s.manager.Post(action, f)
	if doc := s.page(p, err, http.StatusUnprocessableEntity); !strings.Contains(testid(doc, "fault-presend").Text(), "истёк") {
		t.Errorf("an expired key: «%s»", testid(doc, "fault-presend").Text())
	}
}
