package monthly

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store"
	"acts24/workflow"
)

// Request is what an act formed without a person shall be. Everything else is as the tab of the deal suggests it.
type Request struct {
	Key      string        // UUID; one key makes one act
	Date     time.Time     // of the act; zero for today
	From, To time.Time     // of the service; zero for what the tab suggests
	Covers   period.Covers // the month of an act formed now, instead of From, To and Date; "" for none

	// Quantities are the quantities by rows; without any, the act takes the whole remainder.
	Quantities map[acts.RowID]decimal.Decimal
}

// ErrNothingLeft is the refusal to form an act of a deal that is covered.
var ErrNothingLeft = acts.Errorf(acts.Conflict, "В сделке не осталось неоформленных услуг.")

// FormNext forms the next act of a deal as a draft, filled in as the last one. It is for robots and monthly plans: the deal must be up to date,
// and v names in the history who requested the act. What is missing is an error of a kind that a person can read (acts.Faults, acts.Conflict).
func (s *Service) FormNext(ctx context.Context, v workflow.Visit, deal acts.DealID, r Request) (acts.ActID, error) {
	scope := s.db.Scope(v.Portal)
	if done, err := scope.Acts().OfForm(ctx, r.Key); err != nil || done != 0 {
		return done, err
	}
	details, err := scope.Deals().Details(ctx, deal)
	if err != nil {
		return 0, err
	}
	if why := stopReason(details.Deal); why != "" {
		return 0, acts.Errorf(acts.Conflict, "%s", why)
	}
	if len(details.Own) == 0 {
		return 0, acts.Errorf(acts.Invalid, "В портале нет нашей организации: её добавляет администратор.")
	}
	zone, err := s.calendar.Zone(ctx, scope)
	if err != nil {
		return 0, err
	}
	f := workflow.Suggest(details, s.now().In(zone))
	f.Key = r.Key
	if r.Covers != "" {
		rule, today := period.Rule{Covers: r.Covers}, workflow.DayIn(s.now(), zone)
		r.From, r.To = rule.Period(today)
		r.Date = rule.Date(today, today)
	}
	if !r.Date.IsZero() {
		f.Date = r.Date.Format(time.DateOnly)
	}
	if !r.From.IsZero() {
		f.From, f.To = r.From.Format(time.DateOnly), r.To.Format(time.DateOnly)
	}
	if len(details.Deal.Rows) > 0 {
		err = pick(f, details.Deal, r.Quantities)
	} else {
		err = s.repeatLines(ctx, scope, f, details)
	}
	if err != nil {
		return 0, err
	}
	return s.acts.FormAct(ctx, v, deal, *f)
}

// pick chooses the rows of the act. It takes what is left of a row when that is less than requested.
func pick(f *workflow.ActForm, d store.Deal, quantities map[acts.RowID]decimal.Decimal) error {
	if len(quantities) > 0 {
		for _, r := range d.Rows {
			part := decimal.Min(quantities[r.ID], r.Remainder())
			one := f.Picks[r.ID]
			one.On, one.Quantity = part.IsPositive(), words(part)
			f.Picks[r.ID] = one
		}
	}
	for _, one := range f.Picks {
		if one.On {
			return nil
		}
	}
	return ErrNothingLeft
}

// shortages lists the rows of which an act has less than was requested, in words.
func shortages(a acts.Act, d store.Deal, quantities map[acts.RowID]decimal.Decimal) (list []string) {
	for _, row := range slices.Sorted(maps.Keys(quantities)) {
		want, has, name := quantities[row], decimal.Zero, "позиции, которой в сделке больше нет"
		for _, l := range a.Lines {
			if l.Row == row {
				has = has.Add(l.Quantity)
			}
		}
		for _, r := range d.Rows {
			if r.ID == row {
				name = "«" + r.Name + "»"
			}
		}
		if has.LessThan(want) {
			list = append(list, name+" — "+words(has)+" вместо "+words(want))
		}
	}
	return list
}

func words(q decimal.Decimal) string { return strings.Replace(q.String(), ".", ",", 1) }

// repeatLines fills the act of a deal without rows with the lines of its last act. The acts never exceed the sum of the deal: ExcessQuestion of
// the form refuses more.
func (s *Service) repeatLines(ctx context.Context, scope store.Scope, f *workflow.ActForm, details store.DealDetails) error {
	d := details.Deal
	if d.IsClosed() || d.Amount > 0 && d.ActSum >= d.Amount {
		return ErrNothingLeft
	}
	if f.Repeated == nil {
		return nil
	}
	last, err := scope.Acts().Get(ctx, f.Repeated.Act.ID)
	if err != nil {
		return err
	}
	f.Free = workflow.FormOf(last, d).Free
	return nil
}
