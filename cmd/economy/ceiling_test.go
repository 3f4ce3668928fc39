package main

import (
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

func TestShortestTime(t *testing.T) {
	usual := bitrix24test.Limits{}.WithDefaults()
	fast := usual
	fast.Pace = 20
	for name, tt := range map[string]struct {
		commands map[string]int
		people   int
		cost     time.Duration
		limits   bitrix24test.Limits
		want     time.Duration
	}{
		"within the bucket":                  {map[string]int{"a": 2500}, 0, time.Millisecond, usual, 0},
		"two requests a second after that":   {map[string]int{"a": 5000, "b": 5000}, 0, 8 * time.Millisecond, usual, 75 * time.Second},
		"people need requests too":           {map[string]int{"a": 2500}, 10, time.Millisecond, usual, 5 * time.Second},
		"a started request counts":           {map[string]int{"a": 2501}, 0, time.Millisecond, usual, 500 * time.Millisecond},
		"exactly the run time of one window": {map[string]int{"a": 1920}, 0, 250 * time.Millisecond, usual, 0},
		"one command more":                   {map[string]int{"a": 1921}, 0, 250 * time.Millisecond, usual, 10 * time.Minute},
		"five windows":                       {map[string]int{"a": 10_000, "b": 10_000}, 0, 250 * time.Millisecond, usual, 50 * time.Minute},
		"five windows in a faster time":      {map[string]int{"a": 10_000}, 0, 250 * time.Millisecond, fast, 150 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shortestTime(tt.commands, tt.people, tt.cost, tt.limits); got != tt.want {
				t.Errorf("shortestTime = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFiguresMeetTheirGoals(t *testing.T) {
	for name, tt := range map[string]struct {
		figure figure
		met    bool
	}{
		"at most, less":            {figure{value: 1, goal: 2}, true},
		"at most, more":            {figure{value: 3, goal: 2}, false},
		"at most zero":             {figure{value: 1, goal: 0}, false},
		"at least, more":           {figure{value: 96, goal: 95, least: true}, true},
		"at least, less":           {figure{value: 94, goal: 95, least: true}, false},
		"only for information":     {figure{value: 1e9, free: true}, true},
		"quantile of no durations": {figure{value: float64(quantile(nil, 0.99))}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if tt.figure.met() != tt.met {
				t.Errorf("met = %v", !tt.met)
			}
		})
	}
	times := []time.Duration{5, 1, 4, 2, 3}
	if p50, p99 := quantile(times, 0.5), quantile(times, 0.99); p50 != 3 || p99 != 5 {
		t.Errorf("the middle of 1 to 5 is %d, their largest %d", p50, p99)
	}
}
