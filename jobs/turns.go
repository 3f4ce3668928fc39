package jobs

import (
	"sync"

	"acts24/acts"
)

// turns is who holds the workers of one kind of work. No portal may hold more than its share, so that one whose calls last for ever leaves
// the others somebody who serves them at once.
type turns struct {
	share int
	mu    sync.Mutex
	held  map[acts.PortalID]int
}

func newTurns(share int) *turns { return &turns{share: share, held: map[acts.PortalID]int{}} }

// take has work leased of a portal that has not its share yet, and counts it until over is called. Leases are taken one after
// the other: two workers who wake together would both give the same portal its last turn.
func (t *turns) take(lease func(full []acts.PortalID) (acts.PortalID, bool, error)) (over func(), ok bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var full []acts.PortalID
	for portal, n := range t.held {
		if n >= t.share {
			full = append(full, portal)
		}
	}
	portal, ok, err := lease(full)
	if err != nil || !ok {
		return nil, false, err
	}
	t.held[portal]++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.held[portal]--; t.held[portal] == 0 {
			delete(t.held, portal)
		}
	}, true, nil
}
