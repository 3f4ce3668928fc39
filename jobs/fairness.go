package jobs

import (
	"sync"

	"acts24/acts"
)

// fairness limits how many workers of one kind a portal may occupy, so that a portal with slow calls leaves
// workers to other portals.
type fairness struct {
	share int
	mu    sync.Mutex
	held  map[acts.PortalID]int
}

func newFairness(share int) *fairness {
	return &fairness{share: share, held: map[acts.PortalID]int{}}
}

// lease calls take with the portals that have reached their limit, and counts the portal whose work take returns
// until done is called. Calls are serialised: otherwise two workers could both give the same portal its last worker.
func (f *fairness) lease(take func(full []acts.PortalID) (acts.PortalID, bool, error)) (done func(), ok bool, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var full []acts.PortalID
	for portal, n := range f.held {
		if n >= f.share {
			full = append(full, portal)
		}
	}
	portal, ok, err := take(full)
	if err != nil || !ok {
		return nil, false, err
	}
	f.held[portal]++
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.held[portal]--; f.held[portal] == 0 {
			delete(f.held, portal)
		}
	}, true, nil
}
