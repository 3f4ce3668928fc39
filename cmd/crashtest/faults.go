package main

import (
	"context"
	"math/rand/v2"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/fakehttp"
)

// deadTokenPairs lists the portals whose pair of tokens the program has given up, each with a zero, since queryPairs reads pairs.
const deadTokenPairs = `SELECT portal_id, 0 FROM tokens WHERE dead`

// injectFaults ends tokens and sessions at random while there are kills, and opens the app as an administrator where a kill has cost the portal its
// token pair. It runs until ctx is done.
func (l *load) injectFaults(ctx context.Context) {
	rng := newRand(l.harness.plan.seed, faultStream)
	administrators := map[int64]*apptest.Visitor{}
	for n := 0; ctx.Err() == nil; n++ {
		if n%10 == 0 && !l.harness.nemesis.FaultsOver() {
			l.expire(rng)
		}
		dead, _ := l.harness.queryPairs(ctx, deadTokenPairs) // settle reports a database that cannot be read
		for _, d := range dead {
			portal := d[0]
			if administrators[portal] == nil {
				number, err := l.harness.portalNumber(ctx, portal)
				if err != nil {
					continue
				}
				administrators[portal] = l.harness.administrator(number)
			}
			_, _ = administrators[portal].Open("DEFAULT", "/placement/menu", 0) // it is opened again while the pair is dead
		}
		l.harness.waitForNextPoll(ctx, 200*time.Millisecond)
	}
}

// callFaults are failures of single calls and the probability of each, before it is multiplied by the rate of the plan.
var callFaults = []struct {
	kind        string
	probability float64
}{
	{bitrix24test.FaultUnavailable, 0.05}, // 503, nothing is executed
	{bitrix24test.FaultHTML200, 0.01},     // a page, nothing is executed
	{bitrix24test.FaultExpired, 0.01},     // the token or the session is no longer valid
	{bitrix24test.FaultCut, 0.03},         // half of the answer to an executed call
}

// faultInjector is a fake whose calls can be made to fail; the kinds in callFaults have the same names in both fakes.
type faultInjector interface {
	Fault(fakehttp.Fault) error
	SeedFaults(uint64)
	ClearFaults()
}

// fakes returns SBIS and all portals.
func (h *harness) fakes() []faultInjector {
	all := []faultInjector{h.world.SBIS}
	for _, p := range h.world.Portals {
		all = append(all, p)
	}
	return all
}

// startCallFaults makes calls of the fakes fail at random in a soak.
func (h *harness) startCallFaults() error {
	if h.plan.soak == 0 {
		return nil
	}
	for n, f := range h.fakes() {
		f.SeedFaults(h.plan.seed + uint64(n))
		for _, c := range callFaults {
			if err := f.Fault(fakehttp.Fault{Kind: c.kind, Probability: c.probability * h.plan.rate()}); err != nil {
				return err
			}
		}
	}
	return nil
}

// endCallFaults ends what startCallFaults has started.
func (h *harness) endCallFaults() {
	for _, f := range h.fakes() {
		f.ClearFaults()
	}
}

// expire ends the tokens of a random portal, or the session of its account at SBIS, or nothing.
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
