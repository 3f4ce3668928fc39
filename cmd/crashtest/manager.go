package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/cmd/crashtest/rules"
)

// manager is a person with a browser who repeats every request without a response, with the same form and the same key.
type manager struct {
	load    *load
	portal  int
	rng     *rand.Rand
	visitor *apptest.Visitor
}

// formActs forms the acts of a deal one after the other. Before the first one some counterparties are asked about the way of exchange.
func (m *manager) formActs(ctx context.Context, d dealWork) {
	withQuestion := m.rng.IntN(3) == 0 && m.prepareQuestion(d.deal)
	for n := range d.acts {
		m.load.startAct(ctx)
		if ctx.Err() != nil {
			return
		}
		everything := n == actsPerDeal-1
		if withQuestion && n == 0 {
			m.formWithQuestion(ctx, d.deal, everything)
			continue
		}
		m.formRandomAct(ctx, d.deal, everything)
	}
}

// formRandomAct forms an act of random medium, with or without an immediate hand-over.
func (m *manager) formRandomAct(ctx context.Context, deal int64, everything bool) {
	onPaper := m.rng.IntN(5) < 2
	later := !onPaper && m.rng.IntN(4) == 0 // one act in four is formed now and handed over afterwards
	act, ok := m.submitAct(ctx, deal, everything, func(fields url.Values) {
		if onPaper {
			setMedium(fields, acts.MediumPaper)
			return
		}
		setMedium(fields, acts.MediumElectronic)
		if !later {
			fields.Set("send", "1")
		}
	})
	switch {
	case !ok:
	case onPaper:
		m.sendOnPaper(ctx, act)
	case later:
		m.handOver(ctx, m.load.basePath(ctx, m.portal), act)
	}
}

// setMedium changes the medium in the type of an act, which also has the kind of the counterparty.
func setMedium(fields url.Values, medium acts.Medium) {
	other := acts.MediumPaper
	if medium == acts.MediumPaper {
		other = acts.MediumElectronic
	}
	fields.Set("type", strings.Replace(fields.Get("type"), string(other), string(medium), 1))
}

// submitAct fills in the form of an act and sends it until it is acknowledged. The act takes everything that is left of the deal, or a part.
func (m *manager) submitAct(ctx context.Context, deal int64, everything bool, fill func(url.Values)) (act int64, ok bool) {
	opened, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(deal) })
	if !ok {
		return 0, false
	}
	action, fields, err := readForm(opened.Body, actForm)
	if err != nil {
		m.load.recordFailure("read the form of deal %d of portal %d: %v", deal, m.portal, err)
		return 0, false
	}
	if !everything {
		takePart(fields)
	}
	fill(fields)
	formed, ok := m.postForm(ctx, action, fields)
	if !ok {
		return 0, false
	}
	act = formedAct(formed)
	m.load.recordForm(rules.Form{Portal: m.portal, Key: fields.Get("key"), Act: act})
	return act, true
}

// postForm posts a form until it is answered, sometimes twice concurrently.
func (m *manager) postForm(ctx context.Context, action string, fields url.Values) (apptest.Page, bool) {
	return m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Post(action, fields) })
	})
}

// postAction posts an action until it is answered. A conflict counts as success: an earlier request whose response was lost has done it.
func (m *manager) postAction(ctx context.Context, path string, fields url.Values) (apptest.Page, bool) {
	return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) {
		page, err := m.visitor.Post(path, fields)
		if page.Status == http.StatusConflict {
			page.Status = http.StatusOK
		}
		return page, err
	})
}

// maybeDoubleClick sends a request, sometimes twice concurrently.
func (m *manager) maybeDoubleClick(send func() (apptest.Page, bool)) (apptest.Page, bool) {
	if m.rng.IntN(5) > 0 {
		return send()
	}
	var other sync.WaitGroup
	other.Go(func() { send() })
	defer other.Wait()
	return send()
}

func (m *manager) handOver(ctx context.Context, base string, act int64) {
	m.postAction(ctx, fmt.Sprintf("%s/acts/%d/send", base, act), url.Values{})
}

// repeatUntilAnswered repeats a request until there is a response. A refusal that no manager should get is recorded as a failure,
// except one caused by an expired token, which is repeated, after a new login where the page requires it.
func (m *manager) repeatUntilAnswered(ctx context.Context, request func() (apptest.Page, error)) (apptest.Page, bool) {
	for refused := 0; ctx.Err() == nil; {
		page, err := request()
		switch {
		case err == nil && page.Status == http.StatusOK:
			return page, true
		case err == nil && page.Status == http.StatusForbidden && refused < 3:
			refused++
		case err == nil && page.Status == http.StatusUnauthorized && refused < 3: // a browser logs in again by itself
			refused++
			_, _ = m.visitor.OpenDeal(m.load.firstDeal(m.portal))
		case err == nil && page.Status < 500 && page.Status != http.StatusTooManyRequests:
			m.load.recordFailure("%s answered %d: %s", page.Path, page.Status, alertOf(page.Body))
			return page, false
		}
		sleep(ctx, 50*time.Millisecond)
	}
	return apptest.Page{}, false
}
