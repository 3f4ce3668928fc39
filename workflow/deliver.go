package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
)

// mostAttempts is how often a delivery is tried before a person must look.
const mostAttempts = 10

// DeliverCRM delivers leased tasks of one portal together. Each ends done, put back, or dead.
func (s *Service) DeliverCRM(ctx context.Context, tasks []store.Task) error {
	portal := tasks[0].Portal
	scope := s.db.Scope(portal)
	p, err := scope.PortalInfo(ctx)
	if err != nil {
		return s.putBack(ctx, tasks, err)
	}
	var wanted []delivery
	for _, t := range tasks {
		d, err := s.prepare(ctx, scope, p, t)
		switch {
		case err != nil:
			s.fail(ctx, t, err)
		case d.effect == nil:
			s.finish(ctx, t, d, Result{})
		default:
			wanted = append(wanted, d)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	effects := make([]Effect, len(wanted))
	for i, d := range wanted {
		effects[i] = *d.effect
		effects[i].Unclear = d.task.Unclear
	}
	for i, r := range s.crm.Deliver(ctx, p, effects) {
		if r.Err != nil {
			s.fail(ctx, wanted[i].task, r.Err)
			continue
		}
		s.finish(ctx, wanted[i].task, wanted[i], r)
	}
	return nil
}

// delivery is a task with the effect it stands for and what to keep after it.
type delivery struct {
	task   store.Task
	effect *Effect // nil when there is nothing to tell any more
	keep   func(ctx context.Context, tx store.Tx, r Result) error
}

func (s *Service) prepare(ctx context.Context, scope store.Scope, p store.Portal, t store.Task) (delivery, error) {
	d := delivery{task: t}
	var err error
	switch t.Kind {
	case TaskItem:
		err = s.prepareItem(ctx, scope, p, &d)
	case TaskStage:
		err = s.prepareStage(ctx, scope, &d)
	case TaskTimeline, TaskNotify:
		err = s.prepareWords(ctx, scope, p, &d)
	default:
		err = fmt.Errorf("task of an unknown kind %q", t.Kind)
	}
	return d, err
}

func (s *Service) prepareItem(ctx context.Context, scope store.Scope, p store.Portal, d *delivery) error {
	id := acts.ActID(d.task.Subject)
	act, err := scope.Act(ctx, id)
	if err != nil {
		return err
	}
	base, err := scope.ItemBase(ctx, id)
	if err != nil {
		return err
	}
	d.effect = &Effect{Item: &ItemWish{Act: act, Base: base, Link: appLink(p, id)}}
	d.keep = func(ctx context.Context, tx store.Tx, r Result) error { return tx.SetItem(ctx, id, r.Item, r.Base) }
	return nil
}

func appLink(p store.Portal, id acts.ActID) string {
	return fmt.Sprintf("/marketplace/view/%s/?params[actId]=%d", p.AppCode, id)
}

func (s *Service) prepareStage(ctx context.Context, scope store.Scope, d *delivery) error {
	deal, err := scope.Deal(ctx, acts.DealID(d.task.Subject))
	if err != nil || deal.Deleted {
		return err
	}
	all, err := scope.ActsOfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	settings, err := scope.Settings(ctx)
	if err != nil {
		return err
	}
	pipeline := settings.Pipeline(deal.Category)
	target := acts.TargetStage(all, deal.Rows, settings.DoneByFormed)
	if target == acts.NoStage {
		return nil
	}
	var to, note string
	decide := func(stageID string, final bool) string {
		at := acts.DealPlace{StageID: stageID, Final: final, LastSet: deal.LastSet, LastFor: deal.LastFor}
		to, note = pipeline.Mapped.Move(at, target)
		return to
	}
	d.effect = &Effect{Stage: &StageWish{Deal: deal.ID, Decide: decide}}
	d.keep = func(ctx context.Context, tx store.Tx, r Result) error {
		at := acts.DealPlace{StageID: r.Stage, Final: r.Final, LastSet: deal.LastSet, LastFor: deal.LastFor}
		if r.Moved {
			at = acts.DealPlace{StageID: to, Final: pipeline.Final(to), LastSet: to, LastFor: target}
		}
		return tx.SetDealPlace(ctx, deal.ID, at, note)
	}
	return nil
}

func (s *Service) prepareWords(ctx context.Context, scope store.Scope, p store.Portal, d *delivery) error {
	event, err := scope.Event(ctx, d.task.Subject)
	if err != nil {
		return err
	}
	act, err := scope.Act(ctx, event.Act)
	if err != nil {
		return err
	}
	if d.task.Kind == TaskTimeline {
		d.effect = &Effect{Note: &NoteWish{Deal: act.Deal, Text: timelineText(p, act, event)}}
		return nil
	}
	d.effect = &Effect{Notice: &NoticeWish{User: act.Responsible, Tag: fmt.Sprintf("acts24|%d", event.ID), Text: noticeText(p, act, event)}}
	return nil
}

// timelineText ends with the number of the line of history, which makes it findable.
func timelineText(p store.Portal, a acts.Act, e store.ActEvent) string {
	who := e.UserName
	if e.Actor == string(acts.ByOperator) {
		who = "СБИС"
	}
	return fmt.Sprintf("%s: %s. %s, запись %d", plain(a.Title()), plain(e.Text), plain(who), e.ID)
}

func noticeText(p store.Portal, a acts.Act, e store.ActEvent) string {
	return fmt.Sprintf("[URL=%s]%s[/URL] по сделке «%s»: %s", appLink(p, a.ID), plain(a.Title()), plain(a.DealTitle), plain(e.Text))
}

// finish keeps the result of a delivery and ends its task in one transaction.
func (s *Service) finish(ctx context.Context, t store.Task, d delivery, r Result) {
	err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if d.keep != nil {
			if err := d.keep(ctx, tx, r); err != nil {
				return err
			}
		}
		return tx.DoneTask(ctx, t)
	})
	if err != nil && !errors.Is(err, acts.Conflict) {
		s.log.ErrorContext(ctx, "task not ended", "portal", t.Portal, "task", t.ID, "kind", t.Kind, "err", err)
	}
}

