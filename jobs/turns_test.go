package jobs

import (
	"slices"
	"testing"

	"acts24/acts"
)

// A portal that holds its share is left out until one of its turns is over; others are not.
func TestTurns(t *testing.T) {
	turns := newTurns(2)
	var full []acts.PortalID
	take := func(portal acts.PortalID) func() {
		t.Helper()
		over, ok, err := turns.take(func(list []acts.PortalID) (acts.PortalID, bool, error) { full = list; return portal, true, nil })
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		return over
	}
	over := take(1)
	take(2)
	take(1)
	if len(full) != 0 {
		t.Errorf("left out before any had its share: %v", full)
	}
	take(3)
	if !slices.Equal(full, []acts.PortalID{1}) {
		t.Errorf("left out %v, want the portal that holds two", full)
	}
	over()
	take(4)
	if len(full) != 0 {
		t.Errorf("left out %v after a turn was over", full)
	}
	if _, ok, _ := turns.take(func([]acts.PortalID) (acts.PortalID, bool, error) { return 0, false, nil }); ok || turns.held[0] != 0 {
		t.Error("nothing was leased and yet it counts")
	}
}
