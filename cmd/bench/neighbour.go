package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
)

// The goals for visitors of one tenant while a visitor of another sends the most costly requests of the product over 16 connections.
const (
	goalNeighbour = 3    // p99 of his page against its quiet value
	goalForm      = 1000 // ms at most for the public form
	goalFiles     = 200  // open files of the process
	loud          = 30 * time.Second
)

// costlyRequests returns the requests that cost most: a search of two letters, a report, an export, a PDF, an upload of many parts and a bulk action.
func (h *harness) costlyRequests(ctx context.Context, base string) (list []func(context.Context) *http.Request, err error) {
	t, act := h.tenants[1], int64(0)
	err = h.super.QueryRowContext(ctx, `SELECT min(id) FROM acts WHERE portal_id = $1`, t.portal).Scan(&act)
	upload := strings.Repeat("--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nx\r\n", 20_000) + "--part--\r\n"
	request := func(method, path, kind, body string) func(context.Context) *http.Request {
		return func(ctx context.Context) *http.Request {
			body := strings.Replace(body, "{key}", uuid.NewString(), 1)                                                              // each is another bulk action
			r, _ := http.NewRequestWithContext(ctx, method, fmt.Sprintf("%s/p/%d%s", base, t.portal, path), strings.NewReader(body)) // the address is ours
			r.Header.Set("X-Acts-Visit", t.visits[0])
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			return r
		}
	}
	return []func(context.Context) *http.Request{
		request(http.MethodGet, "/acts?q=ро", "", ""), request(http.MethodGet, "/report", "", ""), request(http.MethodGet, "/acts/export?format=xlsx", "", ""),
		request(http.MethodGet, fmt.Sprintf("/acts/%d/print", act), "", ""),
		request(http.MethodPost, fmt.Sprintf("/acts/%d/files/ours", act), "multipart/form-data; boundary=part", upload),
		request(http.MethodPost, "/acts/bulk", "application/x-www-form-urlencoded", "action=table&all=1&key={key}"),
	}, err
}

// statusOf sends a request and returns the status of the answer, 0 without one.
func statusOf(r *http.Request) int {
	answer, err := client.Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}

// measureNeighbour loads a page of one tenant while a visitor of another sends costly requests, with the usual limits.
func (h *harness) measureNeighbour(ctx context.Context, path string) (err error) {
	printProgress("load a neighbour of a loud visitor")
	cfg := h.cfg
	cfg.VisitPages, cfg.VisitForms, cfg.PortalPages = 50, 20, 400
	c, err := apptest.StartProcess(ctx, path, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	page := h.tenants[0].subjects(c.URL)[0]
	quiet, err := page.load(ctx, 1, loud/3)
	if err != nil {
		return err
	}
	requests, err := h.costlyRequests(ctx, c.URL)
	if err != nil {
		return err
	}
	during, cancel := context.WithTimeout(ctx, loud)
	defer cancel()
	var visitor sync.WaitGroup
	var turn atomic.Int64
	for range 16 {
		visitor.Go(func() {
			for during.Err() == nil { // what the limits refuse is no error of the measurement
				statusOf(requests[int(turn.Add(1))%len(requests)](during))
			}
		})
	}
	get := func(path string) int {
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+path, nil) // the address is ours
		return statusOf(r)
	}
	var forms []time.Duration
	unready, files := 0, 0
	visitor.Go(func() {
		for len(forms) == 0 || during.Err() == nil {
			if get("/readyz") != http.StatusOK {
				unready++
			}
			asked := time.Now()
			get("/f/unknown")
			forms = append(forms, time.Since(asked))
			open, _ := c.OpenFiles() // 0 on an error
			files = max(files, open)
			time.Sleep(50 * time.Millisecond)
		}
	})
	busy, err := page.load(ctx, 1, loud-time.Second)
	visitor.Wait()
	if err != nil {
		return err
	}
	show(line{what: "neighbour of a loud visitor, p99", value: busy.p99 / quiet.p99, unit: "x quiet", goal: goalNeighbour, note: fmt.Sprintf("%.2f ms, quiet %.2f ms; %d costly requests", busy.p99, quiet.p99, turn.Load())})
	show(line{what: "public form meanwhile", value: inMS(slices.Max(forms)), unit: "ms at most", goal: goalForm})
	show(line{what: "/readyz refused", value: float64(unready), unit: "times", goal: 0.5})
	show(line{what: "open files", value: float64(files), unit: "at most", goal: goalFiles})
	return nil
}
