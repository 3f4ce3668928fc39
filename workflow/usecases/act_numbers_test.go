package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// In 200 concurrent hand-overs every act gets a unique number, without gaps.
func TestNumbersUnderLoad(t *testing.T) {
	t.Parallel()
	const each = 10
	vat := 22.0
	s := apptest.Start(t, 1)
	s.RemoveLimits()
	type handOver struct {
		action string
		form   url.Values
	}
	var all []handOver
	for n := 1; n <= apptest.Deals; n++ {
		s.Portal.SetRows(0, bitrix24test.Deal, s.Deal(n), []bitrix24test.Row{{Name: "Участие в выставке", Price: 1000, Quantity: each, TaxRate: &vat, TaxIncluded: true}})
		doc, action, form := s.DealTab(s.Deal(n))
		for range each {
			one := url.Values{}
			for name, values := range form {
				one[name] = slices.Clone(values)
			}
			one.Set("key", uuid.NewString())
			one.Set("send", "1")
			one.Set(apptest.QuantityFields(doc)[0], "1")
			all = append(all, handOver{action, one})
		}
	}
	var wg sync.WaitGroup
	for _, h := range all {
		wg.Go(func() {
			for { // the page timeout may be too short for this load: refused and aborted requests are repeated with the same form
				p, err := s.Manager.Post(h.action, h.form)
				if err != nil || p.Status == http.StatusServiceUnavailable || p.Status == http.StatusInternalServerError {
					continue
				}
				if p.Status != http.StatusOK {
					t.Errorf("status %d", p.Status)
				}
				return
			}
		})
	}
	wg.Wait()
	if n := s.Count("acts WHERE number <> ''"); n != len(all) {
		t.Fatalf("%d numbered acts, want %d", n, len(all))
	}
	if n := s.Count(fmt.Sprintf("(SELECT DISTINCT CAST(number AS int) AS n FROM acts) t WHERE n BETWEEN 1 AND %d", len(all))); n != len(all) {
		t.Errorf("%d different numbers from 1 to %d", n, len(all))
	}
}

// A company that numbers by hand must enter the number when the document is made; for a number in use the message names its
// act.
func TestNumbersByHand(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.SaveOurCompany("manual", "1")
	_, action, f := s.DealTab(s.Deal(1))
	if f.Get("number") != "1" {
		t.Errorf("the form suggests %q", f.Get("number"))
	}
	f.Set("number", "")
	f.Set("send", "1")
	p, err := s.Manager.Post(action, f)
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-number").Text(), "Впишите номер акта") {
		t.Errorf("no number: «%s»", apptest.TestID(doc, "fault-number").Text())
	}
	f.Set("number", strings.Repeat("9", 256))
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusUnprocessableEntity)
	f.Set("number", "А-7/26")
	p, err = s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	s.Await("the document with the typed number", func() bool { return len(s.Documents()) == 1 && s.LastDocument().Number == "А-7/26" })

	act := s.FormPaperAct(s.Deal(2), "person")
	for _, number := range []string{"А-7/26", ""} {
		p, err = s.Manager.Post(act+"/number", url.Values{"number": {number}})
		doc := s.Page(p, err, http.StatusUnprocessableEntity)
		if text := apptest.TestID(doc, "fault-number").Text(); number != "" && (!strings.Contains(text, "Акт № А-7/26") || !strings.Contains(text, "Свободен номер А-8/26")) {
			t.Errorf("a number that is taken: «%s»", text)
		}
	}
	p, err = s.Manager.Post(act+"/number", url.Values{"number": {"А-8/26"}})
	if doc := s.Page(p, err, http.StatusOK); !strings.HasPrefix(doc.Find("h1").Text(), "Акт № А-8/26 от") {
		t.Errorf("the title is «%s»", doc.Find("h1").Text())
	}
	var wg sync.WaitGroup
	won := make([]int, 6)
	var pages []string
	for i := range won {
		pages = append(pages, s.FormPaperAct(s.Deal(3+2*i), "company"))
	}
	for i, path := range pages {
		wg.Go(func() {
			p, err := s.Manager.Post(path+"/number", url.Values{"number": {"15"}})
			if err != nil {
				t.Error(err)
			}
			won[i] = p.Status
		})
	}
	wg.Wait()
	if n := s.Count("acts WHERE number = '15'"); n != 1 || !slices.Contains(won, http.StatusOK) {
		t.Errorf("%d acts have the number, answers %v", n, won)
	}
	for _, status := range won {
		if status != http.StatusOK && status != http.StatusUnprocessableEntity && status != http.StatusConflict {
			t.Errorf("an answer with status %d", status)
		}
	}
}

