package bitrix24

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestCallSendsTheTokenInTheBody(t *testing.T) {
	p := newStubPortal(t, ok(`{"item":{"id":"5"}}`))
	var out ItemResult[Deal]
	err := p.client(t).Call(context.Background(), "crm.item.get", Params{"entityTypeId": 2, "id": 5, "x": "<&>"}, &out)
	if err != nil || out.Item.ID != 5 {
		t.Fatalf("Call = %+v, %v", out, err)
	}
	got := p.received()[0]
	if got.Path != "/rest/crm.item.get.json" || got.Type != "application/json" || got.Agent != "acts24" {
		t.Errorf("asked %s with %s by %s", got.Path, got.Type, got.Agent)
	}
	if got.Body["auth"] != "user-token" || got.Body["id"] != 5.0 || !strings.Contains(got.Raw, `"<&>"`) {
		t.Errorf("body %s", got.Raw)
	}
}

func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		answers int // how many times the portal says expired
		source  *renewing
		asked   int
		renewed int
		expired bool
	}{
		"a new token is enough":       {1, &renewing{}, 2, 1, false},
		"expired again":               {9, &renewing{}, 2, 1, true},
		"the renewal itself failed":   {9, &renewing{err: errors.New("no lease")}, 1, 1, true},
		"a good token is not renewed": {0, &renewing{}, 1, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newStubPortal(t, ok(`true`))
			for range tt.answers {
				p.answers = append(p.answers[:len(p.answers)-1], respond(401, expiredBody), ok(`true`))
			}
			l := &ledger{}
			err := p.client(t, tt.source, l).Call(context.Background(), "placement.bind", nil, nil)
			if len(p.received()) != tt.asked || tt.source.renewed != tt.renewed || IsExpired(err) != tt.expired {
				t.Errorf("asked %d, renewed %d, error %v", len(p.received()), tt.source.renewed, err)
			}
			if tt.expired && !NotExecuted(err) {
				t.Errorf("an expired token is refused before execution: %v", err)
			}
			if len(l.taken) != tt.asked {
				t.Errorf("budget asked %d times for %d requests", len(l.taken), tt.asked)
			}
			if tt.asked == 2 && p.received()[1].Body["auth"] != "token-2" {
				t.Errorf("repeated with %v", p.received()[1].Body["auth"])
			}
			if tt.source.err != nil && !errors.Is(err, tt.source.err) {
				t.Errorf("the reason of the renewal is lost: %v", err)
			}
		})
	}
}

