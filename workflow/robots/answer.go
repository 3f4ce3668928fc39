package robots

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/robots"
	"acts24/store/task"
	"acts24/workflow"
)

// ProcessDue answers the calls of all portals whose work is not finished in time, and deletes old ones.
func (s *Service) ProcessDue(ctx context.Context) (more bool, err error) {
	return s.queue.ProcessDue(ctx, "robots", s.db.DueRobots, s.expire)
}

// expire refuses a call whose work is not finished, and deletes one that has an outcome. Work that is under way meanwhile is not undone.
func (s *Service) expire(ctx context.Context, tx store.Tx, id int64) error {
	call, err := tx.Robots().Lock(ctx, id)
	switch {
	case errors.Is(err, acts.NotFound): // another replica was faster
		return nil
	case err != nil:
		return err
	case call.Outcome != robots.OutcomeNone:
		return s.drop(ctx, tx, id)
	}
	reason := fmt.Sprintf("Приложение не успело за %s.", workflow.Plural(int(automation.AnswerWithin.Hours()), "час", "часа", "часов"))
	t, found, err := queue.Find(ctx, tx.Scope, task.KindRunRobot, id)
	if err != nil {
		return err
	}
	if found && t.Problem != "" {
		reason += " " + t.Problem
	}
	if err := s.finish(ctx, tx, id, robots.OutcomeRefused, reason+" Проверьте акты сделки на вкладке «Акты»."); err != nil {
		return err
	}
	_, err = queue.Drop(ctx, tx, task.KindRunRobot, id)
	return err
}

// drop deletes a call after its term; one whose answer the portal has not accepted yet is kept for another term. When another replica has just
// finished the call, its deadline is in the future and it is kept.
func (s *Service) drop(ctx context.Context, tx store.Tx, id int64) error {
	due, err := tx.Robots().Deadline(ctx, id)
	if err != nil || due.After(s.now()) {
		return err
	}
	_, unanswered, err := queue.Find(ctx, tx.Scope, task.KindAnswerRobot, id)
	if err != nil {
		return err
	}
	if unanswered {
		return tx.Robots().Postpone(ctx, id, s.now().Add(automation.KeepCall))
	}
	return tx.Robots().Drop(ctx, id)
}

// prepareAnswer answers the call of a robot, for which the automation of the portal waits. A portal that refuses the answer has stopped waiting or
// has lost the call, so a refusal is final.
func (s *Service) prepareAnswer(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	call, err := scope.Robots().Get(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	values := map[string]string{automation.ResultOutcome: automation.OutcomeDone, automation.ResultAct: "", automation.ResultNumber: "", automation.ResultReason: call.Reason}
	if call.Outcome == robots.OutcomeRefused {
		values[automation.ResultOutcome] = automation.OutcomeRefused
	}
	if call.Act != 0 {
		act, err := scope.Acts().Get(ctx, call.Act)
		if err != nil {
			return err
		}
		values[automation.ResultAct], values[automation.ResultNumber] = fmt.Sprint(act.ID), act.Number
	}
	d.Effect = &workflow.Effect{Robot: &workflow.RobotAnswer{Token: call.Token, Values: values, Text: logText(call, values[automation.ResultNumber])}}
	d.HandleFailure = func(ctx context.Context, err error) (bool, func(context.Context, store.Tx) error) {
		if !errors.Is(err, acts.Forbidden) && !errors.Is(err, acts.Refused) && !errors.Is(err, acts.NotFound) {
			return false, nil
		}
		if d.Task.Unclear { // the first answer was accepted, its response was lost
			return true, nil
		}
		s.log.WarnContext(ctx, "robot not answered", "portal", p.ID, "call", call.ID, "robot", call.Robot, "err", err)
		return true, func(ctx context.Context, tx store.Tx) error {
			return tx.Robots().SetUnanswered(ctx, call.ID, acts.Message(err))
		}
	}
	return nil
}

// logText returns the line for the log of the automation.
func logText(call robots.Call, number string) string {
	switch {
	case call.Outcome == robots.OutcomeRefused:
		return "Не выполнено. " + call.Reason
	case call.Robot == automation.RobotForm:
		return "Черновик акта сформирован."
	case call.Robot == automation.RobotHandOver:
		return "Акт № " + number + " передан в СБИС."
	}
	return "Контрагенту отправлен вопрос о способе обмена."
}
