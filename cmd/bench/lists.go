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
	goalBaseline     = 4.0   // times the baseline's median
	goalGrowth       = 2.0   // times the median of the tenant with the fewest acts
)

// listPage is a page of a list, the same for every tenant.
type listPage struct {
	name        string
	path        string     // after the one of the portal; DEEP is replaced by the key of a deep page
	marker      string     // text by which its table is recognised
	restricted  bool       // its visitors see only the acts of three colleagues
	medianGoals [3]float64 // goals in ms of the median with one client, by tenant; 0 for none. Such a page has no other goals
}

// The goals of the medians of searches, by tenant.
var numberSearchGoals, nameSearchGoals = [3]float64{10, 10, 20}, [3]float64{20, 20, 60}

// The HTML by which the lists are recognised.
const actListMarker, dealListMarker = `data-testid="act-list"`, `name="deal"`

// lists are the measured pages: the registry, every filter with its own index, a page far in the past, searches, and every order besides the first that
// the headers of both lists offer.
var lists = append([]listPage{
	{name: "registry", path: "/acts", marker: actListMarker},
	{name: "registry of a department", path: "/acts", marker: actListMarker, restricted: true},
	{name: "status", path: "/acts?status=sent&status=accepted_unsigned", marker: actListMarker},
	{name: "two conditions", path: "/acts?medium=paper&status=signed", marker: actListMarker},
	{name: "responsible", path: "/acts?responsible=7", marker: actListMarker},
	{name: "overdue", path: "/acts?overdue=1", marker: actListMarker},
	{name: "failed", path: "/acts?failed=1", marker: actListMarker},
	{name: "period", path: "/acts?from=2019-03-01&to=2019-12-31", marker: actListMarker},
	{name: "deep page", path: "/acts?after=DEEP", marker: actListMarker},
	{name: "search of one company", path: "/acts?q=" + url.QueryEscape("Вектор 16»"), marker: actListMarker, medianGoals: nameSearchGoals},
	{name: "search of a common word", path: "/acts?q=" + url.QueryEscape("ромашка"), marker: actListMarker, medianGoals: nameSearchGoals},
	{name: "search by INN", path: "/acts?q=7800000017", marker: actListMarker, medianGoals: numberSearchGoals},
	{name: "search by number", path: "/acts?q=" + url.QueryEscape("А-100"), marker: actListMarker, medianGoals: numberSearchGoals},
	{name: "company tab", path: "/companies/17", marker: actListMarker},
	{name: "report", path: "/report", marker: `data-testid="trend"`, medianGoals: [3]float64{300, 300, 0}},
	{name: "deals without acts", path: "/deals", marker: dealListMarker},
}, orderedLists()...)

// orderedLists returns both lists in every order but the first.
func orderedLists() (pages []listPage) {
	for order := range strings.FieldsSeq("date number -number company -company sum -sum due -due") {
		pages = append(pages, listPage{name: "registry by " + order, path: "/acts?sort=" + order, marker: actListMarker})
	}
	for order := range strings.FieldsSeq("-age company -company sum -sum") {
		pages = append(pages, listPage{name: "deals by " + order, path: "/deals?sort=" + order, marker: dealListMarker})
	}
	return pages
}

// listTargets returns the lists of a tenant.
func (t tenant) listTargets(base string) (targets []target) {
	// The key of a page in the middle of the years, thousands of pages after the first.
	deep := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.2021-06-15.%d", t.portal, 1))
	for _, l := range lists {
		address := fmt.Sprintf("%s/p/%d%s", base, t.portal, strings.Replace(l.path, "DEEP", deep, 1))
		page := target{name: l.targetName(t.name), url: address, marker: l.marker, visits: t.visits, oneClientOnly: l.hasOwnGoals()}
		if l.restricted {
			page.visits = t.restricted
		}
		targets = append(targets, page)
	}
	return targets
}

// targetName returns the name of the page of a tenant.
func (l listPage) targetName(tenant string) string { return l.name + ", " + tenant }

// hasOwnGoals reports whether the page has goals of its own for the median instead of those of the lists.
func (l listPage) hasOwnGoals() bool { return l.medianGoals[0] > 0 }

// measureLists loads every list of every tenant and the baseline, which uses the same database. The program
// runs in this process without its jobs, like the clients, so both affect all measurements equally.
func (h *harness) measureLists(ctx context.Context, p plan) error {
	program, err := app.New(ctx, h.cfg, time.Now, log)
	if err != nil {
		return err
	}
	defer program.Close()
	baseline, err := h.newBaseline(ctx)
	if err != nil {
		return err
	}
	defer baseline.db.Close()
	site := http.NewServeMux()
	site.Handle("/", program.Handler())
	site.Handle("GET /baseline", baseline)
	server := httptest.NewServer(site)
	defer server.Close()
	var all []target
	for _, t := range h.tenants {
		all = append(all, t.listTargets(server.URL)...)
	}
	all = append(all, target{name: "baseline", url: server.URL + "/baseline", marker: "<tr>", visits: all[0].visits})
	printProgress(fmt.Sprintf("load the lists, about %.0f s", (2 * time.Duration(p.rounds*len(all)) * p.loadTime).Seconds()))
	samples, err := loadInRounds(ctx, p, all)
	if err != nil {
		return err
	}
	printComparison(samples)
	return nil
}

// printComparison prints the lists with their goals: those of the tenant with a million acts are compared with the baseline, those of the largest tenant
// with those of the smallest.
func printComparison(samples map[string]sample) {
	baseline := samples["baseline"]
	printFigure(figure{name: "baseline, p50", value: baseline.p50, unit: "ms", note: baseline.note()})
	for _, l := range lists {
		var ofTenant [3]sample
		for n, name := range tenantNames {
			ofTenant[n] = samples[l.targetName(name)]
		}
		if l.hasOwnGoals() {
			for n, s := range ofTenant {
				printFigure(figure{name: l.targetName(tenantNames[n]) + ", p50", value: s.p50, unit: "ms", goal: l.medianGoals[n]})
			}
			continue
		}
		smallest, middle, largest := ofTenant[0], ofTenant[1], ofTenant[2]
		name := l.targetName(tenantNames[1])
		printFigure(figure{name: name + ", p50", value: middle.p50, unit: "ms", goal: goalP50, note: middle.note()})
		printFigure(figure{name: name + ", p99", value: middle.p99, unit: "ms", goal: goalP99})
		printFigure(figure{name: name + ", c=8", value: middle.rate, unit: "/s", goal: goalRate, atLeast: true})
		printFigure(figure{name: name + ", p50", value: middle.p50 / baseline.p50, unit: "x baseline", goal: goalBaseline})
		printFigure(figure{name: l.name + ", p50 of " + tenantNames[2], value: largest.p50 / smallest.p50, unit: "x of " + tenantNames[0], goal: goalGrowth,
			note: fmt.Sprintf("%.2f ms; of %s %.2f ms", largest.p50, tenantNames[0], smallest.p50)})
	}
}
