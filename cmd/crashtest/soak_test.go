package main

import (
	"strings"
	"testing"
	"time"
)

// samplesOfSoak returns a sample every second of a soak of three minutes. The last minute uses lastMinute times as much as the others; change, if not
// nil, changes each sample.
func samplesOfSoak(lastMinute float64, change func(second int, s *sample)) (taken []sample) {
	for n := range 180 {
		s := sample{at: time.Duration(n) * time.Second, startNumber: 1, memory: 60 + float64(n%5), goroutines: 40 + float64(n%3)}
		if n >= 120 {
			s.memory, s.goroutines = s.memory*lastMinute, s.goroutines*lastMinute
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
		"nothing grows":                  {samplesOfSoak(1, nil), nil},
		"a little growth is allowed":     {samplesOfSoak(1.04, nil), nil},
		"both grow":                      {samplesOfSoak(1.06, nil), []string{"memory grew from 62.0 to 65.7", "goroutines grew from 41.0 to 43.5"}},
		"only the memory grows":          {samplesOfSoak(1, func(n int, s *sample) { s.memory += float64(n) / 10 }), []string{"memory grew"}},
		"only goroutines grow":           {samplesOfSoak(1, func(n int, s *sample) { s.goroutines += float64(n) / 10 }), []string{"goroutines grew"}},
		"the beginning does not count":   {samplesOfSoak(1, func(n int, s *sample) { s.memory -= float64(max(60-n, 0)) / 2 }), nil},
		"a rise in the middle":           {samplesOfSoak(1, func(n int, s *sample) { s.goroutines += float64(n / 90 % 2 * 10) }), []string{"goroutines grew"}},
		"it uses less at the end":        {samplesOfSoak(0.5, nil), nil},
		"the replica was started again":  {samplesOfSoak(1, func(n int, s *sample) { s.startNumber += n / 140 }), []string{"20 times in the last one, 30 times are needed"}},
		"a new start hides what it used": {samplesOfSoak(2, func(n int, s *sample) { s.startNumber += n / 120 }), []string{"0 times in the last one"}},
		"a few moments are not seen":     {append(samplesOfSoak(1, nil)[:150], samplesOfSoak(1, nil)[155:]...), nil},
		"most of it is not seen":         {samplesOfSoak(1, nil)[:90], []string{"30 times in the middle third and 0 times"}},
		"nothing was seen":               {nil, []string{"0 times in the middle third and 0 times"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, growing := growth(tt.samples, 3*time.Minute, time.Second)
			if len(growing) != len(tt.want) {
				t.Fatalf("growing: %q, want %q", growing, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(growing[i], want) {
					t.Errorf("growing: %q, want %q", growing[i], want)
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
		t.Errorf("the plan of a soak is %+v", p)
	}
	if p, err := readPlan([]string{"-soak", "3m"}); err != nil || p.portals != 200 || p.pauses != 1 {
		t.Errorf("the plan of a short soak is %+v, %v; want 200 portals and a pause", p, err)
	}
	for _, args := range [][]string{{"-soak", "3m", "-replicas", "1"}, {"-soak", "3m", "-bulk"}, {"-soak", "-3m"}} {
		if _, err := readPlan(args); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	if p, err := readPlan(nil); err != nil || p.rate() != 1 || p.factor == soakFactor {
		t.Errorf("a run that is no soak has the rate %v and the factor %v, %v", p.rate(), p.factor, err)
	}
}
