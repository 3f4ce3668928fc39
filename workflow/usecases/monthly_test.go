package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/acts/period"
	"acts24/acts/workday"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// planMonthly posts the form of the monthly acts of a deal.
func planMonthly(s *apptest.Site, v *apptest.Visitor, deal int64, status int, pairs ...string) *goquery.Document {
	s.T.Helper()
	f := apptest.Form("monthly-day", dayOf(s), "monthly-covers", "current", "monthly-rows", "all")
	for i := 0; i < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	p, err := v.Post(fmt.Sprintf("/p/1/deals/%d/monthly", deal), f)
	return s.Page(p, err, status)
}

// monthlyQuantity returns the field of the quantity of a row.
func monthlyQuantity(doc *goquery.Document, n int) string {
	return doc.Find("[data-testid=monthly] input[inputmode=decimal]").Eq(n).AttrOr("name", "")
}

// ruleOf returns a rule whose day is not today, so that a plan of today has its first act later.
func ruleOf(s *apptest.Site) period.Rule {
	today, days := s.Today(), workday.New(workday.Overrides{})
	if on := (period.Rule{}).FormingDay(days, today); on.Day() != today.Day() {
		return period.Rule{}
	}
	return period.Rule{Day: 1}
}

// dayOf returns the choice of the form for ruleOf.
func dayOf(s *apptest.Site) string {
	if day := ruleOf(s).Day; day > 0 {
		return fmt.Sprint(day)
	}
	return "last"
}

// dueIn returns the moment at which the n-th act from now is formed, and its month. The first one is formed in this month until its day has come.
func dueIn(s *apptest.Site, rule period.Rule, n int) (at, month time.Time) {
	days := workday.New(workday.Overrides{})
	month = period.Month(s.Today())
	if rule.FormingDay(days, month).Day() > s.Today().Day() {
		n--
	}
	month = month.AddDate(0, n, 0)
	return days.Start(rule.FormingDay(days, month), time.FixedZone("MSK", 3*60*60)).Add(time.Hour), month
}

// A plan that is switched on on its own day forms an act only after a confirmation; the form names the day of the first act of every choice.
func TestMonthlyActOfToday(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.DealTab(deal)
	at, month := dueIn(s, period.Rule{}, 1)
	s.AdvanceTo(at)
	doc, _, _ := s.DealTab(deal)
	if days := apptest.TestID(doc, "monthly-day").Text(); !strings.Contains(days, "последний рабочий день: первый акт сегодня") || strings.Count(days, ": первый акт ") != 1+period.MaxDay {
		t.Errorf("the days are %q", days)
	}
	doc = planMonthly(s, s.Manager, deal, http.StatusUnprocessableEntity, "monthly-day", "last")
	if text := apptest.TestID(doc, "monthly-first").Text(); !strings.Contains(text, "будет сформирован сегодня") || s.Count("monthly_plans") != 0 {
		t.Errorf("the form shows %q, %d plans", text, s.Count("monthly_plans"))
	}
	doc = planMonthly(s, s.Manager, deal, http.StatusOK, "monthly-day", "last", "monthly-first", "later")
	next := (period.Rule{}).FormingDay(workday.New(workday.Overrides{}), month.AddDate(0, 1, 0))
	if text := apptest.TestID(doc, "monthly-state").Text(); !strings.Contains(text, next.Format("02.01.2006")) {
		t.Errorf("the next act: %q, want %s", text, next.Format("02.01.2006"))
	}
	s.AwaitQuiet()
	if n := s.Count("acts"); n != 0 {
		t.Fatalf("%d acts that nobody wanted today", n)
	}
	planMonthly(s, s.Manager, deal, http.StatusOK, "monthly-day", "last", "monthly-first", "today")
	s.Await("the act of today", func() bool { return s.Count(`monthly_runs WHERE state = 'formed'`) == 1 })
}

