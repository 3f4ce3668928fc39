package edo

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// withdraw deletes our unsigned documents at SBIS: those that the act no longer uses, and the one that is withdrawn.
// Documents that have left by then are reported by the next poll.
func (s *Service) withdraw(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Acts().Get(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	own, err := scope.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return err
	}
	at := workflow.Account{Portal: t.Portal, ID: own.AccountID}
	if own.AccountID != 0 {
		if act, err = s.settleReplaced(ctx, at, act); err != nil {
			return err
		}
	}
	doc, ok, err := scope.Documents().Live(ctx, act.ID)
	if err != nil {
		return err
	}
	if !ok || act.Delivery != acts.DeliveryWithdrawing {
		s.queue.Done(ctx, t)
		return nil
	}
	if err := queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease); err != nil {
		return err
	}
	err = s.edo.Delete(ctx, at, doc.ID)
	if err != nil && !errors.Is(err, acts.Refused) {
		return err
	}
	refused := acts.Message(err)
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return s.storeWithdrawal(ctx, tx, t, doc.ID, refused) })
}

// storeWithdrawal stores that a document was deleted at SBIS, or with a text in refused that it could not be.
func (s *Service) storeWithdrawal(ctx context.Context, tx store.Tx, t queue.Task, document, refused string) error {
	doc, _, err := tx.Documents().Lock(ctx, document)
	if err != nil {
		return err
	}
	act, err := tx.Acts().Lock(ctx, doc.Act)
	if err != nil {
		return err
	}
	to, note, text := acts.DeliveryNone, "", "Документ отозван из СБИС, акт можно изменить и передать заново"
	if refused != "" {
		to, note, text = acts.DeliveryWaitingSignature, "СБИС не дал отозвать документ: "+refused, "Документ не отозван"
	} else {
		doc.Live, doc.Gone, doc.ChangedAt = false, true, s.now()
		if err := tx.Documents().Save(ctx, doc); err != nil {
			return err
		}
	}
	if act.Delivery == acts.DeliveryWithdrawing {
		if err := tx.Acts().SetDelivery(ctx, act, to, note); err != nil {
			return err
		}
		e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "withdrawn", Text: workflow.WithReason(text, refused),
			Changes: history.DeliveryChange(act.Delivery, to)}
		if err := s.history.RecordEvent(ctx, tx, e, act.Deal, refused != ""); err != nil {
			return err
		}
		act.Delivery, act.DeliveryNote = to, note
		if err := s.annulNow(ctx, tx, act, refused == ""); err != nil {
			return err
		}
		if err := s.calendar.UpdateReminders(ctx, tx, act.ID); err != nil {
			return err
		}
	}
	return queue.Done(ctx, tx, t)
}

// annulNow annuls an act as requested as soon as its document is out of SBIS, or drops the request when the document
// stays there.
func (s *Service) annulNow(ctx context.Context, tx store.Tx, act acts.Act, out bool) error {
	if act.AnnulAfter == "" {
		return nil
	}
	if err := tx.Acts().SetAnnulAfter(ctx, act.ID, ""); err != nil || !out {
		return err
	}
	line, err := tx.Acts().LastEvent(ctx, act.ID, "taken_back") // its author has asked for the annulment
	if err != nil {
		return err
	}
	line = store.ActEvent{Actor: string(acts.ActorPerson), User: line.User, UserName: line.UserName, Source: line.Source,
		Kind: string(acts.EventAnnulment), Text: workflow.WithReason(acts.StatusAnnulled.Label(), act.AnnulAfter)}
	return s.acts.Annulled(ctx, tx, act, line, act.AnnulAfter)
}
