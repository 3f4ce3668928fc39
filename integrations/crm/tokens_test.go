package crm

import (
	"errors"
	"sync"
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24/bitrix24test"
)

// Several calls find the token expired: one renewal serves all of them.
func TestOneRenewalForAll(t *testing.T) {
	s := newStored(t)
	s.ExpireTokens()
	s.Trace().Reset()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := s.Items(t.Context(), s.portal, []acts.ItemID{1}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := s.Trace().Count("oauth.token"); n != 1 {
		t.Errorf("%d renewals", n)
	}
}

// A refresh token that no longer works needs an administrator; no call is made with it again.
func TestDeadTokens(t *testing.T) {
	s := newStored(t)
	s.ExpireTokens()
	s.fault(bitrix24test.Fault{Kind: bitrix24test.Refuse, Method: "oauth.token", Status: 400, Code: "invalid_grant"})
	for range 2 {
		if _, err := s.Items(t.Context(), s.portal, []acts.ItemID{1}); !errors.Is(err, acts.Unavailable) || acts.Message(err) == "" {
			t.Errorf("%v", err)
		}
	}
	if n := s.Trace().Count("oauth.token"); n != 0 {
		t.Errorf("%d pairs were given", n)
	}
	tokens, err := s.db.Scope(s.portal.ID).Portals().Tokens(t.Context())
	if err != nil || !tokens.Dead {
		t.Errorf("tokens %+v, %v", tokens.Dead, err)
	}
}
