package bitrix24test

import (
	"crypto/rand"
	"encoding/hex"
	"maps"
	"net/http"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// serveToken answers both grants of /oauth/token/.
func (c *Cloud) serveToken(w http.ResponseWriter, r *http.Request) {
	params, err := php.ReadParams(r)
	if err != nil {
		writeError(w, contract.Refuse("invalid_request", "%s", err.Error()))
		return
	}
	line := c.trace.begin(r, "oauth.token", params.Values)
	plan := drawCall(c.faults, "oauth.token")
	line.Fault = strings.Join(plan.Kinds(), ",")
	if plan.before(w, r) {
		c.trace.end(line, nil)
		return
	}
	portal, body, refusal := c.exchange(params.Values, plan)
	if portal != nil {
		line.Portal = portal.cfg.MemberID
	}
	if refusal != nil {
		body = refusal.Body()
		line.Status, line.Error = refusal.Status, refusal.Code
	}
	c.trace.end(line, nil)
	plan.answer(w, r, line.Status, body)
}

// exchange exchanges a code or a refresh token for a new pair. A refresh token works once.
func (c *Cloud) exchange(p Fields, plan plan) (*Portal, Fields, *contract.Error) {
	if refusal := plan.refusal(); refusal != nil {
		return nil, nil, refusal
	}
	kind := php.Text(p["grant_type"])
	if kind != "refresh_token" && kind != "authorization_code" {
		return nil, nil, contract.Refuse("invalid_request", "Unsupported grant type")
	}
	if app := c.App(); php.Text(p["client_id"]) != app.ID || php.Text(p["client_secret"]) != app.Secret {
		return nil, nil, contract.Refuse("invalid_client", "Invalid client")
	}
	g, portal, refusal := c.takeGrant(kind, p)
	if refusal != nil {
		return nil, nil, refusal
	}
	portal.hook("before", "oauth.token")
	c.mu.Lock()
	pair := c.issue(portal.core, g.User)
	c.mu.Unlock()
	portal.touch()
	portal.hook("after", "oauth.token")
	return portal, c.tokenAnswer(kind, portal, g.User, pair), nil
}

// takeGrant removes and returns the grant of a code or a refresh token.
func (c *Cloud) takeGrant(kind string, p Fields) (grant, *Portal, *contract.Error) {
	c.mu.Lock()
	grants, key := c.tokens.Refresh, php.Text(p["refresh_token"])
	if kind == "authorization_code" {
		grants, key = c.tokens.Codes, php.Text(p["code"])
	}
	g, ok := grants[key]
	delete(grants, key)
	c.mu.Unlock()
	portal := c.portal(g.Member)
	if !ok || portal == nil || portal.cfg.Machine().After(g.Expires) {
		return g, nil, contract.Refuse("invalid_grant", "")
	}
	if portal.uninstalled() {
		return g, nil, contract.Refuse("invalid_client", "Application is not installed")
	}
	return g, portal, nil
}

func (c *Cloud) tokenAnswer(kind string, p *Portal, user int64, pair Pair) Fields {
	app := c.App()
	out := Fields{
		"access_token":    pair.Access,
		"refresh_token":   pair.Refresh,
		"expires_in":      int(accessLife.Seconds()),
		"client_endpoint": p.endpoint(),
		"server_endpoint": c.serverEndpoint(),
		"domain":          c.host(),
		"member_id":       p.cfg.MemberID,
		"scope":           app.scopeOfTokens(),
		"status":          app.Status,
	}
	if kind == "refresh_token" {
		out["expires"] = pair.Expires.Unix()
		out["user_id"] = user
	}
	return out
}

// scopeOfTokens returns the scope in answers of the token server: a list for an app of the market, one word for a local one, as in recorded
// answers and the fixtures of the vendor's SDK. The method scope returns the rights.
func (a App) scopeOfTokens() string {
	if a.Status == "L" {
		return "app"
	}
	return a.Scope
}

// serveAuthorize redirects the browser to the app with a code of the signed-in user.
func (p *Portal) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	app := p.cloud.App()
	if r.FormValue("client_id") != app.ID || app.URL == "" {
		http.Error(w, "Приложение не найдено", http.StatusNotFound)
		return
	}
	join := "?"
	if strings.Contains(app.URL, "?") {
		join = "&"
	}
	back := php.EncodeBrackets(Fields{
		"code": p.Code(p.SignedIn(r)), "state": r.FormValue("state"), "domain": p.domain(),
		"member_id": p.cfg.MemberID, "scope": app.Scope, "server_domain": p.cloud.host(),
	})
	http.Redirect(w, r, app.URL+join+back, http.StatusFound)
}

