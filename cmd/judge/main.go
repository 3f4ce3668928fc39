// Command judge proves the sending path. It runs the real program, one or two replicas of it, against a pretend
// Bitrix24 and a pretend SBIS, kills a replica at the wire again and again while managers form acts, and then
// counts in the world outside and in the database what was lost or doubled. Exit code 1 means that something was.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

// plan is what one run of the judge does.
type plan struct {
	acts, kills, portals, replicas int
	deals                          int // copied while replicas are killed, in place of everything else
	seed                           uint64
	only                           *regexp.Regexp
	factor                         float64
	patience                       time.Duration // to become quiet after the last kill
	keep                           bool          // the logs of the replicas, whatever they say
	bulk                           bool          // all acts are handed over by one click
}

// readPlan reads the flags; -short changes what no flag says.
func readPlan(args []string) (plan, error) {
	var p plan
	flags := flag.NewFlagSet("judge", flag.ContinueOnError)
	short := flags.Bool("short", false, "60 acts, two in five on paper, 60 kills, 2 portals; with -bulk 60 acts, 5 kills, 1 portal")
	flags.IntVar(&p.acts, "acts", 10_000, "acts to form")
	flags.IntVar(&p.kills, "kills", 1_000, "times to kill a replica")
	flags.IntVar(&p.portals, "portals", 20, "portals to serve")
	flags.IntVar(&p.deals, "deals", 0, "have so many deals of one portal copied, and nothing else; with three kills unless told otherwise")
	flags.IntVar(&p.replicas, "replicas", 2, "replicas of the program")
	flags.Uint64Var(&p.seed, "seed", rand.Uint64(), "of all random choices")
	flags.Float64Var(&p.factor, "factor", 0.025, "by which the waiting constants are shortened")
	flags.DurationVar(&p.patience, "patience", 3*time.Minute, "to become quiet after the last kill")
	only := flags.String("only", "", "kill only at points that this regular expression finds: letters|questions|crm.activity")
	flags.BoolVar(&p.bulk, "bulk", false, "form the acts in peace, then hand all of them over by one click of each portal and kill meanwhile")
	flags.BoolVar(&p.keep, "keep", false, "keep the logs of the replicas")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	var err error
	if p.only, err = regexp.Compile(*only); err != nil {
		return p, fmt.Errorf("-only: %w", err)
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	sizes := map[string]int{}
	switch {
	case *short && p.bulk:
		sizes = map[string]int{"acts": 60, "kills": 5, "portals": 1}
	case *short:
		sizes = map[string]int{"acts": 60, "kills": 60, "portals": 2}
	case p.bulk:
		sizes = map[string]int{"acts": 1000, "kills": 20, "portals": 1}
	}
	for name, value := range map[string]*int{"acts": &p.acts, "kills": &p.kills, "portals": &p.portals} {
		if n, ok := sizes[name]; ok && !given[name] {
			*value = n
		}
	}
	if p.deals > 0 && !given["kills"] {
		p.kills = 3
	}
	if p.acts < 1 || p.kills < 0 || p.portals < 1 || p.replicas < 1 || p.factor <= 0 {
		return p, fmt.Errorf("nothing to judge: acts, portals, replicas and factor must be positive")
	}
	return p, nil
}

func main() {
	p, err := readPlan(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	run := judge
	if p.deals > 0 {
		run = judgeDeals
	}
	clean, err := run(ctx, p)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(2)
	case !clean:
		os.Exit(1)
	}
}

// judge runs the plan and prints what it found; clean tells that nothing was lost or doubled.
func judge(ctx context.Context, p plan) (clean bool, err error) {
	fmt.Printf("judge: %d acts on %d portals, %d kills, %d replicas, seed %d, waiting constants × %g\n",
		p.acts, p.portals, p.kills, p.replicas, p.seed, p.factor)
	s, err := openStage(ctx, p)
	if err != nil {
		return false, err
	}
	defer func() { s.close(clean) }()
	load := newLoad(s)
	started := time.Now()
	run := load.bulk
	if !p.bulk {
		s.nemesis.let(p.kills)
		run = load.run
	}
	troubled, calm := context.WithCancel(ctx)
	defer calm()
	go load.trouble(troubled)
	if err := run(ctx); err != nil {
		return false, err
	}
	loaded := time.Now()
	unrest := s.settle(ctx)
	calm()
	s.stopReplicas()
	found, err := gather(ctx, s, load)
	if err != nil {
		return false, err
	}
	found.Unrest = unrest
	report := verdict(found)
	report.kills(s, load, loaded.Sub(started), time.Since(loaded))
	report.print(os.Stdout)
	return report.clean(), nil
}
