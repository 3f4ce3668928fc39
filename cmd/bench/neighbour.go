package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
)

// The goals for visitors of one tenant while a visitor of another sends the most costly requests of the product.
const (
	goalNeighbour = 3    // p99 of the neighbour's page against its quiet value
	goalForm      = 1000 // ms at most for the public form
	goalUnready   = 0.5  // less than one refusal of /readyz
	goalFiles     = 200  // open files of the process

	loudTime        = 30 * time.Second
	loudConnections = 16
)

// costlyRequests returns the requests that cost most: a search of two letters, a report, an export, a PDF, an upload of many parts and a bulk action.
func (h *harness) costlyRequests(ctx context.Context, base string) (requests []func(context.Context) *http.Request, err error) {
	t, act := h.tenants[1], int64(0)
	if err := h.superuser.QueryRowContext(ctx, `SELECT min(id) FROM acts WHERE portal_id = $1`, t.portal).Scan(&act); err != nil {
		return nil, fmt.Errorf("find an act: %w", err)
	}
	upload := strings.Repeat("--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\nx\r\n", 20_000) + "--part--\r\n"
	request := func(method, path, contentType, body string) func(context.Context) *http.Request {
		return func(ctx context.Context) *http.Request {
			body := strings.Replace(body, "{key}", uuid.NewString(), 1)                                                              // each is another bulk action
			r, _ := http.NewRequestWithContext(ctx, method, fmt.Sprintf("%s/p/%d%s", base, t.portal, path), strings.NewReader(body)) // the address is ours
			r.Header.Set("X-Acts-Visit", t.visits[0])
			r.Header.Set("Content-Type", contentType)
			r.Header.Set("Sec-Fetch-Site", "same-origin")
			return r
		}
	}
	return []func(context.Context) *http.Request{
		request(http.MethodGet, "/acts?q=ро", "", ""), request(http.MethodGet, "/report", "", ""), request(http.MethodGet, "/acts/export?format=xlsx", "", ""),
		request(http.MethodGet, fmt.Sprintf("/acts/%d/print", act), "", ""),
		request(http.MethodPost, fmt.Sprintf("/acts/%d/files/ours", act), "multipart/form-data; boundary=part", upload),
		request(http.MethodPost, "/acts/bulk", "application/x-www-form-urlencoded", "action=table&all=1&key={key}"),
	}, nil
}

// sendRequest sends a request and returns the status of the answer, 0 without one.
func sendRequest(r *http.Request) int {
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
	process, err := apptest.StartProcess(ctx, path, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, process.Stop()) }()
	page := h.tenants[0].listTargets(process.URL)[0]
	quiet, err := page.load(ctx, 1, loudTime/3)
	if err != nil {
		return err
	}
	requests, err := h.costlyRequests(ctx, process.URL)
	if err != nil {
		return err
	}
	during, cancel := context.WithTimeout(ctx, loudTime)
	defer cancel()
	var others sync.WaitGroup
	var sent atomic.Int64
	for range loudConnections {
		others.Go(func() {
			for during.Err() == nil { // what the limits refuse is no error of the measurement
				sendRequest(requests[int(sent.Add(1))%len(requests)](during))
			}
		})
	}
	var seen observation
	var observeErr error
	others.Go(func() { seen, observeErr = observe(ctx, during, process) })
	busy, err := page.load(ctx, 1, loudTime-time.Second)
	others.Wait()
	if err := errors.Join(err, observeErr); err != nil {
		return err
	}
	printFigure(figure{name: "neighbour of a loud visitor, p99", value: busy.p99 / quiet.p99, unit: "x quiet", goal: goalNeighbour,
		note: fmt.Sprintf("%.2f ms, quiet %.2f ms; %d costly requests", busy.p99, quiet.p99, sent.Load())})
	printFigure(figure{name: "public form meanwhile", value: inMS(seen.slowestForm), unit: "ms at most", goal: goalForm})
	printFigure(figure{name: "/readyz refused", value: float64(seen.unready), unit: "times", goal: goalUnready})
	printFigure(figure{name: "open files", value: float64(seen.openFiles), unit: "at most", goal: goalFiles})
	return nil
}

// observation is what others see of a process while a visitor is loud.
type observation struct {
	slowestForm time.Duration // of the public form
	unready     int           // how often /readyz did not answer with 200
	openFiles   int           // at most
}

// observe requests /readyz and the public form of a process, and counts its open files, again and again until during has ended.
func observe(ctx, during context.Context, process *apptest.Process) (seen observation, err error) {
	get := func(path string) int {
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, process.URL+path, nil) // the address is ours
		return sendRequest(r)
	}
	for during.Err() == nil {
		if get("/readyz") != http.StatusOK {
			seen.unready++
		}
		began := time.Now()
		get("/f/unknown")
		seen.slowestForm = max(seen.slowestForm, time.Since(began))
		files, err := process.OpenFiles()
		if err != nil {
			return seen, fmt.Errorf("count open files: %w", err)
		}
		seen.openFiles = max(seen.openFiles, files)
		time.Sleep(50 * time.Millisecond)
	}
	return seen, nil
}