// The lifetimes of the cloud.
const (
	accessLife  = time.Hour
	refreshLife = 180 * 24 * time.Hour
	codeLife    = 30 * time.Second
)

// Pair is a token pair of one user of one portal.
type Pair struct {
	Access  string
	Refresh string
	Expires time.Time
}

// grant is what is stored about an access token, a refresh token or a code.
type grant struct {
	Member  string    `json:"member"`
	User    int64     `json:"user"`
	Expires time.Time `json:"expires"`
}

// tokenStore are the tokens of all portals.
type tokenStore struct {
	Access  map[string]grant `json:"access"`
	Refresh map[string]grant `json:"refresh"`
	Codes   map[string]grant `json:"codes"`
}

func newTokenStore() tokenStore {
	return tokenStore{Access: map[string]grant{}, Refresh: map[string]grant{}, Codes: map[string]grant{}}
}

// secret returns n random bytes in hex.
func secret(n int) string {
	raw := make([]byte, n)
	if _, err := rand.Read(raw); err != nil {
		panic(err)
	}
	return hex.EncodeToString(raw)
}

// issue stores a new pair of the user. The caller holds the lock.
func (c *Cloud) issue(p *core, user int64) Pair {
	pair := c.issueAccess(p, user)
	pair.Refresh = secret(35)
	c.tokens.Refresh[pair.Refresh] = grant{p.cfg.MemberID, user, p.cfg.Machine().Add(refreshLife)}
	return pair
}

// issueAccess stores a new access token without a refresh token, for events. The caller holds the lock.
func (c *Cloud) issueAccess(p *core, user int64) Pair {
	now := p.cfg.Machine()
	c.removeExpired(now)
	pair := Pair{Access: secret(35), Expires: now.Add(accessLife)}
	c.tokens.Access[pair.Access] = grant{p.cfg.MemberID, user, pair.Expires}
	return pair
}

// removeExpired removes expired tokens each time their number has doubled, so that long runs do not need more memory.
func (c *Cloud) removeExpired(now time.Time) {
	if len(c.tokens.Access) < max(20_000, c.cleanAt) {
		return
	}
	dead := func(_ string, g grant) bool { return now.Sub(g.Expires) > accessLife }
	maps.DeleteFunc(c.tokens.Access, dead)
	maps.DeleteFunc(c.tokens.Refresh, dead)
	c.cleanAt = 2 * len(c.tokens.Access)
}

// Issue returns a new token pair of the user, as when he opens the app.
func (p *core) Issue(user int64) Pair {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return p.cloud.issue(p, user)
}

// isActive reports whether an employee works on the portal.
func (p *core) isActive(user int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.isActive(user)
}

// eventToken returns an access token for an event that the user caused.
func (p *core) eventToken(user int64) Pair {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	return p.cloud.issueAccess(p, user)
}

// Code returns an authorization code of the user, which is valid for 30 seconds.
func (p *core) Code(user int64) string {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	code := secret(16)
	p.cloud.tokens.Codes[code] = grant{p.cfg.MemberID, user, p.cfg.Machine().Add(codeLife)}
	return code
}

// ExpireTokens makes all access tokens of the portal expire.
func (p *core) ExpireTokens() {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	for token, g := range p.cloud.tokens.Access {
		if g.Member == p.cfg.MemberID {
			g.Expires = p.cfg.Machine().Add(-time.Second)
			p.cloud.tokens.Access[token] = g
		}
	}
}

// RevokeTokens makes all tokens of the portal unknown, also refresh tokens.
func (p *core) RevokeTokens() {
	p.cloud.mu.Lock()
	defer p.cloud.mu.Unlock()
	mine := func(_ string, g grant) bool { return g.Member == p.cfg.MemberID }
	maps.DeleteFunc(p.cloud.tokens.Access, mine)
	maps.DeleteFunc(p.cloud.tokens.Refresh, mine)
}

// access finds the grant of an access token.
func (c *Cloud) access(token string) (grant, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.tokens.Access[token]
	return g, ok
}
