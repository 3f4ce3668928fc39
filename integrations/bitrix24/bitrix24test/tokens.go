package bitrix24test

import (
	"crypto/rand"
	"encoding/hex"
	"maps"
	"time"
)

// The lifetimes of the cloud.
const (
	accessLife  = time.Hour
	refreshLife = 180 * 24 * time.Hour
	codeLife    = 30 * time.Second
)

// Pair is what the authorization server gives for one user of one portal.
type Pair struct {
	Access  string
	Refresh string
	Expires time.Time
}

// grant is one token, code or refresh token in the server's books.
type grant struct {
	Member  string    `json:"member"`
	User    int64     `json:"user"`
	Expires time.Time `json:"expires"`
}

// books are the tokens of all portals.
type books struct {
	Access  map[string]grant `json:"access"`
	Refresh map[string]grant `json:"refresh"`
	Codes   map[string]grant `json:"codes"`
}

func newBooks() books {
	return books{Access: map[string]grant{}, Refresh: map[string]grant{}, Codes: map[string]grant{}}
}

// secret is n random bytes in hex.
func secret(n int) string {
	raw := make([]byte, n)
	if _, err := rand.Read(raw); err != nil {
		panic(err)
	}
	return hex.EncodeToString(raw)
}

// issue writes a fresh pair for the user into the books. The caller holds the lock.
func (c *Cloud) issue(p *Portal, user int64) Pair {
	pair := c.issueAccess(p, user)
	pair.Refresh = secret(35)
	c.books.Refresh[pair.Refresh] = grant{p.cfg.MemberID, user, p.cfg.Machine().Add(refreshLife)}
	return pair
}

// issueAccess writes an access token alone, as events carry it. The caller holds the lock.
func (c *Cloud) issueAccess(p *Portal, user int64) Pair {
	now := p.cfg.Machine()
	c.forget(now)
	pair := Pair{Access: secret(35), Expires: now.Add(accessLife)}
	c.books.Access[pair.Access] = grant{p.cfg.MemberID, user, pair.Expires}
	return pair
}

// forget drops what died long ago each time the books have doubled, so that a long run does not grow.
func (c *Cloud) forget(now time.Time) {
	if len(c.books.Access) < max(20_000, c.crowd) {
		return
	}
	dead := func(_ string, g grant) bool { return now.Sub(g.Expires) > accessLife }
	maps.DeleteFunc(c.books.Access, dead)
	maps.DeleteFunc(c.books.Refresh, dead)
	c.crowd = 2 * len(c.books.Access)
}

// Issue gives a token pair of the user, as an opening of the app would.
func (p *Portal) Issue(user int64) Pair {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return p.cloud.issue(p, user)
}

// eventToken gives an access token for an event that the user caused.
func (p *Portal) eventToken(user int64) Pair {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return p.cloud.issueAccess(p, user)
}

// Code gives an authorization code of the user; it lives 30 seconds.
func (p *Portal) Code(user int64) string {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	code := secret(16)
	p.cloud.books.Codes[code] = grant{p.cfg.MemberID, user, p.cfg.Machine().Add(codeLife)}
	return code
}

// ExpireTokens makes every access token of the portal answer expired_token from now on.
func (p *Portal) ExpireTokens() {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	for token, g := range p.cloud.books.Access {
		if g.Member == p.cfg.MemberID {
			g.Expires = p.cfg.Machine().Add(-time.Second)
			p.cloud.books.Access[token] = g
		}
	}
}

// RevokeTokens makes every token of the portal unknown, refresh tokens too.
func (p *Portal) RevokeTokens() {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	mine := func(_ string, g grant) bool { return g.Member == p.cfg.MemberID }
	maps.DeleteFunc(p.cloud.books.Access, mine)
	maps.DeleteFunc(p.cloud.books.Refresh, mine)
}

// access looks a token up.
func (c *Cloud) access(token string) (grant, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.books.Access[token]
	return g, ok
}
