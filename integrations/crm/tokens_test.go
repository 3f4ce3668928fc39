package crm

import (
	"errors"
	"sync"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
)

// Calls of three replicas find the token expired, again and again: one renewal serves all of them.
func TestOneRenewalForAll(t *testing.T) {
	s := newStoredPortal(t)
	replicas := []*Adapter{s.Adapter, New(s.config, s.db), New(s.config, s.db)}
	s.Trace().Reset()
	const rounds = 5
	for range rounds {
		s.ExpireTokens()
		var group sync.WaitGroup
		for n := range 6 {
			group.Go(func() {
				if _, err := replicas[n%3].Items(t.Context(), s.record, []acts.ItemID{1}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	if n := s.Trace().Count("oauth.token"); n != rounds {
		t.Errorf("%d renewals in %d rounds", n, rounds)
	}
}

// A refresh token that no longer works needs an administrator; no call is made with it again.
func TestDeadTokens(t *testing.T) {
	s := newStoredPortal(t)
	s.ExpireTokens()
	s.injectFault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Method: "oauth.token", Status: 400, Code: "invalid_grant"})
	for range 2 {
		if _, err := s.Items(t.Context(), s.record, []acts.ItemID{1}); !errors.Is(err, acts.Unavailable) || acts.Message(err) == "" {
			t.Errorf("%v", err)
		}
	}
	if n := s.Trace().Count("oauth.token"); n != 0 {
		t.Errorf("%d pairs were given", n)
	}
	tokens, err := s.db.Scope(s.record.ID).Portals().Tokens(t.Context())
	if err != nil || !tokens.Dead {
		t.Errorf("tokens %+v, %v", tokens.Dead, err)
	}
}
