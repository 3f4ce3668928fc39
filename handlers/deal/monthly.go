package deal

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/plans"
	"acts24/views"
	"acts24/workflow"
	"acts24/workflow/monthly"
)

// monthlyInput is the stored plan of a deal with what was typed.
type monthlyInput struct {
	plan   plans.Plan
	known  bool // there is a plan, possibly switched off
	runs   []plans.Run
	typed  *monthly.PlanForm
	faults acts.Faults
}

// readMonthly reads the plan of a deal.
func (h *Handler) readMonthly(ctx context.Context, v web.Visit, deal acts.DealID, m *monthlyInput) (err error) {
	r := h.DB.Scope(v.Portal).Plans()
	if m.plan, m.known, err = r.Get(ctx, deal); err != nil || !m.known {
		return err
	}
	m.runs, err = r.Runs(ctx, deal)
	return err
}

// saveMonthly handles POST /p/{portal}/deals/{deal}/monthly: switches monthly acts on or changes them.
func (h *Handler) saveMonthly(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	f := monthly.PlanForm{Day: r.PostForm.Get("monthly-day"), Covers: r.PostForm.Get("monthly-covers"), Some: r.PostForm.Get("monthly-rows") == "some",
		Send: r.PostForm.Get("monthly-send") != "", First: r.PostForm.Get("monthly-first"), Quantities: map[acts.RowID]string{}}
	for name := range r.PostForm {
		rest, ok := strings.CutPrefix(name, "monthly-quantity-")
		if row, err := strconv.ParseInt(rest, 10, 64); ok && err == nil {
			f.Quantities[acts.RowID(row)] = r.PostForm.Get(name)
		}
	}
	err = h.Service.Monthly.SavePlan(r.Context(), v, deal, f)
	var faults acts.Faults
	if errors.As(err, &faults) {
		return h.renderDeal(w, r, v, deal, dealPage{status: web.Status(err), monthly: monthlyInput{typed: &f, faults: faults}})
	}
	return h.onDeal(w, r, v, func(acts.DealID) error { return err })
}

// stopMonthly handles POST /p/{portal}/deals/{deal}/monthly/stop: switches monthly acts off.
func (h *Handler) stopMonthly(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onDeal(w, r, v, func(deal acts.DealID) error { return h.Service.Monthly.StopPlan(r.Context(), v, deal) })
}

// repeatMonth handles POST /p/{portal}/deals/{deal}/monthly/repeat: forms the act of a month that was refused.
func (h *Handler) repeatMonth(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	month, err := time.Parse("2006-01", r.PostForm.Get("month"))
	if err != nil {
		return acts.Errorf(acts.Invalid, "Непонятный месяц, обновите страницу.")
	}
	return h.onDeal(w, r, v, func(deal acts.DealID) error { return h.Service.Monthly.RepeatMonth(r.Context(), v, deal, month) })
}

