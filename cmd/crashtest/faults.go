package main

import (
	"context"
	"math/rand/v2"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/fakehttp"
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
		l.harness.rest(ctx, 200*time.Millisecond)
	}
}

// refusals are failures of single calls and the probability of each, before it is multiplied by the rate of the plan.
var refusals = []struct {
	kind        string
	probability float64
}{
	{bitrix24test.Unavailable, 0.05}, // 503, nothing is executed
	{bitrix24test.HTML200, 0.01},     // a page, nothing is executed
	{bitrix24test.Expired, 0.01},     // the token or the session counts no more
	{bitrix24test.Cut, 0.03},         // half of the answer to an executed call
}

// fallible is a fake that can be told to fail; the kinds of failures in refusals have the same names in both fakes.
type fallible interface {
	Fault(fakehttp.Fault) error
	SeedFaults(uint64)
	ClearFaults()
}

func (h *harness) fakes() []fallible {
	all := []fallible{h.world.SBIS}
	for _, p := range h.world.Portals {
		all = append(all, p)
	}
	return all
}

// startRefusals lets the fakes refuse calls at random in a soak.
func (h *harness) startRefusals() error {
	if h.plan.soak == 0 {
		return nil
	}
	for n, f := range h.fakes() {
		f.SeedFaults(h.plan.seed + uint64(n))
		for _, r := range refusals {
			if err := f.Fault(fakehttp.Fault{Kind: r.kind, Probability: r.probability * h.plan.rate()}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *harness) endRefusals() {
	for _, f := range h.fakes() {
		f.ClearFaults()
	}
}

func (l *load) expire(rng *rand.Rand) {
	n := rng.IntN(len(l.harness.world.Portals))
	switch rng.IntN(3) {
	case 0:
		l.harness.world.Portals[n].ExpireTokens()
		l.harness.expired.tokens.Add(1)
	case 1:
		l.harness.world.SBIS.ExpireSessions(apptest.Account(n).Login)
		l.harness.expired.sessions.Add(1)
	}
}

func (l *load) administrator(ctx context.Context, portal int64) *apptest.Visitor {
	p := l.harness.world.Portals[l.harness.portalNumber(ctx, portal)]
	return apptest.NewVisitor(p, p.Admin(), l.harness.balancer.url())
}
