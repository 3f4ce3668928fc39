package bitrix24test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// requestToken calls the authorization server and returns the status and the JSON of the answer.
func (p *Portal) requestToken(t *testing.T, query url.Values) (int, Fields) {
	t.Helper()
	resp, err := http.Get(p.Cloud().URL() + "/oauth/token/?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out Fields
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, out
}

// grantQuery returns the parameters of a token request of the app: the grant type and the parameter that proves it.
func grantQuery(p *Portal, grantType, name, value string) url.Values {
	app := p.Cloud().App()
	return url.Values{"grant_type": {grantType}, "client_id": {app.ID}, "client_secret": {app.Secret}, name: {value}}
}

func TestRefreshTokenWorksOnce(t *testing.T) {
	p := Start(t, unlimited)
	pair := p.Issue(2)
	query := grantQuery(p, "refresh_token", "refresh_token", pair.Refresh)
	status, got := p.requestToken(t, query)
	if status != 200 || got["member_id"] != p.MemberID() || got["user_id"] != 2.0 || got["expires_in"] != 3600.0 {
		t.Fatalf("renewal: %d %v; want the member, the user 2 and an hour", status, got)
	}
	if got["client_endpoint"] != p.URL()+"/rest/" || got["refresh_token"] == pair.Refresh {
		t.Errorf("renewal: %v; want the endpoint of the portal and a new refresh token", got)
	}
	if status, again := p.requestToken(t, query); status != 400 || again["error"] != "invalid_grant" {
		t.Errorf("a used refresh token: %d %v, want 400 invalid_grant", status, again)
	}
	r, err := p.CallAs(php.Text(got["access_token"]), "profile", nil)
	if err != nil || r.Map()["ID"] != "2" {
		t.Errorf("profile with the new access token: %v %v, want user 2", r.Body, err)
	}
}

func TestAuthorizationCodeWorksOnceForHalfAMinute(t *testing.T) {
	clock := time.Now()
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	fresh := grantQuery(p, "authorization_code", "code", p.Code(1))
	if status, got := p.requestToken(t, fresh); status != 200 || got["user_id"] != nil {
		t.Errorf("a fresh code: %d %v, want 200 without user_id", status, got)
	}
	if _, got := p.requestToken(t, fresh); got["error"] != "invalid_grant" {
		t.Errorf("a used code: %v, want invalid_grant", got)
	}
	old := p.Code(1)
	clock = clock.Add(31 * time.Second)
	if _, got := p.requestToken(t, grantQuery(p, "authorization_code", "code", old)); got["error"] != "invalid_grant" {
		t.Errorf("a code after 31 seconds: %v, want invalid_grant", got)
	}
}

func TestTokenRequestsAreRefused(t *testing.T) {
	p := Start(t, unlimited)
	wrongSecret := grantQuery(p, "refresh_token", "refresh_token", p.Issue(1).Refresh)
	wrongSecret.Set("client_secret", "guess")
	if _, got := p.requestToken(t, wrongSecret); got["error"] != "invalid_client" {
		t.Errorf("a wrong secret: %v, want invalid_client", got)
	}
	if _, got := p.requestToken(t, grantQuery(p, "password", "x", "y")); got["error"] != "invalid_request" {
		t.Errorf("an unknown grant type: %v, want invalid_request", got)
	}
	if err := p.Fault(Fault{Method: "oauth.token", Kind: FaultRefuse, Code: "PAYMENT_REQUIRED", Count: 1}); err != nil {
		t.Fatal(err)
	}
	good := grantQuery(p, "refresh_token", "refresh_token", p.Issue(1).Refresh)
	if _, got := p.requestToken(t, good); got["error"] != "PAYMENT_REQUIRED" {
		t.Errorf("with the fault: %v, want PAYMENT_REQUIRED", got)
	}
	if _, got := p.requestToken(t, good); got["error"] != nil {
		t.Errorf("after the fault: %v, want tokens", got)
	}
}

func TestRejectedAccessTokens(t *testing.T) {
	clock := time.Now()
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	other := p.Cloud().Start(t, unlimited)
	profileError := func(token string) string {
		r, err := p.CallAs(token, "profile", nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Error()
	}
	token := p.Issue(2).Access
	if code := profileError(token); code != "" {
		t.Errorf("a fresh token is refused: %s", code)
	}
	if code := profileError("no-such-token"); code != "NO_AUTH_FOUND" {
		t.Errorf("an unknown token: %q, want NO_AUTH_FOUND", code)
	}
	if code := profileError(other.Issue(2).Access); code != "NO_AUTH_FOUND" {
		t.Errorf("a token of another portal: %q, want NO_AUTH_FOUND", code)
	}
	clock = clock.Add(time.Hour + time.Second)
	if code := profileError(token); code != "expired_token" {
		t.Errorf("an old token: %q, want expired_token", code)
	}
	p.ChangeUser(2, func(u *User) { u.Active = false })
	if code := profileError(p.Issue(2).Access); code != "authorization_error" {
		t.Errorf("a dismissed user: %q, want authorization_error", code)
	}
	p.ChangeUser(3, func(u *User) { u.NoApp = true })
	if code := profileError(p.Issue(3).Access); code != "user_access_error" {
		t.Errorf("a user without the app: %q, want user_access_error", code)
	}
	p.Uninstall(true)
	if code := profileError(token); code != "APPLICATION_NOT_FOUND" {
		t.Errorf("after the app was uninstalled: %q, want APPLICATION_NOT_FOUND", code)
	}
}

func TestAppInfoAtTheAuthServer(t *testing.T) {
	cloud := NewCloud(App{NamesPortal: true})
	first, second := cloud.Start(t, unlimited), cloud.Start(t, unlimited)
	resp, err := http.Get(cloud.URL() + "/rest/app.info?auth=" + second.Issue(1).Access)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body Fields
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	// The server has the address of the first portal, which accepts tokens of the second one only for this method.
	install := php.Map(php.Map(body["result"])["install"])
	if install["member_id"] != second.MemberID() || first.MemberID() == second.MemberID() {
		t.Errorf("app.info = %v, want the member %s", body, second.MemberID())
	}
}
