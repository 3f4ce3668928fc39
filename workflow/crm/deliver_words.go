package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/workflow"
)

// isRefusal reports a clear refusal, which may be caused by a deleted deal.
func isRefusal(err error) bool { return errors.Is(err, acts.Refused) || errors.Is(err, acts.NotFound) }

// doneWhenDealDeleted returns the HandleFailure of an effect on a deal's timeline or fields, which are deleted with their deal.
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

// prepareHistoryLine prepares the comment about a line of history on the timeline of its deal.
func (s *Service) prepareHistoryLine(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	event, err := scope.Acts().Event(ctx, d.Task.Subject)
	if err != nil {
		return err
	}
	act, err := scope.Acts().Get(ctx, event.Act)
	if err != nil {
		return err
	}
	if deal, err := scope.Deals().GetWithoutRows(ctx, act.Deal); err != nil || deal.Deleted { // its timeline is deleted with it
		return err
	}
	return s.prepareComment(ctx, scope, p, d, store.Comment{Deal: act.Deal, Kind: store.CommentEvent, Subject: event.ID, Text: timelineText(p, act, event)})
}

// prepareComment prepares a comment with the text that an earlier attempt may have sent already.
func (s *Service) prepareComment(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery, c store.Comment) error {
	err := s.db.InTx(ctx, p.ID, func(tx store.Tx) (err error) {
		c, err = tx.Deals().BeginComment(ctx, c)
		return err
	})
	if err != nil {
		return err
	}
	note := workflow.NoteChange{Deal: c.Deal, Text: c.Text}
	if d.Task.Unclear {
		if note.OtherComments, err = scope.Deals().KnownComments(ctx, c.Deal); err != nil {
			return err
		}
	}
	d.Effect = &workflow.Effect{Note: &note}
	d.StoreResult = func(ctx context.Context, tx store.Tx, r workflow.Result) error {
		return tx.Deals().EndComment(ctx, c, r.Note)
	}
	d.HandleFailure = s.doneWhenDealDeleted(p.ID, c.Deal)
	return nil
}

// maxTimelineChanges is the largest number of changes in a comment; the page of the act shows all.
const maxTimelineChanges = 8

// timelineText returns the comment about a line of history: what, from what to what, who, when and by what.
func timelineText(p store.Portal, a acts.Act, e store.ActEvent) string {
	lines := []string{a.Title() + ": " + strings.TrimRight(e.Text, ".")}
	changes := slices.Concat(history.StatusChange(e.From, e.To), e.Changes)
	for i, c := range changes {
		if i == maxTimelineChanges {
			lines = append(lines, fmt.Sprintf("и ещё изменений: %d, они в истории акта", len(changes)-i))
			break
		}
		lines = append(lines, c.String())
	}
	lines = append(lines, history.By(acts.Actor(e.Actor), e.UserName, e.Source)+", "+e.At.In(workflow.ZoneOf(p.Zone)).Format("02.01.2006 15:04"))
	for i, line := range lines {
		lines[i] = letters.SanitizeBB(line)
	}
	return strings.Join(lines, "\n")
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
		return s.prepareComment(ctx, scope, p, d, store.Comment{Deal: m.Deal, Kind: store.CommentMessage, Subject: m.ID, Text: letters.SanitizeBB(m.Text)})
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
		d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: fmt.Sprintf("acts24|incident|%d|%d", i.ID, to), Text: alarmText(p, i)}}
		return nil
	}
	d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: to, Tag: fmt.Sprintf("acts24|message|%d", m.ID),
		Text: fmt.Sprintf("[URL=/marketplace/view/%s/]Акты[/URL]: %s", p.AppCode, letters.SanitizeBB(m.Text))}}
	return nil
}
