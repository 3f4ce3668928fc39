package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// storm is many deals of one portal that must be moved at once: each is read and updated.
type storm struct {
	replicas int
	cost     time.Duration // run time of one command
	pace     float64       // how many times faster the clock of run times is
}

// storms are limited by the rate of requests when a command takes 8 ms, and by run time when it takes longer.
var storms = []storm{
	{1, 8 * time.Millisecond, 1},
	{3, 8 * time.Millisecond, 1},
	{1, 50 * time.Millisecond, 5},
	{3, 50 * time.Millisecond, 5},
	{1, 250 * time.Millisecond, 5},
	{3, 250 * time.Millisecond, 5},
}

// String returns the name of the measurement.
func (s storm) String() string {
	return fmt.Sprintf("updates of %v, %d replicas, factor %g", s.cost, s.replicas, 1/s.pace)
}

// limits are those of a usual portal, or of a large one, whose bucket does not end before the run time, when that is measured.
func (s storm) limits() bitrix24test.Limits {
	l := bitrix24test.Limits{Pace: s.pace}
	if s.pace > 1 {
		l.Burst, l.PerSecond = 250, 5
	}
	return l.WithDefaults()
}

// fillSQL adds deals, each with one sent act, whose move to the stage of a sent act is due: $1 the portal, $2 the id of the first deal, $3 of
// the last, $4 our company.
//
//go:embed storm.sql
var fillSQL string

// stormTimeout is the longest time of one storm.
const stormTimeout = 30 * time.Minute

func (s storm) measure(ctx context.Context, p plan, r *report) error {
	limits := s.limits()
	w, err := openSite(ctx, p.program, options{portals: 1, replicas: s.replicas,
		changePortal: func(c *bitrix24test.Config) {
			if limits.Burst > 50 {
				c.License = "ru_ent250"
			}
			c.Limits = bitrix24test.Limits{Off: true} // the installation is not measured
		},
		configure: func(c *app.Config) { c.Retry = time.Duration(float64(c.Retry) / s.pace) }})
	if err != nil {
		return err
	}
	defer w.close()
	portal := w.world.Portals[0]
	limits.Cost = func(string) time.Duration { return s.cost }
	first, last := addDeals(portal, p.updates)
	id, err := w.portalID(ctx, 0)
	if err != nil {
		return err
	}
	portal.SetLimits(limits)
	if err := w.exec(ctx, `UPDATE budgets SET level = 0`); err != nil {
		return err
	}
	if err := errors.Join(w.run(ctx, fillSQL, id, first, last), w.copyDeals(ctx, portal)); err != nil {
		return err
	}
	before, used := len(portal.Trace().Lines()), time.Duration(0)
	if used, err = w.cpu(); err != nil {
		return err
	}
	began := time.Now()
	if err := w.exec(ctx, `UPDATE tasks SET due_at = clock_timestamp() WHERE portal_id = $1`, id); err != nil {
		return err
	}
	watching, stop := context.WithCancel(ctx)
	pages := make(chan []time.Duration, 1)
	go func() { pages <- openTabs(watching, w.world) }()
	err = w.await(ctx, stormTimeout, `SELECT count(*) FROM tasks WHERE portal_id = $1 AND kind = 'crm.stage'`, id)
	took := time.Since(began)
	stop()
	waited := <-pages
	if err != nil {
		return err
	}
	after, err := w.cpu()
	if err != nil {
		return err
	}
	if moved := countMoved(portal, first); moved != p.updates {
		return fmt.Errorf("%d of %d deals were moved", moved, p.updates)
	}
	counted := countCalls(portal.Trace().Lines()[before:], portal.Manager())
	best := shortestTime(map[string]int{"crm.item.get": p.updates, "crm.item.update": p.updates}, counted.people, s.cost, limits)
	r.add(figure{what: "throughput of the ceiling", value: 100 * float64(best) / float64(took), unit: "%", goal: 95, least: true,
		note: fmt.Sprintf("%d updates in %v, at best %v; %d requests, %d of them of people, with %d reads and %d updates among %d commands", p.updates, took.Round(time.Second), best.Round(time.Second),
			counted.requests, counted.people, counted.commands["crm.item.get"], counted.commands["crm.item.update"], counted.total())})
	r.add(figure{what: "refused for a limit", value: float64(counted.refused), unit: "calls", note: "QUERY_LIMIT_EXCEEDED and OPERATION_TIME_LIMIT"})
	r.add(figure{what: "requests per 50 updates", value: 50 * float64(counted.requests-counted.people) / float64(p.updates), unit: "", free: true, note: "one reads the deals and one writes; " + counted.most()})
	r.add(figure{what: "deal tab meanwhile, p99", value: quantile(waited, 0.99).Seconds(), unit: "s", goal: 1, note: fmt.Sprintf("%d times, p50 %v", len(waited), quantile(waited, 0.5).Round(time.Millisecond))})
	r.add(figure{what: "processor time per update", value: float64((after - used).Microseconds()) / 1000 / float64(p.updates), unit: "ms", free: true})
	return nil
}

