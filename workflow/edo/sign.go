package edo

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// unsigned is an act whose document waits in the account for its signature.
type unsigned struct {
	act acts.Act
	doc store.EDODocument
	own store.OwnCompany

	at  workflow.Account
	by  workflow.Step
	key string // thumbprint of the signing certificate, "" when our signer signs
}

// sign makes SBIS sign and send the document of an act with the key that it holds, or submits the document to our
// signer. The document is fetched first: a document that is no draft any more is not executed again, and the stage and
// its action have the names that the account gives them (docs/contracts/sbis.md, "Sending").
func (s *Service) sign(ctx context.Context, t queue.Task) error {
	u, waits, err := s.toSign(ctx, t)
	if err != nil {
		return err
	}
	if !waits {
		s.queue.Done(ctx, t)
		return nil
	}
	u.at = workflow.Account{Portal: t.Portal, ID: u.own.AccountID}
	r, err := s.read(ctx, u.at, u.doc)
	switch {
	case errors.Is(err, acts.NotFound): // deleted meanwhile: the list of changes reports it
		s.queue.Done(ctx, t)
		return nil
	case err != nil:
		return err
	case !r.IsDraft() || !untouched(r):
		return s.signed(ctx, t, u, r)
	case r.Step == nil:
		return s.notSigned(ctx, t, u.act.ID, "в СБИС у документа несколько этапов или этап без подписи, какой из них выполнить, решает человек.")
	}
	if u.doc.Signing == acts.SigningServer {
		if why := u.own.Key.Fault(u.own.Party, u.act.Signer, workflow.PowerOf(u.own, u.act.Signer), s.now()); why != "" {
			return s.notSigned(ctx, t, u.act.ID, why)
		}
		u.key = u.own.Key.Thumbprint
	}
	u.by = *r.Step
	r, err = s.execute(ctx, t, &u, r.Formal)
	switch {
	case errors.Is(err, acts.NotFound):
		s.queue.Done(ctx, t)
		return nil
	case errors.Is(err, acts.Refused):
		return s.notSigned(ctx, t, u.act.ID, acts.Message(err))
	case err != nil:
		return err
	}
	return s.signed(ctx, t, u, r)
}

// execute signs a document. A formal one is prepared first, any other when SBIS reports that the signature is
// missing; neither is prepared twice, which would leave nothing to send. A preparation with an unknown outcome counts
// as done until SBIS refuses to sign.
func (s *Service) execute(ctx context.Context, t queue.Task, u *unsigned, formal bool) (workflow.Report, error) {
	if formal && u.doc.Prepared == store.NotPrepared {
		if err := s.prepareSigning(ctx, t, u); err != nil {
			return workflow.Report{}, err
		}
	}
	for {
		if err := queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease); err != nil {
			return workflow.Report{}, err
		}
		r, err := s.edo.Sign(ctx, u.at, u.doc.ID, u.by, u.key)
		r.SeenBefore = u.doc.LastEvent
		if !errors.Is(err, workflow.ErrUnprepared) || u.doc.Prepared == store.PreparedForSign {
			return r, err
		}
		if err := s.prepareSigning(ctx, t, u); err != nil {
			return workflow.Report{}, err
		}
	}
}

// prepareSigning makes SBIS prepare the signature of a document; the request is recorded before the call.
func (s *Service) prepareSigning(ctx context.Context, t queue.Task, u *unsigned) error {
	keep := func(p store.Prepared) error {
		u.doc.Prepared = p
		return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return tx.Documents().SetPrepared(ctx, u.doc.ID, p) })
	}
	if err := keep(store.PreparationRequested); err != nil {
		return err
	}
	if err := queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease); err != nil {
		return err
	}
	by, err := s.edo.Prepare(ctx, u.at, u.doc.ID, u.by, u.key)
	switch {
	case errors.Is(err, workflow.ErrUnclear):
		return err
	case err != nil: // it was certainly not prepared
		return errors.Join(err, keep(store.NotPrepared))
	}
	u.by = by
	return keep(store.PreparedForSign)
}

// toSign reads the document of a task; waits is false when a person has signed or withdrawn it meanwhile.
func (s *Service) toSign(ctx context.Context, t queue.Task) (u unsigned, waits bool, err error) {
	scope := s.db.Scope(t.Portal)
	if u.act, err = scope.Acts().Get(ctx, acts.ActID(t.Subject)); err != nil {
		return u, false, err
	}
	if u.doc, waits, err = scope.Documents().Live(ctx, u.act.ID); err != nil {
		return u, false, err
	}
	if u.own, err = scope.Companies().Get(ctx, u.act.OwnCompany); err != nil {
		return u, false, err
	}
	return u, waits && u.act.Delivery == acts.DeliveryWaitingSignature && u.doc.Phase != acts.PhaseWaitingSignature, nil
}

// signed stores the state of a document whose action was executed.
func (s *Service) signed(ctx context.Context, t queue.Task, u unsigned, r workflow.Report) error {
	err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.apply(ctx, tx, r); err != nil {
			return err
		}
		if r.Phase == acts.PhaseWaitingSignature {
			e := store.ActEvent{Act: u.act.ID, Actor: string(acts.ActorOperator), Kind: "put_forward",
				Text: "Документ передан на подписание. " + acts.WhoSigns(acts.SigningDeferred, u.act.Signer, u.own.Key.Certificate)}
			if err := s.history.RecordEvent(ctx, tx, e, u.act.Deal, false); err != nil {
				return err
			}
		}
		if err := queue.WakeFeed(ctx, tx, u.act.OwnCompany); err != nil {
			return err
		}
		return queue.Done(ctx, tx, t)
	})
	if err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", workflow.ErrUnclear, err) // it is signed, but that is not recorded
	}
	return err
}

// notSigned leaves the document in the account, where a person may sign it, and records why the service did not.
func (s *Service) notSigned(ctx context.Context, t queue.Task, id acts.ActID, why string) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		if act.Delivery == acts.DeliveryWaitingSignature {
			note := workflow.WithReason("Документ не подписан", why) + " Подпишите его в кабинете СБИС, или отзовите и передайте заново."
			if err := tx.Acts().SetDelivery(ctx, act, acts.DeliveryWaitingSignature, note); err != nil {
				return err
			}
			e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "not_signed", Text: note}
			if err := s.history.RecordEvent(ctx, tx, e, act.Deal, true); err != nil {
				return err
			}
		}
		return queue.Done(ctx, tx, t)
	})
}
