package main

import "testing"

// A given number is kept whatever the kind of the run is; a number that cannot be tested is refused.
func TestReadPlan(t *testing.T) {
	for name, tt := range map[string]struct {
		args                 []string
		acts, kills, portals int
		refused              bool
	}{
		"everything by default":      {args: nil, acts: 10_000, kills: 1_000, portals: 20},
		"short":                      {args: []string{"-short"}, acts: 40, kills: 40, portals: 2},
		"short with a number":        {args: []string{"-short", "-kills", "7"}, acts: 40, kills: 7, portals: 2},
		"restarts":                   {args: []string{"-restarts", "5"}, acts: 150, kills: 0, portals: 2},
		"a bulk action":              {args: []string{"-bulk"}, acts: 1_000, kills: 20, portals: 1},
		"deals":                      {args: []string{"-deals", "9"}, acts: 10_000, kills: 3, portals: 20},
		"no acts":                    {args: []string{"-acts", "0"}, refused: true},
		"restarts below zero":        {args: []string{"-restarts", "-1"}, refused: true},
		"a bulk action and restarts": {args: []string{"-bulk", "-restarts", "1"}, refused: true},
		"a pattern without an end":   {args: []string{"-only", "("}, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := readPlan(tt.args)
			if tt.refused != (err != nil) {
				t.Fatalf("readPlan: %v, refused should be %t", err, tt.refused)
			}
			if !tt.refused && (p.acts != tt.acts || p.kills != tt.kills || p.portals != tt.portals) {
				t.Errorf("%d acts, %d kills, %d portals; want %d, %d, %d", p.acts, p.kills, p.portals, tt.acts, tt.kills, tt.portals)
			}
		})
	}
}
