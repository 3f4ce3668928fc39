package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts/letters"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The title of a deal is written for colleagues. No letter, no page of the public form and no document shows it to the counterparty, unless
// the letter of the question names the deal; the form does then, too.
func TestCounterpartySeesNoTitleOfTheDeal(t *testing.T) {
	const title = "Дожать Петрова до пятницы"
	for name, tt := range map[string]struct {
		body  string
		shown []string
	}{
		"the usual letter":         {letters.DefaultBody, nil},
		"a letter of a named deal": {"Акты по сделке {сделка}: {ссылка}", []string{"letter question", "the form", "the answer", "the form with an answer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, deal := apptest.StartAsking(t)
			s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, deal, fields{"title": title}))
			saveQuestionRules(s, apptest.Form("body", tt.body))
			remindCounterparty(s, "2")
			seen := map[string]string{}
			letter := func(what string, send func()) {
				t.Helper()
				n := len(s.Portal.Letters())
				send()
				s.Await("letter "+what, func() bool { return len(s.Portal.Letters()) == n+1 })
				l := s.Portal.Letters()[n]
				seen["letter "+what] = l.Subject + l.Body + fmt.Sprint(l.Files)
			}

			act := s.FormPaperAct(deal, "company")
			letter("question", func() { s.ApproveDeal(deal) })
			link := apptest.LinkInLetter.FindStringSubmatch(s.Portal.Letters()[0].Body)[1]
			p, err := s.Counterparty().Get(link)
			s.Page(p, err, http.StatusOK)
			seen["the form"] = p.Body
			p, err = s.Counterparty().Post(link, apptest.Form("channel", "email", "kind", "company", "email", "buh@client.ru"))
			s.Page(p, err, http.StatusOK)
			seen["the answer"] = p.Body
			p, err = s.Counterparty().Get(link)
			s.Page(p, err, http.StatusOK)
			seen["the form with an answer"] = p.Body

			p, err = s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
			s.Page(p, err, http.StatusOK)
			letter("act", func() {
				p, err := s.Manager.Post(act+"/paper", url.Values{"channel": {"email"}, "address": {"buh@client.ru"}})
				s.Page(p, err, http.StatusOK)
			})
			s.Await("the act sent", func() bool {
				return apptest.ActStatus(s.ActPage(act)) == "Акт направлен заявителю"
			})
			letter("reminder of a person", func() {
				p, err := s.Manager.Post(act+"/remind-counterparty", apptest.Form("address", "buh@client.ru"))
				s.Page(p, err, http.StatusOK)
			})
			letter("reminder of the clock", func() { s.AdvanceTo(s.ReminderDue(2).Add(time.Minute)) })

			s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(3), fields{"title": title}))
			tab := s.HandOver(s.Deal(3))
			s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
			seen["the document"] = fmt.Sprintf("%+v", s.LastDocument())

			for what, text := range seen {
				if got, want := strings.Contains(text, title), slices.Contains(tt.shown, what); got != want {
					t.Errorf("%s shows the title: %t, want %t", what, got, want)
				}
			}
		})
	}
}
