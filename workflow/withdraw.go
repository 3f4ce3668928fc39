package workflow

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
)

// withdraw deletes our unsigned document at SBIS. What has left by then is told by the next poll.
func (s *Service) withdraw(ctx context.Context, t store.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Act(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	if err := s.clean(ctx, t.Portal, act); err != nil {
		return err
	}
	doc, ok, err := scope.LiveDocument(ctx, act.ID)
	if err != nil {
		return err
	}
	if !ok || act.Delivery != acts.Withdrawing {
		s.finish(ctx, t, delivery{}, Result{})
		return nil
	}
	own, err := scope.OwnCompany(ctx, act.OwnCompany)
	if err != nil {
		return err
	}
	err = s.edo.Delete(ctx, Account{t.Portal, own.AccountID}, doc.ID)
	if err != nil && !errors.Is(err, acts.Refused) {
		return err
	}
	refused := acts.Sentence(err)
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return s.withdrawn(ctx, tx, t, doc.ID, refused) })
}

// clean deletes the unsigned documents that an act has left behind in the cabinet, so that nobody signs them.
func (s *Service) clean(ctx context.Context, portal acts.PortalID, act acts.Act) error {
	scope := s.db.Scope(portal)
	orphans, err := scope.OrphanDocuments(ctx, act.ID)
	if err != nil || len(orphans) == 0 {
		return err
	}
	own, err := scope.OwnCompany(ctx, act.OwnCompany)
	if err != nil || own.AccountID == 0 {
		return err
	}
	for _, doc := range orphans {
		if err := s.edo.Delete(ctx, Account{portal, own.AccountID}, doc.ID); err != nil {
			return err
		}
		doc.Gone, doc.ChangedAt = true, s.now()
		if err := s.db.InTx(ctx, portal, func(tx store.Tx) error { return tx.SaveDocument(ctx, doc) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) withdrawn(ctx context.Context, tx store.Tx, t store.Task, document, refused string) error {
	doc, _, err := tx.LockDocument(ctx, document)
	if err != nil {
		return err
	}
	act, err := tx.LockAct(ctx, doc.Act)
	if err != nil {
		return err
	}
	to, note, text := acts.NotHanded, "", "Документ отозван из СБИС, акт можно изменить и передать заново"
	if refused != "" {
		to, note, text = acts.WaitingSignature, "СБИС не дал отозвать документ: "+refused, "Документ не отозван"
	} else {
		doc.Live, doc.Gone, doc.ChangedAt = false, true, s.now()
		if err := tx.SaveDocument(ctx, doc); err != nil {
			return err
		}
	}
	if act.Delivery == acts.Withdrawing {
		if err := tx.SetDelivery(ctx, act, to, note); err != nil {
			return err
		}
		e := store.ActEvent{Act: act.ID, Actor: string(acts.ByOperator), Kind: "withdrawn", Text: withReason(text, refused)}
		if err := s.tell(ctx, tx, e, act.Deal, refused != ""); err != nil {
			return err
		}
		act.Delivery, act.DeliveryNote = to, note
		if err := s.annulNow(ctx, tx, act, refused == ""); err != nil {
			return err
		}
		if err := s.schedule(ctx, tx, act.ID); err != nil {
			return err
		}
	}
	return tx.DoneTask(ctx, t)
}

// annulNow keeps the promise to annul an act as soon as its document is out of SBIS, or drops it when it stays there.
func (s *Service) annulNow(ctx context.Context, tx store.Tx, act acts.Act, out bool) error {
	if act.AnnulAfter == "" {
		return nil
	}
	if err := tx.AnnulAfter(ctx, act.ID, ""); err != nil || !out {
		return err
	}
	line := store.ActEvent{Actor: string(acts.ByPerson), Kind: string(acts.Annulment), Text: withReason(acts.Annulled.Label(), act.AnnulAfter)}
	return s.annulled(ctx, tx, act, line, act.AnnulAfter)
}
