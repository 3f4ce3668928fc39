package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"acts24/cmd/app"
)

// loads are the numbers of clients: one tells how long a page takes, eight how many fit in a second.
var loads = []int{1, 8}

// The goals of a page, against the anchor.
const (
	goalP50  = 2.0
	goalP99  = 3.0
	goalRate = 0.5
)

// subjects is how many are measured against each other.
const subjects = 4

// measureSpeed serves all subjects in this process over the same database and compares them. The clients
// are in this process too and weigh on all alike.
func (s *stage) measureSpeed(ctx context.Context, p plan, r *report) error {
	a, err := s.newAnchor(ctx)
	if err != nil {
		return err
	}
	defer a.db.Close()
	return s.whilePaging(ctx, func(site *http.ServeMux, base string) error {
		site.Handle("GET /anchor/{owner}", a)
		site.HandleFunc("GET /bare", bare)
		list := [subjects]subject{barePage(base), anchorPages(base), s.dealTab(base), s.actPage(base)}
		found, err := rounds(ctx, p, list[:])
		if err != nil {
			return err
		}
		for _, page := range found[2:] {
			page.compare(r, found[1], found[0])
		}
		found[1].show(r)
		found[0].show(r)
		return nil
	})
}

// whilePaging serves the pages of the program without its clock, so that nothing but pages is measured.
func (s *stage) whilePaging(ctx context.Context, f func(site *http.ServeMux, base string) error) error {
	program, err := app.New(ctx, s.cfg, time.Now, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, program.Close())
	}
	site := http.NewServeMux()
	site.Handle("/", program.Handler())
	server := &http.Server{Handler: site, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return errors.Join(f(site, "http://"+listener.Addr().String()), server.Close(), program.Close())
}

// figures of one subject, a value for each round.
type figures struct {
	name     string
	p50, p99 []time.Duration // at one client
	rate     []float64       // at eight
}

// rounds loads every subject in every round; who comes first changes, so that a slow spell hits all.
func rounds(ctx context.Context, p plan, list []subject) ([]figures, error) {
	client := newClient()
	defer client.CloseIdleConnections()
	for _, page := range list {
		if err := page.warm(ctx, client, p.each); err != nil {
			return nil, err
		}
	}
	found := make([]figures, len(list))
	for round := range p.rounds {
		for n := range list {
			i := (n + round) % len(list)
			if err := found[i].take(ctx, client, list[i], p.each); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// take loads a subject once at each number of clients and keeps the figures.
func (f *figures) take(ctx context.Context, client *http.Client, s subject, d time.Duration) error {
	one, err := s.load(ctx, client, loads[0], d)
	if err != nil {
		return err
	}
	eight, err := s.load(ctx, client, loads[1], d)
	if err != nil {
		return err
	}
	f.name = s.name
	f.p50, f.p99, f.rate = append(f.p50, one.p50), append(f.p99, one.p99), append(f.rate, eight.rate)
	return nil
}

// warm looks at the page, then loads it for a moment whose figures are forgotten.
func (s subject) warm(ctx context.Context, client *http.Client, d time.Duration) error {
	var page bytes.Buffer
	if _, err := s.ask(ctx, client, 0, &page); err != nil {
		return err
	}
	if err := s.check(page.Bytes()); err != nil {
		return err
	}
	return new(figures).take(ctx, client, s, d/5)
}

// compare adds the lines of a page beside the anchor and the bare handler.
func (f figures) compare(r *report, anchor, bare figures) {
	ratio := func(what string, page, anchor, bare time.Duration, goal float64) {
		note := fmt.Sprintf("%s; anchor %s; bare handler %s, %.1f times", ms(page), ms(anchor), ms(bare), float64(page)/float64(bare))
		r.add(line{what: f.name + ", " + what, value: float64(page) / float64(anchor), unit: "x anchor", digits: 2, goal: goal, note: note})
	}
	ratio("p50 at c=1", median(f.p50), median(anchor.p50), median(bare.p50), goalP50)
	ratio("p99 at c=1", median(f.p99), median(anchor.p99), median(bare.p99), goalP99)
	page, simple, plain := median(f.rate), median(anchor.rate), median(bare.rate)
	r.add(line{what: f.name + ", requests/s at c=8", value: page / simple, unit: "x anchor", digits: 2, goal: goalRate, atLeast: true,
		note: fmt.Sprintf("%.0f/s; anchor %.0f/s; bare handler %.0f/s, %.3f of it", page, simple, plain, page/plain)})
}

// show adds what is compared with, for a reader who wants to compare by himself.
func (f figures) show(r *report) {
	r.add(line{what: f.name + ", p50 at c=1", value: float64(median(f.p50)) / float64(time.Millisecond), unit: "ms", digits: 2,
		note: fmt.Sprintf("p99 %s; %.0f/s at c=8", ms(median(f.p99)), median(f.rate))})
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond)) }
