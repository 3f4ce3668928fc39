package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
)

// FormAct forms a draft act of a deal, and hands it over at once when the form requests it. The same form always gives
// the same act. Faults name their fields.
func (s *Acts) FormAct(ctx context.Context, v Visit, deal acts.DealID, f ActForm) (acts.ActID, error) {
	if f.Send {
		if err := s.deals.refetchDeal(ctx, v, deal); err != nil {
			return 0, err
		}
	}
	var id acts.ActID
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if done, err := s.actOfForm(ctx, tx.Scope, f); err != nil || done != 0 {
			id = done
			return err
		}
		own, err := s.ownCompany(ctx, tx, f.Own)
		if err != nil {
			return err
		}
		today, err := s.calendar.today(ctx, tx.Scope)
		if err != nil {
			return err
		}
		act, err := f.Parse(d, own, today)
		if err != nil {
			return err
		}
		if err := CheckDateAndNumber(ctx, tx.Scope, act, own); err != nil {
			return err
		}
		act.CreatedBy, act.CreatedAt = v.User, s.now()
		id, err = s.AddAct(ctx, tx, v, f, act)
		return err
	})
	if errors.Is(err, acts.Conflict) {
		if done, found := s.actOfForm(ctx, s.db.Scope(v.Portal), f); found == nil && done != 0 {
			return done, nil
		}
	}
	if err != nil {
		return 0, s.logClosedAttempt(ctx, v, err)
	}
	s.wake()
	return id, nil
}

// CheckDateAndNumber refuses an act whose date lies in a closed period, or whose typed number is taken.
func CheckDateAndNumber(ctx context.Context, r store.Scope, act acts.Act, own store.OwnCompany) error {
	if err := own.ClosedPeriod().MayDate(act); err != nil {
		return err
	}
	if act.Wanted == "" || act.Number != "" {
		return nil
	}
	return checkTypedNumber(ctx, r, act, act.Wanted)
}

// actOfForm finds the act that this form has already made.
func (s *Acts) actOfForm(ctx context.Context, r store.Scope, f ActForm) (acts.ActID, error) {
	if len(f.Key) != 36 {
		return 0, nil
	}
	return r.Acts().OfForm(ctx, f.Key)
}

func (s *Acts) ownCompany(ctx context.Context, tx store.Tx, id acts.CompanyID) (store.OwnCompany, error) {
	if id == 0 {
		return store.OwnCompany{}, acts.Faults{{Field: "own", Text: "Выберите нашу организацию."}}
	}
	return tx.Companies().Get(ctx, id)
}

// AddAct stores a new act of a form, with its history and the automatic question, and hands it over when the form requests it.
func (s *Acts) AddAct(ctx context.Context, tx store.Tx, v Visit, f ActForm, act acts.Act) (acts.ActID, error) {
	id, err := tx.Acts().Add(ctx, f.Key, act)
	if err != nil {
		return 0, err
	}
	if err := tx.Deals().DropActRequest(ctx, act.Deal); err != nil {
		return 0, err
	}
	if err := tx.Deals().SetOwnCompany(ctx, act.Deal, act.OwnCompany); err != nil {
		return 0, err
	}
	if err := s.history.RecordEvent(ctx, tx, v.Event(id, "created", "Акт сформирован"), act.Deal, false); err != nil {
		return 0, err
	}
	if err := s.questions.askAutomatically(ctx, tx, act.Deal, false); err != nil {
		return 0, err
	}
	if !f.Send {
		return id, nil
	}
	act.ID = id // no other transaction sees it yet
	return id, s.HandOverTx(ctx, tx, v, act)
}

// readiness collects the input of the check before sending.
func (s *Acts) readiness(ctx context.Context, r store.Scope, act acts.Act, own store.OwnCompany) (acts.Readiness, error) {
	seen, err := r.Counterparties().Lookup(ctx, act.Buyer.INN, act.Buyer.KPP)
	if err != nil {
		return acts.Readiness{}, err
	}
	today, err := s.calendar.today(ctx, r)
	if err != nil {
		return acts.Readiness{}, err
	}
	return s.Ready(act, own, seen, today)
}

// Ready returns the input of the check before sending: what is known of both parties, and what the builder of the
// document refuses.
func (s *Acts) Ready(act acts.Act, own store.OwnCompany, seen acts.Connection, today time.Time) (acts.Readiness, error) {
	ready := readinessOf(act, own, seen, today)
	switch {
	case act.Medium == acts.MediumPaper && act.PaperContents(own.PaperForm) != acts.PaperFormAct:
		_, ready.Document = s.paperUPD(act)
		return ready, nil
	case act.Medium == acts.MediumPaper, own.Form == store.FormPDF:
		return ready, nil
	}
	signed := ready.Act
	signed.Signer.Power = ready.Power
	var err error
	ready.Document, err = s.edo.TitleFaults(signed, s.now())
	return ready, err
}

func readinessOf(act acts.Act, own store.OwnCompany, seen acts.Connection, today time.Time) acts.Readiness {
	return acts.Readiness{Act: act, Account: own.AccountID != 0, AccountDetails: own.Account.Details, Connection: seen,
		Today: today, Signing: own.Account.Signing, Key: own.Key.Certificate, Power: PowerOf(own, act.Signer), VAT: own.VAT,
		Closed: own.ClosedPeriod(), Manual: own.Manual, Paper: own.PaperForm}
}
