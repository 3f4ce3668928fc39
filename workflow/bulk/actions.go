package bulk

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// Register adds an action that another use case implements.
func (s *Service) Register(name store.BulkAction, a workflow.BulkAction) { s.actions[name] = a }

// bulkActions returns the actions that this package implements.
func (s *Service) bulkActions() map[store.BulkAction]workflow.BulkAction {
	return map[store.BulkAction]workflow.BulkAction{
		store.BulkSend: {
			May: func(ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
				_, _, err := s.acts.CheckHandOver(ctx, r, act)
				return err
			},
			Do: func(ctx context.Context, tx store.Tx, v workflow.Visit, _ store.Bulk, act acts.Act) error {
				return s.acts.HandOverTx(ctx, tx, v, act)
			},
		},
		store.BulkResponsible: {
			May: func(_ context.Context, _ store.Scope, b store.Bulk, act acts.Act) error { return mayGive(act, b) },
			Do: func(ctx context.Context, tx store.Tx, v workflow.Visit, b store.Bulk, act acts.Act) error {
				if err := mayGive(act, b); err != nil {
					return err
				}
				return s.people.SetResponsible(ctx, tx, act, b.Target, v.Event(act.ID, "responsible", "Новый ответственный: "+b.TargetName))
			},
		},
		store.BulkPDF:   {},
		store.BulkTable: {},
		store.BulkXML: {
			May: func(ctx context.Context, r store.Scope, _ store.Bulk, act acts.Act) error {
				_, err := r.Acts().XML(ctx, act.ID)
				return err
			},
		},
	}
}

// mayGive refuses to assign an act to its present responsible.
func mayGive(act acts.Act, b store.Bulk) error {
	if act.Responsible == b.Target {
		return acts.Errorf(acts.Conflict, "%s уже отвечает за этот акт.", b.TargetName)
	}
	return nil
}
