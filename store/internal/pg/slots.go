package pg

import (
	"context"
	"fmt"
	"sync"
	"time"

	"acts24/acts"
)

// slotTimeout is how long a query waits for the other queries of its portal.
const slotTimeout = 10 * time.Second

// portalSlots limits how many connections of a pool one portal uses at a time, so that the others find a free one. A nil *portalSlots has no limit.
type portalSlots struct {
	most int
	mu   sync.Mutex
	used map[acts.PortalID]*slots
}

// slots are those of one portal. They exist while its queries run or wait.
type slots struct {
	taken chan struct{} // holds one value for each running query
	users int           // queries that run or wait
}

func newPortalSlots(most int) *portalSlots {
	if most <= 0 {
		return nil
	}
	return &portalSlots{most: most, used: map[acts.PortalID]*slots{}}
}

// enter waits until the portal may use one more connection. leave gives it back.
func (t *portalSlots) enter(ctx context.Context, portal acts.PortalID) (leave func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	one := t.acquire(portal)
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; t.release(portal, one) }, nil
	default:
	}
	late := time.NewTimer(slotTimeout)
	defer late.Stop()
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; t.release(portal, one) }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-late.C:
		err = fmt.Errorf("%w (portal %d uses %d connections)", errOverloaded, portal, t.most)
	}
	t.release(portal, one)
	return nil, err
}

func (t *portalSlots) acquire(portal acts.PortalID) *slots {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.used[portal]
	if one == nil {
		one = &slots{taken: make(chan struct{}, t.most)}
		t.used[portal] = one
	}
	one.users++
	return one
}

func (t *portalSlots) release(portal acts.PortalID, one *slots) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(t.used, portal)
	}
}