// A deal of several months gets one draft a month with the period filled in, whatever replicas and clocks do; a missed day is made up for;
// when less or nothing is left, the responsible is notified and nothing is invented.
func TestMonthlyActs(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, rule := s.Deal(1), ruleOf(s)
	s.DealTab(deal)
	s.SetRows(deal, apptest.ProductRow("Абонентская плата", 5, 1000))
	doc, _, _ := s.DealTab(deal)
	quantity := monthlyQuantity(doc, 0)
	planMonthly(s, s.Manager, deal, http.StatusUnprocessableEntity, "monthly-rows", "some")
	planMonthly(s, s.Manager, deal, http.StatusUnprocessableEntity, "monthly-rows", "some", quantity, "-1")
	planMonthly(s, s.Manager, deal, http.StatusUnprocessableEntity, "monthly-day", "16")
	planMonthly(s, s.Manager, deal, http.StatusUnprocessableEntity, "monthly-covers", "next")
	if n := s.Count("monthly_plans"); n != 0 {
		t.Fatalf("%d plans of refused forms", n)
	}
	doc = planMonthly(s, s.Manager, deal, http.StatusOK, "monthly-rows", "some", quantity, "2")
	if text := apptest.TestID(doc, "monthly-state").Text(); !strings.Contains(text, "следующий акт") {
		t.Errorf("the tab shows %q", text)
	}
	clock, _, behind := s.StartBeside(0)
	defer behind()

	first, month := dueIn(s, rule, 1)
	clock.Advance(first.Sub(clock.Now()))
	s.AdvanceTo(first)
	s.Await("the act of the next month", func() bool { return s.Count(`monthly_runs WHERE state = 'formed'`) >= 1 })
	s.AwaitQuiet()
	from, to := (period.Rule{Covers: period.CoversThisMonth}).Period(month)
	want := fmt.Sprintf(`acts WHERE period_from = '%s' AND period_to = '%s' AND status = 'draft' AND gross = 200000`, from.Format(time.DateOnly), to.Format(time.DateOnly))
	if n := s.Count(want); n != 1 {
		t.Errorf("%d acts of %s, want one", n, month.Format("2006-01"))
	}
	before := s.Count(`acts`)
	if n := s.NotificationsTo(s.Portal.Manager(), "Сформирован ежемесячный акт за"); n != before {
		t.Errorf("%d notifications of %d acts", n, before)
	}

	third, _ := dueIn(s, rule, 2) // no program ran on the day of the month between
	clock.Advance(third.Sub(clock.Now()))
	s.AdvanceTo(third)
	s.Await("the remaining months", func() bool { return s.Count(`monthly_runs WHERE state = 'nothing'`) > 0 || s.Count(`acts`) >= 3 })
	s.AwaitQuiet()
	for range 2 {
		next, _ := dueIn(s, rule, 1)
		clock.Advance(next.Sub(clock.Now()))
		s.AdvanceTo(next)
		s.AwaitQuiet()
	}
	s.Await("nothing is left", func() bool { return s.Count(`monthly_runs WHERE state = 'nothing'`) > 0 })
	if n, sum := s.Count(`acts`), s.Number(`SELECT CAST(sum(gross) AS bigint) FROM acts`); n != 3 || sum != 500000 {
		t.Errorf("%d acts of %d kopecks; want three of the whole deal", n, sum)
	}
	if n := s.NotificationsTo(s.Portal.Manager(), "«Абонентская плата» — 1 вместо 2"); n != 1 {
		t.Errorf("notified %d times that less is left", n)
	}
	if s.NotificationsTo(s.Portal.Manager(), "В сделке не осталось неоформленных услуг") == 0 {
		t.Error("no notification that nothing is left")
	}
	if n := s.Count(`(SELECT FROM acts GROUP BY period_from HAVING count(*) > 1) double`); n != 0 {
		t.Error("a month has two acts")
	}
	p, err := s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/monthly/stop", deal), url.Values{})
	s.Page(p, err, http.StatusOK)
	runs := s.Count(`monthly_runs`)
	next, _ := dueIn(s, rule, 1)
	clock.Advance(next.Sub(clock.Now()))
	s.AdvanceTo(next)
	s.AwaitQuiet()
	if s.Count(`monthly_runs`) != runs {
		t.Error("a plan that was switched off has run")
	}
}

