package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"acts24/cmd/crashtest/toxic"
)

const (
	// maxOutage is the longest time from the beginning of one outage to that of the next.
	maxOutage = 30 * time.Second
	// maxRecovery is the longest time from the moment at which PostgreSQL accepts connections to the first good answer of the program. The
	// machine may be busy with other work, so it is longer than on an idle one (5 s).
	maxRecovery = 10 * time.Second
	// silentSBIS is how long SBIS is silent in a run with toxics, before it is multiplied by the factor.
	silentSBIS = 30 * time.Minute
	// diskSize is the size of the disk of the database when it is filled.
	diskSize = "400m"
)

// outages restarts PostgreSQL, fills its disk and spoils connections while the acts of a run are formed.
type outages struct {
	harness *harness
	links   []link
	disk    string // where the small disk is mounted, "" when there is none

	mu         sync.Mutex
	recoveries []time.Duration
	faults     []string
	restarted  int // because PostgreSQL had ended by itself
	read       struct{ asked, answered int }
	silence    struct{ calls, most int }
	spoiled    map[toxic.Kind]int
}

// link is the network between a replica and the database or the remote systems.
type link struct {
	name string
	*toxic.Proxy
}

// through puts a link that can be spoiled before an address, when the plan wants that.
func (h *harness) through(name, addr string) (string, error) {
	if h.plan.toxics == 0 {
		return addr, nil
	}
	p, err := toxic.Listen(addr, h.callTimeout/10)
	if err != nil {
		return "", fmt.Errorf("listen before %s: %w", name, err)
	}
	h.Cleanup(func() { _ = p.Close() })
	h.outages.links = append(h.outages.links, link{name, p})
	return p.Addr(), nil
}

// makeDatabaseDir makes the folder of a database that is restarted: on a small disk of its own when that is to be full.
func (h *harness) makeDatabaseDir() (string, error) {
	dir, err := os.MkdirTemp("", "acts24-outage-")
	if err != nil {
		return "", fmt.Errorf("make a folder: %w", err)
	}
	h.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	if h.plan.fullDisks > 0 {
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+diskSize); err != nil {
			return "", fmt.Errorf("mount a small disk at %s: %w", dir, err)
		}
		h.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
		h.outages.disk = dir
	}
	return filepath.Join(dir, "db"), nil
}

// patiently repeats a statement of the test while the database may be away.
func (h *harness) patiently(ctx context.Context, statement func() error) error {
	for until := time.Now().Add(maxOutage); ; time.Sleep(50 * time.Millisecond) {
		err := statement()
		if err == nil || h.plan.outages() == 0 || ctx.Err() != nil || time.Now().After(until) {
			return err
		}
	}
}

// run causes all outages of the plan, until ctx is done.
func (o *outages) run(ctx context.Context) {
	p := o.harness.plan
	if p.outages() == 0 {
		return
	}
	rng := newRand(p.seed, outageStream)
	if p.toxics > 0 && p.soak == 0 {
		go o.silenceSBIS(ctx)
	}
	kinds := []outageKind{{p.restarts, 2 * time.Second, 6 * time.Second, o.restart}, {p.fullDisks, 5 * time.Second, 10 * time.Second, o.fill},
		{p.toxics, 300 * time.Millisecond, time.Second, func(ctx context.Context) { o.spoil(ctx, rng) }}}
	var all []outageKind
	for _, k := range kinds {
		all = append(all, slices.Repeat([]outageKind{k}, k.times)...)
	}
	began := time.Now()
	if p.soak > 0 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	for i, k := range all {
		wait := k.from + time.Duration(rng.Float64()*float64(k.to-k.from))
		if p.soak > 0 { // at a random moment of its share of the time
			wait = time.Until(began.Add(time.Duration((float64(i) + rng.Float64()) / float64(len(all)) * float64(p.soak))))
		}
		if sleep(ctx, wait); ctx.Err() != nil {
			return
		}
		if k.cause(ctx); !o.harness.nemesis.endOutage() {
			return
		}
	}
}

// outageKind is a kind of outages: how often it occurs, the wait before one, and what causes it.
type outageKind struct {
	times    int
	from, to time.Duration
	cause    func(context.Context)
}

// sleep waits for d, or until ctx is done.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// rest waits between two looks of people for something to do; in a soak they look less often.
func (h *harness) rest(ctx context.Context, d time.Duration) {
	sleep(ctx, time.Duration(float64(d)/h.plan.rate()))
}

func (o *outages) fail(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.faults = append(o.faults, fmt.Sprintf(format, args...))
}

// restart crashes PostgreSQL and measures the time from its start to the first good answer.
func (o *outages) restart(ctx context.Context) {
	if err := o.harness.server.Restart(ctx); err != nil && ctx.Err() == nil {
		o.fail("restart PostgreSQL: %v", err)
		return
	}
	o.awaitAnswer(ctx)
}

