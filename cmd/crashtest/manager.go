package main

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
)

// manager is a person with a browser who repeats every request without a response, with the same form and the same key.
type manager struct {
	load    *load
	portal  int
	rng     *rand.Rand
	visitor *apptest.Visitor
}

// formAll forms the acts of a deal one after the other. Before the first one some counterparties are asked
// about the way of exchange.
func (m *manager) formAll(ctx context.Context, t task) {
	withQuestion := m.drawQuestion(t)
	for part := range t.parts {
		m.load.keepPace(ctx)
		if ctx.Err() != nil {
			return
		}
		last := part == actsPerDeal-1
		if withQuestion && part == 0 {
			m.formWithQuestion(ctx, t.deal, last)
			continue
		}
		m.formOne(ctx, t.deal, last)
	}
}

// formOne forms an act of random type, with or without an immediate hand-over.
func (m *manager) formOne(ctx context.Context, deal int64, last bool) {
	onPaper := m.rng.IntN(5) < 2
	later := !onPaper && m.rng.IntN(4) == 0 // one act in four is formed now and handed over afterwards
	act, ok := m.form(ctx, deal, last, func(fields url.Values) {
		if onPaper {
			fields.Set("type", strings.Replace(fields.Get("type"), string(acts.MediumElectronic), string(acts.MediumPaper), 1))
		} else {
			fields.Set("type", strings.Replace(fields.Get("type"), string(acts.MediumPaper), string(acts.MediumElectronic), 1))
		}
		if !later && !onPaper {
			fields.Set("send", "1")
		}
	})
	switch {
	case !ok:
	case onPaper:
		m.signAndSend(ctx, act)
	case later:
		m.handOver(ctx, m.load.base(ctx, m.portal), act)
	}
}

// form fills in and sends the form of an act until it is acknowledged.
func (m *manager) form(ctx context.Context, deal int64, last bool, fill func(url.Values)) (act int64, ok bool) {
	opened, ok := m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(deal) })
	if !ok {
		return 0, false
	}
	action, fields, err := readForm(opened.Body, actForm)
	if err != nil {
		m.load.recordFailure("deal %d: %v", deal, err)
		return 0, false
	}
	if !last {
		takePart(fields)
	}
	fill(fields)
	formed, ok := m.post(ctx, action, fields)
	if !ok {
		return 0, false
	}
	act = formedAct(formed)
	m.load.acknowledged(form{m.portal, fields.Get("key"), act})
	return act, true
}

// post sends the form.
func (m *manager) post(ctx context.Context, action string, fields url.Values) (apptest.Page, bool) {
	return m.maybeDoubleClick(func() (apptest.Page, bool) {
		return m.repeatUntilAnswered(ctx, func() (apptest.Page, error) { return m.visitor.Post(action, fields) })
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
	path := base + "/acts/" + strconv.FormatInt(act, 10) + "/send"
	m.repeatUntilAnswered(ctx, func() (apptest.Page, error) {
		page, err := m.visitor.Post(path, url.Values{})
		if page.Status == http.StatusConflict { // the first response was lost: it is handed over
			page.Status = http.StatusOK
		}
		return page, err
	})
}

// repeatUntilAnswered repeats a request until there is a response. A refusal that no manager should get is recorded as a failure,
// except one caused by an expired token, which is repeated, after a new login where the page asks for it.
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
