package crm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/store/task"
	"acts24/workflow"
)

// isRefusal reports a clear refusal, which may be caused by a deleted deal.
func isRefusal(err error) bool { return errors.Is(err, acts.Refused) || errors.Is(err, acts.NotFound) }

// doneWhenDealDeleted is the Failed of an effect on a deal's timeline or fields, which are deleted with their deal.
func (s *Service) doneWhenDealDeleted(portal acts.PortalID, deal acts.DealID) func(context.Context, error) (bool, func(context.Context, store.Tx) error) {
	return func(ctx context.Context, err error) (bool, func(context.Context, store.Tx) error) {
		return isRefusal(err) && s.isDealDeleted(ctx, portal, deal), nil
	}
}

// isDealDeleted fetches a deal after a refusal, and reports whether it has been deleted.
func (s *Service) isDealDeleted(ctx context.Context, portal acts.PortalID, id acts.DealID) bool {
	if err := s.deals.FetchDeals(ctx, portal, id); err != nil {
		return false
	}
	deal, err := s.db.Scope(portal).Deals().GetWithoutRows(ctx, id)
	return err == nil && deal.Deleted
}

func (s *Service) prepareHistoryLine(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	event, err := scope.Acts().Event(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	act, err := scope.Acts().Get(ctx, event.Act)
	if err != nil {
		return err
	}
	if event.Kind == "put_back" || event.Kind == "ask_reason" { // the recipient is who made the change
		act.Responsible = event.User
	}
	if d.Task.Kind == task.KindAddToTimeline {
		if deal, err := scope.Deals().GetWithoutRows(ctx, act.Deal); err != nil || deal.Deleted { // its timeline is deleted with it
			return err
		}
		d.Effect = &workflow.Effect{Note: &workflow.NoteChange{Deal: act.Deal, Text: timelineText(act, event), Mark: timelineMark(event)}}
		d.Failed = s.doneWhenDealDeleted(p.ID, act.Deal)
		return nil
	}
	to, err := s.people.Addressee(ctx, scope, p, act, d.Task)
	if err != nil {
		return err
	}
	d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: fmt.Sprintf("acts24|%d", event.ID), Text: noticeText(p, act, event)}}
	return nil
}

// timelineText ends with the mark of the line of history.
func timelineText(a acts.Act, e store.ActEvent) string {
	who := e.UserName
	if e.Actor == string(acts.ActorOperator) {
		who = strings.TrimPrefix(who+", СБИС", ", ")
	}
	return fmt.Sprintf("%s: %s. %s, %s", workflow.SanitizeBB(a.Title()), strings.TrimRight(workflow.SanitizeBB(e.Text), "."), workflow.SanitizeBB(who), timelineMark(e))
}

func timelineMark(e store.ActEvent) string { return fmt.Sprintf("запись %d", e.ID) }

func noticeText(p store.Portal, a acts.Act, e store.ActEvent) string {
	if e.Kind == string(acts.EventRefusal) && e.Actor == string(acts.ActorOperator) && e.UserName != "" {
		e.Text = strings.TrimRight(e.Text, ".") + ". Отказ подписал: " + e.UserName + ", " + e.At.In(workflow.ZoneOf(p.Zone)).Format("02.01.2006 15:04")
	}
	return fmt.Sprintf("[URL=%s]%s[/URL] по сделке %s: %s", workflow.AppLink(p, a.ID), workflow.SanitizeBB(a.Title()), workflow.Quote(workflow.SanitizeBB(a.DealTitle)), workflow.SanitizeBB(e.Text))
}

func (s *Service) prepareMessage(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	m, err := scope.Questions().Message(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	if m.User == 0 {
		if deal, err := scope.Deals().GetWithoutRows(ctx, m.Deal); err != nil || deal.Deleted { // its timeline is deleted with it
			return err
		}
		mark := fmt.Sprintf("запись М%d", m.ID)
		d.Effect = &workflow.Effect{Note: &workflow.NoteChange{Deal: m.Deal, Text: workflow.SanitizeBB(m.Text) + " " + mark, Mark: mark}}
		d.Failed = s.doneWhenDealDeleted(p.ID, m.Deal)
		return nil
	}
	to := m.User
	if d.Task.Failures > 0 {
		if to, err = s.people.Deputy(ctx, p, to); err != nil {
			return err
		}
	}
	if m.Incident != 0 {
		i, err := scope.Portals().Incident(ctx, m.Incident)
		if err != nil {
			return err
		}
		d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: fmt.Sprintf("acts24|incident|%d", i.ID), Text: alarmText(p, i)}}
		return nil
	}
	tag := fmt.Sprintf("acts24|message|%d", m.ID)
	if m.Deal == 0 {
		d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: tag, Text: fmt.Sprintf("[URL=/marketplace/view/%s/]Акты[/URL]: %s", p.AppCode, workflow.SanitizeBB(m.Text))}}
		return nil
	}
	deal, err := scope.Deals().Get(ctx, m.Deal)
	if err != nil {
		return err
	}
	d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: tag,
		Text: fmt.Sprintf("Сделка [URL=/crm/deal/details/%d/]%s[/URL]: %s", m.Deal, workflow.Quote(workflow.SanitizeBB(deal.Title)), workflow.SanitizeBB(m.Text))}}
	return nil
}
