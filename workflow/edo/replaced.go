package edo

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// isSigned reports that a replaced document was signed by us and is valid, even if the counterparty has refused it.
func isSigned(doc store.EDODocument, r workflow.Report) bool {
	switch r.Phase {
	case acts.PhaseWaitingConnection, acts.PhaseSent, acts.PhaseDelivered, acts.PhaseDecided:
		return !doc.Gone
	case acts.PhaseRefused:
		return !doc.Gone && doc.Dispatched
	}
	return false
}

// applyToReplaced stores the state of a document that its act no longer uses. One that was signed before we could
// delete it becomes the act's document again, with all that followed the signature. When another has taken its place,
// or the act is finished, the responsible is notified, and the act's page shows it until it is recalled. An unsigned
// one is deleted: its write may have been executed late.
func (s *Service) applyToReplaced(ctx context.Context, tx store.Tx, act acts.Act, doc store.EDODocument, r workflow.Report, news bool) (revived bool, err error) {
	doc.Phase, doc.StateName = r.Phase, r.Name
	_, replaced, err := tx.Documents().Live(ctx, act.ID)
	if err != nil {
		return false, err
	}
	if isSigned(doc, r) && !replaced && act.CountsTowardDeal() && act.Medium == acts.MediumElectronic {
		e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "revived", Source: r.Event,
			Text: "Документ, который вернулся без подписи, всё же подписан в СБИС: акт снова ведёт он"}
		if doc.Dispatched && r.Phase == acts.PhaseDecided {
			e.Text = "Отозванный документ контрагент всё же подписал: акт снова ведёт он"
		}
		return true, s.history.RecordEvent(ctx, tx, e, act.Deal, false)
	}
	if err := tx.Documents().Save(ctx, doc); err != nil {
		return false, err
	}
	switch {
	case r.Unsigned() && !doc.Gone:
		return false, queue.Enqueue(ctx, tx, task.WithdrawDocument(act.ID))
	case !news || !isSigned(doc, r):
		return false, nil
	}
	text := "Прежний документ акта подписан в СБИС (" + r.Name + "). Отзовите или аннулируйте его в кабинете."
	if r.Phase == acts.PhaseRefused {
		text = workflow.WithReason("Прежний документ акта был подписан в СБИС, и контрагент его отклонил", r.Comment)
	}
	e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "left_behind", Source: r.Event, Text: text}
	return false, s.history.RecordEvent(ctx, tx, e, act.Deal, true)
}

// settleReplaced fetches every document that an act no longer uses before anything else is done for the act: SBIS may
// know more of it than the list of changes has reported. Unsigned ones are deleted, so that nobody can sign them; one
// that was signed meanwhile becomes the act's document again. One that the account does not have, and of which we have
// seen no event, may still appear: the list of changes reports it then. It returns the act after that.
func (s *Service) settleReplaced(ctx context.Context, at workflow.Account, act acts.Act) (acts.Act, error) {
	scope := s.db.Scope(at.Portal)
	left, err := scope.Documents().LeftBehind(ctx, act.ID)
	if err != nil || len(left) == 0 {
		return act, err
	}
	for _, doc := range left {
		r, err := s.readReplaced(ctx, at, doc)
		if err != nil {
			return act, err
		}
		if r.Document == "" {
			continue
		}
		if err := s.db.InTx(ctx, at.Portal, func(tx store.Tx) error { return s.apply(ctx, tx, r) }); err != nil {
			return act, err
		}
	}
	return scope.Acts().Get(ctx, act.ID)
}

// readReplaced returns the state of a replaced document; the report is empty when nothing is known of it.
func (s *Service) readReplaced(ctx context.Context, at workflow.Account, doc store.EDODocument) (workflow.Report, error) {
	r, err := s.read(ctx, at, doc)
	switch {
	case errors.Is(err, acts.NotFound) && !doc.Written:
		return workflow.Report{}, nil
	case errors.Is(err, acts.NotFound):
		return missingReport(doc), nil
	case err != nil || r.Deleted || !r.Unsigned():
		return r, err
	}
	refused := s.edo.Delete(ctx, at, doc.ID)
	switch {
	case refused == nil:
		return missingReport(doc), nil
	case !errors.Is(refused, acts.Refused):
		return workflow.Report{}, refused
	}
	if r, err = s.read(ctx, at, doc); err == nil && r.Unsigned() && !r.Deleted {
		err = refused
	}
	return r, err // signed or deleted meanwhile
}
