package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"acts24/acts"
)

// The goals of lists that grow.
const (
	goalGrowth = 1.5 // times the same page of the tenant with the fewest acts
	goalRows   = 1000
)

// pageVisits is how many people look at a page in turn.
const pageVisits = 50

// listed is a page of a list, the same for every tenant.
type listed struct {
	name, path string
	query      func(t tenant) url.Values
	mark       string      // what its table is known by
	who        acts.UserID // after whom its visitors come, 0 for the employees who see all
}

// lists are the pages that are measured: the registry, every filter that has an index of its own, a page deep in the past, searches.
var lists = []listed{
	{name: "registry", path: "/acts", query: plainQuery(), mark: actRows},
	{name: "registry of a department", path: "/acts", query: plainQuery(), mark: actRows, who: confined},
	{name: "status", path: "/acts", query: plainQuery("status", "sent", "status", "accepted_unsigned"), mark: actRows},
	{name: "two conditions", path: "/acts", query: plainQuery("medium", "paper", "status", "signed"), mark: actRows},
	{name: "responsible", path: "/acts", query: plainQuery("responsible", "7"), mark: actRows},
	{name: "overdue", path: "/acts", query: plainQuery("overdue", "1"), mark: actRows},
	{name: "failed", path: "/acts", query: plainQuery("failed", "1"), mark: actRows},
	{name: "period", path: "/acts", query: plainQuery("from", "2019-03-01", "to", "2019-12-31"), mark: actRows},
	{name: "deep page", path: "/acts", query: deepQuery, mark: actRows},
	{name: "search of one company", path: "/acts", query: plainQuery("q", "Вектор 16»"), mark: actRows},
	{name: "search of a common word", path: "/acts", query: plainQuery("q", "ромашка"), mark: actRows},
	{name: "search by INN", path: "/acts", query: plainQuery("q", "7800000017"), mark: actRows},
	{name: "search by number", path: "/acts", query: plainQuery("q", "А-100"), mark: actRows},
	{name: "company tab", path: "/companies/17", query: plainQuery(), mark: actRows},
	{name: "deals without acts", path: "/deals", query: plainQuery(), mark: `name="deal"`},
}

const actRows = `data-testid="act-list"`

func plainQuery(pairs ...string) func(tenant) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return func(tenant) url.Values { return q }
}

// deepQuery begins in the middle of the years, as the button «Дальше» would after thousands of pages.
func deepQuery(t tenant) url.Values {
	key := fmt.Sprintf("%d.2021-06-15.%d", t.portal, 1)
	return url.Values{"after": {base64.RawURLEncoding.EncodeToString([]byte(key))}}
}

// subjects are the lists of a tenant.
func (h *hall) subjects(ctx context.Context, base string, t tenant) (list []subject, err error) {
	visits := map[acts.UserID][]string{}
	for _, first := range []acts.UserID{0, confined} {
		if visits[first], err = h.visitsOf(ctx, t.portal, first+1, pageVisits); err != nil {
			return nil, err
		}
	}
	for _, l := range lists {
		address := fmt.Sprintf("%s/p/%d%s", base, t.portal, l.path)
		if q := l.query(t); len(q) > 0 {
			address += "?" + q.Encode()
		}
		list = append(list, subject{name: l.name + ", " + t.name, urls: []string{address}, mark: l.mark, marks: -1, visits: visits[l.who], carrier: "X-Acts-Visit"})
	}
	return list, nil
}

// measureLists counts what the lists of the largest tenant are made of.
func (h *hall) measureLists(ctx context.Context, r *report) error {
	return h.whileLogging(ctx, "log_statement", "all", func(base string) error {
		list, err := h.subjects(ctx, base, h.tenants[len(h.tenants)-1])
		if err != nil {
			return err
		}
		for _, page := range list {
			if err := h.measurePage(ctx, page, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// whileLogging serves the pages while the database writes something down of what the program asks.
func (h *hall) whileLogging(ctx context.Context, setting, value string, f func(base string) error) error {
	if err := h.exec(ctx, fmt.Sprintf("ALTER ROLE acts_app SET %s = '%s'", setting, value)); err != nil {
		return err
	}
	if err := h.whilePaging(ctx, func(_ *http.ServeMux, base string) error { return f(base) }); err != nil {
		return err
	}
	return h.exec(ctx, "ALTER ROLE acts_app RESET "+setting)
}

// measureGrowth loads every list of every tenant beside the anchor, which stands over the same database.
func (h *hall) measureGrowth(ctx context.Context, p plan, r *report) error {
	a, err := h.newAnchor(ctx)
	if err != nil {
		return err
	}
	defer a.db.Close()
	return h.whilePaging(ctx, func(site *http.ServeMux, base string) error {
		site.Handle("GET /anchor/{owner}", a)
		site.HandleFunc("GET /bare", bare)
		all := []subject{barePage(base), anchorPages(base)}
		for _, t := range h.tenants {
			list, err := h.subjects(ctx, base, t)
			if err != nil {
				return err
			}
			all = append(all, list...)
		}
		say(fmt.Sprintf("about %.0f s", (time.Duration(p.rounds*len(loads)*len(all)) * p.each).Seconds()))
		found, err := rounds(ctx, p, all)
		if err != nil {
			return err
		}
		h.grown(r, found)
		return nil
	})
}

// grown compares the lists with the anchor and with themselves at the smallest tenant.
func (h *hall) grown(r *report, found []figures) {
	byName := map[string]figures{}
	for _, f := range found {
		byName[f.name] = f
	}
	smallest, largest := h.tenants[0].name, h.tenants[len(h.tenants)-1].name
	for _, l := range lists {
		byName[l.name+", 1 M"].compare(r, found[1], found[0])
		few, many := byName[l.name+", "+smallest], byName[l.name+", "+largest]
		for what, pick := range map[string]func(figures) []time.Duration{"p50": func(f figures) []time.Duration { return f.p50 }, "p99": func(f figures) []time.Duration { return f.p99 }} {
			from, to := median(pick(few)), median(pick(many))
			r.add(line{what: fmt.Sprintf("%s, %s of %s", l.name, what, largest), value: float64(to) / float64(from), unit: "x of " + smallest, digits: 2, goal: goalGrowth,
				note: fmt.Sprintf("%s; of %s %s", ms(to), smallest, ms(from))})
		}
	}
	found[1].show(r)
}
