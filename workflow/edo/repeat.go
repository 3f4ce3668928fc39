package edo

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// CallsOfAct are the kinds of tasks that change the document of an act.
var CallsOfAct = []string{task.KindPutDocument, task.KindWithdrawDocument, task.KindSignDocument, task.KindAnnulDocument}

// RepeatCall makes the failed calls for an act's document due at once, also if SBIS could not be reached.
func (s *Service) RepeatCall(ctx context.Context, v workflow.Visit, id acts.ActID) error {
	err := s.acts.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := queue.RepeatCalls(ctx, tx, CallsOfAct, id); err != nil {
			return err
		}
		own, err := tx.Companies().Get(ctx, act.OwnCompany)
		if err != nil || own.AccountID == 0 {
			return err
		}
		return queue.ProbeNow(ctx, tx, own.AccountID)
	})
	s.wake()
	return err
}
