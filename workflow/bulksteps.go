package workflow

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
)

// ChooseTarget names the employee to whom the acts of a bulk go, and has them judged.
func (s *Service) ChooseTarget(ctx context.Context, v Visit, id int64, to acts.UserID) error {
	if err := s.mustOwn(ctx, v, id); err != nil {
		return err
	}
	target, err := s.target(ctx, v, to)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		judge := store.BulkMove{From: []store.BulkState{store.BulkChoosing}, To: store.BulkJudging, Target: target, At: s.now()}
		return begin(ctx, tx, id, judge, store.BulkJudged)
	})
	if err == nil {
		s.judgeFirst(ctx, v.Portal, id)
	}
	return err
}

// target is the employee whom acts can be given to: the visitor himself, or one we have a copy of.
func (s *Service) target(ctx context.Context, v Visit, to acts.UserID) (store.User, error) {
	if to == v.User {
		return store.User{ID: v.User, Name: v.UserName}, nil
	}
	known, err := s.db.Scope(v.Portal).ActiveUsers(ctx)
	if err != nil {
		return store.User{}, err
	}
	for _, u := range known {
		if u.ID == to {
			return u, nil
		}
	}
	return store.User{}, acts.Faults{{Field: "to", Text: "Выберите сотрудника из списка."}}
}

// mustOwn refuses a bulk of somebody else.
func (s *Service) mustOwn(ctx context.Context, v Visit, id int64) error {
	b, err := s.BulkOf(ctx, v, id)
	if err != nil {
		return err
	}
	if b.User != v.User {
		return acts.Errorf(acts.Forbidden, "Это действие начал %s, выполнить его может только он.", b.UserName)
	}
	return nil
}

// BulkOf reads a bulk for its author or an administrator; for others it is not there.
func (s *Service) BulkOf(ctx context.Context, v Visit, id int64) (store.Bulk, error) {
	b, err := s.db.Scope(v.Portal).Bulk(ctx, id)
	if err != nil || b.User == v.User {
		return b, err
	}
	if err := s.Must(ctx, v, acts.Administer); err != nil {
		return store.Bulk{}, acts.Errorf(acts.NotFound, "Такого массового действия нет.")
	}
	return b, nil
}

// RunBulk starts what was judged. Who presses twice starts once.
func (s *Service) RunBulk(ctx context.Context, v Visit, id int64) error {
	if err := s.mustOwn(ctx, v, id); err != nil {
		return err
	}
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		b, err := tx.Bulk(ctx, id)
		if err != nil {
			return err
		}
		if !b.Action.Changes() || b.State == store.BulkJudged && b.Waiting == 0 {
			return acts.Errorf(acts.Conflict, "Выполнять нечего.")
		}
		run := store.BulkMove{From: []store.BulkState{store.BulkJudged}, To: store.BulkRunning, At: s.now()}
		return begin(ctx, tx, id, run, store.BulkDone)
	})
	s.wake()
	return err
}

// begin moves a bulk and has the jobs look after it.
func begin(ctx context.Context, tx store.Tx, id int64, m store.BulkMove, further store.BulkState) error {
	moved, err := moveOnce(ctx, tx, id, m, further)
	if err != nil || !moved {
		return err
	}
	return tx.AddBulkTurn(ctx, id)
}

// moveOnce moves a bulk unless it is there already, or further.
func moveOnce(ctx context.Context, tx store.Tx, id int64, m store.BulkMove, further store.BulkState) (moved bool, err error) {
	if err = tx.MoveBulk(ctx, id, m); !errors.Is(err, acts.Conflict) {
		return err == nil, err
	}
	now, failed := tx.Bulk(ctx, id)
	if failed != nil {
		return false, failed
	}
	if now.State == m.To || now.State == further {
		return false, nil
	}
	return false, err
}

// CancelBulk leaves the acts alone that are not begun.
func (s *Service) CancelBulk(ctx context.Context, v Visit, id int64) error {
	if _, err := s.BulkOf(ctx, v, id); err != nil {
		return err
	}
	unfinished := []store.BulkState{store.BulkChoosing, store.BulkJudging, store.BulkJudged, store.BulkRunning}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		_, err := moveOnce(ctx, tx, id, store.BulkMove{From: unfinished, To: store.BulkCancelled, At: s.now()}, store.BulkCancelled)
		return err
	})
}
