package workflow

import (
	"context"

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
		if act.Number, err = freeNumber(ctx, tx, own, act); err != nil {
			return act, err
		}
	}
	return act, tx.FreezeAct(ctx, act, to)
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
