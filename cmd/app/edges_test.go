package app_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// When SBIS refuses, its message is shown on the act's page, and the act can be handed over again.
func TestSBISRefusesTheDocument(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	if err := s.SBIS.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.Refuse, Text: "Регламент не настроен", Count: 1}); err != nil {
		t.Fatal(err)
	}
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, "Ошибка отправки")
	p, err := s.manager.Get(tab)
	act, _ := s.page(p, err, http.StatusOK).Find("#acts tbody a").First().Attr("href")
	p, err = s.manager.Get(act)
	doc := s.page(p, err, http.StatusOK)
	if note := testid(doc, "delivery-note").Text(); !strings.Contains(note, "Регламент не настроен") {
		t.Errorf("note %q", note)
	}
	p, err = s.manager.Post(act+"/send", nil)
	s.page(p, err, http.StatusOK)
	s.tabShows(tab, draftLabel, waitingLabel)
}

// When the counterparty is not connected, the invitation is pending and the act is not sent until it is accepted.
func TestCounterpartyMustConnectFirst(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	_, action, f := s.tab(deal)
	f.Set("participant", "2BE0000000000000000000000000000ffff")
	f.Set("send", "1")
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	tab := strings.TrimSuffix(action, "/acts")
	s.tabShows(tab, draftLabel, waitingLabel)
	s.do(s.lastDocument().ID, sbistest.SignByUs)
	s.tabShows(tab, "Подписан с нашей стороны", "Ждёт подключения контрагента к ЭДО")
	if stage := s.stage(deal); stage == "Акт направлен заявителю" {
		t.Error("the deal moved although nothing was sent")
	}
	s.do(s.lastDocument().ID, sbistest.AcceptInvitation)
	s.tabShows(tab, "Акт направлен заявителю", "Доставлен контрагенту")
}

// Anything that prevents the document from being built stops the hand-over with a message, and nothing is created.
func TestNotReadyIsNotHandedOver(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	req := s.portal.RequisitesOf(bitrix24test.Company, 2)[0]
	id, err := strconv.ParseInt(req["ID"].(string), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]bitrix24test.Fields{
		"a typing error in the INN": {"RQ_INN": "7802000016", "RQ_KPP": "780201001"},
		"no KPP":                    {"RQ_INN": "7802000015", "RQ_KPP": ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.portal.ChangeRequisite(id, change)
			doc, action, f := s.tab(s.deal(1))
			if _, green := testid(doc, "presend-check").Attr("data-green"); green {
				t.Error("the check before sending is green")
			}
			if link := testid(doc, "presend-check").Find("li.bad a[data-path]"); link.Length() == 0 {
				t.Error("the failed line does not lead to the card")
			}
			f.Set("send", "1")
			p, err := s.manager.Post(action, f)
			page := s.page(p, err, http.StatusUnprocessableEntity)
			if testid(page, "fault-presend").Text() == "" || page.Find("#acts tbody tr").Length() != 0 {
				t.Error("an act was made, or no message was shown")
			}
		})
	}
}

func TestUnknownRateAsksFirst(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	odd := 13.0
	s.portal.SetRows(0, bitrix24test.Deal, s.deal(1), []bitrix24test.Row{{Name: "Работа", Price: 113, Quantity: 1, TaxRate: &odd, TaxIncluded: true}})
	doc, action, f := s.tab(s.deal(1))
	row := strings.TrimPrefix(quantities(doc)[0], "quantity-")
	p, err := s.manager.Post(action, f)
	if fault := testid(s.page(p, err, http.StatusUnprocessableEntity), "fault-rate-"+row).Text(); fault == "" {
		t.Error("a rate of 13 % made an act")
	}
}

// With a portal that takes 300 ms per call, the deal tab still responds within two seconds.
func TestSlowPortal(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	if err := s.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Latency, Delay: 300 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	before := time.Now()
	s.tab(s.deal(1))
	if took := time.Since(before); took > 2*time.Second {
		t.Errorf("the tab took %s", took)
	}
}

// A deal with more rows than one page of the CRM shows all of them.
func TestManyRows(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	var rows []bitrix24test.Row
	for range 120 {
		rows = append(rows, bitrix24test.Row{Name: "Работа", Price: 10, Quantity: 1})
	}
	s.portal.SetRows(0, bitrix24test.Deal, s.deal(1), rows)
	doc, action, f := s.tab(s.deal(1))
	if n := len(quantities(doc)); n != 120 {
		t.Fatalf("%d rows on the tab, want 120", n)
	}
	f.Set("send", "1")
	p, err := s.manager.Post(action, f)
	s.page(p, err, http.StatusOK)
	s.tabShows(strings.TrimSuffix(action, "/acts"), draftLabel, waitingLabel)
}

// A second installation changes nothing and keeps the administrator's settings.
func TestSecondInstallChangesNothing(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	places, events, types := s.places(), len(s.portal.Handlers()), len(s.portal.Types())
	o := s.portal.Open(s.portal.Admin(), "DEFAULT", s.AppURL+"/install", nil)
	if answer := post(t, o.URL, o.Form); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", answer.StatusCode)
	}
	if p, e, y := s.places(), len(s.portal.Handlers()), len(s.portal.Types()); p != places || e != events || y != types {
		t.Errorf("places %d→%d, events %d→%d, types %d→%d", places, p, events, e, types, y)
	}
	tab := s.send(s.deal(1))
	s.tabShows(tab, draftLabel, waitingLabel)
}
