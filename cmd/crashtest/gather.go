package main

import (
	"context"
	"errors"
	"fmt"

	"acts24/cmd/crashtest/rules"
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
	bulkRows = `
		SELECT r.portal_id, r.act_id, r.state, b.state NOT IN ('done', 'cancelled'), (SELECT count(*) FROM act_events e
			WHERE e.portal_id = r.portal_id AND e.act_id = r.act_id AND e.kind = 'handed_over')
		FROM bulk_rows r JOIN bulks b ON b.portal_id = r.portal_id AND b.id = r.bulk_id ORDER BY r.portal_id, r.act_id`
)

// gather reads the state after the run from the database and the fakes. The replicas have been stopped.
func gather(ctx context.Context, h *harness, l *load) (rules.State, error) {
	g := collector{harness: h, portalNumbers: map[int64]int{}, ourComments: map[rules.Ref]rules.Comment{}}
	g.found.Forms, g.found.UnexpectedAnswers, g.found.AskedDeals = l.forms, l.unexpectedAnswers, l.askedDeals
	for n, p := range h.world.Portals {
		id, err := h.portalID(ctx, p.MemberID())
		if err != nil {
			return g.found, fmt.Errorf("find portal %d in the database: %w", n, err)
		}
		g.portalNumbers[id] = n
	}
	for _, p := range l.paperActs() {
		g.found.Papers = append(g.found.Papers, p.PaperAct)
	}
	if err := errors.Join(g.readActs(ctx), g.readPaper(ctx), g.readQuestions(ctx)); err != nil {
		return g.found, fmt.Errorf("read the database: %w", err)
	}
	for n, p := range h.world.Portals {
		if err := g.readPortal(ctx, n, p); err != nil {
			return g.found, fmt.Errorf("read portal %d: %w", n, err)
		}
	}
	if err := g.readAutomation(ctx); err != nil {
		return g.found, fmt.Errorf("read robots and triggers: %w", err)
	}
	g.readSBIS()
	g.countRefusedCalls()
	g.found.CallTimeout, g.found.SlowestCall, g.found.Writes = h.callTimeout, h.proxy.SlowestCall(), h.proxy.Writes.Counts()
	for _, r := range h.replicas {
		g.found.UnexpectedExits = append(g.found.UnexpectedExits, r.reportedFailures()...)
	}
	return g.found, nil
}

// collector reads the state after a run.
type collector struct {
	harness       *harness
	found         rules.State
	ourComments   map[rules.Ref]rules.Comment // our comments by their ids in the portal
	portalNumbers map[int64]int               // number of a portal in the world by its id in the database
}

// readActs reads acts with their documents, history and comments, tasks, deals and bulk actions.
func (g *collector) readActs(ctx context.Context) error {
	f := &g.found
	return errors.Join(
		readRows(ctx, g, actRows, &f.Acts, func(a *rules.Act) (*int, []any) {
			return &a.Portal, []any{&a.ID, &a.Deal, &a.Item, &a.Key, &a.Status, &a.Delivery, &a.Number, &a.Year, &a.ItemStage, &a.Lines}
		}),
		readRows(ctx, g, openActs, &f.PendingActs, func(a *rules.PendingAct) (*int, []any) { return &a.Portal, []any{&a.Act, &a.Details} }),
		readRows(ctx, g, attemptRows, &f.Attempts, func(a *rules.Attempt) (*int, []any) {
			return &a.Portal, []any{&a.Act, &a.ID, &a.Live, &a.Package, &a.Details}
		}),
		readRows(ctx, g, eventRows, &f.Events, func(e *rules.Event) (*int, []any) {
			return &e.Portal, []any{&e.ID, &e.Act, &e.Kind, &e.By, &e.Text, &e.At, &e.From, &e.To}
		}),
		g.eachRow(ctx, ourCommentRows, func(row scan) error {
			var c rules.Comment
			var id int64
			err := row(&c.Portal, &c.Kind, &c.Subject, &id)
			g.ourComments[rules.Ref{Portal: c.Portal, ID: id}] = c
			return err
		}),
		readRows(ctx, g, taskRows, &f.Tasks, func(t *rules.Task) (*int, []any) {
			return &t.Portal, []any{&t.Kind, &t.Subject, &t.Dead, &t.Problem}
		}),
		g.eachRow(ctx, dealRows, func(row scan) error {
			var d rules.Deal
			if err := row(&d.Portal, &d.ID, &d.Covered, &d.Exceeded); err != nil {
				return err
			}
			d.Stage, d.ByTriggers = g.stageOf(d), g.harness.usesAutomation() && movedByTriggers(d.Portal)
			f.Deals = append(f.Deals, d)
			return nil
		}),
		readRows(ctx, g, bulkRows, &f.BulkRows, func(r *rules.BulkRow) (*int, []any) {
			return &r.Portal, []any{&r.Act, &r.State, &r.Running, &r.HandOvers}
		}))
}

// stageOf returns the name of the stage of a deal in the portal.
func (g *collector) stageOf(d rules.Deal) string {
	p := g.harness.world.Portals[d.Portal]
	id, _ := p.Item(bitrix24test.Deal, d.ID)["stageId"].(string)
	return p.StageName(bitrix24test.Deal, id)
}

// scan reads a row: the number of its portal in the world, then its other columns.
type scan func(portal *int, columns ...any) error

// eachRow runs a query whose first column is the portal's id in the database.
func (g *collector) eachRow(ctx context.Context, query string, take func(row scan) error) error {
	rows, err := g.harness.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	row := func(portal *int, columns ...any) error {
		var id int64
		if err := rows.Scan(append([]any{&id}, columns...)...); err != nil {
			return err
		}
		n, known := g.portalNumbers[id]
		if !known {
			return fmt.Errorf("no portal of the world has the id %d", id)
		}
		*portal = n
		return nil
	}
	for rows.Next() {
		if err := take(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// readRows appends an element for each row of a query as eachRow runs it. columns returns where the number of the portal and the other columns of an
// element are.
func readRows[T any](ctx context.Context, g *collector, query string, list *[]T, columns func(*T) (portal *int, others []any)) error {
	return g.eachRow(ctx, query, func(row scan) error {
		var element T
		portal, others := columns(&element)
		if err := row(portal, others...); err != nil {
			return err
		}
		*list = append(*list, element)
		return nil
	})
}
