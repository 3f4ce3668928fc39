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

// formAll cuts a deal into acts, one after the other.
func (m *manager) formAll(ctx context.Context, t task) {
	for part := range t.parts {
		m.load.turn(ctx)
		if ctx.Err() != nil {
			return
		}
		m.formOne(ctx, t.deal, part == actsPerDeal-1)
	}
}

func (m *manager) formOne(ctx context.Context, deal int64, last bool) {
	opened, ok := m.insist(ctx, func() (apptest.Page, error) { return m.visitor.OpenDeal(deal) })
	if !ok {
		return
	}
	action, fields, err := readForm(opened.Body)
	if err != nil {
		m.load.complain("deal %d: %v", deal, err)
		return
	}
	if !last {
		takePart(fields)
	}
	onPaper, medium := m.rng.IntN(5) < 2, acts.Electronic
	if onPaper {
		medium = acts.Paper
	}
	_, kind, _ := strings.Cut(fields.Get("type"), "-")
	fields.Set("type", string(medium)+"-"+kind)
	later := !onPaper && m.rng.IntN(4) == 0 // one act in four is formed now and handed over afterwards
	if !later && !onPaper {
		fields.Set("send", "1")
	}
	formed, ok := m.post(ctx, action, fields)
	if !ok {
		return
	}
	act := formedAct(formed)
	m.load.acknowledged(form{m.portal, fields.Get("key"), act})
	if onPaper {
		m.signAndSend(ctx, act)
	}
	if later {
		base, _, _ := strings.Cut(action, "/deals/")
		m.handOver(ctx, base, act)
	}
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
	for try := 1; ctx.Err() == nil; try++ {
		page, err := request()
		switch {
		case err == nil && page.Status == http.StatusOK:
			return page, true
		case err == nil && page.Status == http.StatusForbidden && try < 4:
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
