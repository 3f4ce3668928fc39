package workflow

import (
	"context"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// HandOver queues an act for the operator. Its status stays: it changes when SBIS says so.
func (s *Service) HandOver(ctx context.Context, v Visit, id acts.ActID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.LockAct(ctx, id)
		if err != nil {
			return err
		}
		return s.handOver(ctx, tx, v, act)
	})
	s.wake()
	return s.logClosed(ctx, v, err)
}

// mayHandOver refuses an act that the operator cannot be given now, with the reasons. It returns our company of the act.
func (s *Service) mayHandOver(ctx context.Context, r store.Scope, act acts.Act) (own store.OwnCompany, err error) {
	if err := act.MayHandOver(); err != nil {
		return own, err
	}
	if own, err = r.OwnCompany(ctx, act.OwnCompany); err != nil {
		return own, err
	}
	if err := own.Period().MayIssue(act, "передать акт в СБИС"); err != nil {
		return own, err
	}
	ready, err := s.readiness(ctx, r, act, own)
	if err != nil {
		return own, err
	}
	if checks := ready.Check(); !acts.Green(checks) {
		return own, notReady(checks)
	}
	return own, nil
}

func (s *Service) handOver(ctx context.Context, tx store.Tx, v Visit, act acts.Act) error {
	own, err := s.mayHandOver(ctx, tx.Scope, act)
	if err != nil {
		return err
	}
	if err := s.tell(ctx, tx, v.event(act.ID, "handed_over", "Передаётся в СБИС"), act.Deal, false); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, TaskPut, int64(act.ID)); err != nil {
		return err
	}
	_, err = s.freeze(ctx, tx, act, own, acts.Queued) // last: until the commit nobody else gets a number of this company
	return err
}

// notReady turns failed checks into faults of the form.
func notReady(checks []acts.Check) error {
	var faults acts.Faults
	for _, c := range checks {
		if !c.OK && !c.Open {
			faults.Add("presend", "%s: %s", c.Title, strings.TrimSpace(c.Text))
		}
	}
	return faults.Err()
}

// TakeBack withdraws a document that waits for our signature; the act may then be edited and handed over again.
func (s *Service) TakeBack(ctx context.Context, v Visit, id acts.ActID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.LockAct(ctx, id)
		if err != nil {
			return err
		}
		return s.takeBack(ctx, tx, v, act)
	})
	s.wake()
	return err
}

func (s *Service) takeBack(ctx context.Context, tx store.Tx, v Visit, act acts.Act) error {
	if err := act.MayTakeBack(); err != nil {
		return err
	}
	if err := tx.SetDelivery(ctx, act, acts.Withdrawing, ""); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, v.event(act.ID, "taken_back", "Документ отзывается из СБИС"), act.Deal, false); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, TaskWithdraw, int64(act.ID)); err != nil {
		return err
	}
	return s.schedule(ctx, tx, act.ID)
}

// CheckNow has SBIS asked at once what happened to the act's organisation.
func (s *Service) CheckNow(ctx context.Context, v Visit, id acts.ActID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.Act(ctx, id)
		if err != nil {
			return err
		}
		return tx.WakeFeed(ctx, act.OwnCompany)
	})
	s.wake()
	return err
}

// MarkRow stores whether a row of the deal needs an act.
func (s *Service) MarkRow(ctx context.Context, v Visit, deal acts.DealID, row acts.RowID, needs bool) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.MarkRow(ctx, deal, row, needs); err != nil {
			return err
		}
		return tx.Enqueue(ctx, TaskStage, int64(deal))
	})
	s.wake()
	return err
}

// RefreshDeal reads a deal anew with the visitor's own token when our copy is older than Fresh.
// fresh tells that the copy was replaced; stale is a sentence for when the portal does not answer and the copy must do.
func (s *Service) RefreshDeal(ctx context.Context, v Visit, d store.Deal) (fresh bool, stale string, err error) {
	if d.Age < s.timing.Fresh || !v.TokenLives {
		return false, "", nil
	}
	p, err := s.db.Scope(v.Portal).PortalInfo(ctx)
	if err != nil {
		return false, "", err
	}
	token, err := v.Token()
	if err != nil {
		return false, "", err
	}
	since, err := s.db.Moment(ctx)
	if err != nil {
		return false, "", err
	}
	sight, err := s.crm.Look(ctx, p, token, Object{Deal: d.ID})
	if kind := acts.KindOf(err); kind == acts.Forbidden || kind == acts.NotFound {
		return false, "", err
	}
	if err != nil || sight.Deal == nil {
		s.log.WarnContext(ctx, "deal not re-read", "portal", v.Portal, "deal", d.ID, "err", err)
		return false, "Битрикс24 сейчас не отвечает, показаны данные, прочитанные раньше.", nil
	}
	return true, "", s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return s.saveCard(ctx, tx, *sight.Deal, since) })
}
