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

// manager is a person with a browser: whatever gets no answer is tried again, the same form with the same key.
type manager struct {
	load    *load
	portal  int
	rng     *rand.Rand
	visitor *apptest.Visitor
}

// formAll cuts a deal into acts, one after the other. Before the first some counterparties are asked how they want them.
func (m *manager) formAll(ctx context.Context, t task) {
	asks := m.asks(t)
	for part := range t.parts {
		m.load.turn(ctx)
		if ctx.Err() != nil {
			return
		}
		last := part == actsPerDeal-1
		if asks && part == 0 {
			m.formAsked(ctx, t.deal, last)
			continue
		}
		m.formOne(ctx, t.deal, last)
	}
}

// formOne forms an act as its kind and haste come.
func (m *manager) formOne(ctx context.Context, deal int64, last bool) {
	onPaper := m.rng.IntN(5) < 2
	later := !onPaper && m.rng.IntN(4) == 0 // one act in four is formed now and handed over afterwards
	act, ok := m.form(ctx, deal, last, func(fields url.Values) {
		if onPaper {
			fields.Set("type", strings.Replace(fields.Get("type"), string(acts.Electronic), string(acts.Paper), 1))
		} else {
			fields.Set("type", strings.Replace(fields.Get("type"), string(acts.Paper), string(acts.Electronic), 1))
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
	opened, ok := m.insist(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(deal) })
	if !ok {
		return 0, false
	}
	action, fields, err := readForm(opened.Body, actForm)
	if err != nil {
		m.load.complain("deal %d: %v", deal, err)
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
	return m.twice(func() (apptest.Page, bool) {
		return m.insist(ctx, func() (apptest.Page, error) { return m.visitor.Post(action, fields) })
	})
}

// twice sends something, now and then twice at once as an impatient person does.
func (m *manager) twice(send func() (apptest.Page, bool)) (apptest.Page, bool) {
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
	m.insist(ctx, func() (apptest.Page, error) {
		page, err := m.visitor.Post(path, url.Values{})
		if page.Status == http.StatusConflict { // the first answer was lost: it is handed over
			page.Status = http.StatusOK
		}
		return page, err
	})
}

// insist repeats a request until it is answered. A refusal that no manager deserves is a complaint; that a token
// ended between the portal and us is worth another try.
func (m *manager) insist(ctx context.Context, request func() (apptest.Page, error)) (apptest.Page, bool) {
	for refused := 0; ctx.Err() == nil; {
		page, err := request()
		switch {
		case err == nil && page.Status == http.StatusOK:
			return page, true
		case err == nil && page.Status == http.StatusForbidden && refused < 3:
			refused++
		case err == nil && page.Status < 500 && page.Status != http.StatusTooManyRequests:
			m.load.complain("%s answered %d: %s", page.Path, page.Status, alertOf(page.Body))
			return page, false
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	return apptest.Page{}, false
}
