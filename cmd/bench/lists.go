package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"acts24/acts"
	"acts24/cmd/app"
)

// The goals of a list over a million acts, and of its growth with the number of acts.
const (
	goalP50, goalP99 = 5, 25 // ms, one client
	goalSearch       = 20    // ms of the median, for a part of a name
	goalReport       = 300   // ms of the median
	goalRate         = 300   // responses per second, eight clients
	goalAnchor       = 4.0   // times the anchor's median
	goalGrowth       = 2.0   // times the median of the tenant with the fewest acts
)

// listed is a page of a list, the same for every tenant.
type listed struct {
	name, path string
	query      func(t tenant) url.Values
	mark       string      // text by which its table is recognised
	who        acts.UserID // first of its visitors, 0 for the employees who see all acts
	p50        float64     // ms, a separate goal of the median
}

// lists are the measured pages: the registry, every filter with its own index, a page far in the past, searches.
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
	{name: "search of one company", path: "/acts", query: plainQuery("q", "Вектор 16»"), mark: actRows, p50: goalSearch},
	{name: "search of a common word", path: "/acts", query: plainQuery("q", "ромашка"), mark: actRows, p50: goalSearch},
	{name: "search by INN", path: "/acts", query: plainQuery("q", "7800000017"), mark: actRows},
	{name: "search by number", path: "/acts", query: plainQuery("q", "А-100"), mark: actRows},
	{name: "company tab", path: "/companies/17", query: plainQuery(), mark: actRows},
	{name: "report", path: "/report", query: plainQuery(), mark: `data-testid="trend"`, p50: goalReport},
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

// deepQuery returns the query of a page in the middle of the years, as the button «Дальше» would after thousands of pages.
func deepQuery(t tenant) url.Values {
	key := fmt.Sprintf("%d.2021-06-15.%d", t.portal, 1)
	return url.Values{"after": {base64.RawURLEncoding.EncodeToString([]byte(key))}}
}

// subjects returns the lists of a tenant.
func (h *hall) subjects(ctx context.Context, base string, t tenant) (list []subject, err error) {
	visitsOf := map[acts.UserID][]string{}
	for _, before := range []acts.UserID{0, confined} {
		if visitsOf[before], err = h.visitsOf(ctx, t.portal, before+1); err != nil {
			return nil, err
		}
	}
	for _, l := range lists {
		address := fmt.Sprintf("%s/p/%d%s", base, t.portal, l.path)
		if q := l.query(t); len(q) > 0 {
			address += "?" + q.Encode()
		}
		list = append(list, subject{name: l.name + ", " + t.name, url: address, mark: l.mark, visits: visitsOf[l.who]})
	}
	return list, nil
}

// measureLists loads every list of every tenant and the anchor, which uses the same database. The program
// runs in this process without its jobs, like the clients, so both affect all measurements equally.
func (h *hall) measureLists(ctx context.Context, p plan, r *report) error {
	program, err := app.New(ctx, h.cfg, time.Now, log)
	if err != nil {
		return err
	}
	defer program.Close()
	a, err := h.newAnchor(ctx)
	if err != nil {
		return err
	}
	defer a.db.Close()
	site := http.NewServeMux()
	site.Handle("/", program.Handler())
	site.Handle("GET /anchor", a)
	server := httptest.NewServer(site)
	defer server.Close()
	visits, err := h.visitsOf(ctx, h.tenants[1].portal, 1)
	if err != nil {
		return err
	}
	all := []subject{{name: "anchor", url: server.URL + "/anchor", mark: "<tr>", visits: visits}}
	for _, t := range h.tenants {
		list, err := h.subjects(ctx, server.URL, t)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	say(fmt.Sprintf("about %.0f s", (2 * time.Duration(p.rounds*len(all)) * p.each).Seconds()))
	found, err := rounds(ctx, p, all)
	if err != nil {
		return err
	}
	compare(r, found)
	return nil
}

// compare compares every list of the tenant with a million acts with its goals and the anchor, and the lists
// of the largest tenant with those of the smallest.
func compare(r *report, found map[string]figures) {
	anchor := found["anchor"]
	r.add(line{what: "anchor, p50", value: inMS(anchor.p50), unit: "ms", digits: 2, note: anchor.beside()})
	for _, l := range lists {
		f, few, many := found[l.name+", 1 M"], found[l.name+", 10 k"], found[l.name+", 8.5 M"]
		r.add(line{what: f.name + ", p50", value: inMS(f.p50), unit: "ms", digits: 2, goal: cmp.Or(l.p50, goalP50), note: f.beside()})
		if l.p50 == 0 {
			r.add(line{what: f.name + ", p99", value: inMS(f.p99), unit: "ms", digits: 2, goal: goalP99})
			r.add(line{what: f.name + ", c=8", value: median(f.rate), unit: "/s", goal: goalRate, atLeast: true})
			r.add(line{what: f.name + ", p50", value: inMS(f.p50) / inMS(anchor.p50), unit: "x anchor", digits: 2, goal: goalAnchor})
		}
		r.add(line{what: l.name + ", p50 of 8.5 M", value: inMS(many.p50) / inMS(few.p50), unit: "x of 10 k", digits: 2, goal: goalGrowth,
			note: fmt.Sprintf("%.2f ms; of 10 k %.2f ms", inMS(many.p50), inMS(few.p50))})
	}
}
