package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// The goals for visitors of one tenant while a visitor of another sends the most costly requests of the product over 16 connections.
const (
	goalNeighbour = 3    // p99 of his page against its quiet value
	goalForm      = 1000 // ms at most for the public form
	goalFiles     = 200  // open files of the process
	loud          = 30 * time.Second
)

// costlyRequests returns the requests that cost most: a search of two letters, a report, an export, a PDF and an upload of many parts.
func (h *harness) costlyRequests(ctx context.Context, base string) (send []func(ctx context.Context) error, err error) {
	t := h.tenants[1]
	visits, err := h.visitsOf(ctx, t.portal, 1)
	if err != nil {
		return nil, err
	}
	var act int64
	if err := h.super.QueryRowContext(ctx, `SELECT min(id) FROM acts WHERE portal_id = $1`, int64(t.portal)).Scan(&act); err != nil {
		return nil, err
	}
	var parts bytes.Buffer
	form := multipart.NewWriter(&parts)
	for range 20_000 {
		if part, err := form.CreateFormFile("file", "a.pdf"); err == nil {
			_, _ = part.Write([]byte("x")) // no error: it is memory
		}
	}
	form.Close()
	for _, path := range []string{"/acts?q=ро", "/report", "/acts/export?format=xlsx", fmt.Sprintf("/acts/%d/print", act), fmt.Sprintf("/acts/%d/files/ours", act)} {
		send = append(send, func(ctx context.Context) error {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/p/%d%s", base, t.portal, path), nil)
			if err != nil {
				return err
			}
			if path[len(path)-5:] == "/ours" {
				r.Method, r.Body = http.MethodPost, io.NopCloser(bytes.NewReader(parts.Bytes()))
				r.Header.Set("Content-Type", form.FormDataContentType())
				r.Header.Set("Sec-Fetch-Site", "same-origin")
			}
			r.Header.Set("X-Acts-Visit", visits[0])
			if answer, err := client.Do(r); err == nil { // what the limits refuse is no error of the measurement
				_, _ = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
			}
			return ctx.Err()
		})
	}
	return send, nil
}

// statusOf requests an address and returns the status of the answer, 0 without one.
func statusOf(address string) int {
	answer, err := http.Get(address)
	if err != nil {
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}

// measureNeighbour loads a page of one tenant while a visitor of another sends costly requests, with the usual limits.
func (h *harness) measureNeighbour(ctx context.Context, path string, r *report) (err error) {
	cfg := h.cfg
	cfg.VisitPages, cfg.VisitForms, cfg.PortalPages = 50, 20, 400
	c, err := startChild(ctx, path, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.stop()) }()
	pages, err := h.subjects(ctx, c.base, h.tenants[0])
	if err != nil {
		return err
	}
	requests, err := h.costlyRequests(ctx, c.base)
	if err != nil {
		return err
	}
	quiet, err := pages[0].load(ctx, 1, loud/3)
	if err != nil {
		return err
	}
	during, cancel := context.WithTimeout(ctx, loud)
	defer cancel()
	var visitor sync.WaitGroup
	var turn atomic.Int64
	for range 16 {
		visitor.Go(func() {
			for during.Err() == nil {
				_ = requests[int(turn.Add(1))%len(requests)](during) // ends with its context
			}
		})
	}
	var forms []time.Duration
	unready, files := 0, 0
	visitor.Go(func() {
		for during.Err() == nil {
			if statusOf(c.base+"/readyz") != http.StatusOK {
				unready++
			}
			asked := time.Now()
			statusOf(c.base + "/f/unknown")
			forms = append(forms, time.Since(asked))
			if open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", c.cmd.Process.Pid)); err == nil {
				files = max(files, len(open))
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	busy, err := pages[0].load(during, 1, loud-time.Second)
	visitor.Wait()
	if err != nil {
		return err
	}
	r.add(line{what: "neighbour of a loud visitor, p99", value: float64(busy.p99) / float64(quiet.p99), unit: "x quiet", goal: goalNeighbour, note: fmt.Sprintf("%v, quiet %v", busy.p99, quiet.p99)})
	r.add(line{what: "public form meanwhile", value: float64(slices.Max(forms)) / float64(time.Millisecond), unit: "ms at most", goal: goalForm})
	r.add(line{what: "/readyz refused", value: float64(unready), unit: "times", goal: 0.5})
	r.add(line{what: "open files", value: float64(files), unit: "at most", goal: goalFiles})
	return nil
}
