package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// A portal that is dead delays the others.
const (
	goalDelay = 1000                   // ms, p99
	watched   = 60                     // acts, before and after
	deadActs  = 15                     // that every dead portal is owed,
	deadHints = 75                     // and events that came from it
	pause     = 600 * time.Millisecond // between two acts, for the portal's own budget to suffice
)

// dying are the ways in which a neighbour is lost; its calls hang for as long as we wait, are forbidden, or have no app any more.
var dying = []func(*bitrix24test.Portal) error{
	func(p *bitrix24test.Portal) error {
		return p.Fault(bitrix24test.Fault{Kind: bitrix24test.Latency, Delay: time.Hour})
	},
	func(p *bitrix24test.Portal) error {
		return p.Fault(bitrix24test.Fault{Kind: bitrix24test.Forbidden})
	},
	func(p *bitrix24test.Portal) error { p.RevokeTokens(); return nil },
}

// measureNeighbours forms acts one after the other in a portal, first while all portals live, then beside dead ones that have much to do,
// and compares how long an act takes to be in the CRM. A call may hang for a quarter of its minute, so that the program can be stopped in time.
func measureNeighbours(ctx context.Context, r *report) (err error) {
	s := &stage{}
	defer func() { err = errors.Join(err, s.close()) }()
	return s.open(ctx, 1+len(dying), 0.25, func(ctx context.Context) error {
		say("act beside dead portals, a minute and a half")
		for _, p := range s.world.Portals {
			if _, err := apptest.NewVisitor(p, p.Admin(), s.world.AppURL).Install(); err != nil {
				return err
			}
		}
		calm, err := s.delivered(ctx)
		if err != nil {
			return err
		}
		for n, die := range dying {
			if err := s.loseNeighbour(ctx, s.world.Portals[n+1], die); err != nil {
				return err
			}
		}
		beside, err := s.delivered(ctx)
		if err != nil {
			return err
		}
		r.add(line{what: "an act is in the CRM, p99 later beside three dead portals", value: float64((percentile(beside, 99) - percentile(calm, 99)).Milliseconds()), unit: "ms",
			goal: goalDelay, note: fmt.Sprintf("p99 %s and %s; p50 %s and %s", ms(percentile(calm, 99)), ms(percentile(beside, 99)), ms(percentile(calm, 50)), ms(percentile(beside, 50)))})
		return nil
	})
}

// loseNeighbour has a portal die with work to do: acts that are being formed and events that came.
func (s *stage) loseNeighbour(ctx context.Context, p *bitrix24test.Portal, die func(*bitrix24test.Portal) error) error {
	manager := apptest.NewVisitor(p, p.Manager(), s.world.AppURL)
	deals := p.Items(bitrix24test.Deal)
	var posts []func() error
	for n := range deadActs {
		page, err := manager.OpenDeal(idOf(deals[n]))
		if err != nil {
			return err
		}
		action, form, err := readForm(page.Body)
		if err != nil {
			return err
		}
		posts = append(posts, func() error { return post(manager, action, form) })
	}
	if err := die(p); err != nil {
		return err
	}
	for _, post := range posts {
		if err := post(); err != nil {
			return err
		}
	}
	client := newClient()
	defer client.CloseIdleConnections()
	for n := range deadHints {
		if err := postEvent(ctx, client, s.world.AppURL, apptest.DealEvent(p, idOf(deals[n%len(deals)])).Encode()); err != nil {
			return err
		}
	}
	return nil
}

// delivered forms acts in the first portal and tells how long each took from the answer to the manager to its item, sorted.
func (s *stage) delivered(ctx context.Context) (taken []time.Duration, err error) {
	p := s.world.Portals[0]
	manager := apptest.NewVisitor(p, p.Manager(), s.world.AppURL)
	deals := p.Items(bitrix24test.Deal)
	kind := p.Types()[0].EntityTypeID
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for i := range watched {
		<-tick.C
		page, err := manager.OpenDeal(idOf(deals[i%len(deals)]))
		if err != nil {
			return nil, err
		}
		action, form, err := readForm(page.Body)
		if err != nil {
			return nil, fmt.Errorf("deal %d: %w", idOf(deals[i%len(deals)]), err)
		}
		for name := range form {
			if strings.HasPrefix(name, "quantity-") {
				form.Set(name, "0.1")
			}
		}
		before := len(p.Items(kind))
		if err := post(manager, action, form); err != nil {
			return nil, err
		}
		answered := time.Now()
		err = await(ctx, func() bool { return len(p.Items(kind)) > before })
		if err != nil {
			return nil, fmt.Errorf("act %d is not in the CRM: %w", i+1, err)
		}
		taken = append(taken, time.Since(answered))
	}
	slices.Sort(taken)
	return taken, nil
}

func await(ctx context.Context, cond func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return apptest.Await(ctx, cond)
}

func post(v *apptest.Visitor, action string, form url.Values) error {
	formed, err := v.Post(action, form)
	if err != nil || !strings.Contains(formed.Path, "formed=") {
		return fmt.Errorf("form an act: status %d at %s: %w", formed.Status, formed.Path, err)
	}
	return nil
}

func idOf(item bitrix24test.Fields) int64 {
	id, _ := item["id"].(float64)
	return int64(id)
}
