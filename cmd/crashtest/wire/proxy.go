// Package wire forwards what the replicas of the program send to the remote systems and to PostgreSQL. On the way it delays calls, loses responses and
// closes connections, lets a nemesis kill the sender before or after the effect of a message, and counts the writing commands.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

// SBISHost is the host name of the fake SBIS for the program.
const SBISHost = "sbis.crashtest"

// Proxy forwards the calls of all replicas to the fakes by their host names. It delays calls, loses responses, and lets the
// nemesis kill replicas during calls.
type Proxy struct {
	Writes *Writes // the writing commands of all replicas

	nemesis     Nemesis
	callTimeout time.Duration // longest duration of a call
	rate        float64       // multiplies the probabilities of slow periods and lost responses

	mu               sync.Mutex
	hosts            map[string]http.Handler
	slowUntil        map[string]time.Time // hosts that are slow until the given time
	silentUntil      map[string]time.Time // hosts that do not answer until the given time
	calls            int
	callsWhileSilent int           // calls of silent hosts
	slowest          time.Duration // from the request to its effect
	lostResponses    int           // lost responses of executed calls, without a kill
}

// NewProxy returns a proxy without hosts. callTimeout is the timeout of a call of the program, rate multiplies the probabilities of its failures.
func NewProxy(n Nemesis, callTimeout time.Duration, rate float64) *Proxy {
	return &Proxy{nemesis: n, Writes: newWrites(), callTimeout: callTimeout, rate: rate, hosts: map[string]http.Handler{}, slowUntil: map[string]time.Time{}, silentUntil: map[string]time.Time{}}
}

// AddHost forwards the calls of a host to a fake.
func (p *Proxy) AddHost(name string, fake http.Handler) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hosts[name] = fake
}

// Handler returns the HTTP proxy of one replica.
func (p *Proxy) Handler(v Victim) http.Handler { return replicaProxy{p, v} }

// replicaProxy is the HTTP proxy of one replica.
type replicaProxy struct {
	*Proxy
	victim Victim
}

// ServeHTTP forwards a call to its host, unless its caller is killed before or after the effect.
func (p replicaProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	p.mu.Lock()
	host := p.hosts[r.URL.Host]
	p.mu.Unlock()
	if host == nil {
		http.Error(w, "no such host", http.StatusBadGateway)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil { // the caller is gone
		http.Error(w, "read the request: "+err.Error(), http.StatusBadGateway)
		return
	}
	caller := r.Context()
	// A call in progress continues when the caller is gone.
	r = r.Clone(context.WithoutCancel(r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(body))
	c, commands, lost := callOf(r, body), writingCommands(r, body), true
	sent := p.Writes.begin(p.victim, r.URL.Host, commands)
	defer func() { p.Writes.end(sent, lost) }()
	if p.recordSilentCall(r.URL.Host) {
		<-caller.Done()
		panic(http.ErrAbortHandler)
	}
	if p.reachPoints(c, false) {
		p.executeOrphaned(host, r, started)
		panic(http.ErrAbortHandler)
	}
	p.countCall()
	before, after := p.drawDelay(r.URL.Host), time.Duration(0)
	if p.nemesis.Random() < 0.5 {
		before, after = after, before // the effect and its events come long before the response
	}
	time.Sleep(before)
	answer := newRecorder()
	host.ServeHTTP(answer, r)
	p.recordLatency(started)
	time.Sleep(after)
	if p.reachPoints(c, true) || p.drawLostResponse() {
		panic(http.ErrAbortHandler)
	}
	lost = answer.status != http.StatusOK || !json.Valid(answer.body.Bytes()) // a request for a file, whose answer is no JSON, has no commands
	answer.send(w)
}

// Silence lets a host give no answer and execute nothing for a time.
func (p *Proxy) Silence(host string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silentUntil[host] = time.Now().Add(d)
}

// recordSilentCall reports whether a host is silent, and counts the call then.
func (p *Proxy) recordSilentCall(host string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !time.Now().Before(p.silentUntil[host]) {
		return false
	}
	p.callsWhileSilent++
	return true
}

// CountSilentCalls returns the number of calls that silent hosts have got.
func (p *Proxy) CountSilentCalls() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.callsWhileSilent
}

// Counts returns the number of calls, and how many responses were lost without a kill.
func (p *Proxy) Counts() (calls, lostResponses int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls, p.lostResponses
}

// SlowestCall returns the longest time from a request to its effect.
func (p *Proxy) SlowestCall() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slowest
}

// reachPoints passes the points of the methods of a call; true means that the caller has been killed at one of them.
func (p replicaProxy) reachPoints(c call, after bool) (killed bool) {
	for _, method := range c.methods {
		if p.nemesis.Reach(p.victim, Point{c.system, method, after}) {
			return true
		}
	}
	return false
}

// executeOrphaned handles a request whose caller was killed: a quarter is lost, a quarter executed immediately, half of them late.
func (p replicaProxy) executeOrphaned(host http.Handler, r *http.Request, started time.Time) {
	drawn := p.nemesis.Random()
	if drawn < 0.25 {
		return
	}
	if drawn > 0.5 {
		time.Sleep(p.partOfTimeout(0.1, 0.8))
	}
	host.ServeHTTP(newRecorder(), r)
	p.recordLatency(started)
}

func (p *Proxy) countCall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
}

// drawDelay returns the delay of a call: none, except in random periods of a host, four timeouts of a call long, in which more
// than half of the calls take nearly the longest allowed time.
func (p *Proxy) drawDelay(host string) time.Duration {
	begins, slow := p.nemesis.Random() < p.rate/40, p.nemesis.Random() < 0.6
	if p.nemesis.FaultsOver() {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if begins {
		p.slowUntil[host] = time.Now().Add(4 * p.callTimeout)
	}
	if slow && time.Now().Before(p.slowUntil[host]) {
		return p.partOfTimeout(0.7, 0.9)
	}
	return 0
}

// drawLostResponse decides at random, for one response in fifty, that it is lost, and counts it.
func (p *Proxy) drawLostResponse() bool {
	lost := !p.nemesis.FaultsOver() && p.nemesis.Random() < 0.02*p.rate
	if lost {
		p.mu.Lock()
		p.lostResponses++
		p.mu.Unlock()
	}
	return lost
}

// partOfTimeout returns a random duration between two shares of the timeout of calls.
func (p *Proxy) partOfTimeout(from, to float64) time.Duration {
	return time.Duration((from + (to-from)*p.nemesis.Random()) * float64(p.callTimeout))
}

// recordLatency records the time until the effect of a call.
func (p *Proxy) recordLatency(started time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slowest = max(p.slowest, time.Since(started))
}

// recorder buffers a response until it may be sent.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder { return &recorder{header: http.Header{}, status: http.StatusOK} }

// Header returns the header of the response.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader stores the status.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write stores a part of the body.
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }

func (r *recorder) send(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // the caller may be gone
}
