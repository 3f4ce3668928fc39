package bitrix24test

import (
	"net/http"
	"strings"
)

// serveToken answers both grants of /oauth/token/.
func (c *Cloud) serveToken(w http.ResponseWriter, r *http.Request) {
	params, err := readParams(r)
	if err != nil {
		writeError(w, bad("invalid_request", "%s", err.Error()))
		return
	}
	line := c.trace.begin(r, "oauth.token", params.values)
	plan := c.faults.plan("oauth.token")
	line.Fault = plan.name()
	if plan.before(w, r) {
		c.trace.end(line, nil)
		return
	}
	portal, body, refusal := c.exchange(params.values, plan)
	if portal != nil {
		line.Portal = portal.cfg.MemberID
	}
	if refusal != nil {
		body = refusal.body()
		line.Status, line.Error = refusal.Status, refusal.Code
	}
	c.trace.end(line, nil)
	plan.answer(w, r, line.Status, body)
}

// exchange turns a code or a refresh token into a new pair. A refresh token works once.
func (c *Cloud) exchange(p Fields, plan plan) (*Portal, Fields, *Error) {
	if refusal := plan.refusal(); refusal != nil {
		return nil, nil, refusal
	}
	kind := text(p["grant_type"])
	if kind != "refresh_token" && kind != "authorization_code" {
		return nil, nil, bad("invalid_request", "Unsupported grant type")
	}
	if app := c.App(); text(p["client_id"]) != app.ID || text(p["client_secret"]) != app.Secret {
		return nil, nil, bad("invalid_client", "Invalid client")
	}
	g, portal, refusal := c.redeem(kind, p)
	if refusal != nil {
		return nil, nil, refusal
	}
	portal.hook("before", "oauth.token")
	c.mu.Lock()
	pair := c.issue(portal, g.User)
	c.mu.Unlock()
	portal.touch()
	portal.hook("after", "oauth.token")
	return portal, c.tokenAnswer(kind, portal, g.User, pair), nil
}

// redeem takes the code or the refresh token out of the books.
func (c *Cloud) redeem(kind string, p Fields) (grant, *Portal, *Error) {
	c.mu.Lock()
	book, key := c.books.Refresh, text(p["refresh_token"])
	if kind == "authorization_code" {
		book, key = c.books.Codes, text(p["code"])
	}
	g, ok := book[key]
	delete(book, key)
	c.mu.Unlock()
	portal := c.portal(g.Member)
	if !ok || portal == nil || portal.cfg.Machine().After(g.Expires) {
		return g, nil, bad("invalid_grant", "")
	}
	if portal.uninstalled() {
		return g, nil, bad("invalid_client", "Application is not installed")
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
		"scope":           app.Scope,
		"status":          app.Status,
	}
	if kind == "refresh_token" {
		out["expires"] = pair.Expires.Unix()
		out["user_id"] = user
	}
	return out
}

// serveAuthorize sends the browser back to the app with a code of the person who is signed in to the portal.
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
	back := EncodeBrackets(Fields{
		"code": p.Code(p.signedIn(r)), "state": r.FormValue("state"), "domain": p.domain(),
		"member_id": p.cfg.MemberID, "scope": app.Scope, "server_domain": p.cloud.host(),
	})
	http.Redirect(w, r, app.URL+join+back, http.StatusFound)
}
