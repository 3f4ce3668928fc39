// Command economy measures how many calls to Bitrix24 and SBIS the program needs and how close it comes to their limits.
// It runs replicas of the real program with a fake Bitrix24 and a fake SBIS that keep the real limits.
//
// Time that only the limits need can be scaled: the factor is printed with each figure. A missed goal is shown and makes the exit code 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// plan holds the amounts of the measurements.
type plan struct {
	only          *regexp.Regexp // measurements to run
	updates       int            // of deals in one storm
	portals       int            // beside a large one
	duration      time.Duration  // duration of the measurement of small portals
	organisations int            // that are polled
	acts          []int          // waiting acts of each of them, one measurement for each number
	intervals     int            // of polls
	signatures    int            // of which the way to the CRM is measured

	program string // path of actsd
}

// measurement is one part of the report.
type measurement struct {
	name string
	run  func(context.Context, plan, *report) error
}

func measurements(p plan) []measurement {
	var list []measurement
	for _, s := range storms {
		list = append(list, measurement{s.String(), s.measure})
	}
	list = append(list, measurement{"small portals beside a large one", measureNeighbours}, measurement{"sessions of SBIS", measureSessions})
	for _, acts := range p.acts {
		list = append(list, measurement{fmt.Sprintf("poll, %d acts each", acts), func(ctx context.Context, p plan, r *report) error { return measurePolls(ctx, p, acts, r) }})
	}
	return list
}

func readPlan(args []string) (p plan, list bool, err error) {
	flags := flag.NewFlagSet("economy", flag.ContinueOnError)
	only := flags.String("only", "", "run only the measurements whose names match this regular expression")
	flags.BoolVar(&list, "list", false, "print the names of the measurements")
	flags.IntVar(&p.updates, "updates", 10_000, "deals to move in one storm")
	flags.IntVar(&p.portals, "portals", 99, "small portals beside a large one")
	flags.DurationVar(&p.duration, "calm", 3*time.Minute, "how long small portals are measured")
	flags.IntVar(&p.organisations, "organisations", 1000, "organisations to poll")
	acts := flags.String("acts", "100,10000", "waiting acts of each organisation, one measurement for each number")
	flags.IntVar(&p.intervals, "intervals", 10, "poll intervals to measure")
	flags.IntVar(&p.signatures, "signatures", 300, "signatures whose way to the CRM is measured")
	if err := flags.Parse(args); err != nil {
		return p, false, err
	}
	if p.only, err = regexp.Compile(*only); err != nil {
		return p, false, fmt.Errorf("-only: %w", err)
	}
	for _, text := range strings.Split(*acts, ",") {
		var n int
		if _, err := fmt.Sscan(text, &n); err != nil || n < 1 {
			return p, false, fmt.Errorf("-acts: %q is no number of acts", text)
		}
		p.acts = append(p.acts, n)
	}
	if p.updates < 1 || p.portals < 1 || p.organisations < 1 || p.intervals < 1 || p.signatures < 0 {
		return p, false, errors.New("nothing to measure: amounts must be positive")
	}
	return p, list, nil
}

func main() {
	p, list, err := readPlan(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "economy:", err)
		os.Exit(2)
	}
	if list {
		for _, m := range measurements(p) {
			fmt.Println(m.name)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	met, err := measureAll(ctx, p)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "economy:", err)
		os.Exit(2)
	case !met:
		os.Exit(1)
	}
}

func measureAll(ctx context.Context, p plan) (met bool, err error) {
	dir, err := os.MkdirTemp("", "acts24-economy-")
	if err != nil {
		return false, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(dir)
	p.program = filepath.Join(dir, "actsd")
	build := exec.CommandContext(ctx, "go", "build", "-o", p.program, "acts24/cmd/actsd")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return false, fmt.Errorf("build actsd: %w", err)
	}
	var r report
	for _, m := range measurements(p) {
		if !p.only.MatchString(m.name) {
			continue
		}
		began := time.Now()
		fmt.Fprintf(os.Stderr, "economy: %s\n", m.name)
		r.begin(m.name)
		if err := m.run(ctx, p, &r); err != nil {
			r.print(os.Stdout) // what was measured before
			return false, fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(os.Stderr, "economy: %s took %v\n", m.name, time.Since(began).Round(time.Second))
	}
	r.print(os.Stdout)
	return r.met(), nil
}
