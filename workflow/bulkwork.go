package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"acts24/acts"
	"acts24/store"
)

// errTurnLost tells that another process has the bulk, or that nothing of it is left.
var errTurnLost = errors.New("the turn is another's")

var errNotSeen = acts.Errorf(acts.NotFound, "Этот акт теперь ведёт другой сотрудник, вам он больше не виден.")

var errNoRole = acts.Errorf(acts.Forbidden, "У того, кто это начал, больше нет роли «%s».", acts.Worker.Label())

// How background work over many acts makes room for people.
const (
	judgedPerStep = 100
	rowsPerStep   = 50 // then it is another bulk's turn
	mostPromised  = 40 // while a portal waits for more than this, a bulk adds nothing
	mostTries     = 3  // of a row that ends in something nobody foresaw
)

// outgoing are the tasks that a bulk makes, and a person's click.
var outgoing = slices.Concat(CRMTasks, SingleTasks)

// WorkBulk does a step of a leased bulk and gives the turn back. more tells that it can go on at once.
func (s *Service) WorkBulk(ctx context.Context, t store.BulkTurn) (more bool, err error) {
	b, err := s.db.Scope(t.Portal).Bulk(ctx, t.Bulk)
	if err == nil {
		switch b.State {
		case store.BulkJudging:
			more, err = s.judge(ctx, t, judgedPerStep)
		case store.BulkRunning:
			more, err = s.runSome(ctx, t, b)
		default: // cancelled
			return true, s.db.InTx(ctx, t.Portal, func(tx store.Tx) error { return tx.EndBulkTurn(ctx, t) })
		}
	}
	if errors.Is(err, errTurnLost) {
		return true, nil
	}
	wait := time.Duration(0)
	if err != nil || !more {
		wait = s.timing.Turn() / 40
	}
	return more && err == nil, errors.Join(err, s.db.YieldBulk(ctx, t, wait))
}

// judge says of some acts whether they can be done, and of the last that all are judged.
func (s *Service) judge(ctx context.Context, t store.BulkTurn, limit int) (more bool, err error) {
	err = s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.hold(ctx, tx, t); err != nil {
			return err
		}
		rows, err := tx.NewBulkRows(ctx, t.Bulk, limit)
		if err != nil {
			return err
		}
		b, err := tx.Bulk(ctx, t.Bulk)
		if err != nil {
			return err
		}
		who, err := tx.StandingOf(ctx, b.User)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := s.judgeRow(ctx, tx, b, who, row); err != nil {
				return fmt.Errorf("judge act %d: %w", row.Act, err)
			}
		}
		if more = len(rows) == limit && b.New > limit; more {
			return nil
		}
		if err := tx.MoveBulk(ctx, t.Bulk, store.BulkMove{From: []store.BulkState{store.BulkJudging}, To: store.BulkJudged, At: s.now()}); err != nil && !errors.Is(err, acts.Conflict) {
			return err
		}
		return tx.EndBulkTurn(ctx, t)
	})
	return more, err
}

// hold makes sure that the turn is ours as long as the transaction lasts.
func (s *Service) hold(ctx context.Context, tx store.Tx, t store.BulkTurn) error {
	ok, err := tx.HoldBulk(ctx, t, s.timing.Turn())
	if err == nil && !ok {
		return errTurnLost
	}
	return err
}

func (s *Service) judgeRow(ctx context.Context, tx store.Tx, b store.Bulk, who store.Standing, row store.BulkRow) error {
	act, err := tx.Act(ctx, row.Act)
	if err == nil {
		err = s.may(ctx, tx.Scope, b, who, act)
	}
	if err == nil {
		return tx.SetBulkRow(ctx, b.ID, row, store.RowWaiting, "")
	}
	why, ok := refusal(err)
	if !ok {
		return err
	}
	return tx.SetBulkRow(ctx, b.ID, row, store.RowRefused, why)
}

// may refuses what the author of a bulk may not see, then what the action refuses.
func (s *Service) may(ctx context.Context, r store.Scope, b store.Bulk, who store.Standing, act acts.Act) error {
	if err := standsFor(who, b, act); err != nil {
		return err
	}
	if may := bulkActions[b.Action].may; may != nil {
		return may(s, ctx, r, b, act)
	}
	return nil
}

// standsFor refuses what the author of a bulk may no longer do, or see.
func standsFor(who store.Standing, b store.Bulk, act acts.Act) error {
	switch {
	case !who.Sees.Of(act.Responsible):
		return errNotSeen
	case b.Action.Changes() && !who.Role.May(acts.Work), !who.Role.May(acts.See):
		return errNoRole
	}
	return nil
}

// refusal is what a person reads of an error, if it is meant for him.
func refusal(err error) (text string, ok bool) {
	var faults acts.Faults
	if errors.As(err, &faults) {
		return faults.Error(), true
	}
	text = acts.Sentence(err)
	return text, text != ""
}
