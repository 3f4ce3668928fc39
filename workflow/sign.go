package workflow

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// unsigned is an act whose document waits in the cabinet for what was set to sign it.
type unsigned struct {
	act acts.Act
	doc store.EDODocument
	own store.OwnCompany
}

// sign has SBIS sign and send the document of an act with the key that it holds, or puts the document before our signer. It is
// executed once: after an unclear end the document is read first, and what has left the draft is not executed again
// (contracts/sbis.md 2.3).
func (s *Service) sign(ctx context.Context, t store.Task) error {
	u, waits, err := s.toSign(ctx, t)
	if err != nil {
		return err
	}
	if !waits {
		s.finish(ctx, t, delivery{}, Result{})
		return nil
	}
	at := Account{t.Portal, u.own.AccountID}
	if t.Unclear {
		if r, err := s.edo.Read(ctx, at, u.doc.ID); err == nil && !r.Draft() {
			return s.signed(ctx, t, u, r)
		} else if err != nil && !errors.Is(err, acts.NotFound) {
			return err
		}
	}
	key := ""
	if u.doc.Signing == acts.SignByService {
		if why := u.own.Key.Fault(u.own.Party, u.act.Signer, powerOf(u.own, u.act.Signer), s.now()); why != "" {
			return s.notSigned(ctx, t, u.act.ID, why)
		}
		key = u.own.Key.Thumbprint
	}
	if err := s.db.HoldTasks(ctx, []store.Task{t}, s.timing.Lease); err != nil {
		return err
	}
	r, err := s.edo.Sign(ctx, at, u.doc.ID, key)
	switch {
	case errors.Is(err, acts.NotFound): // deleted meanwhile: the list of changes tells how
		s.finish(ctx, t, delivery{}, Result{})
		return nil
	case errors.Is(err, acts.Refused):
		return s.notSigned(ctx, t, u.act.ID, acts.Sentence(err))
	case err != nil:
		return err
	}
	return s.signed(ctx, t, u, r)
}

// toSign reads what a task is about; waits is false when a person has signed it or taken it back meanwhile.
func (s *Service) toSign(ctx context.Context, t store.Task) (u unsigned, waits bool, err error) {
	scope := s.db.Scope(t.Portal)
	if u.act, err = scope.Act(ctx, acts.ActID(t.Subject)); err != nil {
		return u, false, err
	}
	if u.doc, waits, err = scope.LiveDocument(ctx, u.act.ID); err != nil {
		return u, false, err
	}
	if u.own, err = scope.OwnCompany(ctx, u.act.OwnCompany); err != nil {
		return u, false, err
	}
	return u, waits && u.act.Delivery == acts.WaitingSignature && u.doc.StateCode != waitsForSigner, nil
}

// waitsForSigner is the state of a document that was put before our signer (contracts/sbis.md 3).
const waitsForSigner = 23

// signed keeps what SBIS says of a document whose action was executed.
func (s *Service) signed(ctx context.Context, t store.Task, u unsigned, r Report) error {
	err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if _, err := s.apply(ctx, tx, r); err != nil {
			return err
		}
		if r.Code == waitsForSigner {
			e := store.ActEvent{Act: u.act.ID, Actor: string(acts.ByOperator), Kind: "put_forward",
				Text: "Документ передан на подписание. " + acts.WhoSigns(acts.SignDeferred, u.act.Signer, u.own.Key.Certificate)}
			if err := s.tell(ctx, tx, e, u.act.Deal, false); err != nil {
				return err
			}
		}
		if err := tx.WakeFeed(ctx, u.act.OwnCompany); err != nil {
			return err
		}
		return tx.DoneTask(ctx, t)
	})
	if err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", ErrUnclear, err) // it is signed, and we do not know it
	}
	return err
}

// notSigned leaves the document in the cabinet, where a person may sign it, and tells why the service did not.
func (s *Service) notSigned(ctx context.Context, t store.Task, id acts.ActID, why string) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		act, err := tx.LockAct(ctx, id)
		if err != nil {
			return err
		}
		if act.Delivery == acts.WaitingSignature {
			note := withReason("Документ не подписан", why) + " Подпишите его в кабинете СБИС, или отзовите и передайте заново."
			if err := tx.SetDelivery(ctx, act, acts.WaitingSignature, note); err != nil {
				return err
			}
			e := store.ActEvent{Act: act.ID, Actor: string(acts.ByOperator), Kind: "not_signed", Text: note}
			if err := s.tell(ctx, tx, e, act.Deal, true); err != nil {
				return err
			}
		}
		return tx.DoneTask(ctx, t)
	})
}

// powerOf is the machine-readable power of attorney of whoever signs an act, empty when he is not our company's signer.
func powerOf(own store.OwnCompany, signer acts.Signer) acts.Power {
	if own.Signer.FullName() != signer.FullName() {
		return acts.Power{}
	}
	return own.Power
}
