package bitrix24

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func authServer(t *testing.T, answer http.HandlerFunc) (*stubPortal, AuthServer) {
	t.Helper()
	p := newStubPortal(t, answer)
	return p, AuthServer{HTTP: direct, URL: p.URL, ClientID: "app.1", ClientSecret: "client-secret", AllowPlain: true}
}

func TestRenew(t *testing.T) {
	p, s := authServer(t, respond(200, `{"access_token":"a2","refresh_token":"r2","expires_in":3600,"expires":1780319382,
		"client_endpoint":"https://portal.bitrix24.ru/rest/","domain":"oauth.bitrix24.tech","member_id":"m1","scope":"crm,im","status":"L","user_id":"67"}`))
	pair, err := s.Renew(context.Background(), "r1")
	if err != nil || pair.Access != "a2" || pair.Refresh != "r2" || pair.ExpiresIn != time.Hour || pair.MemberID != "m1" ||
		pair.UserID != 67 || pair.ClientEndpoint != "https://portal.bitrix24.ru/rest/" || pair.Status != "L" {
		t.Errorf("Renew = %v, %v", pair.UserID, err)
	}
	form, _ := url.ParseQuery(p.received()[0].Raw)
	want := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"r1"}, "client_id": {"app.1"}, "client_secret": {"client-secret"}}
	if p.received()[0].Path != "/oauth/token/" || p.received()[0].Type != typeForm || form.Encode() != want.Encode() {
		t.Errorf("asked %s with %s: %v", p.received()[0].Path, p.received()[0].Type, form)
	}
}

func TestRenewErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		is     func(error) bool
		safe   bool
	}{
		"a dead refresh token":  {respond(400, `{"error":"invalid_grant","error_description":""}`), IsInvalidGrant, true},
		"with status 200":       {respond(200, `{"error":"invalid_grant"}`), IsInvalidGrant, true},
		"a wrong secret":        {respond(401, `{"error":"invalid_client","error_description":"client-secret r1"}`), isInvalidClient, true},
		"not paid":              {respond(402, `{"error":"PAYMENT_REQUIRED","error_description":"Payment required"}`), isPaymentRequired, true},
		"a server in trouble":   {respond(502, `<html>`), unclear, false},
		"a connection cut":      {hangUp(""), unclear, false},
		"half a pair":           {respond(200, `{"access_token":"a2"}`), unclear, false},
		"an unknown complaint":  {respond(500, `{"error":"server_error"}`), unclear, false},
		"a list":                {respond(200, `[]`), unclear, false},
		"a redirect to another": {redirect("https://canary.example/"), func(err error) bool { return RedirectHost(err) == "canary.example" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := authServer(t, tt.answer)
			_, err := s.Renew(context.Background(), "r1")
			e := asError(t, err)
			if !tt.is(err) || NotExecuted(err) != tt.safe || len(p.received()) != 1 {
				t.Errorf("error %v, not executed %v", err, NotExecuted(err))
			}
			if all := e.Error() + e.Text; strings.Contains(all, "client-secret") || strings.Contains(all, "r1") {
				t.Errorf("the error holds a secret: %s", all)
			}
		})
	}
}

func unclear(err error) bool { return err != nil && !NotExecuted(err) }

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

func TestAuthServerAddress(t *testing.T) {
	for _, address := range []string{"", "http://oauth.bitrix24.tech", "https://127.0.0.1", "oauth.bitrix24.tech"} {
		s := AuthServer{HTTP: direct, URL: address, ClientSecret: "client-secret"}
		if _, err := s.Renew(context.Background(), "r1"); !NotExecuted(err) || strings.Contains(err.Error(), "secret") {
			t.Errorf("Renew at %q: %v", address, err)
		}
	}
}

func TestAppInfo(t *testing.T) {
	for name, tt := range map[string]struct{ body, member, endpoint string }{
		"flat":   {`{"STATUS":"L","INSTALLED":true,"LICENSE_FAMILY":"ent","member_id":"m1","client_endpoint":"e"}`, "m1", "e"},
		"nested": {`{"STATUS":"L","INSTALLED":"Y","LICENSE_FAMILY":"ent","install":{"member_id":"m1","client_endpoint":"e"}}`, "m1", "e"},
		"none":   {`{"STATUS":"L","INSTALLED":1,"LICENSE_FAMILY":"ent"}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := authServer(t, ok(tt.body))
			info, err := s.AppInfo(context.Background(), "access")
			if err != nil || string(info.MemberID) != tt.member || string(info.ClientEndpoint) != tt.endpoint || !bool(info.Installed) || info.LicenseFamily != "ent" {
				t.Errorf("AppInfo = %+v, %v", info, err)
			}
			if p.received()[0].Path != "/rest/app.info" || p.received()[0].Raw != "auth=access" {
				t.Errorf("asked %s: %s", p.received()[0].Path, p.received()[0].Raw)
			}
		})
	}
	_, s := authServer(t, respond(401, `{"error":"NO_AUTH_FOUND","error_description":"access"}`))
	if _, err := s.AppInfo(context.Background(), "access"); !IsBadToken(err) || asError(t, err).Text != "…" {
		t.Errorf("AppInfo of a made token: %v", err)
	}
}