// A token that the portal rejects although it has not expired is invalidated, and the call is not repeated.
func TestTokenIsDoubted(t *testing.T) {
	for name, tt := range map[string]struct {
		answer  http.HandlerFunc
		doubted bool
	}{
		"its person was dismissed": {respond(401, `{"error":"authorization_error","error_description":"Unable to authorize user"}`), true},
		"nobody knows it":          {respond(401, `{"error":"NO_AUTH_FOUND","error_description":"Wrong authorization data"}`), true},
		"the portal has moved":     {redirect("https://new.example/rest/profile.json"), true},
		"it has no right":          {respond(403, `{"error":"ACCESS_DENIED","error_description":"Access denied"}`), false},
		"the portal is busy":       {respond(503, `{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			p, source := newStubPortal(t, tt.answer), &renewing{}
			err := p.client(t, source).Call(context.Background(), "profile", nil, nil)
			if err == nil || len(p.received()) != 1 || (len(source.doubts) == 1) != tt.doubted || source.renewed != 0 {
				t.Errorf("asked %d, doubts %v, renewed %d, %v", len(p.received()), source.doubts, source.renewed, err)
			}
		})
	}
}

func TestFixedTokenIsNeverRenewed(t *testing.T) {
	p := newStubPortal(t, respond(401, expiredBody))
	err := p.client(t).Call(context.Background(), "profile", nil, nil)
	if !IsExpired(err) || !NotExecuted(err) || !errors.Is(err, ErrNoRenewal) || len(p.received()) != 1 {
		t.Errorf("asked %d times, %v", len(p.received()), err)
	}
}

func TestNothingIsSent(t *testing.T) {
	full := errors.New("no place")
	p := newStubPortal(t, ok(`true`))
	for name, tt := range map[string]struct {
		client *Client
		method string
		params Params
		cause  error
	}{
		"the budget refuses":   {p.client(t, &ledger{refuse: full}), "profile", nil, full},
		"no token":             {p.client(t, FixedToken("")), "profile", nil, ErrNoRenewal},
		"a path as a method":   {p.client(t), "../oauth/token", nil, errMethodName},
		"a host as a method":   {p.client(t), "@evil.example/x", nil, errMethodName},
		"an empty method":      {p.client(t), "", nil, errMethodName},
		"two dots in a method": {p.client(t), "crm..item", nil, errMethodName},
		"a channel as a value": {p.client(t), "profile", Params{"x": make(chan int)}, errParameter},
	} {
		t.Run(name, func(t *testing.T) {
			err := tt.client.Call(context.Background(), tt.method, tt.params, nil)
			if !NotExecuted(err) || !errors.Is(err, tt.cause) {
				t.Errorf("error %v; want %v, not executed", err, tt.cause)
			}
		})
	}
	if len(p.received()) != 0 {
		t.Errorf("%d requests left", len(p.received()))
	}
}

func TestUsageIsReported(t *testing.T) {
	const time = `"time":{"operating":12.5,"operating_reset_at":1705765533,"duration":0.5}`
	for name, tt := range map[string]struct {
		status int
		body   string
		want   []Usage
	}{
		"a good answer":          {200, `{"result":1,` + time + `}`, []Usage{{Method: "profile", Operating: 12.5, ResetAt: 1705765533, Commands: 1, Spent: 0.5}}},
		"no figures":             {200, `{"result":1,"time":[]}`, nil},
		"operating time is over": {429, `{"error":"OPERATION_TIME_LIMIT"}`, []Usage{{Method: "profile", Limited: true}}},
		"the rate":               {503, `{"error":"QUERY_LIMIT_EXCEEDED"}`, []Usage{{Limited: true}}},
		"a balancer":             {503, `<html>busy</html>`, []Usage{{Limited: true}}},
		"another error":          {400, `{"error":"NOT_FOUND"}`, nil},
		"over with figures": {429, `{"error":"operation_time_limit",` + time + `}`, []Usage{
			{Method: "profile", Operating: 12.5, ResetAt: 1705765533, Commands: 1, Spent: 0.5}, {Method: "profile", ResetAt: 1705765533, Limited: true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			l := &ledger{}
			_ = newStubPortal(t, respond(tt.status, tt.body)).client(t, l).Call(context.Background(), "profile", nil, nil)
			if !slices.Equal(l.usage, tt.want) || !slices.Equal(l.taken, []string{"profile"}) {
				t.Errorf("taken %v, reported %+v; want %+v", l.taken, l.usage, tt.want)
			}
		})
	}
}

// A patient client repeats what a limit has refused, alone or within a batch, and nothing else: a balancer without a code may be a closed portal.
func TestPatientClient(t *testing.T) {
	busy, over := respond(503, `{"error":"QUERY_LIMIT_EXCEEDED"}`), respond(429, `{"error":"OPERATION_TIME_LIMIT"}`)
	partly := ok(`{"result":[],"result_error":{"a":{"error":"OPERATION_TIME_LIMIT"}}}`)
	for name, tt := range map[string]struct {
		answers []http.HandlerFunc
		batch   bool
		sent    int
		failed  bool
	}{
		"the rate, then the time of the method": {[]http.HandlerFunc{busy, over, ok("1")}, false, 3, false},
		"a command of a batch":                  {[]http.HandlerFunc{partly, busy, ok(`{"result":{"a":1}}`)}, true, 3, false},
		"a balancer":                            {[]http.HandlerFunc{respond(503, "<html>closed</html>"), ok("1")}, false, 1, true},
		"another refusal":                       {[]http.HandlerFunc{respond(400, `{"error":"NOT_FOUND"}`), ok("1")}, false, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := &ledger{}
			p := newStubPortal(t, tt.answers...)
			c, call := p.client(t, l, patience{}), func(c *Client) error { return c.Call(t.Context(), "profile", nil, nil) }
			if tt.batch {
				call = func(c *Client) error {
					res, err := c.Batch(t.Context(), []Command{{Key: "a", Method: "profile"}}, false)
					if err != nil {
						return err
					}
					return res.Err("a")
				}
			}
			err := call(c)
			if n := len(p.received()); (err != nil) != tt.failed || n != tt.sent || len(l.taken) != tt.sent {
				t.Errorf("%d requests, %d times of the budget: %v", n, len(l.taken), err)
			}
		})
	}
}

func TestNewRefusesAddresses(t *testing.T) {
	for _, endpoint := range []string{
		"", "portal.bitrix24.ru/rest/", "http://portal.bitrix24.ru/rest/", "https://u:p@portal.bitrix24.ru/rest/",
		"https://127.0.0.1/rest/", "https://portal.bitrix24.ru/rest/?a=b", "https://portal.bitrix24.ru/../x", "file:///etc",
	} {
		if c, err := New(Config{HTTP: direct, Endpoint: endpoint, Tokens: FixedToken("t")}); err == nil {
			t.Errorf("New(%q) = %v", endpoint, c)
		}
	}
	if _, err := New(Config{HTTP: direct, Endpoint: "https://portal.bitrix24.ru/rest/"}); err == nil {
		t.Error("a client without tokens was made")
	}
	for name, h := range map[string]*http.Client{"no HTTP client": nil, "an HTTP client without a transport": {}} {
		if _, err := New(Config{HTTP: h, Endpoint: "https://portal.bitrix24.ru/rest/", Tokens: FixedToken("t")}); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	c, err := New(Config{HTTP: direct, Endpoint: "https://Portal.bitrix24.ru/rest", Tokens: FixedToken("t")})
	if err != nil || c.endpoint != "https://portal.bitrix24.ru/rest/" {
		t.Errorf("New = %+v, %v", c, err)
	}
}
