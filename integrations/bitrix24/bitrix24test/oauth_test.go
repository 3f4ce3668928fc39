package bitrix24test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// askToken calls the authorization server.
func (p *Portal) askToken(t *testing.T, query url.Values) (int, Fields) {
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

func grantQuery(p *Portal, kind, name, value string) url.Values {
	app := p.Cloud().App()
	return url.Values{"grant_type": {kind}, "client_id": {app.ID}, "client_secret": {app.Secret}, name: {value}}
}

func TestRefreshTokenWorksOnce(t *testing.T) {
	p := Start(t, unlimited)
	pair := p.Issue(2)
	query := grantQuery(p, "refresh_token", "refresh_token", pair.Refresh)
	status, got := p.askToken(t, query)
	if status != 200 || got["member_id"] != p.MemberID() || got["user_id"] != 2.0 || got["expires_in"] != 3600.0 {
		t.Fatalf("renewal: %d %v", status, got)
	}
	if got["client_endpoint"] != p.URL()+"/rest/" || got["refresh_token"] == pair.Refresh {
		t.Errorf("renewal: %v", got)
	}
	if status, again := p.askToken(t, query); status != 400 || again["error"] != "invalid_grant" {
		t.Errorf("a used refresh token: %d %v", status, again)
	}
	r, err := p.CallAs(php.Text(got["access_token"]), "profile", nil)
	if err != nil || r.Map()["ID"] != "2" {
		t.Errorf("the new access token: %v %v", r.Body, err)
	}
}

func TestCodeWorksOnceAndBriefly(t *testing.T) {
	clock := time.Now()
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	if status, got := p.askToken(t, grantQuery(p, "authorization_code", "code", p.Code(1))); status != 200 || got["user_id"] != nil {
		t.Errorf("fresh code: %d %v", status, got)
	}
	late := p.Code(1)
	clock = clock.Add(31 * time.Second)
	if _, got := p.askToken(t, grantQuery(p, "authorization_code", "code", late)); got["error"] != "invalid_grant" {
		t.Errorf("late code: %v", got)
	}
}

func TestTokenServerRefuses(t *testing.T) {
	p := Start(t, unlimited)
	wrong := grantQuery(p, "refresh_token", "refresh_token", p.Issue(1).Refresh)
	wrong.Set("client_secret", "guess")
	if _, got := p.askToken(t, wrong); got["error"] != "invalid_client" {
		t.Errorf("wrong secret: %v", got)
	}
	if _, got := p.askToken(t, grantQuery(p, "password", "x", "y")); got["error"] != "invalid_request" {
		t.Errorf("unknown grant: %v", got)
	}
	if err := p.Fault(Fault{Method: "oauth.token", Kind: Refuse, Code: "PAYMENT_REQUIRED", Count: 1}); err != nil {
		t.Fatal(err)
	}
	good := grantQuery(p, "refresh_token", "refresh_token", p.Issue(1).Refresh)
	if _, got := p.askToken(t, good); got["error"] != "PAYMENT_REQUIRED" {
		t.Errorf("fault: %v", got)
	}
	if _, got := p.askToken(t, good); got["error"] != nil {
		t.Errorf("after the fault: %v", got)
	}
}

func TestTokensOfAUser(t *testing.T) {
	clock := time.Now()
	p := Start(t, unlimited, func(c *Config) { c.Machine = func() time.Time { return clock } })
	other := p.Cloud().Start(t, unlimited)
	ask := func(token string) string {
		r, err := p.CallAs(token, "profile", nil)
		if err != nil {
			t.Fatal(err)
		}
		return r.Error()
	}
	token := p.Issue(2).Access
	if code := ask(token); code != "" {
		t.Errorf("a fresh token is refused: %s", code)
	}
	if code := ask("no-such-token"); code != "NO_AUTH_FOUND" {
		t.Errorf("an unknown token: %s", code)
	}
	if code := ask(other.Issue(2).Access); code != "NO_AUTH_FOUND" {
		t.Errorf("a token of the neighbour: %s", code)
	}
	clock = clock.Add(time.Hour + time.Second)
	if code := ask(token); code != "expired_token" {
		t.Errorf("an old token: %s", code)
	}
	p.ChangeUser(2, func(u *User) { u.Active = false })
	if code := ask(p.Issue(2).Access); code != "authorization_error" {
		t.Errorf("a dismissed user: %s", code)
	}
	p.ChangeUser(3, func(u *User) { u.NoApp = true })
	if code := ask(p.Issue(3).Access); code != "user_access_error" {
		t.Errorf("a user without the app: %s", code)
	}
	p.Uninstall(true)
	if code := ask(token); code != "APPLICATION_NOT_FOUND" {
		t.Errorf("after uninstall: %s", code)
	}
}

func TestAppInfoAtTheAuthServer(t *testing.T) {
	cloud := NewCloud(App{NamesPortal: true})
	first, second := cloud.Start(t, unlimited), cloud.Start(t, unlimited)
	r, err := http.Get(cloud.URL() + "/rest/app.info?auth=" + second.Issue(1).Access)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	var body Fields
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	// The address is also that of the first portal, which must accept tokens of the second one only here.
	install := php.Map(php.Map(body["result"])["install"])
	if install["member_id"] != second.MemberID() || first.MemberID() == second.MemberID() {
		t.Errorf("app.info = %v", body)
	}
}
