package jobs

import (
	"slices"
	"testing"

	"acts24/acts"
)

// A portal that has reached its limit is skipped until one of its leases is done; others are not.
func TestFairness(t *testing.T) {
	f := newFairness(2)
	var full []acts.PortalID
	lease := func(portal acts.PortalID) func() {
		t.Helper()
		done, ok, err := f.lease(func(list []acts.PortalID) (acts.PortalID, bool, error) { full = list; return portal, true, nil })
		if !ok || err != nil {
			t.Fatal(ok, err)
		}
		return done
	}
	done := lease(1)
	lease(2)
	lease(1)
	if len(full) != 0 {
		t.Errorf("left out before any had its share: %v", full)
	}
	lease(3)
	if !slices.Equal(full, []acts.PortalID{1}) {
		t.Errorf("left out %v, want the portal that holds two", full)
	}
	done()
	lease(4)
	if len(full) != 0 {
		t.Errorf("left out %v after a lease was done", full)
	}
	if _, ok, _ := f.lease(func([]acts.PortalID) (acts.PortalID, bool, error) { return 0, false, nil }); ok || f.held[0] != 0 {
		t.Error("nothing was leased and yet it counts")
	}
}
