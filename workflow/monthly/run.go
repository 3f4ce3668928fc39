package monthly

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/store/plans"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// ProcessDue queues the monthly acts of all portals whose working day has begun: once for each month of a deal, also for days on which no replica
// was running.
func (s *Service) ProcessDue(ctx context.Context) (more bool, err error) {
	return s.queue.ProcessDue(ctx, "monthly acts", s.db.DuePlans, s.processPlan)
}

func (s *Service) processPlan(ctx context.Context, tx store.Tx, id int64) error {
	deal := acts.DealID(id)
	d, err := tx.Deals().Lock(ctx, deal)
	if err != nil {
		return err
	}
	p, ok, err := tx.Plans().Lock(ctx, deal)
	if err != nil || !ok || !p.Enabled || p.CheckAt.After(s.now()) { // another replica was faster
		return err
	}
	if why := stopReason(d); why != "" {
		return s.stop(ctx, tx, d, p, why)
	}
	c, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	if !due(p.Rule, c, p.NextMonth).After(s.now()) {
		added, err := tx.Plans().AddRun(ctx, deal, p.NextMonth, s.now())
		if err != nil {
			return err
		}
		if added {
			if err := queue.Enqueue(ctx, tx, task.FormMonthly(deal)); err != nil {
				return err
			}
		}
		p.NextMonth = p.NextMonth.AddDate(0, 1, 0)
	}
	p.CheckAt = nextCheck(p, c, s.now())
	return tx.Plans().Save(ctx, p)
}

// stop switches a plan off and notifies the responsible.
func (s *Service) stop(ctx context.Context, tx store.Tx, d store.Deal, p plans.Plan, why string) error {
	p.Enabled, p.Stopped = false, why
	if err := tx.Plans().Save(ctx, p); err != nil || d.Responsible == 0 {
		return err
	}
	return s.history.Notify(ctx, tx, d.ID, d.Responsible, workflow.MessageMonthlyStopped, "Ежемесячные акты по сделке «"+d.Title+"» выключены. "+why)
}

// monthlyKeyNamespace is the UUID namespace of the keys of monthly acts: one month of a deal makes one act.
var monthlyKeyNamespace = uuid.MustParse("0b8c9f0e-52d1-4a3b-8f2e-6e7c1d9a4b35")

