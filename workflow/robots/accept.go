package robots

import (
	"context"
	"errors"
	"net/url"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/robots"
	"acts24/store/task"
	"acts24/workflow"
)

var errNotProven = acts.Errorf(acts.Forbidden, "Битрикс24 не подтвердил этот вызов.")

// Accept verifies and stores the call of a robot; the work follows later. A repeated call changes nothing. ask runs a question to a remote system about
// a call that has proven nothing yet, and may refuse it.
func (s *Service) Accept(ctx context.Context, form url.Values, ask func(func() error) error) error {
	call, err := s.crm.ParseRobotCall(form)
	if err != nil {
		return acts.Errorf(acts.Invalid, "Непонятный вызов робота.")
	}
	p, err := s.db.PortalByMember(ctx, call.Member)
	if errors.Is(err, acts.NotFound) || err == nil && p.State == acts.PortalFrozen {
		return errNotProven
	}
	if err != nil {
		return err
	}
	if err := s.prove(ctx, p, call, ask); err != nil {
		return err
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		now := s.now()
		id, added, err := tx.Robots().Add(ctx, robots.Call{Token: call.Token, Robot: call.Robot, Deal: call.Deal, Properties: call.Properties, ReceivedAt: now},
			now.Add(automation.AnswerWithin))
		if err != nil || !added {
			return err
		}
		return queue.Enqueue(ctx, tx, task.RunRobot(id))
	})
	s.wake()
	return err
}

// prove accepts a call with the application token of its portal, like an event. A call without it must carry an access token of our app that works
// on the portal: the token is documented for events only (docs/contracts/bitrix24.md, "Robots").
func (s *Service) prove(ctx context.Context, p store.Portal, call workflow.RobotCall, ask func(func() error) error) error {
	ok, err := s.db.Scope(p.ID).Portals().HasApplicationToken(ctx, call.Application)
	if err != nil && !errors.Is(err, acts.NotFound) {
		return err
	}
	if ok {
		return nil
	}
	if call.Access == "" {
		return errNotProven
	}
	return ask(func() error { return s.proveByToken(ctx, p, call.Access) })
}

// proveByToken accepts an access token that was issued to our app and works on the portal.
func (s *Service) proveByToken(ctx context.Context, p store.Portal, access string) error {
	ours, err := s.crm.IsOurs(ctx, p, access)
	if err != nil {
		return err
	}
	if !ours {
		return errNotProven
	}
	if _, err := s.crm.FetchViewer(ctx, p, access, workflow.Object{}); err != nil {
		if acts.KindOf(err) == acts.Unavailable {
			return err
		}
		return errNotProven
	}
	return nil
}
