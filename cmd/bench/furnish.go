package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// The size of what is looked at.
const (
	busyDeals   = 8
	rowsPerDeal = 10
	actsPerDeal = 5
	handedOver  = 3 // of them wait in SBIS for our signature, the others are drafts
	visitors    = 40
)

// patience is how long the outbox may need for all of it.
const patience = time.Minute

// furnish connects the portal and makes deals, acts and visits the way people do.
func (s *stage) furnish(ctx context.Context) error {
	p := s.world.Portals[0]
	if err := apptest.Connect(p, s.world.AppURL, apptest.OurCompany); err != nil {
		return err
	}
	manager := apptest.NewVisitor(p, p.Manager(), s.world.AppURL)
	items := p.Items(bitrix24test.Deal)
	for n := range busyDeals {
		deal := idOf(items[n])
		p.SetRows(0, bitrix24test.Deal, deal, productRows())
		if err := s.workOn(ctx, manager, deal); err != nil {
			return fmt.Errorf("deal %d: %w", deal, err)
		}
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	return s.openVisits(ctx, p, idOf(items[0]))
}

func productRows() []bitrix24test.Row {
	rate := 22.0
	var rows []bitrix24test.Row
	for n := range rowsPerDeal {
		row := bitrix24test.Row{Name: fmt.Sprintf("Участие в выставке, этап %d", n+1), Price: 1000 + 250*float64(n), Quantity: 10}
		if n%2 == 0 {
			row.TaxRate, row.TaxIncluded = &rate, true
		}
		rows = append(rows, row)
	}
	return rows
}

// workOn forms the acts of a deal, one piece of every row in each, and hands some of them over.
func (s *stage) workOn(ctx context.Context, manager *apptest.Visitor, deal int64) error {
	for n := range actsPerDeal {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := manager.OpenDeal(deal)
		if err != nil {
			return err
		}
		action, form, err := readForm(page.Body)
		if err != nil {
			return err
		}
		for name := range form {
			if strings.HasPrefix(name, "quantity-") {
				form.Set(name, "1")
			}
		}
		if n < handedOver {
			form.Set("send", "1")
		}
		formed, err := manager.Post(action, form)
		if err != nil || !strings.Contains(formed.Path, "formed=") {
			return fmt.Errorf("form an act: status %d at %s: %w", formed.Status, formed.Path, err)
		}
		if n == 0 {
			s.deals = append(s.deals, strings.TrimSuffix(action, "/acts"))
		}
		base, _, _ := strings.Cut(action, "/deals/")
		s.acts = append(s.acts, base+"/acts/"+formed.Path[strings.LastIndex(formed.Path, "=")+1:])
	}
	return nil
}

// readForm is the form of the deal tab as the page filled it.
func readForm(body string) (action string, form url.Values, err error) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		return "", nil, err
	}
	action, ok := doc.Find("form.act-form").Attr("action")
	if !ok {
		return "", nil, errors.New("the deal tab has no form")
	}
	form = url.Values{}
	doc.Find("form.act-form input:not([type=radio]):not([type=checkbox]), form.act-form input[checked]").Each(func(_ int, in *goquery.Selection) {
		form.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	doc.Find("form.act-form select").Each(func(_ int, in *goquery.Selection) {
		form.Add(in.AttrOr("name", ""), in.Find("option[selected]").AttrOr("value", ""))
	})
	return action, form, nil
}

// settle waits for the outbox, and dates the copies of the deals so that no page asks the portal for them.
func (s *stage) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var left, handed int
	var failed error
	quiet := func() bool {
		failed = s.super.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM tasks WHERE due_at < clock_timestamp() + interval '1 minute'),
			(SELECT count(*) FROM acts WHERE delivery = 'waiting_signature')`).Scan(&left, &handed)
		return failed != nil || left == 0 && handed == busyDeals*handedOver
	}
	if err := errors.Join(apptest.Await(ctx, quiet), failed); err != nil {
		return fmt.Errorf("wait for the outbox: %d tasks are left, %d acts are in SBIS: %w", left, handed, err)
	}
	if err := s.exec(ctx, `UPDATE deals SET read_at = clock_timestamp() + interval '1 day'`); err != nil {
		return err
	}
	return s.exec(ctx, `VACUUM ANALYZE`)
}

// openVisits opens the tab in so many browsers that no limit of one visit is met later.
func (s *stage) openVisits(ctx context.Context, p *bitrix24test.Portal, deal int64) error {
	client := &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for range visitors {
		o := p.Open(p.Manager(), "CRM_DEAL_DETAIL_TAB", s.world.AppURL+"/placement/deal", bitrix24test.Fields{"ID": fmt.Sprint(deal)})
		r, err := o.Request()
		if err != nil {
			return err
		}
		answer, err := client.Do(r.WithContext(ctx))
		if err != nil {
			return fmt.Errorf("open the tab: %w", err)
		}
		answer.Body.Close()
		if len(answer.Cookies()) != 1 {
			return fmt.Errorf("open the tab: status %d with %d cookies", answer.StatusCode, len(answer.Cookies()))
		}
		c := answer.Cookies()[0]
		s.visits = append(s.visits, c.Name+"="+c.Value)
	}
	return nil
}
