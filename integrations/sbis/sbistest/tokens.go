package sbistest

import (
	"encoding/json"
	"io"
	"net/http"
)

// oauthMethod names the token service in faults and in the journal.
const oauthMethod = "oauth"

// serveTokens is the token service of applications: plain JSON (docs/contracts/sbis.md, "Ways in").
func (s *Server) serveTokens(w http.ResponseWriter, r *http.Request) {
	c := &call{Server: s, line: s.trace.begin(oauthMethod)}
	defer s.trace.end(c.line)
	var in dict
	if r.Method != http.MethodPost || json.NewDecoder(io.LimitReader(r.Body, 1<<16)).Decode(&in) != nil {
		c.line.Status = http.StatusBadRequest
		page(w, http.StatusBadRequest)
		return
	}
	c.line.Params = printable(map[string]any(in))
	c.plan = s.draw(oauthMethod)
	if !c.before(w) {
		return
	}
	c.applyLatency()
	c.hook("before", oauthMethod)
	status, body := c.token(in)
	c.hook("after", oauthMethod)
	c.line.Status = status
	raw, _ := json.Marshal(body)
	c.after(w, r, status, raw)
}

// token returns a token for keys, or withdraws a named one.
func (c *call) token(in dict) (int, any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if in.has("token") {
		c.endSession(in.text("token"))
		c.changed()
		return http.StatusOK, dict{}
	}
	if !c.meter.login(c.cfg.Machine(), c.cfg.Limits) {
		return http.StatusTooManyRequests, dict{"error": "too_many_requests"}
	}
	for _, a := range c.st.Accounts {
		if a.AppClientID != "" && a.AppClientID == in.text("app_client_id") &&
			a.AppSecret == in.text("app_secret") && a.SecretKey == in.text("secret_key") {
			c.line.User = a.key()
			value := c.open(a, true)
			return http.StatusOK, dict{"access_token": value, "token": value, "sid": value}
		}
	}
	return http.StatusUnauthorized, dict{"error": "invalid_client"}
}
