package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"
)

// plan holds the parameters of one run.
type plan struct {
	acts, kills, pauses int
	portals, replicas   int
	restarts            int           // of PostgreSQL
	toxics              int           // intervals in which a connection is spoiled
	fullDisks           int           // how often the disk of the database is filled
	copiedDeals         int           // copied while replicas are killed, instead of everything else
	soak                time.Duration // how long the acts are formed in a soak, 0 for no soak
	seed                uint64
	killPoints          *regexp.Regexp // kill only at points that match
	factor              float64        // multiplies all delays of the program
	settleTimeout       time.Duration  // time to become idle after the last kill
	resumeFile          string         // file with the results of the parts of a long run
	keepLogs            bool           // keep the logs of the replicas even after a clean run
	bulk                bool           // all acts are handed over by one bulk action
	overlay             string         // of go build, for a mutant of the program
	mutants             *regexp.Regexp // run only the mutants whose names match; nil to run none
}

// readPlan parses the flags; -short changes the defaults of flags that are not set.
func readPlan(args []string) (plan, error) {
	var p plan
	flags := flag.NewFlagSet("crashtest", flag.ContinueOnError)
	short := flags.Bool("short", false, "40 acts, two in five on paper, 40 kills, 2 portals; with -bulk 60 acts, 5 kills, 1 portal")
	flags.IntVar(&p.acts, "acts", 10_000, "acts to form")
	flags.IntVar(&p.kills, "kills", 1_000, "number of kills")
	flags.IntVar(&p.pauses, "pauses", 0, "number of times a replica is stopped for half a window to three windows instead of being killed")
	flags.IntVar(&p.restarts, "restarts", 0, "number of immediate restarts of PostgreSQL; with 150 acts, 2 portals and no kills by default")
	flags.IntVar(&p.toxics, "toxics", 0, "number of times a connection to the database or to the remote systems is spoiled, with a silent SBIS meanwhile; with the same defaults")
	flags.IntVar(&p.fullDisks, "full", 0, "number of times the disk of the database is filled; with the same defaults; needs root to mount the disk")
	flags.IntVar(&p.portals, "portals", 20, "portals to serve")
	flags.IntVar(&p.copiedDeals, "deals", 0, "copy this number of deals of one portal, and nothing else; with three kills by default")
	flags.DurationVar(&p.soak, "soak", 0, "form acts for this time under all kinds of failures at a tenth of their usual rate, with one replica that is never killed, and compare the memory and the goroutines of its process; "+
		"the numbers of acts and failures follow from the time, with 200 portals, -factor 0.1 and -settle 10m by default")
	flags.IntVar(&p.replicas, "replicas", 2, "replicas of the program")
	flags.Uint64Var(&p.seed, "seed", rand.Uint64(), "seed of all random choices")
	flags.Float64Var(&p.factor, "factor", 0.025, "multiplies all delays")
	flags.DurationVar(&p.settleTimeout, "settle", 3*time.Minute, "time to become idle after the last kill")
	flags.StringVar(&p.overlay, "overlay", "", "build the program with this overlay of go build, which makes it a mutant")
	mutants := flags.String("mutants", "", "run the test with each deliberate fault of the program whose name matches this regular expression; . for all")
	only := flags.String("only", "", "kill only at points that match this regular expression, such as letters|questions|crm.activity")
	flags.BoolVar(&p.bulk, "bulk", false, "form the acts without kills, then hand all of them over by one bulk action per portal and kill meanwhile")
	flags.StringVar(&p.resumeFile, "resume", "", fmt.Sprintf("run the test in parts of %d acts and keep their results in this file; a later call continues", actsPerPart))
	flags.BoolVar(&p.keepLogs, "keep", false, "keep the logs of the replicas")
	if err := flags.Parse(args); err != nil {
		return p, err
	}
	var err error
	if p.killPoints, err = regexp.Compile(*only); err != nil {
		return p, fmt.Errorf("-only: %w", err)
	}
	if *mutants != "" {
		if p.mutants, err = regexp.Compile(*mutants); err != nil {
			return p, fmt.Errorf("-mutants: %w", err)
		}
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	p.setDefaults(given, *short)
	return p, p.validate()
}

// setDefaults sets the flags that are not given to the values that the kind of the run has.
func (p *plan) setDefaults(given map[string]bool, short bool) {
	sizes := map[string]int{}
	switch {
	case p.soak > 0:
		sizes = soakSizes(p.soak)
	case short && p.bulk:
		sizes = map[string]int{"acts": 60, "kills": 5, "portals": 1}
	case short:
		sizes = map[string]int{"acts": 40, "kills": 40, "portals": 2}
	case p.outages() > 0:
		sizes = map[string]int{"acts": 150, "kills": 0, "portals": 2}
	case p.bulk:
		sizes = map[string]int{"acts": 1000, "kills": 20, "portals": 1}
	}
	for name, value := range map[string]*int{"acts": &p.acts, "kills": &p.kills, "portals": &p.portals, "pauses": &p.pauses, "restarts": &p.restarts, "toxics": &p.toxics} {
		if n, ok := sizes[name]; ok && !given[name] {
			*value = n
		}
	}
	if p.soak > 0 && !given["factor"] {
		p.factor = soakFactor
	}
	if p.soak > 0 && !given["settle"] {
		p.settleTimeout = soakSettle
	}
	if p.copiedDeals > 0 && !given["kills"] {
		p.kills = 3
	}
}

// validate refuses numbers and combinations that cannot be tested.
func (p *plan) validate() error {
	if p.bulk && p.outages() > 0 {
		return errors.New("a bulk action is tested without outages")
	}
	if p.soak > 0 && (p.replicas < 2 || p.bulk || p.copiedDeals > 0 || p.resumeFile != "" || p.mutants != nil) {
		return errors.New("a soak needs at least two replicas, one of which is not killed, and is not combined with other tests")
	}
	if p.acts < 1 || p.portals < 1 || p.replicas < 1 || p.factor <= 0 {
		return errors.New("acts, portals, replicas and factor must be positive")
	}
	if p.soak < 0 || min(p.kills, p.pauses, p.restarts, p.toxics, p.fullDisks, p.copiedDeals) < 0 {
		return errors.New("the numbers of failures and deals and the time of a soak must not be negative")
	}
	return nil
}

// outages is the number of outages of the database and the network.
func (p plan) outages() int { return p.restarts + p.toxics + p.fullDisks }

// rate multiplies the probabilities of random failures and the frequency at which people look for work.
func (p plan) rate() float64 {
	if p.soak > 0 {
		return soakRate
	}
	return 1
}

// faults is the number of kills, pauses and outages; the acts keep in step with them.
func (p plan) faults() int { return p.kills + p.pauses + p.outages() }
