package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"acts24/cmd/crashtest/toxic"
	"acts24/cmd/crashtest/wire"
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
	links   []*toxic.Proxy // between the replicas and the database or the remote systems
	disk    string         // where the small disk is mounted, "" when there is none

	mu           sync.Mutex
	recoveries   []time.Duration // from the return of PostgreSQL to the first good answer
	violations   []string
	startedAgain int                            // how often PostgreSQL had ended by itself and was started
	readiness    struct{ checks, answered int } // of the program while the disk was full
	silence      struct{ calls, maxCalls int }  // calls of SBIS while it was silent, and how many are allowed
	spoiled      map[toxic.Kind]int             // how often connections were spoiled in each way
}

// addLink puts a link that can be spoiled before an address if the plan has toxics, and returns the address to connect to.
func (h *harness) addLink(name, addr string) (string, error) {
	if h.plan.toxics == 0 {
		return addr, nil
	}
	p, err := toxic.Listen(addr, h.callTimeout/10)
	if err != nil {
		return "", fmt.Errorf("listen between %s: %w", name, err)
	}
	h.Cleanup(func() { _ = p.Close() })
	h.outages.links = append(h.outages.links, p)
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

// retryDuringOutages repeats a statement of the test while the database may be away.
func (h *harness) retryDuringOutages(ctx context.Context, statement func() error) error {
	for until := time.Now().Add(maxOutage); ; time.Sleep(50 * time.Millisecond) {
		err := statement()
		if err == nil || h.plan.outages() == 0 || ctx.Err() != nil || time.Now().After(until) {
			return err
		}
	}
}

// plannedOutage is an outage: the shortest and the longest wait before it, and what causes it and waits for its end.
type plannedOutage struct {
	minWait, maxWait time.Duration
	cause            func(context.Context)
}

// plan returns all outages of the run: in a soak in random order, otherwise one kind after the other.
func (o *outages) plan(rng *rand.Rand) []plannedOutage {
	p := o.harness.plan
	all := slices.Concat(
		slices.Repeat([]plannedOutage{{2 * time.Second, 6 * time.Second, o.restart}}, p.restarts),
		slices.Repeat([]plannedOutage{{5 * time.Second, 10 * time.Second, o.fillDisk}}, p.fullDisks),
		slices.Repeat([]plannedOutage{{300 * time.Millisecond, time.Second, func(ctx context.Context) { o.spoil(ctx, rng) }}}, p.toxics))
	if p.soak > 0 {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	}
	return all
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
	began, all := time.Now(), o.plan(rng)
	for i, outage := range all {
		wait := outage.minWait + time.Duration(rng.Float64()*float64(outage.maxWait-outage.minWait))
		if p.soak > 0 { // at a random moment of its share of the time
			wait = time.Until(began.Add(time.Duration((float64(i) + rng.Float64()) / float64(len(all)) * float64(p.soak))))
		}
		if sleep(ctx, wait); ctx.Err() != nil {
			return
		}
		if outage.cause(ctx); !o.harness.nemesis.endOutage() {
			return
		}
	}
}

// sleep waits for d, or until ctx is done.
func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// waitForNextPoll waits between two looks of people for something to do; in a soak they look less often.
func (h *harness) waitForNextPoll(ctx context.Context, d time.Duration) {
	sleep(ctx, time.Duration(float64(d)/h.plan.rate()))
}

func (o *outages) recordViolation(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.violations = append(o.violations, fmt.Sprintf(format, args...))
}

// restart crashes PostgreSQL, starts it and waits for the first good answer.
func (o *outages) restart(ctx context.Context) {
	if err := o.harness.server.Restart(ctx); err != nil && ctx.Err() == nil {
		o.recordViolation("restart PostgreSQL: %v", err)
		return
	}
	o.awaitAnswer(ctx)
}

// awaitAnswer waits for the first good answer of the program after PostgreSQL has come back, and records how long it took.
func (o *outages) awaitAnswer(ctx context.Context) {
	began, answered := time.Now(), false
	for ctx.Err() == nil && time.Since(began) < maxOutage {
		if answered = o.answers("/readyz"); answered {
			break
		}
		sleep(ctx, 20*time.Millisecond)
	}
	took := time.Since(began)
	o.mu.Lock()
	o.recoveries = append(o.recoveries, took)
	o.mu.Unlock()
	switch {
	case ctx.Err() != nil:
	case !answered:
		o.recordViolation("PostgreSQL came back, and there was no good answer for %v", took.Round(time.Millisecond))
	case took > maxRecovery:
		o.recordViolation("PostgreSQL came back, and the first good answer came after %v", took.Round(time.Millisecond))
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

// fillDisk fills the disk of the database for some seconds while managers go on, and reads pages meanwhile. PostgreSQL may end when it cannot write its
// log; it is started again as an init system does, once there is space.
func (o *outages) fillDisk(ctx context.Context) {
	filler, err := os.Create(filepath.Join(o.disk, "filler"))
	if err != nil {
		o.recordViolation("fill the disk: %v", err)
		return
	}
	for until := time.Now().Add(3 * time.Second); time.Now().Before(until) && ctx.Err() == nil; sleep(ctx, 50*time.Millisecond) {
		writeUntilFull(filler) // the database frees and takes space all the time
		o.checkReadiness(ctx)
	}
	_ = filler.Close() // what it could not write does not matter
	if err := os.Remove(filler.Name()); err != nil {
		o.recordViolation("free the disk: %v", err)
	}
	if err := o.startIfEnded(ctx); err != nil {
		o.recordViolation("start PostgreSQL when there is space again: %v", err)
		return
	}
	o.awaitAnswer(ctx)
}

// writeUntilFull writes until there is no space.
func writeUntilFull(w io.Writer) {
	block := make([]byte, 64<<10)
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// checkReadiness counts whether the program is ready, if PostgreSQL runs.
func (o *outages) checkReadiness(ctx context.Context) {
	if !o.harness.server.Answers(ctx) {
		return
	}
	ready := o.answers("/readyz")
	o.mu.Lock()
	defer o.mu.Unlock()
	o.readiness.checks++
	if ready {
		o.readiness.answered++
	}
}

// startIfEnded starts PostgreSQL if it does not answer for some seconds.
func (o *outages) startIfEnded(ctx context.Context) error {
	for range 50 {
		if o.harness.server.Answers(ctx) {
			return nil
		}
		sleep(ctx, 100*time.Millisecond)
	}
	if o.harness.server.Answers(ctx) {
		return nil
	}
	o.mu.Lock()
	o.startedAgain++
	o.mu.Unlock()
	if err := o.harness.server.Restart(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
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

// silenceSBIS lets SBIS be silent for a time, once a third of the outages are over, and counts the calls that it gets after the breakers have opened.
// Allowed are, for each account, one call per interval of probes and two more, for calls that are on their way.
func (o *outages) silenceSBIS(ctx context.Context) {
	p := o.harness.plan
	all := o.harness.nemesis.remainingOutages()
	for left := all; left > all*2/3 && ctx.Err() == nil; left = o.harness.nemesis.remainingOutages() {
		sleep(ctx, 100*time.Millisecond)
	}
	scaled := func(d time.Duration) time.Duration { return time.Duration(p.factor * float64(d)) }
	o.harness.proxy.Silence(wire.SBISHost, scaled(silentSBIS))
	opening := 5 * o.harness.callTimeout // until then the breakers open
	sleep(ctx, opening)
	before := o.harness.proxy.CountSilentCalls()
	counted := scaled(silentSBIS) - opening
	sleep(ctx, counted)
	calls, maxCalls := o.harness.proxy.CountSilentCalls()-before, p.portals*(int(counted/scaled(probeInterval))+2)
	o.mu.Lock()
	o.silence.calls, o.silence.maxCalls = calls, maxCalls
	o.mu.Unlock()
	if calls > maxCalls {
		o.recordViolation("SBIS got %d calls while it was silent, at most %d are allowed", calls, maxCalls)
	}
}

// failed returns the outages that were not survived, or not over soon.
func (o *outages) failed() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.violations
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
	if o.readiness.checks > 0 {
		lines = append(lines, fmt.Sprintf("the disk was full: /readyz answered %d of %d times meanwhile, PostgreSQL had to be started %d times", o.readiness.answered, o.readiness.checks, o.startedAgain))
	}
	if len(o.spoiled) > 0 {
		lines = append(lines, fmt.Sprintf("spoiled connections: %v", o.spoiled))
	}
	if o.silence.maxCalls > 0 {
		lines = append(lines, fmt.Sprintf("SBIS got %d calls of at most %d while it was silent", o.silence.calls, o.silence.maxCalls))
	}
	return lines
}