// run executes the statements of a text in which $1 and so on are numbers.
func (s *site) run(ctx context.Context, text string, numbers ...int64) error {
	for i, n := range numbers {
		text = strings.ReplaceAll(text, fmt.Sprint("$", i+1), fmt.Sprint(n))
	}
	for _, statement := range strings.Split(text, "\n--;\n") {
		if err := s.exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// addDeals adds deals to a portal and returns the ids of the first and the last.
func addDeals(p *bitrix24test.Portal, n int) (first, last int64) {
	for i := range n {
		last = p.AddItem(bitrix24test.Deal, bitrix24test.Fields{"title": fmt.Sprintf("Заказ %d", i), "categoryId": 0, "stageId": "EXECUTING",
			"assignedById": p.Manager(), "currencyId": "RUB", "opportunity": 100})
		if i == 0 {
			first = last
		}
	}
	return first, last
}

// copyDeals makes our copies of deals equal to those of the portal, so that neither a reconciliation nor a move finds anything new.
func (s *site) copyDeals(ctx context.Context, p *bitrix24test.Portal) error {
	type deal struct {
		ID          any `json:"id"`
		Title       any `json:"title"`
		Responsible any `json:"responsible"`
		Currency    any `json:"currency"`
		At          any `json:"at"`
	}
	var deals []deal
	for _, d := range p.Items(bitrix24test.Deal) {
		deals = append(deals, deal{d["id"], d["title"], d["assignedById"], d["currencyId"], d["updatedTime"]})
	}
	list, err := json.Marshal(deals)
	if err != nil {
		return err
	}
	return s.exec(ctx, `UPDATE deals d SET updated_at = p.at, title = p.title, responsible_id = p.responsible, currency = p.currency
		FROM jsonb_to_recordset(CAST($1 AS jsonb)) p (id bigint, at timestamptz, title text, responsible bigint, currency text) WHERE d.id = p.id`, string(list))
}

func countMoved(p *bitrix24test.Portal, first int64) (n int) {
	for _, d := range p.Items(bitrix24test.Deal) {
		if d["id"].(float64) >= float64(first) && d["stageId"] == "ACTS_3" {
			n++
		}
	}
	return n
}

// calls are the calls that a portal has received.
type calls struct {
	requests int
	people   int            // requests with the token of the manager
	commands map[string]int // by method
	refused  int            // for a limit
}

func (c calls) total() (n int) {
	for _, one := range c.commands {
		n += one
	}
	return n
}

// most describes the five methods that were called most.
func (c calls) most() string {
	methods := slices.SortedFunc(maps.Keys(c.commands), func(a, b string) int { return cmp.Or(c.commands[b]-c.commands[a], strings.Compare(a, b)) })
	var parts []string
	for _, m := range methods[:min(5, len(methods))] {
		parts = append(parts, fmt.Sprintf("%s %d", m, c.commands[m]))
	}
	return strings.Join(parts, ", ")
}

func countCalls(lines []bitrix24test.Line, manager int64) calls {
	c := calls{commands: map[string]int{}}
	seen := map[int64]bool{}
	for _, l := range lines {
		if l.Error == "QUERY_LIMIT_EXCEEDED" || l.Error == "OPERATION_TIME_LIMIT" {
			c.refused++
		}
		if !seen[l.HTTP] {
			seen[l.HTTP] = true
			c.requests++
			if l.User == manager {
				c.people++
			}
		}
		c.commands[l.Method]++
	}
	return c
}

// openTabs opens the tab of a deal again and again until ctx is done, and returns how long each took.
func openTabs(ctx context.Context, w *apptest.World) (times []time.Duration) {
	deals := w.Portals[0].Items(bitrix24test.Deal)
	visitor := apptest.NewVisitor(w.Portals[0], w.Portals[0].Manager(), w.AppURL)
	for n := 0; ctx.Err() == nil; n++ {
		began := time.Now()
		page, err := visitor.OpenDeal(int64(deals[n%apptest.Deals]["id"].(float64)))
		if took := time.Since(began); err == nil && page.Status == 200 {
			times = append(times, took)
		} else {
			times = append(times, time.Hour) // a page that did not come
		}
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
	return times
}
