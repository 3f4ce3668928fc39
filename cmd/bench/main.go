// Command bench measures the pages of the program over a table of many tenants, compared with the simplest possible
// page over the same database, the size, start-up time and memory of the program, and what a loud visitor of one
// tenant costs a visitor of another.
//
// Machines differ, so speed is given as a ratio of two figures of one run, together with the figures. A missed goal
// is shown and is not a failure: the exit code is 0 when everything could be measured. All load goes to the
// loopback of this machine.
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

// plan holds the amounts of measurement.
type plan struct {
	rounds   int           // each round measures every page once, in another order
	loadTime time.Duration // duration of one load of one page in one round
	acts     int           // number of acts of all tenants
}

func main() {
	rounds := flag.Int("rounds", 5, "rounds to take the median of")
	seconds := flag.Float64("seconds", 0.8, "seconds for one page under one load in one round")
	acts := flag.Int("acts", 10_000_000, "acts of all tenants together; filling a table of ten million takes half an hour and 24 GB, once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := measure(ctx, plan{max(*rounds, 1), time.Duration(max(*seconds, 0.1) * float64(time.Second)), *acts}); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure opens the database and makes all measurements.
func measure(ctx context.Context, p plan) (err error) {
	start := time.Now()
	h := &harness{tenants: tenantsOf(p.acts)}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.open(ctx, p.acts); err != nil {
		return err
	}
	printProgress("build and start actsd")
	binary, err := buildProgram(ctx)
	if err != nil {
		return err
	}
	for _, measurement := range []func() error{
		func() error { return h.measureProgram(ctx, p, binary) },
		func() error { return h.measureNeighbour(ctx, binary) },
		func() error { return h.measureLists(ctx, p) },
	} {
		if err := measurement(); err != nil {
			return err
		}
	}
	printProgress(fmt.Sprintf("measured in %.0f s", time.Since(start).Seconds()))
	return nil
}

func printProgress(text string) { fmt.Fprintln(os.Stderr, "bench:", text) }
