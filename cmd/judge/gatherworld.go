package main

import (
	"context"
	"fmt"
	"net/http"

	"acts24/integrations/bitrix24/bitrix24test"
)

func (g *gatherer) portal(ctx context.Context, n int, p *bitrix24test.Portal) error {
	var itemType int
	err := g.stage.db.QueryRowContext(ctx, `SELECT entity_type_id FROM portals WHERE member_id = $1`, p.MemberID()).Scan(&itemType)
	if err != nil {
		return err
	}
	for _, f := range p.Items(itemType) {
		if f["originatorId"] == nil || f["originatorId"] == "" {
			continue
		}
		id := int64(f["id"].(float64))
		g.found.Items = append(g.found.Items, item{Portal: n, ID: id, Origin: fmt.Sprint(f["originId"]), Stage: fmt.Sprint(f["stageId"]), Rows: len(p.Rows(itemType, id))})
	}
	g.mail(n, p)
	g.statusTasks(n, p)
	g.cards(n, p, itemType)
	for _, c := range p.Timeline() {
		g.found.Comments = append(g.found.Comments, comment{n, c.Owner, c.Text})
	}
	for _, m := range p.Notifications() {
		g.found.Notices = append(g.found.Notices, notice{n, m.Tag})
	}
	return nil
}

func (g *gatherer) sbis() {
	owners := g.stage.owners()
	for _, d := range g.stage.world.SBIS.Documents() {
		sendings := 0
		for _, e := range d.Events {
			if e.Name == "Отправка" {
				sendings++
			}
		}
		g.found.Documents = append(g.found.Documents, document{owners[d.Account], d.ID, d.Number, d.State, d.Deleted, d.Comment, sendings})
	}
}

// calls looks for limits that were run into and for what took too long.
func (g *gatherer) calls() {
	g.found.Refused = map[string]int{}
	for _, line := range g.stage.world.Cloud.Trace().Lines() {
		if line.Error == "QUERY_LIMIT_EXCEEDED" || line.Error == "OPERATION_TIME_LIMIT" {
			g.found.Refused[line.Error]++
		}
	}
	for _, line := range g.stage.world.SBIS.Trace().Lines() {
		if line.Status == http.StatusTooManyRequests {
			g.found.Refused["СБИС 429"]++
		}
	}
	o := g.stage.outside
	o.mu.Lock()
	g.found.Bound, g.found.Slowest = o.bound, o.slowest
	o.mu.Unlock()
	for _, r := range g.stage.replicas {
		g.found.Broken = append(g.found.Broken, r.ends()...)
	}
}
