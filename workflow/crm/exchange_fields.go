package crm

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// prepareExchange prepares writing an answer to the fields of the deal and its counterparty, unless a newer answer was given.
func (s *Service) prepareExchange(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	a, err := scope.Questions().Answer(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	given, err := scope.Questions().Answers(ctx, a.Deal)
	if err != nil || len(given) == 0 || given[0].ID != a.ID {
		return err
	}
	deal, err := scope.Deals().Get(ctx, a.Deal)
	if err != nil {
		return err
	}
	if acts.IsForeign(deal.Buyer.WithParticipant(a.Participant, a.Seen).UnconfirmedDoubts()) { // none of our people has confirmed it
		return nil
	}
	operator := ""
	if o, ok := acts.OperatorByPrefix(a.Operator); ok {
		operator = o.Name
	}
	d.Effect = &workflow.Effect{Fields: &workflow.FieldsChange{Deal: a.Deal, Company: a.Company, Contact: a.Contact, Exchange: a.Words(), Operator: operator, Participant: a.Participant}}
	d.HandleFailure = s.doneWhenDealDeleted(p.ID, a.Deal)
	d.StoreResult = func(ctx context.Context, tx store.Tx, _ workflow.Result) error {
		return tx.Deals().SetWritten(ctx, a.Deal, 1)
	}
	return nil
}
