// Command bench measures what the pages of the program cost beside the simplest possible page, and what
// the program takes to start and to live.
//
// Speed is a ratio of two figures of one run, since machines differ; absolute figures stand beside. A
// missed goal is shown and is no failure: the exit code tells only whether there was anything to measure.
// All load goes to the loopback of this machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// plan is how much is measured.
type plan struct {
	rounds int           // each round measures everything once, in another order
	each   time.Duration // of one page under one load in one round
	only   bool          // the large table and nothing else
	table  int           // acts in the large table, 0 for none
}

func main() {
	rounds := flag.Int("rounds", 5, "rounds to take the median of")
	seconds := flag.Float64("seconds", 0.8, "seconds for one page under one load in one round")
	table := flag.Int("acts", 10_000_000, "acts in the table of many tenants, 0 to leave it out; filling it takes minutes, once")
	only := flag.Bool("lists", false, "measure only the lists over that table")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := plan{rounds: max(*rounds, 1), each: time.Duration(max(*seconds, 0.1) * float64(time.Second)), table: *table, only: *only}
	if err := run(ctx, p); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures the program first, while nothing else runs, and then the pages.
func run(ctx context.Context, p plan) (err error) {
	start := time.Now()
	var r report
	if !p.only {
		if err := errors.Join(measureSmall(ctx, p, &r), measureNeighbours(ctx, &r)); err != nil {
			return err
		}
	}
	if p.table > 0 {
		if err := measureTenants(ctx, p, &r); err != nil {
			r.print(os.Stdout) // what was measured until then
			return err
		}
	}
	r.print(os.Stdout)
	fmt.Printf("\nmeasured in %.0f s\n", time.Since(start).Seconds())
	return nil
}

// measureSmall looks at the program and its pages over a portal of ordinary size.
func measureSmall(ctx context.Context, p plan, r *report) (err error) {
	s := &stage{}
	defer func() { err = errors.Join(err, s.close()) }()
	say("furnish a database and a portal")
	if err := s.open(ctx, 1, 0.1, s.furnish); err != nil {
		return err
	}
	say("build and start actsd")
	if err := s.measureProgram(ctx, p, r); err != nil {
		return err
	}
	say("count statements and bytes")
	if err := s.measurePages(ctx, r); err != nil {
		return err
	}
	say(fmt.Sprintf("load the pages, about %.0f s", (time.Duration(p.rounds*len(loads)*subjects) * p.each).Seconds()))
	return s.measureSpeed(ctx, p, r)
}

// say tells on the side what is going on.
func say(what string) { fmt.Fprintln(os.Stderr, "bench:", what) }
