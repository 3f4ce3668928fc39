package workflow

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
			s.couldNot(ctx, wanted[i], r.Err)
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

// couldNot ends a delivery whose failure says something about the CRM, and puts any other back.
func (s *Service) couldNot(ctx context.Context, d delivery, err error) {
	switch {
	case d.effect.Item != nil && errors.Is(err, acts.NotFound) && d.effect.Item.Act.Item != 0:
		if gone := s.itemGone(ctx, d.task.Portal, d.effect.Item.Act.Item); gone == nil {
			s.finish(ctx, d.task, delivery{}, Result{})
			return
		}
	case d.effect.Stage != nil && errors.Is(err, acts.NotFound):
		if gone := s.dealGone(ctx, d.task.Portal, d.effect.Stage.Deal); gone == nil {
			s.finish(ctx, d.task, delivery{}, Result{})
			return
		}
	case d.effect.Stage != nil && errors.Is(err, acts.Refused):
		deal, why := d.effect.Stage.Deal, acts.Sentence(err)
		s.finish(ctx, d.task, delivery{keep: func(ctx context.Context, tx store.Tx, _ Result) error {
			return s.stageRefused(ctx, tx, deal, why)
		}}, Result{})
		return
	}
	s.fail(ctx, d.task, err)
}

// stageRefused keeps why the CRM did not let a deal go to its stage and tells the responsible once; the move is tried
// again when the deal changes.
func (s *Service) stageRefused(ctx context.Context, tx store.Tx, id acts.DealID, why string) error {
	deal, err := tx.Deal(ctx, id)
	if err != nil {
		return err
	}
	note := "Битрикс24 не дал переместить сделку: " + strings.TrimPrefix(why, "Битрикс24 не принял изменение: ")
	if deal.StageNote == note {
		return nil
	}
	if err := tx.StageNote(ctx, id, note); err != nil {
		return err
	}
	all, err := tx.ActsOfDeal(ctx, id)
	if err != nil || len(all) == 0 {
		return err
	}
	e := store.ActEvent{Act: all[0].ID, Actor: string(acts.ByOperator), Kind: "stage_refused", Text: note + " Исправьте сделку, и она переместится сама"}
	event, err := tx.AddEvent(ctx, s.at(e))
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, TaskNotify, event)
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
	case TaskMessage:
		err = s.prepareMessage(ctx, scope, p, &d)
	case TaskExchange:
		err = s.prepareExchange(ctx, scope, &d)
	case TaskDigest:
		err = s.prepareDigest(ctx, scope, p, &d)
	case TaskAlarm:
		err = s.prepareAlarm(ctx, scope, p, &d)
	case TaskRemind:
		err = s.prepareRemind(ctx, scope, p, &d)
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
	if act.ItemGone {
		d.effect = nil
	}
	d.keep = func(ctx context.Context, tx store.Tx, r Result) error {
		if r.Item == 0 {
			return nil
		}
		if err := tx.SetItem(ctx, id, r.Item, r.Base); err != nil || r.Events == 0 {
			return err
		}
		if act.Item == 0 {
			if err := s.filesFollow(ctx, tx, id); err != nil {
				return err
			}
		}
		return tx.ItemWrote(ctx, id, r.Events)
	}
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
		at := acts.DealPlace{StageID: stageID, Final: final, LastSet: deal.LastSet, LastFor: deal.LastFor, Forced: deal.Forced}
		to, note = pipeline.Mapped.Move(at, target)
		return to
	}
	d.effect = &Effect{Stage: &StageWish{Deal: deal.ID, Decide: decide}}
	d.keep = func(ctx context.Context, tx store.Tx, r Result) error {
		at := acts.DealPlace{StageID: r.Stage, Final: r.Final, LastSet: deal.LastSet, LastFor: deal.LastFor}
		if r.Moved {
			at = acts.DealPlace{StageID: to, Final: pipeline.Final(to), LastSet: to, LastFor: target}
			if err := tx.DealWrote(ctx, deal.ID, 1); err != nil {
				return err
			}
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
	if event.Kind == "put_back" || event.Kind == "ask_reason" { // told to who did it
		act.Responsible = event.User
	}
	if d.task.Kind == TaskTimeline {
		d.effect = &Effect{Note: &NoteWish{Deal: act.Deal, Text: timelineText(act, event), Mark: timelineMark(event)}}
		return nil
	}
	to, err := s.addressee(ctx, scope, p, act, d.task)
	if err != nil {
		return err
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
	return fmt.Sprintf("%s: %s. %s, %s", plain(a.Title()), strings.TrimRight(plain(e.Text), "."), plain(who), timelineMark(e))
}

func timelineMark(e store.ActEvent) string { return fmt.Sprintf("запись %d", e.ID) }

func noticeText(p store.Portal, a acts.Act, e store.ActEvent) string {
	return fmt.Sprintf("[URL=%s]%s[/URL] по сделке «%s»: %s", appLink(p, a.ID), plain(a.Title()), plain(a.DealTitle), plain(e.Text))
}
