package robots

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/acts/history"
	"acts24/acts/period"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/robots"
	"acts24/store/task"
	"acts24/workflow"
)

// run does what a robot was called for. A refusal is its outcome too; what is only impossible now is repeated until the deadline.
func (s *Service) run(ctx context.Context, t queue.Task) error {
	call, err := s.db.Scope(t.Portal).Robots().Get(ctx, t.Subject)
	if err != nil {
		return err
	}
	if call.Outcome != robots.OutcomeNone {
		s.queue.Done(ctx, t)
		return nil
	}
	outcome, reason := robots.OutcomeDone, ""
	if err := s.do(ctx, t.Portal, call); isRefusal(err) {
		outcome, reason = robots.OutcomeRefused, workflow.MessageOf(err)
	} else if err != nil {
		return err
	}
	s.queue.DoneWithResult(ctx, t, func(ctx context.Context, tx store.Tx) error { return s.finish(ctx, tx, call.ID, outcome, reason) })
	s.wake()
	return nil
}

// finish stores the outcome of a call and enqueues the answer.
func (s *Service) finish(ctx context.Context, tx store.Tx, call int64, outcome robots.Outcome, reason string) error {
	if err := tx.Robots().Finish(ctx, call, outcome, reason, s.now().Add(automation.KeepCall)); err != nil {
		return err
	}
	return queue.Enqueue(ctx, tx, task.AnswerRobot(call))
}

// isRefusal reports that an attempt later would fail in the same way, with a message for a person.
func isRefusal(err error) bool {
	switch kind := acts.KindOf(err); {
	case errors.Is(err, acts.Invalid), kind == acts.Invalid, kind == acts.Conflict, kind == acts.NotFound, kind == acts.Forbidden, kind == acts.Refused:
		return true
	}
	return false
}

func (s *Service) do(ctx context.Context, portal acts.PortalID, call robots.Call) error {
	name, known := automation.RobotName(call.Robot)
	switch {
	case !known:
		return acts.Errorf(acts.NotFound, "Такого робота в приложении больше нет: уберите его из автоматизации.")
	case call.Deal == 0:
		return acts.Errorf(acts.Invalid, "Робот работает только в сделках.")
	}
	scope := s.db.Scope(portal)
	if call.Act != 0 || call.Question != 0 { // an earlier attempt did the work
		return s.settled(ctx, scope, call)
	}
	if err := s.deals.FetchDeals(ctx, portal, call.Deal); err != nil {
		return err
	}
	deal, err := scope.Deals().Get(ctx, call.Deal)
	if errors.Is(err, acts.NotFound) || err == nil && deal.Deleted {
		return acts.Errorf(acts.NotFound, "Сделка удалена в Битрикс24.")
	}
	if err != nil {
		return err
	}
	v := workflow.Visit{Source: history.SourceCRM}
	v.Portal, v.UserName = portal, "Робот «"+name+"»"
	switch call.Robot {
	case automation.RobotForm:
		call.Act, err = s.form(ctx, v, call, deal)
	case automation.RobotHandOver:
		call.Act, err = s.handOver(ctx, v, call)
	case automation.RobotAsk:
		call.Question, err = s.ask(ctx, v, call)
	}
	s.wake()
	if err != nil {
		return err
	}
	return s.settled(ctx, scope, call)
}

// keySpace is the UUID namespace of the keys of acts that robots form: one call makes one act.
var keySpace = uuid.MustParse("c2f6f7a4-8f1e-4b63-9a55-1d0f6f2b7e81")

// form forms the next act of the deal. A deal without rows is left to a person: nothing would limit how many acts a loop of robots forms of it.
func (s *Service) form(ctx context.Context, v workflow.Visit, call robots.Call, deal store.Deal) (acts.ActID, error) {
	if len(deal.Rows) == 0 {
		return 0, acts.Errorf(acts.Invalid, "В сделке нет товарных позиций. Добавьте их или сформируйте акт на вкладке «Акты».")
	}
	covers := period.Covers(strings.TrimSpace(call.Properties[automation.PropertyPeriod]))
	if covers != "" && !covers.Known() {
		return 0, acts.Errorf(acts.Invalid, "В настройке робота «Период услуг» значение «%s». Выберите период из списка или оставьте настройку пустой.", string(covers))
	}
	id, err := s.work.Form(ctx, v, deal.ID, uuid.NewSHA1(keySpace, fmt.Appendf(nil, "%d/%s", v.Portal, call.Token)).String(), covers)
	if err != nil {
		return 0, err
	}
	return id, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Robots().Begin(ctx, call.ID, id, 0) })
}

