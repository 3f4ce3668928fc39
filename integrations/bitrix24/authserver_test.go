package bitrix24

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// authServer returns an authorization server that gives one answer, and its client.
func authServer(t *testing.T, answer http.HandlerFunc) (*stubPortal, AuthServer) {
	t.Helper()
	p := newStubPortal(t, answer)
	return p, AuthServer{HTTP: unguardedHTTP, URL: p.URL, ClientID: "app.1", ClientSecret: "client-secret", AllowPlain: true}
}

func TestRenew(t *testing.T) {
	p, s := authServer(t, respond(200, `{"access_token":"a2","refresh_token":"r2","expires_in":3600,"expires":1780319382,
		"client_endpoint":"https://portal.bitrix24.ru/rest/","domain":"oauth.bitrix24.tech","member_id":"m1","scope":"crm,im","status":"L","user_id":"67"}`))
	pair, err := s.Renew(context.Background(), "r1")
	type printable TokenPair // a TokenPair hides its tokens
	want := printable{Access: "a2", Refresh: "r2", ExpiresIn: time.Hour, MemberID: "m1", UserID: 67, ClientEndpoint: "https://portal.bitrix24.ru/rest/", Status: "L"}
	if err != nil || printable(pair) != want {
		t.Errorf("Renew = %+v, %v; want %+v", printable(pair), err, want)
	}
	call := p.received()[0]
	form, err := url.ParseQuery(call.Raw)
	wantForm := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"r1"}, "client_id": {"app.1"}, "client_secret": {"client-secret"}}
	if err != nil || call.Path != "/oauth/token/" || call.ContentType != typeForm || form.Encode() != wantForm.Encode() {
		t.Errorf("posted %v as %s to %s; want the form %v to /oauth/token/", form, call.ContentType, call.Path, wantForm)
	}
}

func TestRenewErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		answer      http.HandlerFunc
		is          func(error) bool
		notExecuted bool
	}{
		"an old refresh token":     {respond(400, `{"error":"invalid_grant","error_description":""}`), IsInvalidGrant, true},
		"the same with status 200": {respond(200, `{"error":"invalid_grant"}`), IsInvalidGrant, true},
		"a wrong secret":           {respond(401, `{"error":"invalid_client","error_description":"client-secret r1"}`), isInvalidClient, true},
		"not paid":                 {respond(402, `{"error":"PAYMENT_REQUIRED","error_description":"Payment required"}`), isPaymentRequired, true},
		"HTML of a balancer":       {respond(502, `<html>`), unclear, false},
		"a connection cut":         {closeAfter(""), unclear, false},
		"no access token":          {respond(200, `{"refresh_token":"r2","member_id":"m1"}`), unclear, false},
		"no refresh token":         {respond(200, `{"access_token":"a2","member_id":"m1"}`), unclear, false},
		"no member":                {respond(200, `{"access_token":"a2","refresh_token":"r2"}`), unclear, false},
		"an unknown error":         {respond(500, `{"error":"server_error"}`), unclear, false},
		"a list":                   {respond(200, `[]`), unclear, false},
		"a redirect":               {redirect(302, "https://canary.example/"), func(err error) bool { return RedirectHost(err) == "canary.example" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := authServer(t, tt.answer)
			_, err := s.Renew(context.Background(), "r1")
			e := asError(t, err)
			if !tt.is(err) || NotExecuted(err) != tt.notExecuted || len(p.received()) != 1 {
				t.Errorf("error %v, not executed %v, %d requests; want the kind of the case, %v, 1", err, NotExecuted(err), len(p.received()), tt.notExecuted)
			}
			if all := e.Error() + e.Text; strings.Contains(all, "client-secret") || strings.Contains(all, "r1") {
				t.Errorf("the error holds a secret: %s", all)
			}
		})
	}
}

// unclear reports whether the call may have been executed.
func unclear(err error) bool { return err != nil && !NotExecuted(err) }

func TestAuthServerRefusesBadAddresses(t *testing.T) {
	for _, address := range []string{"", "http://oauth.bitrix24.tech", "https://127.0.0.1", "oauth.bitrix24.tech"} {
		s := AuthServer{HTTP: unguardedHTTP, URL: address, ClientSecret: "client-secret"}
		if _, err := s.Renew(context.Background(), "r1"); !NotExecuted(err) || strings.Contains(err.Error(), "secret") {
			t.Errorf("Renew at %q: error %v, want one of a call that was not sent, without the secret", address, err)
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
			p, s := authServer(t, respondResult(tt.body))
			info, err := s.AppInfo(context.Background(), "access")
			if err != nil || string(info.MemberID) != tt.member || string(info.ClientEndpoint) != tt.endpoint || !bool(info.Installed) || info.LicenseFamily != "ent" {
				t.Errorf("AppInfo = %+v, %v; want the member %q at %q", info, err, tt.member, tt.endpoint)
			}
			if call := p.received()[0]; call.Path != "/rest/app.info" || call.Raw != "auth=access" {
				t.Errorf("posted %s to %s, want auth=access to /rest/app.info", call.Raw, call.Path)
			}
		})
	}
}

func TestAppInfoErrorHidesTheToken(t *testing.T) {
	_, s := authServer(t, respond(401, `{"error":"NO_AUTH_FOUND","error_description":"access"}`))
	if _, err := s.AppInfo(context.Background(), "access"); !IsBadToken(err) || asError(t, err).Text != "…" {
		t.Errorf("AppInfo of an unknown token: error %v, want a bad token with the text …", err)
	}
}
