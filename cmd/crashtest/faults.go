package main

import (
	"context"
	"math/rand/v2"
	"time"

	"acts24/cmd/app/apptest"
)

const deadPairs = `SELECT portal_id, 0 FROM tokens WHERE dead`

// injectFaults invalidates tokens and sessions at random while there are kills, and opens the app as an
// administrator where a kill has cost the portal its token pair. It runs until ctx is done.
func (l *load) injectFaults(ctx context.Context) {
	rng := rand.New(rand.NewPCG(l.harness.plan.seed, 3))
	administrators := map[int64]*apptest.Visitor{}
	for n := 0; ctx.Err() == nil; n++ {
		if n%10 == 0 && !l.harness.proxy.faultsOver() {
			l.expire(rng)
		}
		dead, _ := l.harness.list(ctx, deadPairs) // failures appear in settle
		for _, d := range dead {
			if administrators[d[0]] == nil {
				administrators[d[0]] = l.administrator(ctx, d[0])
			}
			_, _ = administrators[d[0]].Open("DEFAULT", "/placement/menu", 0)
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (l *load) expire(rng *rand.Rand) {
	n := rng.IntN(len(l.harness.world.Portals))
	switch rng.IntN(3) {
	case 0:
		l.harness.world.Portals[n].ExpireTokens()
		l.harness.expired.tokens++
	case 1:
		l.harness.world.SBIS.ExpireSessions(apptest.Account(n).Login)
		l.harness.expired.sessions++
	}
}

func (l *load) administrator(ctx context.Context, portal int64) *apptest.Visitor {
	p := l.harness.world.Portals[l.harness.portalNumber(ctx, portal)]
	return apptest.NewVisitor(p, p.Admin(), l.harness.balancer.url())
}