// handOver queues the act for SBIS, once for a call.
func (s *Service) handOver(ctx context.Context, v workflow.Visit, call robots.Call) (acts.ActID, error) {
	id, err := s.actOf(ctx, s.db.Scope(v.Portal), call)
	if err != nil {
		return 0, err
	}
	return id, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.Robots().Begin(ctx, call.ID, id, 0); err != nil {
			return err
		}
		act, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		return s.acts.HandOverTx(ctx, tx, v, act)
	})
}

// actOf returns the act that a robot was set to hand over, else the only draft of its deal.
func (s *Service) actOf(ctx context.Context, scope store.Scope, call robots.Call) (acts.ActID, error) {
	all, err := scope.Acts().OfDeal(ctx, call.Deal)
	if err != nil {
		return 0, err
	}
	if typed := strings.TrimSpace(call.Properties[automation.PropertyAct]); typed != "" {
		id, err := strconv.ParseInt(typed, 10, 64)
		for _, a := range all {
			if err == nil && int64(a.ID) == id {
				return a.ID, nil
			}
		}
		return 0, acts.Errorf(acts.Invalid, "В сделке нет акта, который указан в настройке робота «Номер записи акта» (%s).", typed)
	}
	var drafts []acts.ActID
	for _, a := range all {
		if a.MayHandOver() == nil {
			drafts = append(drafts, a.ID)
		}
	}
	switch len(drafts) {
	case 0:
		return 0, acts.Errorf(acts.Conflict, "В сделке нет черновика электронного акта: сформируйте его.")
	case 1:
		return drafts[0], nil
	}
	return 0, acts.Errorf(acts.Conflict, "В сделке несколько черновиков актов. Передайте их на вкладке «Акты» или укажите в настройке робота номер записи акта.")
}

// ask sends the question, once for a call.
func (s *Service) ask(ctx context.Context, v workflow.Visit, call robots.Call) (question int64, err error) {
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if question, err = s.work.Ask(ctx, tx, v, call.Deal, call.Properties[automation.PropertyAddress]); err != nil {
			return err
		}
		return tx.Robots().Begin(ctx, call.ID, 0, question)
	})
	return question, err
}

// settled reports whether what a robot has begun arrived: nil when it did, a refusal when it will not, and Unavailable while it is under way.
func (s *Service) settled(ctx context.Context, scope store.Scope, call robots.Call) error {
	switch call.Robot {
	case automation.RobotHandOver:
		act, err := scope.Acts().Get(ctx, call.Act)
		if err != nil {
			return err
		}
		return handedOver(act)
	case automation.RobotAsk:
		q, err := scope.Questions().Get(ctx, call.Question)
		if err != nil {
			return err
		}
		return asked(q)
	}
	return nil
}

func handedOver(act acts.Act) error {
	switch act.Delivery {
	case acts.DeliveryQueued:
		return acts.Errorf(acts.Unavailable, "Акт ещё передаётся в СБИС.")
	case acts.DeliveryFailed:
		return acts.Errorf(acts.Conflict, "%s", workflow.WithReason("СБИС не принял акт", strings.TrimSuffix(act.DeliveryNote, "."))+".")
	case acts.DeliveryNone, acts.DeliveryWithdrawing:
		return acts.Errorf(acts.Conflict, "Акт отозван до подписания.")
	}
	return nil
}

func asked(q store.Question) error {
	switch q.State {
	case store.QuestionQueued:
		return acts.Errorf(acts.Unavailable, "Письмо контрагенту ещё отправляется.")
	case store.QuestionFailed, store.QuestionNoAddress:
		return acts.Errorf(acts.Conflict, "%s", workflow.WithReason("Письмо контрагенту не отправлено", strings.TrimSuffix(q.Problem, "."))+".")
	}
	return nil
}
