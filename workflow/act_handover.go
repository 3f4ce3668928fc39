package workflow

import (
	"context"
	"strings"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// HandOver queues an act for delivery to the operator. The status changes when SBIS reports it.
func (s *Acts) HandOver(ctx context.Context, v Visit, id acts.ActID) error {
	if err := s.deals.RefetchDealOfAct(ctx, v, id); err != nil {
		return err
	}
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		return s.HandOverTx(ctx, tx, v, act)
	})
	s.wake()
	return s.logClosedAttempt(ctx, v, err)
}

// CheckHandOver refuses an act that cannot be handed over now, with the reasons. It returns our company, and the act
// with the requisites that its document will carry.
func (s *Acts) CheckHandOver(ctx context.Context, r store.Scope, act acts.Act) (store.OwnCompany, acts.Act, error) {
	if err := act.MayHandOver(); err != nil {
		return store.OwnCompany{}, act, err
	}
	own, err := r.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return own, act, err
	}
	if err := own.ClosedPeriod().MayIssue(act, "передать акт в СБИС"); err != nil {
		return own, act, err
	}
	if act, err = withCurrentParties(ctx, r, act, own); err != nil {
		return own, act, err
	}
	ready, err := s.readiness(ctx, r, act, own)
	if err != nil {
		return own, act, err
	}
	return own, act, unmetChecks(ready.Check())
}

// HandOverTx is HandOver within a transaction.
func (s *Acts) HandOverTx(ctx context.Context, tx store.Tx, v Visit, act acts.Act) error {
	was := act
	own, act, err := s.CheckHandOver(ctx, tx.Scope, act)
	if err != nil {
		return err
	}
	if err := queue.Enqueue(ctx, tx, task.PutDocument(act.ID)); err != nil {
		return err
	}
	if act, err = s.finalize(ctx, tx, act, own, acts.DeliveryQueued); err != nil { // late: it locks the numbers of the company until the commit
		return err
	}
	line := v.Event(act.ID, "handed_over", "Передаётся в СБИС")
	line.Changes = history.Between(was, act)
	return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
}

// unmetChecks turns failed checks into faults of the form; nil when nothing prevents the hand-over.
func unmetChecks(checks []acts.Check) error {
	var faults acts.Faults
	for _, c := range checks {
		if !c.OK && !c.Open {
			faults.Add("presend", "%s: %s", c.Title, strings.TrimSpace(c.Text))
		}
	}
	return faults.Err()
}

// TakeBack withdraws a document that waits for our signature; the act may then be edited and handed over again.
func (s *Acts) TakeBack(ctx context.Context, v Visit, id acts.ActID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		return s.takeBackTx(ctx, tx, v, act)
	})
	s.wake()
	return err
}

func (s *Acts) takeBackTx(ctx context.Context, tx store.Tx, v Visit, act acts.Act) error {
	if err := act.MayTakeBack(); err != nil {
		return err
	}
	if err := tx.Acts().SetDelivery(ctx, act, acts.DeliveryWithdrawing, ""); err != nil {
		return err
	}
	line := v.Event(act.ID, "taken_back", "Документ отзывается из СБИС")
	line.Changes = history.DeliveryChange(act.Delivery, acts.DeliveryWithdrawing)
	if err := s.history.RecordEvent(ctx, tx, line, act.Deal, false); err != nil {
		return err
	}
	if err := queue.Enqueue(ctx, tx, task.WithdrawDocument(act.ID)); err != nil {
		return err
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// CheckNow polls SBIS at once for the act's organisation.
func (s *Acts) CheckNow(ctx context.Context, v Visit, id acts.ActID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.Acts().Get(ctx, id)
		if err != nil {
			return err
		}
		return queue.WakeFeed(ctx, tx, act.OwnCompany)
	})
	s.wake()
	return err
}

// PowerOf returns the machine-readable power of attorney of the act's signer, empty when he is not the company's usual
// signer.
func PowerOf(own store.OwnCompany, signer acts.Signer) acts.PowerOfAttorney {
	if own.Signer.FullName() != signer.FullName() {
		return acts.PowerOfAttorney{}
	}
	return own.Power
}
