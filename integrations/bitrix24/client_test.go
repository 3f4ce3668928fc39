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
	p := newStubPortal(t, respondResult(`{"item":{"id":"5"}}`))
	var out ItemResult[Deal]
	err := p.client(t).Call(context.Background(), "crm.item.get", Params{"entityTypeId": 2, "id": 5, "x": "<&>"}, &out)
	if err != nil || out.Item.ID != 5 {
		t.Fatalf("Call = %+v, %v; want the item 5", out, err)
	}
	got := p.received()[0]
	if got.Path != "/rest/crm.item.get.json" || got.ContentType != typeJSON || got.UserAgent != "acts24" {
		t.Errorf("posted %s as %s by %s, want /rest/crm.item.get.json as JSON by acts24", got.Path, got.ContentType, got.UserAgent)
	}
	if got.Body["auth"] != "user-token" || got.Body["id"] != 5.0 || !strings.Contains(got.Raw, `"<&>"`) {
		t.Errorf("body %s, want the token in auth, the parameters and unescaped <&>", got.Raw)
	}
}

func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		expiredAnswers int // before the first good one
		source         *renewableTokens
		requests       int
		renewed        []string
		expired        bool
	}{
		"the new token is accepted":    {1, &renewableTokens{}, 2, []string{"token-1"}, false},
		"the new token is expired too": {9, &renewableTokens{}, 2, []string{"token-1"}, true},
		"the renewal itself failed":    {9, &renewableTokens{renewErr: errors.New("no lease")}, 1, []string{"token-1"}, true},
		"a good token is not renewed":  {0, &renewableTokens{}, 1, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			answers := slices.Repeat([]http.HandlerFunc{respond(401, expiredBody)}, tt.expiredAnswers)
			p := newStubPortal(t, append(answers, respondResult(`true`))...)
			budget := &recordingBudget{}
			err := p.client(t, withTokens(tt.source), withBudget(budget)).Call(context.Background(), "placement.bind", nil, nil)
			if len(p.received()) != tt.requests || !slices.Equal(tt.source.renewed, tt.renewed) || IsExpired(err) != tt.expired {
				t.Errorf("%d requests, renewed %v, error %v; want %d, %v, expired %v", len(p.received()), tt.source.renewed, err, tt.requests, tt.renewed, tt.expired)
			}
			if tt.expired && !NotExecuted(err) {
				t.Errorf("error %v; want one of a call that was not executed", err)
			}
			if len(budget.taken) != tt.requests {
				t.Errorf("the budget was taken %d times for %d requests", len(budget.taken), tt.requests)
			}
			if tt.requests == 2 && p.received()[1].Body["auth"] != "token-2" {
				t.Errorf("repeated with %v, want token-2", p.received()[1].Body["auth"])
			}
			if tt.source.renewErr != nil && !errors.Is(err, tt.source.renewErr) {
				t.Errorf("error %v; want the cause %v", err, tt.source.renewErr)
			}
		})
	}
}

