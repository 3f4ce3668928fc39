package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// sbisHost is the name under which the program reaches the pretend SBIS.
const sbisHost = "sbis.judge"

// outside is the world behind the replicas' HTTP proxies: its hosts, how slow they are, and who dies there.
type outside struct {
	nemesis *nemesis
	bound   time.Duration // no call takes longer

	mu      sync.Mutex
	hosts   map[string]http.Handler
	slow    map[string]time.Time // hosts that take their time until then
	calls   int
	slowest time.Duration // from the request to its effect
	lost    int           // requests that came to nothing, effects whose answer was lost without a kill
}

func newOutside(n *nemesis, bound time.Duration) *outside {
	return &outside{nemesis: n, bound: bound, hosts: map[string]http.Handler{}, slow: map[string]time.Time{}}
}

// door is the HTTP proxy of one replica.
type door struct {
	*outside
	victim victim
}

// ServeHTTP lets a call pass to its host, unless its caller dies before or after the effect.
func (d door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	d.mu.Lock()
	host := d.hosts[r.URL.Host]
	d.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if host == nil || err != nil {
		http.Error(w, "no such host", http.StatusBadGateway)
		return
	}
	// What has begun goes on when the caller is gone.
	r = r.Clone(context.WithoutCancel(r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(body))
	c := callOf(r, body)
	if d.dies(c, false) {
		d.straggle(host, r, started)
		panic(http.ErrAbortHandler)
	}
	time.Sleep(d.latency(r.URL.Host))
	answer := newRecorder()
	host.ServeHTTP(answer, r)
	d.worked(started)
	if d.dies(c, true) || d.mishap() {
		panic(http.ErrAbortHandler)
	}
	answer.send(w)
}

func (d door) dies(c call, after bool) bool {
	for _, kind := range c.kinds {
		if d.nemesis.passes(d.victim, point{c.wire, kind, after}) {
			return true
		}
	}
	return false
}

// straggle is what becomes of a request whose caller died: it is lost, or its effect comes at once, or late.
func (d door) straggle(host http.Handler, r *http.Request, started time.Time) {
	fate := d.nemesis.draw()
	if fate < 0.25 {
		return
	}
	if fate > 0.5 {
		time.Sleep(d.share(0.1, 0.8))
	}
	host.ServeHTTP(newRecorder(), r)
	d.worked(started)
}

// latency is nothing, except in a host's bad hours: these come by chance and last four bounds, in which every other
// call takes nearly as long as it may.
func (o *outside) latency(host string) time.Duration {
	begins, slow := o.nemesis.draw() < 1.0/40, o.nemesis.draw() < 0.6
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	if o.quiet() {
		return 0
	}
	if begins {
		o.slow[host] = time.Now().Add(4 * o.bound)
	}
	if slow && time.Now().Before(o.slow[host]) {
		return o.share(0.7, 0.9)
	}
	return 0
}

// mishap loses one answer in fifty.
func (o *outside) mishap() bool {
	lost := !o.quiet() && o.nemesis.draw() < 0.02
	if lost {
		o.mu.Lock()
		o.lost++
		o.mu.Unlock()
	}
	return lost
}

// quiet tells that the kills are over, and other trouble with them.
func (o *outside) quiet() bool {
	_, over := o.nemesis.done()
	return over
}

// share is a random part of the bound.
func (o *outside) share(from, to float64) time.Duration {
	return time.Duration((from + (to-from)*o.nemesis.draw()) * float64(o.bound))
}

// worked notes how long the effect of a call was in coming.
func (o *outside) worked(started time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.slowest = max(o.slowest, time.Since(started))
}

// recorder keeps an answer until it may leave.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: http.StatusOK} }

// Header is the header of the answer.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader keeps the status.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write keeps a piece of the body.
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recorder) send(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // the caller may be gone
}
