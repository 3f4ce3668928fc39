package workflow

import (
	"context"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
)

// EditAct rebuilds a draft from the form. Its number stays, and with it the company and the year of the number.
func (s *Acts) EditAct(ctx context.Context, v Visit, id acts.ActID, f ActForm) error {
	deal, err := s.DealOf(ctx, v.Portal, id)
	if err != nil {
		return err
	}
	if f.Send {
		if err := s.deals.refetchDeal(ctx, v, deal); err != nil {
			return err
		}
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		act, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		if err := act.MayEdit(); err != nil {
			return err
		}
		period, err := s.period(ctx, tx.Scope, act.OwnCompany)
		if err != nil {
			return err
		}
		if err := period.MayChange(act, "изменить акт"); err != nil {
			return err
		}
		edited, err := s.edited(ctx, tx, act, d.Without(act), f)
		if err != nil {
			return err
		}
		if err := tx.Acts().Edit(ctx, edited, s.now()); err != nil {
			return err
		}
		line := v.Event(id, "edited", "Акт изменён")
		if line.Changes = history.Between(act, edited); len(line.Changes) == 0 {
			line.Text = "Акт сохранён без изменений"
		}
		if err := s.history.RecordEvent(ctx, tx, line, act.Deal, false); err != nil {
			return err
		}
		if f.Send {
			if edited, err = tx.Acts().Lock(ctx, id); err != nil {
				return err
			}
			return s.HandOverTx(ctx, tx, v, edited)
		}
		return s.calendar.UpdateReminders(ctx, tx, id)
	})
	s.wake()
	return s.logClosedAttempt(ctx, v, err)
}

// DealOf returns the deal of an act: deals are locked before their acts.
func (s *Acts) DealOf(ctx context.Context, portal acts.PortalID, id acts.ActID) (acts.DealID, error) {
	act, err := s.db.Scope(portal).Acts().Get(ctx, id)
	return act.Deal, err
}

// edited returns the act as the form describes it.
func (s *Acts) edited(ctx context.Context, tx store.Tx, act acts.Act, d store.Deal, f ActForm) (acts.Act, error) {
	own, err := s.ownCompany(ctx, tx, f.Own)
	if err != nil {
		return act, err
	}
	own.Manual = own.Manual && act.Number == "" && !act.Correction.IsSet() // otherwise the form does not ask for it
	f.Correction = act.Correction
	today, err := s.calendar.today(ctx, tx.Scope)
	if err != nil {
		return act, err
	}
	edited, err := f.Parse(d, own, today)
	if err != nil {
		return act, err
	}
	faults := keptByCorrection(act, edited)
	if act.Number != "" && edited.OwnCompany != act.OwnCompany {
		faults.Add("own", "Номер %s присвоен другой нашей организации. Аннулируйте акт и сформируйте новый.", act.Number)
	}
	if act.Number != "" && edited.Date.Year() != act.Date.Year() {
		faults.Add("date", "Номер %s присвоен в %d году. Оставьте дату в этом году.", act.Number, act.Date.Year())
	}
	edited.ID, edited.Number, edited.Item = act.ID, act.Number, act.Item
	edited.Responsible, edited.Corrects, edited.CopyOf = act.Responsible, act.Corrects, act.CopyOf
	edited.Delivery = act.Delivery
	if edited.Medium == acts.MediumPaper {
		edited.Delivery = acts.DeliveryNone
	}
	if err := faults.Err(); err != nil {
		return edited, err
	}
	return edited, CheckDateAndNumber(ctx, tx.Scope, edited, own)
}