// formQueued fetches deals and forms their queued monthly acts. What cannot be formed is stored with the reason and not repeated by itself.
func (s *Service) formQueued(ctx context.Context, p store.Portal, deals []acts.DealID) error {
	scope := s.db.Scope(p.ID)
	list, err := scope.Plans().QueuedRuns(ctx, deals)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := s.deals.FetchDeals(ctx, p.ID, deals...); err != nil {
		return err
	}
	for _, r := range list {
		if err := s.form(ctx, p, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) form(ctx context.Context, p store.Portal, r plans.Run) error {
	scope := s.db.Scope(p.ID)
	plan, ok, err := scope.Plans().Get(ctx, r.Deal)
	if err != nil || !ok {
		return err
	}
	d, err := scope.Deals().Get(ctx, r.Deal)
	if err != nil {
		return err
	}
	if !plan.Enabled {
		r.State, r.Problem = plans.Refused, "Повторение выключено."
		return s.finish(ctx, p, d, r, "")
	}
	v := workflow.Visit{}
	v.Portal, v.UserName = p.ID, "ежемесячный акт"
	request := Request{Key: uuid.NewSHA1(monthlyKeyNamespace, fmt.Appendf(nil, "%d/%d/%s", p.ID, r.Deal, r.Month.Format("2006-01"))).String(), Quantities: plan.Quantities}
	request.From, request.To = plan.Rule.Period(r.Month)
	request.Date = plan.Rule.Date(r.Month, time.Time{})
	id, err := s.FormNext(ctx, v, r.Deal, request)
	switch {
	case errors.Is(err, ErrNothingLeft):
		r.State, r.Problem = plans.Nothing, workflow.MessageOf(err)
	case needsPerson(err):
		r.State, r.Problem = plans.Refused, workflow.MessageOf(err)
	case err != nil:
		return err
	default:
		r.Act, r.State = id, plans.Formed
	}
	if r.Act == 0 {
		return s.finish(ctx, p, d, r, "")
	}
	text := "Сформирован ежемесячный акт за " + MonthWords(request.From) + "."
	act, err := scope.Acts().Get(ctx, r.Act)
	if err != nil {
		return err
	}
	short := shortages(act, d, plan.Quantities)
	if len(short) > 0 {
		text += " Остаток меньше, чем в настройке: " + strings.Join(short, "; ") + "."
	}
	if act.Medium == acts.MediumElectronic && act.MayHandOver() != nil { // handed over by an attempt that ended before it was stored
		r.State = plans.Sent
		return s.finish(ctx, p, d, r, text+" Он передаётся в СБИС.")
	}
	if plan.SendsFor(d.Responsible) && act.MayHandOver() == nil && len(short) == 0 {
		v.UserName = "ежемесячный акт, разрешил(а) " + plan.SenderName
		switch err := s.acts.HandOver(ctx, v, r.Act); {
		case err == nil:
			r.State = plans.Sent
			return s.finish(ctx, p, d, r, text+" По вашему разрешению он передаётся в СБИС.")
		case !needsPerson(err):
			return err
		default:
			r.Problem = workflow.MessageOf(err)
			return s.finish(ctx, p, d, r, text+" Он не передан в СБИС: "+r.Problem)
		}
	}
	next := " Проверьте его и передайте в СБИС."
	if act.Medium == acts.MediumPaper {
		next = " Проверьте и распечатайте его."
	}
	return s.finish(ctx, p, d, r, text+next)
}

// needsPerson reports whether a later attempt would fail in the same way until a person has done something.
func needsPerson(err error) bool {
	switch kind := acts.KindOf(err); {
	case errors.Is(err, acts.Invalid), kind == acts.Invalid, kind == acts.Conflict, kind == acts.NotFound, kind == acts.Forbidden:
		return true
	}
	return false
}

// finish stores the result of a month and notifies the responsible: with text about the act, or of the reason why there is none.
func (s *Service) finish(ctx context.Context, p store.Portal, d store.Deal, r plans.Run, text string) error {
	r.At = s.now()
	err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if why := stopReason(d); why != "" && r.Act == 0 {
			plan, ok, err := tx.Plans().Lock(ctx, d.ID)
			if err != nil {
				return err
			}
			if ok && plan.Enabled {
				if err := s.stop(ctx, tx, d, plan, why); err != nil {
					return err
				}
				if err := tx.Plans().SetRun(ctx, plans.Queued, r); !errors.Is(err, acts.Conflict) {
					return err
				}
				return nil
			}
		}
		if err := tx.Plans().SetRun(ctx, plans.Queued, r); err != nil {
			return err
		}
		if r.Act != 0 {
			e := store.ActEvent{Act: r.Act, Actor: string(acts.ActorClock), Kind: "monthly", Text: text}
			return s.history.RecordEvent(ctx, tx, e, d.ID, true)
		}
		if d.Responsible == 0 {
			return nil
		}
		return s.history.Notify(ctx, tx, d.ID, d.Responsible, workflow.MessageMonthlyRefused, "Ежемесячный акт за "+MonthWords(r.Month)+" не сформирован: "+r.Problem+
			" Настройка — на вкладке «Акты», «Повторять ежемесячно».")
	})
	if errors.Is(err, acts.Conflict) { // another replica has stored it
		return nil
	}
	return err
}

var months = [...]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"}

// MonthWords returns «октябрь 2026».
func MonthWords(month time.Time) string {
	return fmt.Sprintf("%s %d", months[month.Month()-1], month.Year())
}
