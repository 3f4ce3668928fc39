package workflow

import (
	"context"
	"time"

	"acts24/acts"
	"acts24/store"
)

// freeze gives a draft its number and the requisites that its document will carry from now on: at the first print,
// upload or hand-over, which sends the document to another place. An act that has left preparation is frozen already.
func (s *Service) freeze(ctx context.Context, tx store.Tx, act acts.Act, own store.OwnCompany, to acts.Delivery) (acts.Act, error) {
	if act.Status != acts.Draft {
		return act, nil
	}
	act.Seller = own.Party
	deal, err := tx.DealAlone(ctx, act.Deal)
	if err != nil {
		return act, err
	}
	if fresh := deal.Buyer; fresh.INN == act.Buyer.INN && fresh.INN != "" {
		fresh.Participant = act.Buyer.Participant
		act.Buyer = fresh
	}
	if act.Number == "" {
		if act.Number, err = numberFor(ctx, tx, own, act); err != nil {
			return act, err
		}
	}
	return act, tx.FreezeAct(ctx, act, to)
}

// numberFor is the number that a person typed where the company numbers by hand, else the next one.
func numberFor(ctx context.Context, tx store.Tx, own store.OwnCompany, act acts.Act) (string, error) {
	if !own.Manual {
		return freeNumber(ctx, tx, own, act)
	}
	return act.Wanted, typedNumber(ctx, tx.Scope, act, act.Wanted)
}

// typedNumber refuses a number that cannot be an act's, or that another act of the company's year has, with one that is free.
func typedNumber(ctx context.Context, r store.Scope, act acts.Act, number string) error {
	if text := acts.CheckNumber(number); text != "" {
		return acts.Faults{{Field: "number", Text: text}}
	}
	id, err := r.ActNumbered(ctx, act.OwnCompany, act.Date.Year(), number)
	if err != nil || id == 0 || id == act.ID {
		return err
	}
	other, err := r.Act(ctx, id)
	if err != nil {
		return err
	}
	free, err := SuggestNumber(ctx, r, act.OwnCompany, act.Date)
	if err != nil {
		return err
	}
	return acts.Faults{{Field: "number", Text: "Номер " + number + " уже у другого акта этой организации: " + other.Title() + ", " + other.Buyer.Name + ". Свободен номер " + free + "."}}
}

// SuggestNumber is the free number that follows the last one of the company's year.
func SuggestNumber(ctx context.Context, r store.Scope, own acts.CompanyID, date time.Time) (string, error) {
	number, err := r.LastNumber(ctx, own, date.Year())
	for err == nil {
		number = acts.NextTyped(number, date)
		var taken bool
		if taken, err = r.NumberTaken(ctx, own, date.Year(), number); err == nil && !taken {
			return number, nil
		}
	}
	return "", err
}

// WantNumber keeps the number that a person typed for an act of a company that numbers by hand.
func (s *Service) WantNumber(ctx context.Context, v Visit, id acts.ActID, number string) error {
	number = clip(number, acts.MostNumber+1)
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		own, err := tx.OwnCompany(ctx, act.OwnCompany)
		if err != nil || !own.Manual || act.Number != "" {
			return err
		}
		if err := typedNumber(ctx, tx.Scope, act, number); err != nil {
			return err
		}
		return tx.WantNumber(ctx, id, number)
	})
}

// freeNumber takes the next number of the company's year that no act has.
func freeNumber(ctx context.Context, tx store.Tx, own store.OwnCompany, act acts.Act) (string, error) {
	for {
		n, err := tx.NextNumber(ctx, act.OwnCompany, act.Date.Year())
		if err != nil {
			return "", err
		}
		number := acts.FormatNumber(own.Numbers, n, act.Date)
		taken, err := tx.NumberTaken(ctx, act.OwnCompany, act.Date.Year(), number)
		if err != nil || !taken {
			return number, err
		}
	}
}
