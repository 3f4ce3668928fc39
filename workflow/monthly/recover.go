package monthly

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"acts24/acts"
	"acts24/acts/period"
	"acts24/store"
	"acts24/store/plans"
	"acts24/store/recovery"
	"acts24/workflow"
)

// Recover finds the months of monthly plans whose act was formed after the backup was made. A month whose act cannot be distinguished from other acts
// that the backup lacks is left to a person.
func (s *Service) Recover(ctx context.Context, portal acts.PortalID, found *recovery.Findings) error {
	lost := found.LostActs()
	for _, deal := range slices.Sorted(maps.Keys(lost)) {
		err := recovery.InTx(ctx, s.db, portal, found, func(tx store.Tx) error { return s.recoverMonths(ctx, tx, deal, lost[deal], found) })
		if err != nil {
			return fmt.Errorf("monthly acts of deal %d: %w", deal, err)
		}
	}
	return nil
}

// recoverMonths settles the months of a deal that are due or were queued: each that has an act among the lost ones is done, the others wait for a
// person while lost acts are left that may be theirs. AddRun of ProcessDue skips what is settled here.
func (s *Service) recoverMonths(ctx context.Context, tx store.Tx, deal acts.DealID, lost []*recovery.LostAct, found *recovery.Findings) error {
	p, ok, err := tx.Plans().Lock(ctx, deal)
	if err != nil || !ok || !p.Enabled {
		return err
	}
	c, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	months, err := s.openMonths(ctx, tx, p, c)
	if err != nil {
		return err
	}
	left := slices.Clone(lost)
	var unclear []time.Time
	for _, month := range months {
		at := slices.IndexFunc(left, func(a *recovery.LostAct) bool { return isOf(*a, p.Rule, c, month) })
		if at < 0 {
			unclear = append(unclear, month)
			continue
		}
		act := left[at]
		left = slices.Delete(left, at, at+1)
		found.AddDone("act %d is the monthly act of deal %d for %s: the month is not formed again", act.ID, deal, month.Format("2006-01"))
		run := plans.Run{State: plans.Formed, Act: act.ID}
		if !act.Back {
			run = plans.Run{State: plans.Refused, Problem: "Акт за этот месяц есть в CRM («" + act.Title + "»), но из копии базы его восстановить не удалось."}
		}
		if err := s.settle(ctx, tx, deal, month, run); err != nil {
			return err
		}
	}
	if len(left) == 0 {
		return nil
	}
	for _, month := range unclear {
		found.AddToDo("act %d «%s» of deal %d may be the monthly act for %s, which is therefore not formed: a person who knows that it is not presses «Повторить» in the plan of the deal",
			left[0].ID, left[0].Title, deal, month.Format("2006-01"))
		problem := "База восстановлена из копии, в которой не было «" + left[0].Title + "». Если это акт не за этот месяц, нажмите «Повторить»."
		if err := s.settle(ctx, tx, deal, month, plans.Run{State: plans.Refused, Problem: problem}); err != nil {
			return err
		}
	}
	return nil
}

// openMonths lists the months of a plan whose acts are queued or due.
func (s *Service) openMonths(ctx context.Context, tx store.Tx, p plans.Plan, c workflow.Schedule) (months []time.Time, err error) {
	queued, err := tx.Plans().QueuedRuns(ctx, []acts.DealID{p.Deal})
	if err != nil {
		return nil, err
	}
	for _, r := range queued {
		months = append(months, r.Month)
	}
	for month := p.NextMonth; !due(p.Rule, c, month).After(s.now()); month = month.AddDate(0, 1, 0) {
		months = append(months, month)
	}
	return months, nil
}

// isOf reports whether an act is the one that a rule forms in a month: it has the period of the month, or, while its period is not known, the date.
func isOf(a recovery.LostAct, rule period.Rule, c workflow.Schedule, month time.Time) bool {
	if a.From.IsZero() {
		return a.Date.Equal(rule.Date(month, rule.FormingDay(c.Days, month)))
	}
	from, to := rule.Period(month)
	return a.From.Equal(from) && a.To.Equal(to)
}

// settle stores the result of a month.
func (s *Service) settle(ctx context.Context, tx store.Tx, deal acts.DealID, month time.Time, r plans.Run) error {
	if _, err := tx.Plans().AddRun(ctx, deal, month, s.now()); err != nil {
		return err
	}
	r.Deal, r.Month, r.At = deal, month, s.now()
	return tx.Plans().SetRun(ctx, plans.Queued, r)
}
