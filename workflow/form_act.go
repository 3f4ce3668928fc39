package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
)

// FormAct makes a draft act of a deal, and hands it over at once when the form says so. The same
// form gives the same act however often it comes. Faults are told each at its field.
func (s *Service) FormAct(ctx context.Context, v Visit, deal acts.DealID, f ActForm) (acts.ActID, error) {
	var id acts.ActID
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.LockDeal(ctx, deal)
		if err != nil {
			return err
		}
		if done, err := s.formed(ctx, tx, f); err != nil || done != 0 {
			id = done
			return err
		}
		own, err := s.ownCompany(ctx, tx, f.Own)
		if err != nil {
			return err
		}
		act, err := f.parse(d, own, s.now())
		if err != nil {
			return err
		}
		if err := fits(ctx, tx.Scope, act, own); err != nil {
			return err
		}
		act.CreatedBy, act.CreatedAt = v.User, s.now()
		id, err = s.addAct(ctx, tx, v, f, act)
		return err
	})
	if errors.Is(err, acts.Conflict) {
		if done, found := s.formed(ctx, s.db.Scope(v.Portal), f); found == nil && done != 0 {
			return done, nil
		}
	}
	if err != nil {
		return 0, s.logClosed(ctx, v, err)
	}
	s.wake()
	return id, nil
}

// fits refuses an act whose date is closed, or whose typed number another act has.
func fits(ctx context.Context, r store.Scope, act acts.Act, own store.OwnCompany) error {
	if err := own.Period().MayDate(act.ID, act.Date); err != nil {
		return err
	}
	if act.Wanted == "" || act.Number != "" {
		return nil
	}
	return typedNumber(ctx, r, act, act.Wanted)
}

type formReader interface {
	ActOfForm(ctx context.Context, form string) (acts.ActID, error)
}

// formed finds the act that this form has made already.
func (s *Service) formed(ctx context.Context, r formReader, f ActForm) (acts.ActID, error) {
	if len(f.Key) != 36 {
		return 0, nil
	}
	return r.ActOfForm(ctx, f.Key)
}

func (s *Service) ownCompany(ctx context.Context, tx store.Tx, id acts.CompanyID) (store.OwnCompany, error) {
	if id == 0 {
		return store.OwnCompany{}, acts.Faults{{Field: "own", Text: "Выберите нашу организацию."}}
	}
	return tx.OwnCompany(ctx, id)
}

func (s *Service) addAct(ctx context.Context, tx store.Tx, v Visit, f ActForm, act acts.Act) (acts.ActID, error) {
	id, err := tx.AddAct(ctx, f.Key, act)
	if err != nil {
		return 0, err
	}
	if err := tx.DropWish(ctx, act.Deal); err != nil {
		return 0, err
	}
	if err := tx.ChooseOwnCompany(ctx, act.Deal, act.OwnCompany); err != nil {
		return 0, err
	}
	if err := s.tell(ctx, tx, v.event(id, "created", "Акт сформирован"), act.Deal, false); err != nil {
		return 0, err
	}
	if err := s.ask(ctx, tx, act.Deal, false); err != nil {
		return 0, err
	}
	if !f.Send {
		return id, nil
	}
	act.ID = id // nobody else knows it yet
	return id, s.handOver(ctx, tx, v, act)
}

// readiness gathers what the pre-send check of an act of our company looks at.
func (s *Service) readiness(ctx context.Context, r store.Scope, act acts.Act, own store.OwnCompany) (acts.Readiness, error) {
	seen, err := r.Lookup(ctx, act.Buyer.INN, act.Buyer.KPP)
	if err != nil {
		return acts.Readiness{}, err
	}
	return ReadinessOf(act, own, seen, s.now()), nil
}

// ReadinessOf is what the pre-send check of an act of our company looks at.
func ReadinessOf(act acts.Act, own store.OwnCompany, seen acts.Connection, today time.Time) acts.Readiness {
	act.Seller = own.Party
	return acts.Readiness{Act: act, Account: own.AccountID != 0, Cabinet: own.Account.Cabinet, SellerEDO: own.Party.Participant, Connection: seen,
		Today: today, Signing: own.Account.Signing, Key: own.Key.Certificate, Power: powerOf(own, act.Signer), VAT: own.VAT,
		Closed: own.Period(), Manual: own.Manual}
}
