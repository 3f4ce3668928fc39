package main

import (
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
			for _, one := range parts {
				acts, kills, seeds[one.Seed] = acts+one.Acts, kills+one.Kills, true
			}
			if len(parts) != tt.parts || acts != tt.plan.acts || kills != tt.plan.kills || len(seeds) != len(parts) {
				t.Errorf("%d parts with %d acts and %d kills, %d seeds", len(parts), acts, kills, len(seeds))
			}
		})
	}
}

// The result of a part is found again by a later call; a damaged file is an error, not a part that is run again.
func TestPartsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "parts")
	if done, err := readParts(file); err != nil || len(done) != 0 {
		t.Fatalf("%v, %v before the first part", done, err)
	}
	want := part{Seed: 7, Acts: 500, Kills: 50, Portals: 20, Clean: true, Took: 90 * time.Second}
	other := part{Seed: 8, Acts: 500, Kills: 50, Portals: 20, Took: time.Minute}
	for _, one := range []part{want, other} {
		if err := appendPart(file, one); err != nil {
			t.Fatal(err)
		}
	}
	done, err := readParts(file)
	if err != nil || done[want.key()] != want || done[other.key()] != other {
		t.Errorf("%v, %v", done, err)
	}
	if err := os.WriteFile(file, []byte("7 500"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := readParts(file); err == nil {
		t.Error("a damaged file was read")
	}
}
