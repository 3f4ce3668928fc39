package remind

import (
	"context"
	"fmt"
	"strings"
	"time"

	"acts24/acts/report"
	"acts24/acts/workday"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// ProcessDueDigests notifies every employee once a working day, at its beginning in the portal, of what waits for him.
func (s *Service) ProcessDueDigests(ctx context.Context) (more bool, err error) {
	return s.queue.ProcessDue(ctx, "digests", s.db.DueDigests, func(ctx context.Context, tx store.Tx, _ int64) error { return s.processDigests(ctx, tx) })
}

func (s *Service) processDigests(ctx context.Context, tx store.Tx) error {
	due, err := tx.Digests().LockDay(ctx)
	if err != nil || due.After(s.now()) {
		return err
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	zone, err := s.calendar.Zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	days, now := workday.New(settings.Calendar), s.now().In(zone)
	if err := tx.Digests().SetDay(ctx, nextDigest(days, now)); err != nil {
		return err
	}
	if due.IsZero() || !days.IsWorkday(now) || now.Before(days.Start(now, zone)) { // the first digest is not due yet, or the calendar has changed
		return nil
	}
	ids, err := tx.Digests().Add(ctx, now, settings.StagesNeedingActs())
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := queue.EnqueueWithin(ctx, tx, task.SendDigest(id), workflow.ReadDelay); err != nil {
			return err
		}
	}
	return nil
}

// nextDigest returns the next beginning of a working day after a moment in the portal's zone.
func nextDigest(days workday.Calendar, now time.Time) time.Time {
	if start := days.Start(now, now.Location()); days.IsWorkday(now) && now.Before(start) {
		return start
	}
	return days.Start(days.After(now, 1), now.Location())
}

// prepareDigest notifies an employee of what waits for him. A newer digest replaces an unread one. After a failed attempt, as for an employee
// dismissed meanwhile, the digest is dropped.
func (s *Service) prepareDigest(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	digest, err := scope.Digests().Get(ctx, d.Task.Subject)
	if err != nil || d.Task.Failures > 0 {
		return err
	}
	if text := digestText(p, digest); text != "" {
		d.Effect = &workflow.Effect{Notice: &workflow.NoticeChange{User: digest.User, Tag: fmt.Sprintf("acts24|digest|%d", digest.User), Text: text}}
	}
	return nil
}

// digestText renders the digest with links to its lists, "" when it is empty.
func digestText(p store.Portal, d store.Digest) string {
	words := map[report.DigestLine]string{
		report.LineOverdue:          workflow.Plural(d.Overdue, "акт не подписан", "акта не подписаны", "актов не подписаны") + " в срок",
		report.LineRefused:          workflow.Plural(d.Refused, "отказ", "отказа", "отказов") + " от подписания",
		report.LineOurs:             workflow.Plural(d.AwaitOurs, "документ ждёт", "документа ждут", "документов ждут") + " нашей подписи в СБИС",
		report.LineTheirs:           workflow.Plural(d.AwaitTheirs-d.Overdue, "акт ждёт", "акта ждут", "актов ждут") + " подписи заявителя, срок не вышел",
		report.LineDealsWithoutActs: workflow.Plural(d.WithoutActs, "сделка", "сделки", "сделок") + " без акта",
	}
	var lines []string
	for _, line := range d.Lines() {
		lines = append(lines, fmt.Sprintf("[URL=%s&params[user]=%d]%s[/URL]", workflow.PageLink(p, string(line)), d.User, words[line]))
	}
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("Акты, сводка на %s: %s. [URL=%s]Отключить сводку[/URL]", d.Day.Format("02.01.2006"), strings.Join(lines, "; "), workflow.PageLink(p, "me"))
}

// SetDigest stores whether the visitor wants the daily digest.
func (s *Service) SetDigest(ctx context.Context, v workflow.Visit, wants bool) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Digests().SetWanted(ctx, v.User, wants) })
}
