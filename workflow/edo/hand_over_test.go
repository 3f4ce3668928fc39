package edo_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// When SBIS refuses, its message is shown on the act's page, and the act can be handed over again.
func TestSBISRefusesTheDocument(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.FaultRefuse, Text: "Регламент не настроен", Count: 1}); err != nil {
		t.Fatal(err)
	}
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, "Ошибка отправки")
	p, err := s.Manager.Get(tab)
	act, _ := s.Page(p, err, http.StatusOK).Find("#acts tbody a").First().Attr("href")
	p, err = s.Manager.Get(act)
	doc := s.Page(p, err, http.StatusOK)
	if note := apptest.TestID(doc, "delivery-note").Text(); !strings.Contains(note, "Регламент не настроен") {
		t.Errorf("note %q", note)
	}
	p, err = s.Manager.Post(act+"/send", nil)
	s.Page(p, err, http.StatusOK)
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
}

// When the counterparty is not connected, the invitation is pending and the act is not sent until it is accepted.
func TestCounterpartyMustConnectFirst(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	_, action, f := s.DealTab(deal)
	f.Set("participant", "2BE0000000000000000000000000000ffff")
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	tab := strings.TrimSuffix(action, "/acts")
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.AwaitTab(tab, "Подписан с нашей стороны", "Ждёт подключения контрагента к ЭДО")
	if stage := s.DealStage(deal); stage == "Акт направлен заявителю" {
		t.Error("the deal moved although nothing was sent")
	}
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveAcceptInvitation)
	s.AwaitTab(tab, "Акт направлен заявителю", "Доставлен контрагенту")
}

// Anything that prevents the document from being built stops the hand-over with a message, and nothing is created.
func TestNotReadyIsNotHandedOver(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	req := s.Portal.RequisitesOf(bitrix24test.Company, 2)[0]
	id, err := strconv.ParseInt(req["ID"].(string), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]bitrix24test.Fields{
		"a typing error in the INN": {"RQ_INN": "7802000016", "RQ_KPP": "780201001"},
		"no KPP":                    {"RQ_INN": "7802000015", "RQ_KPP": ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.T = t
			s.Portal.ChangeRequisite(id, change)
			doc, action, f := s.DealTab(s.Deal(1))
			if _, green := apptest.TestID(doc, "presend-check").Attr("data-green"); green {
				t.Error("the check before sending is green")
			}
			if link := apptest.TestID(doc, "presend-check").Find("li.bad a[data-path]"); link.Length() == 0 {
				t.Error("the failed line does not lead to the card")
			}
			f.Set("send", "1")
			p, err := s.Manager.Post(action, f)
			page := s.Page(p, err, http.StatusUnprocessableEntity)
			if apptest.TestID(page, "fault-presend").Text() == "" || page.Find("#acts tbody tr").Length() != 0 {
				t.Error("an act was made, or no message was shown")
			}
		})
	}
}
