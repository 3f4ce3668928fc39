package main

import (
	"context"
	"math/rand/v2"
	"time"

	"acts24/cmd/app/apptest"
)

const deadPairs = `SELECT portal_id, 0 FROM tokens WHERE dead`

// trouble ends tokens and sessions now and then as long as there are kills, and has an administrator open the app
// where a kill has cost the portal its pair of tokens. It goes on until ctx ends.
func (l *load) trouble(ctx context.Context) {
	rng := rand.New(rand.NewPCG(l.stage.plan.seed, 3))
	administrators := map[int64]*apptest.Visitor{}
	for n := 0; ctx.Err() == nil; n++ {
		if n%10 == 0 && !l.stage.outside.quiet() {
			l.expire(rng)
		}
		dead, _ := l.stage.list(ctx, deadPairs) // what goes wrong here shows in settle
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
	n := rng.IntN(len(l.stage.world.Portals))
	switch rng.IntN(3) {
	case 0:
		l.stage.world.Portals[n].ExpireTokens()
		l.stage.expired.tokens++
	case 1:
		l.stage.world.SBIS.ExpireSessions(apptest.Account(n).Login)
		l.stage.expired.sessions++
	}
}

func (l *load) administrator(ctx context.Context, portal int64) *apptest.Visitor {
	p := l.stage.world.Portals[l.stage.portalNumber(ctx, portal)]
	return apptest.NewVisitor(p, p.Admin(), l.stage.front.url())
}
