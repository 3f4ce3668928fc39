package main

import (
	"context"
	"fmt"

	"acts24/integrations/bitrix24/bitrix24test"
)

const (
	actRows = `
		SELECT a.portal_id, a.id, a.deal_id, a.item_id, CAST(a.form_key AS text), a.status, a.delivery, a.number,
			CAST(date_part('year', a.act_date) AS int), coalesce(p.item_stages ->> a.status, ''),
			(SELECT count(*) FROM act_lines l WHERE l.portal_id = a.portal_id AND l.act_id = a.id)
		FROM acts a JOIN portals p ON p.id = a.portal_id ORDER BY a.id`
	attemptRows = `
		SELECT portal_id, act_id, CAST(id AS text), live, package, format('state %s «%s», written %s, dispatched %s, gone %s, unread %s, signing %s, last event %s of %s, changed %s',
			state_code, state_name, written, dispatched, gone, unread, signing, last_event, last_event_at, changed_at)
		FROM edo_documents ORDER BY portal_id, act_id, attempt`
	eventRows      = `SELECT portal_id, id, act_id, kind, user_name, text, to_char(at, 'HH24:MI:SS.MS'), from_status, to_status FROM act_events ORDER BY id`
	ourCommentRows = `SELECT portal_id, kind, subject, comment_id FROM timeline_comments WHERE comment_id <> 0`
	taskRows       = `SELECT portal_id, kind, subject, dead, problem FROM tasks ORDER BY id`
	dealRows       = `
		WITH taken AS (
			SELECT a.portal_id, l.row_id, sum(l.quantity) AS quantity FROM acts a
			JOIN act_lines l ON l.portal_id = a.portal_id AND l.act_id = a.id
			WHERE a.status <> 'annulled' AND a.replaced_by IS NULL GROUP BY a.portal_id, l.row_id
		)
		SELECT r.portal_id, r.deal_id, bool_and(coalesce(t.quantity, 0) >= r.quantity), bool_or(coalesce(t.quantity, 0) > r.quantity)
		FROM deal_rows r LEFT JOIN taken t ON t.portal_id = r.portal_id AND t.row_id = r.id
		GROUP BY r.portal_id, r.deal_id ORDER BY r.portal_id, r.deal_id`
)

// gather reads the state after the run from the database and the fakes.
func gather(ctx context.Context, h *harness, l *load) (state, error) {
	g := collector{harness: h, numbers: map[int64]int{}, ourComments: map[ref]comment{}}
	g.found.Forms, g.found.UnexpectedAnswers, g.found.AskedDeals = l.forms, l.unexpectedAnswers, l.askedDeals
	for n, p := range h.world.Portals {
		id, err := h.portalID(ctx, p.MemberID())
		if err != nil {
			return g.found, fmt.Errorf("portal %d is not in the database: %w", n, err)
		}
		g.numbers[id] = n
	}
	for _, p := range l.paperActs() {
		g.found.Papers = append(g.found.Papers, *p)
	}
	if err := firstError(g.database(ctx), g.paper(ctx), g.asking(ctx), g.bulks(ctx)); err != nil {
		return g.found, err
	}
	for n, p := range h.world.Portals {
		if err := g.portal(ctx, n, p); err != nil {
			return g.found, err
		}
	}
	if err := g.automation(ctx); err != nil {
		return g.found, err
	}
	g.sbis()
	g.calls()
	return g.found, nil
}

type collector struct {
	harness     *harness
	found       state
	ourComments map[ref]comment // our comments by their ids in the portal
	numbers     map[int64]int   // number of a portal in the world by its id in the database
}

func (g *collector) database(ctx context.Context) error {
	f := &g.found
	return firstError(
		g.each(ctx, actRows, func(row scan) error {
			var a actRow
			err := row(&a.Portal, &a.ID, &a.Deal, &a.Item, &a.Key, &a.Status, &a.Delivery, &a.Number, &a.Year, &a.ItemStage, &a.Lines)
			f.Acts = append(f.Acts, a)
			return err
		}),
		g.each(ctx, openActs, func(row scan) error {
			var a pendingAct
			err := row(&a.Portal, &a.Act, &a.What)
			f.PendingActs = append(f.PendingActs, a)
			return err
		}),
		g.each(ctx, attemptRows, func(row scan) error {
			var a attempt
			err := row(&a.Portal, &a.Act, &a.ID, &a.Live, &a.Package, &a.Details)
			f.Attempts = append(f.Attempts, a)
			return err
		}),
		g.each(ctx, eventRows, func(row scan) error {
			var e eventRow
			err := row(&e.Portal, &e.ID, &e.Act, &e.Kind, &e.By, &e.Text, &e.At, &e.From, &e.To)
			f.Events = append(f.Events, e)
			return err
		}),
		g.each(ctx, ourCommentRows, func(row scan) error {
			var c comment
			var id int64
			err := row(&c.Portal, &c.Kind, &c.Subject, &id)
			g.ourComments[ref{c.Portal, id}] = c
			return err
		}),
		g.each(ctx, taskRows, func(row scan) error {
			var t taskRow
			err := row(&t.Portal, &t.Kind, &t.Subject, &t.Dead, &t.Problem)
			f.Tasks = append(f.Tasks, t)
			return err
		}),
		g.each(ctx, dealRows, func(row scan) error {
			var d dealRow
			err := row(&d.Portal, &d.ID, &d.Covered, &d.Exceeded)
			d.Stage, d.ByTriggers = g.stageOf(d), g.harness.usesAutomation() && movedByTriggers(d.Portal)
			f.Deals = append(f.Deals, d)
			return err
		}))
}

// stageOf returns the name of the stage of a deal in the portal.
func (g *collector) stageOf(d dealRow) string {
	p := g.harness.world.Portals[d.Portal]
	id, _ := p.Item(bitrix24test.Deal, d.ID)["stageId"].(string)
	return p.StageName(bitrix24test.Deal, id)
}

// scan reads a row: the number of its portal in the world, then its other columns.
type scan func(portal *int, columns ...any) error

// each runs a query whose first column is the portal's id in the database.
func (g *collector) each(ctx context.Context, query string, take func(row scan) error) error {
	rows, err := g.harness.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	row := func(portal *int, columns ...any) error {
		var id int64
		err := rows.Scan(append([]any{&id}, columns...)...)
		*portal = g.numbers[id]
		return err
	}
	for rows.Next() {
		if err := take(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return fmt.Errorf("read the database: %w", err)
		}
	}
	return nil
}
