package workflow

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

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
	hold := func(ctx context.Context) error { return s.db.HoldTasks(ctx, tasksOf(wanted), s.timing.Lease) }
	for i, r := range s.crm.Deliver(ctx, p, effects, hold) {
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

func tasksOf(list []delivery) []store.Task {
	tasks := make([]store.Task, len(list))
	for i, d := range list {
		tasks[i] = d.task
	}
	return tasks
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
	if d.task.Unclear {
		base = nil // an earlier try may have written more than we know
	}
	d.effect = &Effect{Item: &ItemWish{Act: act, Base: base, Link: p.Origin + appLink(p, id)}}
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
		d.effect = &Effect{Note: &NoteWish{Deal: act.Deal, Text: timelineText(act, event), Mark: timelineMark(event)}}
		return nil
	}
	to := act.Responsible
	if to == 0 {
		to = act.CreatedBy
	}
	d.effect = &Effect{Notice: &NoticeWish{User: to, Tag: fmt.Sprintf("acts24|%d", event.ID), Text: noticeText(p, act, event)}}
	return nil
}

// timelineText ends with the mark of the line of history.
func timelineText(a acts.Act, e store.ActEvent) string {
	who := e.UserName
	if e.Actor == string(acts.ByOperator) {
		who = "СБИС"
	}
	return fmt.Sprintf("%s: %s. %s, %s", plain(a.Title()), plain(e.Text), plain(who), timelineMark(e))
}

func timelineMark(e store.ActEvent) string { return fmt.Sprintf("запись %d", e.ID) }

func noticeText(p store.Portal, a acts.Act, e store.ActEvent) string {
	return fmt.Sprintf("[URL=%s]%s[/URL] по сделке «%s»: %s", appLink(p, a.ID), plain(a.Title()), plain(a.DealTitle), plain(e.Text))
}
