package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/store"
)

// FireDigests tells every employee once a working day, when it begins in the portal, what waits for him.
func (s *Service) FireDigests(ctx context.Context) (more bool, err error) {
	return s.fire(ctx, "digests", s.db.DueDigests, func(ctx context.Context, tx store.Tx, _ int64) error { return s.digestOnce(ctx, tx) })
}

func (s *Service) digestOnce(ctx context.Context, tx store.Tx) error {
	due, err := tx.LockDigestDay(ctx)
	if err != nil || due.After(s.now()) {
		return err
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	zone, err := s.zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	days, now := workday.New(settings.Calendar), s.now().In(zone)
	if err := tx.SetDigestDay(ctx, nextDigest(days, now)); err != nil {
		return err
	}
	if due.IsZero() || !days.Working(now) || now.Before(days.Start(now, zone)) { // the first moment is ahead, or the calendar has changed
		return nil
	}
	ids, err := tx.AddDigests(ctx, now, settings.Awaiting())
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.EnqueueTogether(ctx, TaskDigest, id, readTogether); err != nil {
			return err
		}
	}
	return nil
}

// nextDigest is the next beginning of a working day after a moment in the portal's zone.
func nextDigest(days workday.Calendar, now time.Time) time.Time {
	if start := days.Start(now, now.Location()); days.Working(now) && now.Before(start) {
		return start
	}
	return days.Start(days.After(now, 1), now.Location())
}

// prepareDigest tells an employee what waits for him. A newer digest takes the place of one that he has not read; who has been
// dismissed meanwhile is not told.
func (s *Service) prepareDigest(ctx context.Context, scope store.Scope, p store.Portal, d *delivery) error {
	digest, err := scope.Digest(ctx, d.task.Subject)
	if err != nil || d.task.Failures > 0 {
		return err
	}
	if text := digestText(p, digest); text != "" {
		d.effect = &Effect{Notice: &NoticeWish{User: digest.User, Tag: "acts24|digest", Text: text}}
	}
	return nil
}

// digestText is the digest with links to what it tells of, "" when there is nothing to tell.
func digestText(p store.Portal, d store.Digest) string {
	words := map[acts.DigestLine]string{
		acts.LineOverdue: plural(d.Overdue, "акт не подписан", "акта не подписаны", "актов не подписаны") + " в срок",
		acts.LineRefused: plural(d.Refused, "отказ", "отказа", "отказов") + " от подписания",
		acts.LineOurs:    plural(d.Ours, "документ ждёт", "документа ждут", "документов ждут") + " нашей подписи в СБИС",
		acts.LineTheirs:  plural(d.Theirs-d.Overdue, "акт ждёт", "акта ждут", "актов ждут") + " подписи заявителя, срок не вышел",
		acts.LineLacking: plural(d.Lacking, "сделка", "сделки", "сделок") + " без акта",
	}
	var lines []string
	for _, line := range d.Lines() {
		lines = append(lines, fmt.Sprintf("[URL=%s&params[user]=%d]%s[/URL]", pageLink(p, string(line)), d.User, words[line]))
	}
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("Акты, сводка на %s: %s. [URL=%s]Отключить сводку[/URL]", d.Day.Format("02.01.2006"), strings.Join(lines, "; "), pageLink(p, "me"))
}

// pageLink opens one of our pages by its name out of a notification.
func pageLink(p store.Portal, page string) string {
	return fmt.Sprintf("/marketplace/view/%s/?params[page]=%s", p.AppCode, page)
}

// SetDigest keeps whether the visitor wants to be told every morning what waits for him.
func (s *Service) SetDigest(ctx context.Context, v Visit, wants bool) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.SetDigest(ctx, v.User, wants) })
}