// People cannot form, change or annul acts dated in a closed period; what SBIS reports is applied.
func TestClosedPeriod(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.AwaitTab(tab, apptest.DraftLabel, apptest.WaitingLabel)
	paper := s.SendPaperAct(s.Deal(3))
	draft := s.FormPaperAct(s.Deal(5), "company")
	s.Await("the items", func() bool { return len(s.Portal.Items(s.ItemType())) == 3 })
	s.AdvanceTo(s.Clock.Now().AddDate(0, 0, 2))
	admin := s.AdminAtMenu()
	p, err := admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm("closed", s.Today().AddDate(0, 1, 0).Format(time.DateOnly)))
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-closed").Text(), "прошедший период") {
		t.Errorf("a period to come: «%s»", apptest.TestID(doc, "fault-closed").Text())
	}
	p, err = admin.Post("/p/1/settings/companies/1", apptest.OurCompanyForm("closed", s.Today().Format(time.DateOnly)))
	s.Page(p, err, http.StatusOK)

	for what, try := range map[string]struct {
		path string
		form url.Values
	}{
		"assigning a number to the draft": {draft + "/number", nil},
		"annulment":                       {paper + "/mark", url.Values{"event": {"annulment"}, "reason": {"Ошибка"}}},
		"annulling the electronic act":    {"/p/1/acts/1/mark", url.Values{"event": {"annulment"}, "reason": {"Ошибка"}}},
	} {
		p, err := s.Manager.Post(try.path, try.form)
		if doc := s.Page(p, err, http.StatusConflict); !strings.Contains(doc.Find(".alert.problem").Text(), "закрыт") {
			t.Errorf("%s: «%s»", what, doc.Find(".alert").Text())
		}
	}
	_, action, f := s.DealTab(s.Deal(7))
	f.Set("date", s.Today().AddDate(0, 0, -1).Format(time.DateOnly))
	p, err = s.Manager.Post(action, f)
	if doc := s.Page(p, err, http.StatusUnprocessableEntity); !strings.Contains(apptest.TestID(doc, "fault-date").Text(), "закрыт") {
		t.Errorf("the date of a new act: «%s»", apptest.TestID(doc, "fault-date").Text())
	}
	p, err = s.Manager.Get(draft + "/edit") // a draft without a number gets another date
	_, f = apptest.ActForm(s.Page(p, err, http.StatusOK))
	f.Set("date", s.Today().Format(time.DateOnly))
	p, err = s.Manager.Post(draft+"/edit", f)
	s.Page(p, err, http.StatusOK)

	item := int64(s.ItemOf(s.Deal(3))["id"].(float64)) // the paper act is moved to the last column
	s.DragItem(item, "Аннулирован")
	s.Await("the act put back", func() bool { return s.ItemStage(item) == "Акт направлен заявителю" })

	s.MoveDocument(s.LastDocument().ID, "sign-by-us") // reports of SBIS are applied
	s.MoveDocument(s.LastDocument().ID, "sign-by-counterparty")
	s.AwaitTab(tab, "Акт получен и подписан", "Обмен завершён")

	if text := apptest.TestID(s.ActPage(paper), "history").Text(); !strings.Contains(text, "Отказано: аннулировать акт") {
		t.Errorf("the history of the act: %s", text)
	}
	p, err = admin.Get("/p/1/settings/companies")
	log := apptest.TestID(s.Page(p, err, http.StatusOK), "tries-1").Text()
	for _, line := range []string{"Закрыт период до", "Отказано: аннулировать акт", "Отказано: присвоить акту номер", "Отказано: датировать акт"} {
		if !strings.Contains(log, line) {
			t.Errorf("no «%s» in the log: %s", line, log)
		}
	}
}
