package workflow

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// say promises a sentence about a deal: to an employee, or without one to the deal's timeline. Without a deal it is about the
// app itself.
func (s *Service) say(ctx context.Context, tx store.Tx, deal acts.DealID, to acts.UserID, text string) error {
	return s.promise(ctx, tx, store.Message{Deal: deal, User: to, Text: text})
}

func (s *Service) promise(ctx context.Context, tx store.Tx, m store.Message) error {
	id, err := tx.AddMessage(ctx, m, s.now())
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, TaskMessage, id)
}

// tellAdministrators promises the message to everybody who administers.
func (s *Service) tellAdministrators(ctx context.Context, tx store.Tx, m store.Message) error {
	all, err := tx.Administrators(ctx)
	if err != nil {
		return err
	}
	for _, m.User = range all {
		if err := s.promise(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) prepareMessage(ctx context.Context, scope store.Scope, p store.Portal, d *delivery) error {
	m, err := scope.Message(ctx, d.task.Subject)
	if err != nil {
		return err
	}
	if m.User == 0 {
		mark := fmt.Sprintf("запись М%d", m.ID)
		d.effect = &Effect{Note: &NoteWish{Deal: m.Deal, Text: plain(m.Text) + " " + mark, Mark: mark}}
		return nil
	}
	to := m.User
	if d.task.Failures > 0 {
		if to, err = s.standIn(ctx, p, to); err != nil {
			return err
		}
	}
	if m.Incident != 0 {
		i, err := scope.Incident(ctx, m.Incident)
		if err != nil {
			return err
		}
		d.effect = &Effect{Notice: &NoticeWish{User: to, Tag: fmt.Sprintf("acts24|incident|%d", i.ID), Text: alarmText(p, i)}}
		return nil
	}
	tag := fmt.Sprintf("acts24|message|%d", m.ID)
	if m.Deal == 0 {
		d.effect = &Effect{Notice: &NoticeWish{User: to, Tag: tag, Text: fmt.Sprintf("[URL=/marketplace/app/%s/]Акты[/URL]: %s", p.AppCode, plain(m.Text))}}
		return nil
	}
	deal, err := scope.Deal(ctx, m.Deal)
	if err != nil {
		return err
	}
	d.effect = &Effect{Notice: &NoticeWish{User: to, Tag: tag,
		Text: fmt.Sprintf("Сделка [URL=/crm/deal/details/%d/]«%s»[/URL]: %s", m.Deal, plain(deal.Title), plain(m.Text))}}
	return nil
}