// An act is handed over without a person only when the present responsible of the deal has allowed it. What SBIS would refuse stays a draft.
func TestMonthlyActsAreSentWithPermission(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	allowed, own, moved := s.Deal(1), s.Deal(3), s.Deal(5)
	admin, rule := s.AdminAtMenu(), ruleOf(s)
	for _, deal := range []int64{allowed, own, moved} {
		s.DealTab(deal)
	}
	doc := planMonthly(s, admin, allowed, http.StatusUnprocessableEntity, "monthly-send", "1")
	if text := apptest.TestID(doc, "fault-monthly-send").Text(); !strings.Contains(text, "только ответственный") {
		t.Errorf("another person allows it: %q", text)
	}
	doc = planMonthly(s, s.Manager, allowed, http.StatusOK, "monthly-send", "1")
	if text := apptest.TestID(doc, "monthly-allowed").Text(); !strings.Contains(text, s.Today().Format("02.01.2006")) {
		t.Errorf("who allowed it is shown as %q", text)
	}
	planMonthly(s, s.Manager, own, http.StatusOK)
	planMonthly(s, s.Manager, moved, http.StatusOK, "monthly-send", "1")
	s.Must(s.Portal.Change(1, bitrix24test.Deal, moved, fields{"assignedById": s.Portal.Admin()}))
	s.AwaitQuiet()
	at, _ := dueIn(s, rule, 1)
	s.AdvanceTo(at)
	s.Await("three acts", func() bool { return s.Count(`monthly_runs WHERE state IN ('formed', 'sent', 'refused')`) >= 3 })
	s.AwaitQuiet()
	for deal, state := range map[int64]string{allowed: "sent", own: "formed", moved: "formed"} {
		if n := s.Count(fmt.Sprintf(`monthly_runs WHERE deal_id = %d AND state = '%s'`, deal, state)); n == 0 {
			t.Errorf("deal %d has no act that is %s", deal, state)
		}
	}
	if n := len(s.Documents()); n != 1 {
		t.Errorf("%d documents in SBIS, want one", n)
	}
}

// What cannot be formed is reported once with the reason, shown on the tab and tried again by a person; a lost deal ends the plan.
func TestMonthlyActsThatAreRefused(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, lost, rule := s.Deal(1), s.Deal(3), ruleOf(s)
	s.DealTab(lost)
	s.DealTab(deal)
	s.SetRows(deal, bitrix24test.Fields{"productName": "Услуга", "price": 1000, "quantity": 1, "taxRate": 20, "taxIncluded": "Y"})
	s.DealTab(deal)
	planMonthly(s, s.Manager, deal, http.StatusOK)
	planMonthly(s, s.Manager, lost, http.StatusOK)
	s.Must(s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, lost, "LOSE"))
	s.AwaitQuiet()
	at, _ := dueIn(s, rule, 1)
	s.AdvanceTo(at)
	ofDeal := fmt.Sprintf(`monthly_runs WHERE state = 'refused' AND deal_id = %d`, deal)
	s.Await("the refusal", func() bool { return s.Count(ofDeal) > 0 })
	s.Await("the end of the plan", func() bool {
		return s.Count(fmt.Sprintf(`monthly_plans WHERE NOT enabled AND deal_id = %d`, lost)) == 1
	})
	s.AwaitQuiet()
	if n := s.NotificationsTo(s.Portal.Manager(), "выключены. Сделка проиграна."); n != 1 {
		t.Errorf("notified %d times of the end of the plan", n)
	}
	refusals := s.Count(ofDeal)
	if n := s.NotificationsTo(s.Portal.Manager(), "не сформирован"); n != refusals {
		t.Errorf("%d notifications of %d refusals", n, refusals)
	}
	s.AdvanceMinute()
	s.AwaitQuiet()
	if n := s.Count(`acts`); n != 0 {
		t.Errorf("%d acts of a deal with an old rate and a lost one", n)
	}
	s.SetRows(deal, apptest.ProductRow("Услуга", 1, 1000))
	doc, _, _ := s.DealTab(deal)
	text := apptest.TestID(doc, "monthly-runs").Text()
	if !strings.Contains(text, "не сформирован") || !strings.Contains(text, "20") {
		t.Errorf("the tab shows %q", text)
	}
	month := doc.Find("[data-testid=monthly-runs] input[name=month]").First().AttrOr("value", "")
	p, err := s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/monthly/repeat", deal), apptest.Form("month", month))
	s.Page(p, err, http.StatusOK)
	s.Await("the act", func() bool { return s.Count(`acts`) == 1 })
	p, err = s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/monthly/repeat", deal), apptest.Form("month", month))
	s.Page(p, err, http.StatusConflict)
	planMonthly(s, s.Manager, lost, http.StatusConflict)
}

