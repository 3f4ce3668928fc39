package monthly

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store"
	"acts24/store/plans"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// PlanForm is the form of a monthly plan as it was typed.
type PlanForm struct {
	Day        string // number of the working day, "last"
	Covers     string
	Some       bool                  // only the typed quantities, not the whole remainder
	Quantities map[acts.RowID]string // of rows of the deal, "" for none
	Send       bool                  // hand acts over without a confirmation
	First      string                // when the first act is formed: FirstToday, FirstLater, "" if it was not asked
}

// The answers to the question about a first act that would be formed at once.
const (
	FirstToday = "today"
	FirstLater = "later"
)

// LastDay is the choice of the last working day of a month.
const LastDay = "last"

// Parse turns the form into a plan of the deal, or returns its faults.
func (f PlanForm) Parse(d store.Deal) (plans.Plan, error) {
	var faults acts.Faults
	p := plans.Plan{Deal: d.ID, Enabled: true, Rule: period.Rule{Covers: period.Covers(f.Covers)}}
	if f.Day != LastDay {
		n, err := strconv.Atoi(f.Day)
		if err != nil || n < 1 || n > period.MaxDay {
			faults.Add("monthly-day", "Выберите рабочий день месяца.")
		}
		p.Rule.Day = n
	}
	if !p.Rule.Covers.Known() {
		faults.Add("monthly-covers", "Выберите, за какой месяц акт.")
	}
	if !f.Some {
		return p, faults.Err()
	}
	p.Quantities = map[acts.RowID]decimal.Decimal{}
	for _, r := range d.Rows {
		text := strings.TrimSpace(f.Quantities[r.ID])
		if text == "" {
			continue
		}
		q, err := acts.ParseDecimal(text)
		field := "monthly-quantity-" + strconv.FormatInt(int64(r.ID), 10)
		switch {
		case err != nil:
			faults.Add(field, "%s", acts.Message(err))
		case !q.IsPositive():
			faults.Add(field, "Количество должно быть больше нуля. Если позиция в акт не входит, оставьте поле пустым.")
		case !q.Equal(q.Truncate(6)):
			faults.Add(field, "Не больше шести знаков после запятой.")
		default:
			p.Quantities[r.ID] = q
		}
	}
	if len(p.Quantities) == 0 && len(faults) == 0 {
		faults.Add("monthly-rows", "Укажите количество хотя бы по одной позиции или выберите «Весь остаток».")
	}
	return p, faults.Err()
}

// SavePlan switches the monthly acts of a deal on, or changes how they are formed. Only the responsible of the deal can allow to hand them over
// without his confirmation; anybody else who saves the plan keeps or withdraws that permission.
func (s *Service) SavePlan(ctx context.Context, v workflow.Visit, deal acts.DealID, f PlanForm) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if why := stopReason(d); why != "" {
			return acts.Errorf(acts.Conflict, "%s Ежемесячные акты по ней не формируются.", why)
		}
		p, err := f.Parse(d)
		if err != nil {
			return err
		}
		before, _, err := tx.Plans().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if f.Send {
			switch {
			case before.SendsFor(d.Responsible):
				p.Sender, p.SenderName, p.AllowedAt = before.Sender, before.SenderName, before.AllowedAt
			case v.User == d.Responsible:
				p.Sender, p.SenderName, p.AllowedAt = v.User, v.UserName, s.now()
			default:
				return acts.Faults{{Field: "monthly-send", Text: "Передавать акты без подтверждения может разрешить только ответственный за сделку."}}
			}
		}
		p.SetBy, p.SetAt = v.UserName, s.now()
		c, err := s.calendar.ScheduleOf(ctx, tx)
		if err != nil {
			return err
		}
		done, err := tx.Plans().Runs(ctx, deal)
		if err != nil {
			return err
		}
		p.NextMonth = firstMonth(p.Rule, c, s.now(), done)
		if err := confirmFirstAct(&p, f.First, c, s.now()); err != nil {
			return err
		}
		p.CheckAt = nextCheck(p, c, s.now())
		if err := tx.Plans().Save(ctx, p); err != nil {
			return err
		}
		text := "Акт по сделке формируется каждый месяц: " + DayWords(p.Rule.Day) + "."
		if p.Sender != 0 {
			text += " Передавать в СБИС без подтверждения разрешил(а) " + p.SenderName + "."
		}
		return s.history.Comment(ctx, tx, deal, text+" Указал(а) "+v.UserName+".")
	})
	s.wake()
	return err
}

