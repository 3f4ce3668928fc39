package main

import (
	"strings"
	"testing"
	"time"
)

// use returns a sample every second of a soak of three minutes. grow is what the last minute uses more than the others, as a factor.
func use(grow float64, change func(second int, s *sample)) (taken []sample) {
	for n := range 180 {
		s := sample{at: time.Duration(n) * time.Second, start: 1, memory: 60 + float64(n%5), goroutines: 40 + float64(n%3)}
		if n >= 120 {
			s.memory, s.goroutines = s.memory*grow, s.goroutines*grow
		}
		if change != nil {
			change(n, &s)
		}
		taken = append(taken, s)
	}
	return taken
}

func TestGrowthOfASoak(t *testing.T) {
	for name, tt := range map[string]struct {
		samples []sample
		want    []string // words of the violations, in order
	}{
		"nothing grows":                  {use(1, nil), nil},
		"a little growth is allowed":     {use(1.04, nil), nil},
		"both grow":                      {use(1.06, nil), []string{"memory grew from 62.0 to 65.7", "goroutines grew from 41.0 to 43.5"}},
		"only the memory grows":          {use(1, func(n int, s *sample) { s.memory += float64(n) / 10 }), []string{"memory grew"}},
		"only goroutines grow":           {use(1, func(n int, s *sample) { s.goroutines += float64(n) / 10 }), []string{"goroutines grew"}},
		"the beginning does not count":   {use(1, func(n int, s *sample) { s.memory -= float64(max(60-n, 0)) / 2 }), nil},
		"a rise in the middle":           {use(1, func(n int, s *sample) { s.goroutines += float64(n / 90 % 2 * 10) }), []string{"goroutines grew"}},
		"it uses less at the end":        {use(0.5, nil), nil},
		"the replica was started again":  {use(1, func(n int, s *sample) { s.start += n / 140 }), []string{"20 times in the last one, 30 times are needed"}},
		"a new start hides what it used": {use(2, func(n int, s *sample) { s.start += n / 120 }), []string{"0 times in the last one"}},
		"a few moments are not seen":     {append(use(1, nil)[:150], use(1, nil)[155:]...), nil},
		"most of it is not seen":         {use(1, nil)[:90], []string{"30 times in the middle third and 0 times"}},
		"nothing was seen":               {nil, []string{"0 times in the middle third and 0 times"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, broken := growth(tt.samples, 3*time.Minute, time.Second)
			if len(broken) != len(tt.want) {
				t.Fatalf("broken: %q, want %q", broken, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(broken[i], want) {
					t.Errorf("broken: %q, want %q", broken[i], want)
				}
			}
		})
	}
}

// What a soak is made of follows from its time, and a number that is given is kept.
func TestPlanOfASoak(t *testing.T) {
	p, err := readPlan([]string{"-soak", "30m", "-portals", "9", "-seed", "1"})
	if err != nil {
		t.Fatal(err)
	}
	if p.acts != 600 || p.kills != 60 || p.pauses != 18 || p.restarts != 18 || p.toxics != 60 || p.portals != 9 || p.factor != soakFactor || p.settleTimeout != soakSettle || p.rate() != soakRate {
		t.Errorf("%+v", p)
	}
	if p, err := readPlan([]string{"-soak", "3m"}); err != nil || p.portals != 200 || p.pauses != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	for _, args := range [][]string{{"-soak", "3m", "-replicas", "1"}, {"-soak", "3m", "-bulk"}, {"-soak", "-3m"}} {
		if _, err := readPlan(args); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	if p, err := readPlan(nil); err != nil || p.rate() != 1 || p.factor == soakFactor {
		t.Errorf("%+v, %v", p, err)
	}
}
