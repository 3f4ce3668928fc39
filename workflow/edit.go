package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
)

// EditAct makes a draft anew out of the form. Its number stays, and with it the company and the year it was taken in.
func (s *Service) EditAct(ctx context.Context, v Visit, id acts.ActID, f ActForm) error {
	deal, err := s.dealOf(ctx, v.Portal, id)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.LockDeal(ctx, deal)
		if err != nil {
			return err
		}
		act, err := tx.LockAct(ctx, id)
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
		edited, err := s.edited(ctx, tx, act, Without(d, act), f)
		if err != nil {
			return err
		}
		if err := tx.EditAct(ctx, edited, s.now()); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, v.event(id, "edited", "Акт изменён"), act.Deal, false); err != nil {
			return err
		}
		if f.Send {
			if edited, err = tx.LockAct(ctx, id); err != nil {
				return err
			}
			return s.handOver(ctx, tx, v, edited)
		}
		return s.schedule(ctx, tx, id)
	})
	s.wake()
	return s.logClosed(ctx, v, err)
}

// dealOf finds the deal of an act: deals are locked before their acts.
func (s *Service) dealOf(ctx context.Context, portal acts.PortalID, id acts.ActID) (acts.DealID, error) {
	act, err := s.db.Scope(portal).Act(ctx, id)
	return act.Deal, err
}

// edited is the act as the form wants it.
func (s *Service) edited(ctx context.Context, tx store.Tx, act acts.Act, d store.Deal, f ActForm) (acts.Act, error) {
	own, err := s.ownCompany(ctx, tx, f.Own)
	if err != nil {
		return act, err
	}
	own.Manual = own.Manual && act.Number == "" // else the form does not ask for it
	edited, err := f.parse(d, own, s.now())
	if err != nil {
		return act, err
	}
	var faults acts.Faults
	if act.Number != "" && edited.OwnCompany != act.OwnCompany {
		faults.Add("own", "Номер %s присвоен другой нашей организации. Аннулируйте акт и сформируйте новый.", act.Number)
	}
	if act.Number != "" && edited.Date.Year() != act.Date.Year() {
		faults.Add("date", "Номер %s присвоен в %d году. Оставьте дату в этом году.", act.Number, act.Date.Year())
	}
	edited.ID, edited.Number, edited.Item = act.ID, act.Number, act.Item
	edited.Responsible, edited.Corrects, edited.CopyOf = act.Responsible, act.Corrects, act.CopyOf
	edited.Delivery = act.Delivery
	if edited.Medium == acts.Paper {
		edited.Delivery = acts.NotHanded
	}
	if err := faults.Err(); err != nil {
		return edited, err
	}
	return edited, fits(ctx, tx.Scope, edited, own)
}