// A token that the portal rejects although it has not expired is invalidated, and the call is not repeated.
func TestRejectedTokenIsInvalidated(t *testing.T) {
	for name, tt := range map[string]struct {
		answer      http.HandlerFunc
		invalidated bool
	}{
		"its user was dismissed": {respond(401, `{"error":"authorization_error","error_description":"Unable to authorize user"}`), true},
		"it is unknown":          {respond(401, `{"error":"NO_AUTH_FOUND","error_description":"Wrong authorization data"}`), true},
		"the portal has moved":   {redirect(302, "https://new.example/rest/profile.json"), true},
		"its user has no right":  {respond(403, `{"error":"ACCESS_DENIED","error_description":"Access denied"}`), false},
		"the portal is busy":     {respond(503, `{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			p, source := newStubPortal(t, tt.answer), &renewableTokens{}
			err := p.client(t, withTokens(source)).Call(context.Background(), "profile", nil, nil)
			var want []string
			if tt.invalidated {
				want = []string{"token-1"}
			}
			if err == nil || len(p.received()) != 1 || !slices.Equal(source.invalidated, want) || len(source.renewed) != 0 {
				t.Errorf("%d requests, invalidated %v, renewed %v, error %v; want 1, %v, none, an error", len(p.received()), source.invalidated, source.renewed, err, want)
			}
		})
	}
}

func TestFixedTokenIsNeverRenewed(t *testing.T) {
	p := newStubPortal(t, respond(401, expiredBody))
	err := p.client(t).Call(context.Background(), "profile", nil, nil)
	if !IsExpired(err) || !NotExecuted(err) || !errors.Is(err, ErrNoRenewal) || len(p.received()) != 1 {
		t.Errorf("%d requests, error %v; want one and ErrNoRenewal of an expired token, not executed", len(p.received()), err)
	}
}

func TestCallsRefusedBeforeSending(t *testing.T) {
	budgetUsedUp := errors.New("the budget is used up")
	p := newStubPortal(t, respondResult(`true`))
	for name, tt := range map[string]struct {
		client *Client
		method string
		params Params
		cause  error
	}{
		"the budget refuses":   {p.client(t, withBudget(&recordingBudget{takeErr: budgetUsedUp})), "profile", nil, budgetUsedUp},
		"no token":             {p.client(t, withTokens(FixedToken(""))), "profile", nil, ErrNoRenewal},
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
		t.Errorf("%d requests were sent, want none", len(p.received()))
	}
}

func TestUsageIsReported(t *testing.T) {
	const timeBlock = `"time":{"operating":12.5,"operating_reset_at":1705765533,"duration":0.5}`
	for name, tt := range map[string]struct {
		status int
		body   string
		want   []Usage
	}{
		"a good answer":        {200, `{"result":1,` + timeBlock + `}`, []Usage{{Method: "profile", Operating: 12.5, ResetAt: 1705765533, Commands: 1, Spent: 0.5}}},
		"an empty time block":  {200, `{"result":1,"time":[]}`, nil},
		"operating time limit": {429, `{"error":"OPERATION_TIME_LIMIT"}`, []Usage{{Method: "profile", Limited: true}}},
		"rate limit":           {503, `{"error":"QUERY_LIMIT_EXCEEDED"}`, []Usage{{Limited: true}}},
		"a load balancer":      {503, `<html>busy</html>`, []Usage{{Limited: true}}},
		"another error":        {400, `{"error":"NOT_FOUND"}`, nil},
		"operating time limit with a time block": {429, `{"error":"operation_time_limit",` + timeBlock + `}`, []Usage{
			{Method: "profile", Operating: 12.5, ResetAt: 1705765533, Commands: 1, Spent: 0.5}, {Method: "profile", ResetAt: 1705765533, Limited: true},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			budget := &recordingBudget{}
			_ = newStubPortal(t, respond(tt.status, tt.body)).client(t, withBudget(budget)).Call(context.Background(), "profile", nil, nil)
			if !slices.Equal(budget.usage, tt.want) || !slices.Equal(budget.taken, []string{"profile"}) {
				t.Errorf("taken %v, reported %+v; want profile, %+v", budget.taken, budget.usage, tt.want)
			}
		})
	}
}

// A patient client repeats what a limit has refused, alone or within a batch, and nothing else: a 503 of a load balancer, which has no
// error code, may come from a closed portal.
func TestPatientClient(t *testing.T) {
	rateLimit, timeLimit := respond(503, `{"error":"QUERY_LIMIT_EXCEEDED"}`), respond(429, `{"error":"OPERATION_TIME_LIMIT"}`)
	commandLimit := respondResult(`{"result":[],"result_error":{"a":{"error":"OPERATION_TIME_LIMIT"}}}`)
	for name, tt := range map[string]struct {
		answers  []http.HandlerFunc
		batch    bool
		requests int
		failed   bool
	}{
		"the rate, then the time of the method": {[]http.HandlerFunc{rateLimit, timeLimit, respondResult("1")}, false, 3, false},
		"a command of a batch":                  {[]http.HandlerFunc{commandLimit, rateLimit, respondResult(`{"result":{"a":1}}`)}, true, 3, false},
		"a load balancer":                       {[]http.HandlerFunc{respond(503, "<html>closed</html>"), respondResult("1")}, false, 1, true},
		"another refusal":                       {[]http.HandlerFunc{respond(400, `{"error":"NOT_FOUND"}`), respondResult("1")}, false, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			budget, p := &recordingBudget{}, newStubPortal(t, tt.answers...)
			c := p.client(t, withBudget(budget), func(c *Config) { c.Patient = true })
			call := func() error { return c.Call(t.Context(), "profile", nil, nil) }
			if tt.batch {
				call = func() error {
					res, err := c.Batch(t.Context(), []Command{{Key: "a", Method: "profile"}}, false)
					if err != nil {
						return err
					}
					return res.Err("a")
				}
			}
			err := call()
			if n := len(p.received()); (err != nil) != tt.failed || n != tt.requests || len(budget.taken) != tt.requests {
				t.Errorf("%d requests, budget taken %d times, error %v; want %d requests, an error %v", n, len(budget.taken), err, tt.requests, tt.failed)
			}
		})
	}
}

func TestNewRefusesBadConfigs(t *testing.T) {
	for _, endpoint := range []string{
		"", "portal.bitrix24.ru/rest/", "http://portal.bitrix24.ru/rest/", "https://u:p@portal.bitrix24.ru/rest/",
		"https://127.0.0.1/rest/", "https://portal.bitrix24.ru/rest/?a=b", "https://portal.bitrix24.ru/../x", "file:///etc",
	} {
		if c, err := New(Config{HTTP: unguardedHTTP, Endpoint: endpoint, Tokens: FixedToken("t")}); err == nil {
			t.Errorf("New at %q = %v, want an error", endpoint, c)
		}
	}
	if _, err := New(Config{HTTP: unguardedHTTP, Endpoint: "https://portal.bitrix24.ru/rest/"}); err == nil {
		t.Error("New accepts a client without tokens")
	}
	for name, h := range map[string]*http.Client{"no HTTP client": nil, "an HTTP client without a transport": {}} {
		if _, err := New(Config{HTTP: h, Endpoint: "https://portal.bitrix24.ru/rest/", Tokens: FixedToken("t")}); err == nil {
			t.Errorf("New accepts %s", name)
		}
	}
}

func TestNewNormalizesTheEndpoint(t *testing.T) {
	c, err := New(Config{HTTP: unguardedHTTP, Endpoint: "https://Portal.bitrix24.ru/rest", Tokens: FixedToken("t")})
	if err != nil || c.endpoint != "https://portal.bitrix24.ru/rest/" {
		t.Errorf("New = %+v, %v; want the endpoint https://portal.bitrix24.ru/rest/", c, err)
	}
}
