package main

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestPartsOfARun(t *testing.T) {
	for name, tt := range map[string]struct {
		plan  plan
		parts int
	}{
		"a small run":      {plan{acts: 40, kills: 40, portals: 2, seed: 7}, 1},
		"a large run":      {plan{acts: 10_000, kills: 1_000, portals: 20, seed: 7}, 20},
		"with a remainder": {plan{acts: 1_100, kills: 101, portals: 3, seed: 7}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			parts := partsOf(tt.plan)
			acts, kills, seeds := 0, 0, map[uint64]bool{}
			for _, p := range parts {
				acts, kills, seeds[p.Seed] = acts+p.Acts, kills+p.Kills, true
			}
			if len(parts) != tt.parts || acts != tt.plan.acts || kills != tt.plan.kills || len(seeds) != len(parts) {
				t.Errorf("%d parts with %d acts and %d kills, %d seeds; want %d parts with %d and %d", len(parts), acts, kills, len(seeds), tt.parts, tt.plan.acts, tt.plan.kills)
			}
		})
	}
}

// The result of a part is found again by a later call; a damaged file is an error, not a part that is run again.
func TestPartsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "parts")
	if results, err := readParts(file); err != nil || len(results) != 0 {
		t.Fatalf("%v, %v before the first part", results, err)
	}
	want := part{Seed: 7, Acts: 500, Kills: 50, Portals: 20, Clean: true, Took: 90 * time.Second}
	other := part{Seed: 8, Acts: 500, Kills: 50, Portals: 20, Took: time.Minute}
	for _, p := range []part{want, other} {
		if err := appendPart(file, p); err != nil {
			t.Fatal(err)
		}
	}
	results, err := readParts(file)
	if err != nil || results[want.key()] != want || results[other.key()] != other {
		t.Errorf("read %v, %v; want %v and %v", results, err, want, other)
	}
	if body, err := os.ReadFile(file); err != nil || string(body) != "7 500 50 20 true 90000000000\n8 500 50 20 false 60000000000\n" {
		t.Errorf("the file holds %q, %v: later versions could not continue a run", body, err)
	}
	if err := os.WriteFile(file, []byte("7 500"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := readParts(file); err == nil {
		t.Error("a damaged file was read")
	}
	if err := os.WriteFile(file, make([]byte, bufio.MaxScanTokenSize+1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := readParts(file); err == nil {
		t.Error("a file was read whose line is too long")
	}
}