func (o *outages) awaitAnswer(ctx context.Context) {
	began := time.Now()
	for ctx.Err() == nil && !o.answers("/readyz") && time.Since(began) < maxOutage {
		sleep(ctx, 20*time.Millisecond)
	}
	took := time.Since(began)
	o.mu.Lock()
	o.recoveries = append(o.recoveries, took)
	o.mu.Unlock()
	if took > maxRecovery && ctx.Err() == nil {
		o.fail("after a restart of PostgreSQL the first good answer came after %v", took.Round(time.Millisecond))
	}
}

// client requests pages without keeping connections, so that each request meets a replica that lives.
var client = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

func (o *outages) answers(path string) bool {
	answer, err := client.Get(o.harness.balancer.url() + path)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// fill fills the disk of the database for some seconds while managers go on, and reads pages meanwhile. PostgreSQL may end when it cannot write its
// log; it is started again as an init system does, once there is space.
func (o *outages) fill(ctx context.Context) {
	ballast, err := os.Create(filepath.Join(o.disk, "ballast"))
	if err != nil {
		o.fail("fill the disk: %v", err)
		return
	}
	block := make([]byte, 64<<10)
	top := func() {
		for { // the database frees and takes space all the time
			if _, err := ballast.Write(block); err != nil {
				return
			}
		}
	}
	for until := time.Now().Add(3 * time.Second); time.Now().Before(until) && ctx.Err() == nil; sleep(ctx, 50*time.Millisecond) {
		top()
		if !o.harness.server.Answers(ctx) {
			continue
		}
		read := o.answers("/readyz")
		o.mu.Lock()
		o.read.asked++
		if read {
			o.read.answered++
		}
		o.mu.Unlock()
	}
	ballast.Close()
	if err := os.Remove(ballast.Name()); err != nil {
		o.fail("free the disk: %v", err)
	}
	for n := 0; n < 50 && !o.harness.server.Answers(ctx); n++ {
		sleep(ctx, 100*time.Millisecond)
	}
	if !o.harness.server.Answers(ctx) {
		o.mu.Lock()
		o.restarted++
		o.mu.Unlock()
		if err := o.harness.server.Restart(ctx); err != nil && ctx.Err() == nil {
			o.fail("start PostgreSQL when there is space again: %v", err)
			return
		}
	}
	o.awaitAnswer(ctx)
}

// spoil spoils one link for a part of the timeout of a call or longer.
func (o *outages) spoil(ctx context.Context, rng *rand.Rand) {
	l, kind := o.links[rng.IntN(len(o.links))], toxic.Kinds[rng.IntN(len(toxic.Kinds))]
	l.Set(kind)
	sleep(ctx, time.Duration((0.3+rng.Float64())*float64(o.harness.callTimeout)))
	l.Set(toxic.None)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.spoiled == nil {
		o.spoiled = map[toxic.Kind]int{}
	}
	o.spoiled[kind]++
}

// silenceSBIS lets SBIS be silent for a time, and counts the calls that it gets meanwhile: those that open the breaker of each account, those that are
// on their way then, and one per interval of a probe.
func (o *outages) silenceSBIS(ctx context.Context) {
	p := o.harness.plan
	all := o.harness.nemesis.remainingOutages()
	for left := all; left > all*2/3 && ctx.Err() == nil; left = o.harness.nemesis.remainingOutages() {
		sleep(ctx, 100*time.Millisecond)
	}
	scaled := func(d time.Duration) time.Duration { return time.Duration(p.factor * float64(d)) }
	o.harness.proxy.silence(sbisHost, scaled(silentSBIS))
	settled := 5 * o.harness.callTimeout // until then the breakers open
	sleep(ctx, settled)
	before := o.harness.proxy.countSilentCalls()
	rest := scaled(silentSBIS) - settled
	sleep(ctx, rest)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.silence.calls = o.harness.proxy.countSilentCalls() - before
	if o.silence.most = p.portals * (int(rest/scaled(5*time.Minute)) + 2); o.silence.calls > o.silence.most {
		o.faults = append(o.faults, fmt.Sprintf("SBIS got %d calls while it was silent, at most %d are allowed", o.silence.calls, o.silence.most))
	}
}

// broken returns the outages that were not survived.
func (o *outages) broken() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.faults
}

// lines describes the outages for the report.
func (o *outages) lines() (lines []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n := len(o.recoveries); n > 0 {
		slowest := time.Duration(0)
		for _, d := range o.recoveries {
			slowest = max(slowest, d)
		}
		lines = append(lines, fmt.Sprintf("PostgreSQL was away %d times, the slowest first answer came %v after its return", n, slowest.Round(time.Millisecond)))
	}
	if o.read.asked > 0 {
		lines = append(lines, fmt.Sprintf("the disk was full: /readyz answered %d of %d times meanwhile, PostgreSQL had to be started %d times", o.read.answered, o.read.asked, o.restarted))
	}
	if len(o.spoiled) > 0 {
		lines = append(lines, fmt.Sprintf("spoiled connections: %v; SBIS got %d calls of at most %d while it was silent", o.spoiled, o.silence.calls, o.silence.most))
	}
	return lines
}
