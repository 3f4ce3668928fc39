// Command crashtest is the crash test. It runs one or two replicas of the real program with a fake Bitrix24 and a
// fake SBIS, kills replicas in the middle of calls while managers form acts, and then counts lost and
// duplicate effects in both fakes and in the database. Exit code 1 means that there were some or that another rule was
// broken, 2 that the test could not run.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"acts24/cmd/crashtest/rules"
)

func main() {
	p, err := readPlan(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "crashtest:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	run := runTest
	switch {
	case p.mutants != nil:
		run = runMutants
	case p.copiedDeals > 0:
		run = runDeals
	case p.resumeFile != "":
		run = runParts
	}
	clean, err := run(ctx, p)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "crashtest:", err)
		os.Exit(2)
	case !clean:
		os.Exit(1)
	}
}

// runTest executes the plan and prints the report; clean is true when no rule is broken.
func runTest(ctx context.Context, p plan) (clean bool, err error) {
	fmt.Printf("crashtest: %d acts on %d portals, %d kills, %d pauses, %d outages, %d replicas, seed %d, delays × %g\n",
		p.acts, p.portals, p.kills, p.pauses, p.outages(), p.replicas, p.seed, p.factor)
	h, err := openHarness(ctx, p)
	if err != nil {
		return false, err
	}
	defer func() { h.close(clean) }()
	load := newLoad(h)
	if err := h.startCallFaults(); err != nil {
		return false, err
	}
	faultsCtx, stopFaults := context.WithCancel(ctx)
	defer stopFaults()
	work := load.runBulk
	if !p.bulk {
		h.nemesis.allowKills(p.kills)
		h.nemesis.allowPauses(p.pauses)
		work = load.run
	}
	h.nemesis.allowOutages(p.outages())
	go load.injectFaults(faultsCtx)
	go h.outages.run(faultsCtx)
	go load.reportProgress(faultsCtx, os.Stderr)
	h.usage.watch(faultsCtx, h.replicas, p.soak)
	began := time.Now()
	if err := work(ctx); err != nil {
		return false, err
	}
	loaded := time.Since(began)
	pendingWork := h.settle(ctx)
	settled := time.Since(began) - loaded
	stopFaults()
	usage, growth := h.usage.summarize(h.replicas, p.soak, loaded)
	if len(growth) > 0 {
		h.replicas[0].dumpStacks()
	}
	h.stopReplicas()
	found, err := gather(ctx, h, load)
	if err != nil {
		return false, err
	}
	found.PendingWork, found.FailedOutages, found.Growth = pendingWork, h.outages.failed(), growth
	report := rules.Check(found)
	report.Lines = slices.Concat(h.describeFaults(), []string{load.describeTimes(loaded, settled, found.SlowestCall)}, h.outages.lines(), usage)
	report.Print(os.Stdout)
	return report.Clean(), nil
}