// fail puts a task back by what is known of its call.
func (s *Service) fail(ctx context.Context, t store.Task, err error) {
	r := s.retry(t, err)
	s.log.WarnContext(ctx, "task failed", "portal", t.Portal, "task", t.ID, "kind", t.Kind, "subject", t.Subject,
		"attempt", t.Attempts, "unclear", r.Unclear, "dead", r.Dead, "err", err)
	if err := s.db.RetryTask(ctx, t, r); err != nil {
		s.log.ErrorContext(ctx, "task not put back", "portal", t.Portal, "task", t.ID, "err", err)
	}
}

// retry answers by the question "did the other side do it?".
func (s *Service) retry(t store.Task, err error) store.Retry {
	r := store.Retry{Unclear: t.Unclear, Problem: acts.Sentence(err), Wait: backoff(t.Attempts)}
	var later interface{ RetryAfter() time.Duration }
	switch {
	case errors.Is(err, ErrUnclear):
		r.Unclear, r.Wait = true, s.timing.Window
	case errors.Is(err, acts.Unavailable):
		if errors.As(err, &later) && later.RetryAfter() > 0 {
			r.Wait = later.RetryAfter()
		}
		return r
	case errors.Is(err, acts.Refused), errors.Is(err, acts.Forbidden), errors.Is(err, acts.NotFound):
		r.Dead = t.Attempts >= 3
	}
	if r.Problem == "" {
		r.Problem = "Не удалось выполнить, подробности в журнале сервиса."
	}
	r.Dead = r.Dead || t.Attempts >= mostAttempts
	return r
}

// backoff doubles from one second to five minutes.
func backoff(attempts int) time.Duration {
	return min(time.Second<<min(attempts-1, 9), 5*time.Minute)
}

func (s *Service) putBack(ctx context.Context, tasks []store.Task, err error) error {
	for _, t := range tasks {
		s.fail(ctx, t, err)
	}
	return nil
}

// RepeatTask brings a dead task back.
func (s *Service) RepeatTask(ctx context.Context, v Visit, id int64) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.RepeatTask(ctx, id) })
	s.wake()
	return err
}
