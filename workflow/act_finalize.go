package workflow

import (
	"cmp"
	"context"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
)

// withCurrentParties returns a draft with the requisites that our company and the counterparty have today.
func withCurrentParties(ctx context.Context, r store.Scope, act acts.Act, own store.OwnCompany) (acts.Act, error) {
	if act.Status != acts.StatusDraft {
		return act, nil
	}
	deal, err := r.Deals().GetWithoutRows(ctx, act.Deal)
	if err != nil {
		return act, err
	}
	return WithParties(act, own, deal.Buyer, deal.Requisites), nil
}

// WithParties returns the act with the requisites of our company, and with those of the deal's counterparty if it is
// the same one and the deal has chosen them.
func WithParties(act acts.Act, own store.OwnCompany, buyer acts.Party, chosen acts.RequisiteChoice) acts.Act {
	act.Seller = sellerOf(own, chosen)
	sure := buyer.KPP == act.Buyer.KPP || chosen.Among == 0 && !chosen.Lost
	if sure && buyer.INN == act.Buyer.INN && buyer.INN != "" {
		act.Buyer = buyer.WithParticipant(act.Buyer.Participant, act.Buyer.ParticipantSeen)
	}
	return act
}

// sellerOf returns our company with the bank account chosen in the deal.
func sellerOf(own store.OwnCompany, chosen acts.RequisiteChoice) acts.Party {
	if chosen.Own == 0 || chosen.Own != own.RequisiteID {
		return own.Party
	}
	return own.Party.WithBank(chosen.OwnBank)
}

// finalize numbers a draft and stores the requisites that its document carries from now on: at the first print, upload
// or hand-over. An act that is no draft any more is finalized already.
func (s *Acts) finalize(ctx context.Context, tx store.Tx, act acts.Act, own store.OwnCompany, to acts.Delivery) (acts.Act, error) {
	if act.Status != acts.StatusDraft {
		return act, nil
	}
	deal, err := tx.Deals().Get(ctx, act.Deal)
	if err != nil {
		return act, err
	}
	if text := deal.Requisites.LostMessage(); text != "" {
		return act, acts.Errorf(acts.Conflict, "%s", text)
	}
	if err := mustMatchDeal(act, deal); err != nil {
		return act, err
	}
	if err := own.CheckRequisites(); err != nil {
		return act, err
	}
	act = WithParties(act, own, deal.Buyer, deal.Requisites)
	switch {
	case act.Number != "":
	case act.Correction.IsSet():
		if err := numberCorrection(ctx, tx, &act); err != nil {
			return act, err
		}
	default:
		if act.Number, err = numberFor(ctx, tx, own, act); err != nil {
			return act, err
		}
	}
	if act.Medium == acts.MediumPaper {
		act.PaperForm = cmp.Or(act.PaperForm, act.Correction.Paper, own.PaperForm)
	}
	err = tx.Acts().Finalize(ctx, act, to)
	act.Delivery = to
	return act, err
}

// numberFor returns the number that a person typed where the company numbers by hand, otherwise the next one.
func numberFor(ctx context.Context, tx store.Tx, own store.OwnCompany, act acts.Act) (string, error) {
	if !own.Manual {
		return nextFreeNumber(ctx, tx, own, act)
	}
	return act.Wanted, checkTypedNumber(ctx, tx.Scope, act, act.Wanted)
}

// checkTypedNumber refuses a number that is invalid or taken by another act of the company in that year, and suggests a free
// one.
func checkTypedNumber(ctx context.Context, r store.Scope, act acts.Act, number string) error {
	if text := acts.CheckNumber(number); text != "" {
		return acts.Faults{{Field: "number", Text: text}}
	}
	id, err := r.Acts().WithNumber(ctx, act.OwnCompany, act.Date.Year(), number)
	if err != nil || id == 0 || id == act.ID {
		return err
	}
	other, err := r.Acts().Get(ctx, id)
	if err != nil {
		return err
	}
	free, err := SuggestNumber(ctx, r, act.OwnCompany, act.Date)
	if err != nil {
		return err
	}
	return acts.Faults{{Field: "number", Text: "Номер " + number + " уже у другого акта этой организации: " + other.Title() + ", " + other.Buyer.Name + ". Свободен номер " + free + "."}}
}

// SuggestNumber returns the free number after the last one of the company's year.
func SuggestNumber(ctx context.Context, r store.Scope, own acts.CompanyID, date time.Time) (string, error) {
	number, err := r.Acts().LastNumber(ctx, own, date.Year())
	for err == nil {
		number = acts.NextTyped(number, date)
		var taken bool
		if taken, err = r.Acts().NumberTaken(ctx, own, date.Year(), number); err == nil && !taken {
			return number, nil
		}
	}
	return "", err
}

// SetWantedNumber stores the number that a person typed for an act of a company that numbers by hand.
func (s *Acts) SetWantedNumber(ctx context.Context, v Visit, id acts.ActID, number string) error {
	number = Clip(number, acts.MaxNumberLength+1)
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		own, err := tx.Companies().Get(ctx, act.OwnCompany)
		if err != nil || !own.Manual || act.Number != "" || act.Correction.IsSet() {
			return err
		}
		if err := checkTypedNumber(ctx, tx.Scope, act, number); err != nil {
			return err
		}
		if number == act.Wanted {
			return nil
		}
		if err := tx.Acts().SetWantedNumber(ctx, id, number); err != nil {
			return err
		}
		line := v.Event(id, "wanted_number", "Номер указан, он присваивается при печати, загрузке скана или передаче в СБИС")
		line.Changes = history.Change("Номер, который получит акт", act.Wanted, number)
		return s.history.Append(ctx, tx, line)
	})
}

// nextFreeNumber takes the next number of the company's year that no act has.
func nextFreeNumber(ctx context.Context, tx store.Tx, own store.OwnCompany, act acts.Act) (string, error) {
	if err := checkNumberDecided(ctx, tx, act); err != nil {
		return "", err
	}
	for {
		n, err := tx.Acts().NextNumber(ctx, act.OwnCompany, act.Date.Year())
		if err != nil {
			return "", err
		}
		number := acts.FormatNumber(own.Numbers, n, act.Date)
		taken, err := tx.Acts().NumberTaken(ctx, act.OwnCompany, act.Date.Year(), number)
		if err != nil || !taken {
			return number, err
		}
	}
}

// checkNumberDecided refuses the first number of a year in which the app was removed with its data and installed again: acts that we no longer
// have hold numbers of that year, so a person decides which is the next.
func checkNumberDecided(ctx context.Context, tx store.Tx, act acts.Act) error {
	if _, known, err := tx.Acts().Counter(ctx, act.OwnCompany, act.Date.Year()); err != nil || known {
		return err
	}
	if removed, err := tx.Acts().RemovedIn(ctx, act.Date.Year()); err != nil || !removed {
		return err
	}
	return acts.Errorf(acts.Conflict, "Приложение в этом году удаляли с портала вместе с данными, и у прежних актов есть номера. Администратор указывает следующий номер: «Настройки» → «Наши организации».")
}
