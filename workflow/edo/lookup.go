package edo

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// lookUp fetches what SBIS reports about the counterparty of a deal, and stores it.
func (s *Service) lookUp(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	deal, err := scope.Deals().Get(ctx, acts.DealID(t.Subject))
	if err != nil {
		return err
	}
	own, err := scope.Companies().List(ctx)
	if err != nil {
		return err
	}
	for _, c := range own {
		if c.AccountID == 0 {
			continue
		}
		seen, err := s.edo.Lookup(ctx, workflow.Account{Portal: t.Portal, ID: c.AccountID}, deal.Buyer)
		if err != nil {
			return err
		}
		s.queue.DoneWithResult(ctx, t, func(ctx context.Context, tx store.Tx) error {
			return tx.Counterparties().SaveLookup(ctx, deal.Buyer.INN, deal.Buyer.KPP, seen)
		})
		return nil
	}
	s.queue.Done(ctx, t)
	return nil
}
