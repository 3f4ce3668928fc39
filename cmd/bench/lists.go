package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"acts24/cmd/app"
)

// The goals of a list over a million acts, and of its growth with the number of acts.
const (
	goalP50, goalP99 = 5, 25 // ms, one client
	goalRate         = 300   // responses per second, eight clients
	goalAnchor       = 4.0   // times the anchor's median
	goalGrowth       = 2.0   // times the median of the tenant with the fewest acts
)

// listed is a page of a list, the same for every tenant.
type listed struct {
	name, path string
	mark       string     // text by which its table is recognised
	restricted bool       // its visitors see only the acts of three colleagues
	alone      [3]float64 // separate goals in ms of the median with one client, by tenant; 0 for none
}

var byNumber, byName = [3]float64{10, 10, 20}, [3]float64{20, 20, 60} // goals of searches

// lists are the measured pages: the registry, every filter with its own index, a page far in the past, searches.
var lists = []listed{
	{name: "registry", path: "/acts", mark: actRows},
	{name: "registry of a department", path: "/acts", mark: actRows, restricted: true},
	{name: "status", path: "/acts?status=sent&status=accepted_unsigned", mark: actRows},
	{name: "two conditions", path: "/acts?medium=paper&status=signed", mark: actRows},
	{name: "responsible", path: "/acts?responsible=7", mark: actRows},
	{name: "overdue", path: "/acts?overdue=1", mark: actRows},
	{name: "failed", path: "/acts?failed=1", mark: actRows},
	{name: "period", path: "/acts?from=2019-03-01&to=2019-12-31", mark: actRows},
	{name: "deep page", path: "/acts?after=DEEP", mark: actRows},
	{name: "search of one company", path: "/acts?q=" + url.QueryEscape("Вектор 16»"), mark: actRows, alone: byName},
	{name: "search of a common word", path: "/acts?q=" + url.QueryEscape("ромашка"), mark: actRows, alone: byName},
	{name: "search by INN", path: "/acts?q=7800000017", mark: actRows, alone: byNumber},
	{name: "search by number", path: "/acts?q=" + url.QueryEscape("А-100"), mark: actRows, alone: byNumber},
	{name: "company tab", path: "/companies/17", mark: actRows},
	{name: "report", path: "/report", mark: `data-testid="trend"`, alone: [3]float64{300, 300, 0}},
	{name: "deals without acts", path: "/deals", mark: dealRows},
}

// The headers of both lists offer these orders besides the first one.
func init() {
	for by := range strings.FieldsSeq("date number -number company -company sum -sum due -due") {
		lists = append(lists, listed{name: "registry by " + by, path: "/acts?sort=" + by, mark: actRows})
	}
	for by := range strings.FieldsSeq("-age company -company sum -sum") {
		lists = append(lists, listed{name: "deals by " + by, path: "/deals?sort=" + by, mark: dealRows})
	}
}

const actRows, dealRows = `data-testid="act-list"`, `name="deal"`

// subjects returns the lists of a tenant.
func (t tenant) subjects(base string) (list []subject) {
	// The key of a page in the middle of the years, thousands of pages after the first.
	deep := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.2021-06-15.%d", t.portal, 1))
	for _, l := range lists {
		address := fmt.Sprintf("%s/p/%d%s", base, t.portal, strings.Replace(l.path, "DEEP", deep, 1))
		s := subject{name: l.name + ", " + t.name, url: address, mark: l.mark, visits: t.visits, alone: l.alone[0] > 0}
		if l.restricted {
			s.visits = t.restricted
		}
		list = append(list, s)
	}
	return list
}

// measureLists loads every list of every tenant and the anchor, which uses the same database. The program
// runs in this process without its jobs, like the clients, so both affect all measurements equally.
func (h *harness) measureLists(ctx context.Context, p plan) error {
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
	var all []subject
	for _, t := range h.tenants {
		all = append(all, t.subjects(server.URL)...)
	}
	all = append(all, subject{name: "anchor", url: server.URL + "/anchor", mark: "<tr>", visits: all[0].visits})
	printProgress(fmt.Sprintf("load the lists, about %.0f s", (2 * time.Duration(p.rounds*len(all)) * p.each).Seconds()))
	found, err := rounds(ctx, p, all)
	if err != nil {
		return err
	}
	compare(found)
	return nil
}

// compare compares the lists with their goals: those of the tenant with a million acts with the anchor, and those of the largest tenant
// with those of the smallest.
func compare(found map[string]sample) {
	anchor := found["anchor"]
	show(line{what: "anchor, p50", value: anchor.p50, unit: "ms", note: anchor.beside()})
	for _, l := range lists {
		few, f, many := found[l.name+", 10 k"], found[l.name+", 1 M"], found[l.name+", 8.5 M"]
		if l.alone[0] > 0 {
			for n, one := range []sample{few, f, many} {
				show(line{what: l.name + ", " + tenantNames[n] + ", p50", value: one.p50, unit: "ms", goal: l.alone[n]})
			}
			continue
		}
		what := l.name + ", 1 M"
		show(line{what: what + ", p50", value: f.p50, unit: "ms", goal: goalP50, note: f.beside()})
		show(line{what: what + ", p99", value: f.p99, unit: "ms", goal: goalP99})
		show(line{what: what + ", c=8", value: f.rate, unit: "/s", goal: goalRate, atLeast: true})
		show(line{what: what + ", p50", value: f.p50 / anchor.p50, unit: "x anchor", goal: goalAnchor})
		show(line{what: l.name + ", p50 of 8.5 M", value: many.p50 / few.p50, unit: "x of 10 k", goal: goalGrowth,
			note: fmt.Sprintf("%.2f ms; of 10 k %.2f ms", many.p50, few.p50)})
	}
}