// The second act of a deal is filled in from the first, shows it, and covers the rest: the deal is done when both are signed.
func TestNextActRepeatsTheLast(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	s.DealTab(deal)
	s.SetRows(deal, apptest.ProductRow("Аудит", 10, 100))
	sign := func(act string) {
		p, err := s.Manager.Upload(act+"/files/ours", nil, apptest.Scan)
		s.Page(p, err, http.StatusOK)
		s.PostAction(act+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
		p, err = s.Manager.Upload(act+"/files/theirs", nil, apptest.Scan)
		s.Page(p, err, http.StatusOK)
	}
	doc, action, f := s.DealTab(deal)
	if apptest.TestID(doc, "repeated").Length() > 0 {
		t.Error("the first act repeats another")
	}
	for name, value := range map[string]string{"type": "paper-company", "channel": "email", "basis": "Договор", "basis-number": "7", "basis-date": "2026-01-12", "from": "2026-10-01",
		"to": "2026-10-31", "signer": "Петров Пётр Петрович", "position": "Директор", "ground": "Доверенность № 3", "payment-number-1": "55", "payment-date-1": "2026-09-30",
		"comment": "только в этом акте", apptest.QuantityFields(doc)[0]: "4"} {
		f.Set(name, value)
	}
	p, err := s.Manager.Post(action, f)
	doc = s.Page(p, err, http.StatusOK)
	sign(doc.Find(`section#acts a[href*="/acts/"]`).First().AttrOr("href", ""))
	s.AwaitQuiet()
	if at := s.DealStage(deal); at != "Акт направлен заявителю" {
		t.Errorf("with one of two acts signed the deal is at %s", at)
	}
	doc, action, f = s.DealTab(deal)
	for name, want := range map[string]string{"type": "paper-company", "channel": "email", "basis": "Договор", "basis-number": "7", "basis-date": "12.01.2026", "from": "01.11.2026",
		"to": "30.11.2026", "signer": "Петров Пётр Петрович", "position": "Директор", "ground": "Доверенность № 3", "payment-number-1": "55", "payment-date-1": "30.09.2026",
		"comment": "", "date": s.Today().Format("02.01.2006"), apptest.QuantityFields(doc)[0]: "6"} {
		if got := f.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if text := apptest.PlainSpaces(apptest.TestID(doc, "repeated").Text()); !strings.Contains(text, "акту №") || !strings.Contains(text, "период — следующий") || !strings.Contains(text, "указан другой") {
		t.Errorf("the form shows %q", text)
	}
	p, err = s.Manager.Post(action, f)
	doc = s.Page(p, err, http.StatusOK)
	sign(doc.Find(`section#acts a[href*="/acts/"]`).First().AttrOr("href", ""))
	s.Await("the deal is done", func() bool { return s.DealStage(deal) == "Услуга оказана" })
}

// A deal that was deleted ends its monthly plan once, with a notification and without an act.
func TestDeletedDealEndsItsMonthlyPlan(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, rule := s.Deal(1), ruleOf(s)
	s.DealTab(deal)
	planMonthly(s, s.Manager, deal, http.StatusOK)
	s.AwaitQuiet()
	s.Must(s.Portal.Delete(s.Portal.Admin(), bitrix24test.Deal, deal))
	at, _ := dueIn(s, rule, 1)
	s.AdvanceTo(at)
	s.Await("the end of the plan", func() bool { return s.Count(`monthly_plans WHERE NOT enabled`) == 1 })
	s.AwaitQuiet()
	at, _ = dueIn(s, rule, 2)
	s.AdvanceTo(at)
	s.AdvanceMinute()
	s.AwaitQuiet()
	if n := s.NotificationsTo(s.Portal.Manager(), "выключены. Сделка удалена."); n != 1 {
		t.Errorf("notified %d times of the end of the plan", n)
	}
	if s.Count(`acts`) != 0 || s.Count(`tasks`) != 0 || s.Count(`monthly_runs WHERE state NOT IN ('refused', 'nothing')`) != 0 {
		t.Errorf("%d acts, %d tasks", s.Count(`acts`), s.Count(`tasks`))
	}
	planMonthly(s, s.Manager, deal, http.StatusConflict)
}
