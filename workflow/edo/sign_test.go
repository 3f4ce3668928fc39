package edo_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

func TestSignedWithTheKeyOnTheServer(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SetSigning("server", apptest.OurThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400))
	doc, _, _ := s.DealTab(s.Deal(1))
	if text := apptest.TestID(doc, "who-signs").Last().Text(); text != "Подпишет сервис ключом Иванов И. И." {
		t.Errorf("the form shows «%s»", text)
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if d := s.LastDocument(); d.Files[0].Signed != 1 || s.ExecutedActions() != 1 {
		t.Errorf("%d signatures, executed %d times", d.Files[0].Signed, s.ExecutedActions())
	}
	s.Await("the deal moved", func() bool { return s.DealStage(s.Deal(1)) == "Акт направлен заявителю" })
}

// The response to the sending is lost: the document is read, found to be sent, and not sent again.
func TestSignedOnceWhenTheAnswerIsLost(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{sbistest.FaultReset, sbistest.FaultCut, sbistest.FaultHTML200} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := apptest.Start(t, 1)
			s.SetSigning("server", apptest.OurThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400))
			for _, f := range []sbistest.Fault{
				{Method: "СБИС.СписокИзменений", Kind: sbistest.FaultUnavailable}, // otherwise the list of changes reports it first
				{Method: "СБИС.ВыполнитьДействие", Kind: kind, Count: 1},
			} {
				if err := s.SBIS.Fault(f); err != nil {
					t.Fatal(err)
				}
			}
			tab := s.HandOver(s.Deal(1))
			s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
			s.SBIS.ClearFaults()
			sent := 0
			view, _ := s.SBIS.Document(s.LastDocument().ID)
			for _, e := range view.Events {
				if e.Name == "Отправка" {
					sent++
				}
			}
			want := 1
			if kind == sbistest.FaultHTML200 { // before the execution: it was not executed and is repeated
				want = 2
			}
			if len(s.Documents()) != 1 || sent != 1 || s.ExecutedActions() != want {
				t.Errorf("%d documents, sent %d times, executed %d times, want %d", len(s.Documents()), sent, s.ExecutedActions(), want)
			}
		})
	}
}

// The response to the writing is lost, and the list of changes reports the document first: it is signed nevertheless.
func TestSignedWhenTheListReportsFirst(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SetSigning("server", apptest.OurThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400))
	if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.FaultReset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if len(s.Documents()) != 1 || s.ExecutedActions() != 1 {
		t.Errorf("%d documents, executed %d times", len(s.Documents()), s.ExecutedActions())
	}
}

func TestPutBeforeTheSigner(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SetSigning("deferred", "")
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	s.Await("the document before the signer", func() bool { return s.LastDocument().State == 23 })
	doc := s.ActPage(strings.TrimSuffix(tab, "/deals/1") + "/acts/1")
	if text := apptest.TestID(doc, "who-signs").First().Text(); text != "Подписывает Иванов И. И. в кабинете СБИС" {
		t.Errorf("the act shows «%s»", text)
	}
	s.Await("the line of history", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage("/p/1/acts/1"), "history").Text(), "Документ передан на подписание")
	})
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	if s.ExecutedActions() != 1 {
		t.Errorf("executed %d times", s.ExecutedActions())
	}
	back := s.HandOver(s.Deal(2)) // and one that is withdrawn
	s.Await("the second before the signer", func() bool { return len(s.Documents()) == 2 && s.LastDocument().State == 23 })
	s.AwaitTab(back, apptest.DraftLabel, apptest.WaitingLabel)
	p, err := s.Manager.Post("/p/1/acts/2/take-back", nil)
	s.Page(p, err, http.StatusOK)
	s.AwaitTab(back, apptest.DraftLabel, "Не передан")
}

// A document that SBIS cannot sign waits in the account with the reason; a person signs it there.
func TestWhatIsNotSignedWaitsForAPerson(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SetSigning("server", apptest.OurThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400))
	if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ВыполнитьДействие", Kind: sbistest.FaultRefuse, Count: 1, Text: "Сертификат отозван"}); err != nil {
		t.Fatal(err)
	}
	tab := s.HandOver(s.Deal(1))
	s.Await("the reason on the act", func() bool {
		return strings.Contains(apptest.TestID(s.ActPage("/p/1/acts/1"), "delivery-note").Text(), "Сертификат отозван")
	})
	if text := apptest.TestID(s.ActPage("/p/1/acts/1"), "who-signs").First().Text(); text != "Подписывает Иванов И. И. в кабинете СБИС" {
		t.Errorf("the act shows «%s»", text)
	}
	s.Await("the responsible told", func() bool { return s.Notifications("Сертификат отозван") == 1 })
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
}

// A key that cannot sign stops the hand-over with a message about what to do.
func TestKeysThatCannotSign(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	foreign := apptest.ServerCertificate(apptest.OtherThumbprint, 400)
	foreign.INN = "500100732259"
	admin := s.SetSigning("server", apptest.OtherThumbprint, apptest.ServerCertificate(apptest.OurThumbprint, 400), foreign)
	wantFault := func(want string) {
		t.Helper()
		_, action, f := s.DealTab(s.Deal(1))
		f.Set("send", "1")
		p, err := s.Manager.Post(action, f)
		if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-presend").Text(), want) {
			t.Errorf("«%s», want «%s»", apptest.TestID(doc, "fault-presend").Text(), want)
		}
	}
	wantFault("Укажите машиночитаемую доверенность")
	power := []string{"certificate", apptest.OtherThumbprint, "power", "DD52C3D2-405B-7FCA-B0A3-0A2E5ABB45F3", "power-from", "2026-01-12", "power-to", "2036-01-12"}
	p, err := admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm(power...))
	s.Page(p, err, http.StatusOK)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
	body, _ := s.SBIS.File(s.LastDocument().ID, s.LastDocument().Files[0].Name)
	if !strings.Contains(string(body), "dd52c3d2-405b-7fca-b0a3-0a2e5abb45f3") {
		t.Error("the title does not name the power of attorney")
	}
	s.AdvanceTo(s.Clock.Now().AddDate(0, 0, 401))
	_, action, f := s.DealTab(s.Deal(3))
	f.Set("send", "1")
	f.Set("date", s.Today().Format(time.DateOnly))
	p, err = s.Manager.Post(action, f)
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-presend").Text(), "истёк") {
		t.Errorf("an expired key: «%s»", apptest.TestID(doc, "fault-presend").Text())
	}
}