// monthlyView formats the plan of monthly acts of a deal.
func monthlyView(v web.Visit, details store.DealDetails, in monthlyInput, now time.Time) *views.Monthly {
	d, p, at := details.Deal, in.plan, web.Base(v)+"/deals/"+web.ID(details.Deal.ID)+"/monthly"
	m := &views.Monthly{Save: at, Stop: at + "/stop", Repeat: at + "/repeat", On: in.known && p.Enabled, Stopped: p.Stopped, Faults: web.FaultMap(in.faults),
		Open: len(in.faults) > 0}
	if m.On {
		on := p.Rule.FormingDay(workday.New(details.Settings.Calendar), p.NextMonth)
		m.Next = views.Date(on)
		from, _ := p.Rule.Period(p.NextMonth)
		m.NextPeriod = monthly.MonthWords(from)
		if on.Before(now) {
			m.Next = "сегодня"
		}
	}
	if in.known {
		m.SetBy = p.SetBy + ", " + views.Moment(p.SetAt, web.Zone(v))
	}
	f := in.typed
	if f == nil {
		f = planForm(d, p, in.known)
	}
	schedule := workflow.Schedule{Zone: web.Zone(v), Days: workday.New(details.Settings.Calendar)}
	m.Days = append(m.Days, views.Option{Value: monthly.LastDay, Label: "последний рабочий день" + firstWords(period.Rule{}, schedule, now, in.runs), Chosen: f.Day == monthly.LastDay})
	for n := 1; n <= period.MaxDay; n++ {
		day := strconv.Itoa(n)
		m.Days = append(m.Days, views.Option{Value: day, Label: day + "-й рабочий день" + firstWords(period.Rule{Day: n}, schedule, now, in.runs), Chosen: f.Day == day})
	}
	if fault := in.faults.At("monthly-first"); fault != "" {
		m.First = []views.Option{{Value: monthly.FirstToday, Label: "Сформировать первый акт сегодня", Chosen: f.First == monthly.FirstToday},
			{Value: monthly.FirstLater, Label: "Начать со следующего месяца", Chosen: f.First == monthly.FirstLater}}
	}
	m.Covers = web.Options(f.Covers, string(period.CoversThisMonth), "за текущий месяц", string(period.CoversLastMonth), "за прошлый месяц, дата акта — день формирования",
		string(period.CoversLastMonthDatedEnd), "за прошлый месяц, дата акта — его последний день")
	m.FixedQuantities = f.Some
	for _, r := range d.Rows {
		if r.NeedsAct && !r.IsDiscount() {
			id := web.ID(r.ID)
			m.Rows = append(m.Rows, views.MonthlyRow{ID: id, TestID: web.ID(r.CRM), Name: r.Name, Left: quantityWords(r.Remainder().String(), r.Unit), Quantity: f.Quantities[r.ID],
				Fault: in.faults.At("monthly-quantity-" + id)})
		}
	}
	m.HandsOver, m.MayHandOver = f.Send, v.User == d.Responsible || p.SendsFor(d.Responsible)
	if p.SendsFor(d.Responsible) {
		m.AllowedBy = p.SenderName + ", " + views.Moment(p.AllowedAt, web.Zone(v))
	} else if p.Sender != 0 {
		m.Lapsed = "Разрешение дал(а) " + p.SenderName + ", а у сделки теперь другой ответственный: акты ждут подтверждения."
	}
	for _, r := range in.runs {
		m.Runs = append(m.Runs, runView(v, p, r))
	}
	return m
}

// firstWords returns when the first act is formed by a rule.
func firstWords(r period.Rule, c workflow.Schedule, now time.Time, done []plans.Run) string {
	day := monthly.FirstDay(r, c, now, done)
	if day.Equal(workflow.DayIn(now, c.Zone)) {
		return ": первый акт сегодня"
	}
	return ": первый акт " + views.Date(day)
}

// planForm returns the form of a stored plan, or of a new one: the last working day, the current month, the whole remainder.
func planForm(d store.Deal, p plans.Plan, known bool) *monthly.PlanForm {
	f := &monthly.PlanForm{Day: monthly.LastDay, Covers: string(period.CoversThisMonth), Quantities: map[acts.RowID]string{}}
	if !known {
		return f
	}
	if f.Covers = string(p.Rule.Covers); p.Rule.Day > 0 {
		f.Day = strconv.Itoa(p.Rule.Day)
	}
	f.Some, f.Send = len(p.Quantities) > 0, p.SendsFor(d.Responsible)
	for row, q := range p.Quantities {
		f.Quantities[row] = strings.Replace(q.String(), ".", ",", 1)
	}
	return f
}

// runStates are the states of a month in words.
var runStates = map[string]views.Chip{
	plans.Queued: {Text: "формируется", Tone: "progress"}, plans.Formed: {Text: "сформирован", Tone: "success"}, plans.Sent: {Text: "передан в СБИС", Tone: "success"},
	plans.Nothing: {Text: "нечего оформлять", Tone: "attention"}, plans.Refused: {Text: "не сформирован", Tone: "problem"},
}

// runView formats the result of a month.
func runView(v web.Visit, p plans.Plan, r plans.Run) views.MonthlyRun {
	from, _ := p.Rule.Period(r.Month)
	m := views.MonthlyRun{Month: r.Month.Format("2006-01"), Title: "Акт за " + monthly.MonthWords(from), State: runStates[r.State], Note: r.Problem,
		At: views.Moment(r.At, web.Zone(v))}
	if r.Act != 0 {
		m.Href = web.Base(v) + "/acts/" + web.ID(r.Act)
	}
	m.Again = p.Enabled && slices.Contains([]string{plans.Nothing, plans.Refused}, r.State)
	return m
}
