package bulk

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/workflow"
)

// ChooseTarget sets the employee to whom the acts of a bulk are assigned, and starts their check.
func (s *Service) ChooseTarget(ctx context.Context, v workflow.Visit, id int64, to acts.UserID) error {
	if err := s.mustOwn(ctx, v, id); err != nil {
		return err
	}
	target, err := s.target(ctx, v, to)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		check := store.BulkMove{From: []store.BulkState{store.BulkChoosing}, To: store.BulkChecking, Target: target, At: s.now()}
		return moveAndEnqueue(ctx, tx, id, check, store.BulkChecked)
	})
	if err == nil {
		s.checkFirst(ctx, v.Portal, id)
	}
	return err
}

// target returns an employee to whom acts can be assigned: the visitor himself, or an employee of whom we have a copy.
func (s *Service) target(ctx context.Context, v workflow.Visit, to acts.UserID) (people.User, error) {
	if to == v.User {
		return people.User{ID: v.User, Name: v.UserName}, nil
	}
	known, err := s.db.Scope(v.Portal).People().Active(ctx)
	if err != nil {
		return people.User{}, err
	}
	for _, u := range known {
		if u.ID == to {
			return u, nil
		}
	}
	return people.User{}, acts.Faults{{Field: "to", Text: "Выберите сотрудника из списка."}}
}

// mustOwn refuses a bulk of somebody else.
func (s *Service) mustOwn(ctx context.Context, v workflow.Visit, id int64) error {
	b, err := s.Find(ctx, v, id)
	if err != nil {
		return err
	}
	if b.User != v.User {
		return acts.Errorf(acts.Forbidden, "Это действие начал %s, выполнить его может только он.", b.UserName)
	}
	return nil
}

// Find returns a bulk for its author or an administrator; for others it does not exist.
func (s *Service) Find(ctx context.Context, v workflow.Visit, id int64) (store.Bulk, error) {
	b, err := s.db.Scope(v.Portal).Bulks().Get(ctx, id)
	if err != nil || b.User == v.User {
		return b, err
	}
	if err := s.people.Must(ctx, v, roles.RightAdminister); err != nil {
		return store.Bulk{}, acts.Errorf(acts.NotFound, "Такого массового действия нет.")
	}
	return b, nil
}

// Run starts a checked bulk, once even when requested twice.
func (s *Service) Run(ctx context.Context, v workflow.Visit, id int64) error {
	if err := s.mustOwn(ctx, v, id); err != nil {
		return err
	}
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		b, err := tx.Bulks().Get(ctx, id)
		if err != nil {
			return err
		}
		if !b.Action.Changes() || b.State == store.BulkChecked && b.Waiting == 0 {
			return acts.Errorf(acts.Conflict, "Выполнять нечего.")
		}
		run := store.BulkMove{From: []store.BulkState{store.BulkChecked}, To: store.BulkRunning, At: s.now()}
		return moveAndEnqueue(ctx, tx, id, run, store.BulkDone)
	})
	s.wake()
	return err
}

// moveAndEnqueue changes the state of a bulk and enqueues its work.
func moveAndEnqueue(ctx context.Context, tx store.Tx, id int64, m store.BulkMove, further store.BulkState) error {
	moved, err := moveOnce(ctx, tx, id, m, further)
	if err != nil || !moved {
		return err
	}
	return queue.AddBulk(ctx, tx, id)
}

// moveOnce changes the state of a bulk, unless it has that state or the further one already.
func moveOnce(ctx context.Context, tx store.Tx, id int64, m store.BulkMove, further store.BulkState) (moved bool, err error) {
	if err = tx.Bulks().Move(ctx, id, m); !errors.Is(err, acts.Conflict) {
		return err == nil, err
	}
	now, failed := tx.Bulks().Get(ctx, id)
	if failed != nil {
		return false, failed
	}
	if now.State == m.To || now.State == further {
		return false, nil
	}
	return false, err
}

// Cancel stops a bulk; acts that were not begun are not processed.
func (s *Service) Cancel(ctx context.Context, v workflow.Visit, id int64) error {
	if _, err := s.Find(ctx, v, id); err != nil {
		return err
	}
	unfinished := []store.BulkState{store.BulkChoosing, store.BulkChecking, store.BulkChecked, store.BulkRunning}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		_, err := moveOnce(ctx, tx, id, store.BulkMove{From: unfinished, To: store.BulkCancelled, At: s.now()}, store.BulkCancelled)
		return err
	})
}
