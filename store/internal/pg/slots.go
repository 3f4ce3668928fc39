package pg

import (
	"context"
	"fmt"
	"sync"
	"time"

	"acts24/acts"
)

// turnPatience is how long a query waits for the other queries of its portal.
const turnPatience = 10 * time.Second

// turns limit how many connections of a pool one portal uses at a time, so that the others find a free one. A nil *turns has no limit.
type turns struct {
	most int
	mu   sync.Mutex
	used map[acts.PortalID]*turn
}

// turn belongs to one portal while queries of it run or wait.
type turn struct {
	taken chan struct{}
	users int
}

func newTurns(most int) *turns {
	if most <= 0 {
		return nil
	}
	return &turns{most: most, used: map[acts.PortalID]*turn{}}
}

// enter waits until the portal may use one more connection. leave gives it back.
func (t *turns) enter(ctx context.Context, portal acts.PortalID) (leave func(), err error) {
	if t == nil {
		return func() {}, nil
	}
	one := t.join(portal)
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; t.part(portal, one) }, nil
	default:
	}
	late := time.NewTimer(turnPatience)
	defer late.Stop()
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; t.part(portal, one) }, nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-late.C:
		err = fmt.Errorf("%w (portal %d uses %d connections)", errOverloaded, portal, t.most)
	}
	t.part(portal, one)
	return nil, err
}

func (t *turns) join(portal acts.PortalID) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.used[portal]
	if one == nil {
		one = &turn{taken: make(chan struct{}, t.most)}
		t.used[portal] = one
	}
	one.users++
	return one
}

func (t *turns) part(portal acts.PortalID, one *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(t.used, portal)
	}
}