// StopPlan switches the monthly acts of a deal off. Acts that exist stay.
func (s *Service) StopPlan(ctx context.Context, v workflow.Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if _, err := tx.Deals().Lock(ctx, deal); err != nil {
			return err
		}
		p, ok, err := tx.Plans().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if !ok || !p.Enabled {
			return acts.Errorf(acts.Conflict, "Ежемесячные акты уже выключены. Обновите страницу.")
		}
		p.Enabled, p.Stopped, p.SetBy, p.SetAt = false, "", v.UserName, s.now()
		p.Sender, p.SenderName, p.AllowedAt = 0, "", time.Time{}
		if err := tx.Plans().Save(ctx, p); err != nil {
			return err
		}
		return s.history.Comment(ctx, tx, deal, "Ежемесячные акты по сделке выключены. Выключил(а) "+v.UserName+".")
	})
	s.wake()
	return err
}

// RepeatMonth forms the act of a month again that was refused or for which nothing was left.
func (s *Service) RepeatMonth(ctx context.Context, v workflow.Visit, deal acts.DealID, month time.Time) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		done, err := tx.Plans().Runs(ctx, deal)
		if err != nil {
			return err
		}
		for _, r := range done {
			if !r.Month.Equal(month) || r.State != plans.Refused && r.State != plans.Nothing {
				continue
			}
			from := r.State
			r.State, r.Problem, r.At = plans.Queued, "", s.now()
			if err := tx.Plans().SetRun(ctx, from, r); err != nil {
				return err
			}
			return queue.Enqueue(ctx, tx, task.FormMonthly(deal))
		}
		return acts.Errorf(acts.Conflict, "Этот месяц уже обработан. Обновите страницу.")
	})
	s.wake()
	return err
}

// stopReason returns why a deal gets no more monthly acts, "" when it still gets them.
func stopReason(d store.Deal) string {
	switch {
	case d.Deleted:
		return "Сделка удалена."
	case d.Semantics == "F":
		return "Сделка проиграна."
	}
	return ""
}

// DayWords returns the working day of a rule: «в 3-й рабочий день месяца».
func DayWords(day int) string {
	if day == 0 {
		return "в последний рабочий день месяца"
	}
	return "в " + strconv.Itoa(day) + "-й рабочий день месяца"
}

// due returns when the act of a month is to be formed: at the beginning of the working day.
func due(r period.Rule, c workflow.Schedule, month time.Time) time.Time {
	return c.Days.Start(r.FormingDay(c.Days, month), c.Zone)
}

// firstMonth returns the first month of a new or changed plan: the current one until its day is over, unless it has had its run, else the next.
func firstMonth(r period.Rule, c workflow.Schedule, now time.Time, done []plans.Run) time.Time {
	today := workflow.DayIn(now, c.Zone)
	month := period.Month(today)
	if r.FormingDay(c.Days, month).Before(today) {
		month = month.AddDate(0, 1, 0)
	}
	for _, run := range done {
		if !run.Month.Before(month) {
			month = run.Month.AddDate(0, 1, 0)
		}
	}
	return month
}

// confirmFirstAct refuses a plan whose first act would be formed today, unless a person has chosen that, or to begin with the next month.
func confirmFirstAct(p *plans.Plan, answer string, c workflow.Schedule, now time.Time) error {
	if !NextDay(*p, c).Equal(workflow.DayIn(now, c.Zone)) || answer == FirstToday {
		return nil
	}
	from, _ := p.Rule.Period(p.NextMonth)
	if answer != FirstLater {
		return acts.Faults{{Field: "monthly-first", Text: "Сегодня выбранный день: первый акт, за " + MonthWords(from) + ", будет сформирован сегодня. Выберите, формировать ли его."}}
	}
	p.NextMonth = p.NextMonth.AddDate(0, 1, 0)
	return nil
}

// FirstDay returns the day on which a plan with a rule, switched on now, forms its first act.
func FirstDay(r period.Rule, c workflow.Schedule, now time.Time, done []plans.Run) time.Time {
	return r.FormingDay(c.Days, firstMonth(r, c, now, done))
}

// nextCheck returns when to look at a plan again: when its act is due, but within a day, because the calendar may change before.
func nextCheck(p plans.Plan, c workflow.Schedule, now time.Time) time.Time {
	at := due(p.Rule, c, p.NextMonth)
	if day := now.Add(24 * time.Hour); at.After(day) {
		return day
	}
	return at
}

// NextDay returns the day on which the next act of a plan is formed.
func NextDay(p plans.Plan, c workflow.Schedule) time.Time {
	return p.Rule.FormingDay(c.Days, p.NextMonth)
}
