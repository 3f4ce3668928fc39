package crm

import (
	"errors"
	"sync"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
)

// When concurrent calls of three replicas find the token expired, one renewal serves all of them.
func TestOneRenewalForAllReplicas(t *testing.T) {
	s := newStoredPortal(t)
	replicas := []*Adapter{s.Adapter, New(s.config, s.db), New(s.config, s.db)}
	s.Trace().Reset()
	const rounds = 5
	for range rounds {
		s.ExpireTokens()
		var calls sync.WaitGroup
		for n := range 6 {
			calls.Go(func() {
				if _, err := replicas[n%len(replicas)].Items(t.Context(), s.record, []acts.ItemID{1}); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
	}
	if n := s.Trace().Count("oauth.token"); n != rounds {
		t.Errorf("%d renewals in %d rounds, want one each", n, rounds)
	}
}

// A pair whose refresh token no longer works is marked as dead and not renewed again; calls end with a message.
func TestDeadTokens(t *testing.T) {
	s := newStoredPortal(t)
	s.ExpireTokens()
	s.injectFault(bitrix24test.Fault{Kind: bitrix24test.FaultRefuse, Method: "oauth.token", Status: 400, Code: "invalid_grant"})
	for range 2 {
		if _, err := s.Items(t.Context(), s.record, []acts.ItemID{1}); !errors.Is(err, acts.Unavailable) || acts.Message(err) == "" {
			t.Errorf("a call with a dead pair: %v, want Unavailable with a message", err)
		}
	}
	renewals := 0
	for _, l := range s.Trace().Lines() {
		if l.Method == "oauth.token" {
			renewals++
		}
	}
	if renewals != 1 {
		t.Errorf("the pair was renewed %d times, want once, without success", renewals)
	}
	tokens, err := s.db.Scope(s.record.ID).Portals().Tokens(t.Context())
	if err != nil || !tokens.Dead {
		t.Errorf("the pair is dead: %t, %v; want it marked as dead", tokens.Dead, err)
	}
}
