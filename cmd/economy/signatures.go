package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// signature is a document that the counterparty will sign, with its deal.
type signature struct {
	portal   int
	deal     int64
	document string
}

// handOver forms acts of the first deals of a portal, hands them over, and returns the deals.
func (s *site) handOver(ctx context.Context, portal, deals int) (ids []int64, err error) {
	p := s.world.Portals[portal]
	visitor := apptest.NewVisitor(p, p.Manager(), s.world.AppURL)
	for _, d := range p.Items(bitrix24test.Deal)[:deals] {
		id := int64(d["id"].(float64))
		opened, err := visitor.OpenDeal(id)
		if err != nil {
			return nil, fmt.Errorf("open deal %d: %w", id, err)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(opened.Body))
		if err != nil {
			return nil, fmt.Errorf("read the tab of deal %d: %w", id, err)
		}
		action, form := apptest.ActForm(doc)
		form.Set("type", strings.Replace(form.Get("type"), "paper", "electronic", 1))
		form.Set("send", "1")
		if formed, err := visitor.Post(action, form); err != nil || formed.Status != http.StatusOK {
			return nil, fmt.Errorf("form an act of deal %d: %d, %w", id, formed.Status, err)
		}
		if ids = append(ids, id); ctx.Err() != nil {
			return ids, ctx.Err()
		}
	}
	return ids, nil
}

// prepareSignatures hands over acts of all portals and signs them for us; the documents wait for the counterparty then.
func (s *site) prepareSignatures(ctx context.Context, n int) (list []signature, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for portal := range s.world.Portals {
		deals := min(apptest.Deals, n-portal*apptest.Deals)
		if deals <= 0 {
			break
		}
		wg.Go(func() {
			_, failure := s.handOver(ctx, portal, deals)
			mu.Lock()
			defer mu.Unlock()
			if failure != nil {
				err = failure
			}
		})
	}
	wg.Wait()
	if err != nil {
		return nil, err
	}
	if err := s.await(ctx, 10*time.Minute, `SELECT count(*) FROM acts WHERE delivery = 'queued'`); err != nil {
		return nil, err
	}
	for _, d := range s.world.SBIS.Documents() {
		if err := s.world.SBIS.PerformMove(d.ID, sbistest.MoveRequest{Move: sbistest.MoveSignByUs}); err != nil {
			return nil, fmt.Errorf("sign document %s: %w", d.ID, err)
		}
	}
	if err := s.await(ctx, 5*time.Minute, `SELECT count(*) FROM acts WHERE status IN ('draft', 'signed_by_us')`); err != nil {
		return nil, err
	}
	if err := s.await(ctx, 10*time.Minute, `SELECT count(*) FROM tasks`); err != nil {
		return nil, err
	}
	rows, err := s.db.QueryContext(ctx, `SELECT p.member_id, a.deal_id, CAST(d.id AS text) FROM acts a JOIN portals p ON p.id = a.portal_id
		JOIN edo_documents d ON d.portal_id = a.portal_id AND d.act_id = a.id AND d.live`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	numbers := map[string]int{}
	for n, p := range s.world.Portals {
		numbers[p.MemberID()] = n
	}
	for rows.Next() {
		var member string
		var one signature
		if err := rows.Scan(&member, &one.deal, &one.document); err != nil {
			return nil, err
		}
		one.portal = numbers[member]
		list = append(list, one)
	}
	return list, rows.Err()
}

// sign lets the counterparties sign one document after the other within a time, and returns how long each signature took to move its deal.
func (s *site) sign(ctx context.Context, list []signature, within, timeout time.Duration) ([]time.Duration, error) {
	var mu sync.Mutex
	signed := map[signature]time.Time{}
	var times []time.Duration
	watch := func() (left int) {
		mu.Lock()
		defer mu.Unlock()
		for one, at := range signed {
			if s.world.Portals[one.portal].Item(bitrix24test.Deal, one.deal)["stageId"] == "ACTS_DONE" {
				times = append(times, time.Since(at))
				delete(signed, one)
			}
		}
		return len(signed)
	}
	for n, one := range list {
		for until := time.Now().Add(within / time.Duration(len(list))); time.Now().Before(until) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
			watch()
		}
		if err := s.world.SBIS.PerformMove(one.document, sbistest.MoveRequest{Move: sbistest.MoveSignByCounterparty}); err != nil {
			return times, fmt.Errorf("signature %d: %w", n, err)
		}
		mu.Lock()
		signed[one] = time.Now()
		mu.Unlock()
	}
	for until := time.Now().Add(timeout); watch() > 0 && time.Now().Before(until) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
	}
	for range signed {
		times = append(times, timeout) // the deal did not move
	}
	return times, ctx.Err()
}
