package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"

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
	later := m.rng.IntN(4) == 0 // one act in four is formed now and handed over afterwards
	if !later {
		fields.Set("send", "1")
	}
	formed, ok := m.post(ctx, action, fields)
	if !ok {
		return
	}
	act := formedAct(formed)
	m.load.acknowledged(form{m.portal, fields.Get("key"), act})
	if later {
		base, _, _ := strings.Cut(action, "/deals/")
		m.handOver(ctx, base, act)
	}
}

// post sends the form, now and then twice at once as an impatient person does.
func (m *manager) post(ctx context.Context, action string, fields url.Values) (apptest.Page, bool) {
	send := func() (apptest.Page, bool) {
		return m.insist(ctx, func() (apptest.Page, error) { return m.visitor.Post(action, fields) })
	}
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

// insist repeats a request until it is answered. A refusal that no manager deserves is a complaint.
func (m *manager) insist(ctx context.Context, request func() (apptest.Page, error)) (apptest.Page, bool) {
	for ctx.Err() == nil {
		page, err := request()
		switch {
		case err == nil && page.Status == http.StatusOK:
			return page, true
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

// formedAct reads the act's id off the address that a formed act leads to.
func formedAct(p apptest.Page) int64 {
	_, id, _ := strings.Cut(p.Path, "formed=")
	n, _ := strconv.ParseInt(id, 10, 64) // 0 is found by the checker
	return n
}

// readForm is the form of the deal tab as the page filled it.
func readForm(body string) (action string, fields url.Values, err error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		return "", nil, err
	}
	fields = url.Values{}
	sel := doc.Find("form.act-form")
	sel.Find("input,select").Each(func(_ int, in *goquery.Selection) {
		name, _ := in.Attr("name")
		kind, _ := in.Attr("type")
		_, checked := in.Attr("checked")
		_, disabled := in.Attr("disabled")
		if name == "" || disabled || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value, _ := in.Attr("value")
		if goquery.NodeName(in) == "select" {
			value, _ = in.Find("option[selected]").Attr("value")
		}
		fields.Add(name, value)
	})
	action, ok := sel.Attr("action")
	if !ok {
		return "", nil, errors.New("no form on the deal tab: " + alertOf(body))
	}
	return action, fields, nil
}

// takePart leaves something for the acts to come: one piece of every row that has more than one.
func takePart(fields url.Values) {
	for name, values := range fields {
		row, ok := strings.CutPrefix(name, "quantity-")
		if !ok {
			continue
		}
		if n, _ := strconv.ParseFloat(strings.Replace(values[0], ",", ".", 1), 64); n > 1 {
			fields.Set(name, "1")
		} else {
			fields.Del("pick-" + row)
		}
	}
}

// alertOf is what a page says in its own words, for a complaint.
func alertOf(body string) string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		return ""
	}
	text := strings.Join(strings.Fields(doc.Find("main,[role=alert]").First().Text()), " ")
	return string([]rune(text)[:min(len([]rune(text)), 200)])
}
