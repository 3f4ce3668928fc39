package bitrix24test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// rawAnswer is any answer to a call, also a page or a redirect.
type rawAnswer struct {
	status         int
	body, location string
}

// rawCall posts JSON parameters to an address and follows no redirect.
func rawCall(ctx context.Context, address, params string) (rawAnswer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(params))
	if err != nil {
		return rawAnswer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return rawAnswer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return rawAnswer{resp.StatusCode, string(raw), resp.Header.Get("Location")}, err
}

func TestFaults(t *testing.T) {
	for kind, tt := range map[string]struct {
		status   int    // 0: no answer at all
		contains string // in the body or the address of the redirect
		executed bool
	}{
		FaultUnavailable: {503, "QUERY_LIMIT_EXCEEDED", false},
		FaultOverload:    {503, "OVERLOAD_LIMIT", false},
		FaultExpired:     {401, "expired_token", false},
		FaultClosed:      {500, "PORTAL_DELETED", false},
		FaultLimit:       {429, "OPERATION_TIME_LIMIT", false},
		FaultHTML200:     {200, "<html>", false},
		FaultHTML502:     {502, "<html>", false},
		FaultRename:      {302, "https://new.example/rest/crm.item.add", false},
		FaultDown:        {0, "", false},
		FaultRefuse:      {400, "my words", false},
		FaultLate:        {200, "result", true},
		FaultReset:       {0, "", true},
		FaultCut:         {200, "result", true},
		FaultHTML200Late: {200, "<html>", true},
		FaultHTML502Late: {502, "<html>", true},
	} {
		t.Run(kind, func(t *testing.T) {
			p := Start(t, unlimited)
			f := Fault{Method: "crm.item.add", Kind: kind, Count: 1, Delay: time.Millisecond, Location: "https://new.example/", Text: "my words"}
			if err := p.Fault(f); err != nil {
				t.Fatal(err)
			}
			p.mustCall(t, 1, "profile", nil) // another method has no fault
			body := `{"entityTypeId":2,"fields":{"title":"A"},"auth":"` + p.Issue(1).Access + `"}`
			got, err := rawCall(t.Context(), p.endpoint()+"crm.item.add", body)
			if (err != nil) != (tt.status == 0) || err == nil && got.status != tt.status || !strings.Contains(got.body+got.location, tt.contains) {
				t.Errorf("answer %+v, %v; want status %d with %q", got, err, tt.status, tt.contains)
			}
			if executed := len(p.Items(Deal)) == 1; executed != tt.executed {
				t.Errorf("executed %t, want %t", executed, tt.executed)
			}
			if got, err := rawCall(t.Context(), p.endpoint()+"crm.item.add", body); err != nil || got.status != 200 || !strings.HasSuffix(got.body, "}") {
				t.Errorf("after the fault: %+v, %v; want an answer", got, err)
			}
		})
	}
}

func TestCutAnswerIsNoJSON(t *testing.T) {
	p := Start(t, unlimited)
	if err := p.Fault(Fault{Method: "profile", Kind: FaultCut, Count: 1}); err != nil {
		t.Fatal(err)
	}
	params := `{"auth":"` + p.Issue(1).Access + `"}`
	for _, want := range []bool{false, true} { // the second answer has no fault
		got, err := rawCall(t.Context(), p.endpoint()+"profile", params)
		if err != nil || json.Valid([]byte(got.body)) != want {
			t.Errorf("answer %+v, %v; want JSON %v", got, err, want)
		}
	}
}

func TestLimitOfACommandInABatch(t *testing.T) {
	p := Start(t, unlimited)
	if err := p.Fault(Fault{Method: "crm.item.add", Kind: FaultLimit, Count: 1}); err != nil {
		t.Fatal(err)
	}
	got := p.mustCall(t, 1, "batch", Fields{"cmd": Fields{"b": "profile", "a": "crm.item.add?entityTypeId=2&fields[title]=A"}}).Map()
	if php.Map(php.Map(got["result_error"])["a"])["error"] != "OPERATION_TIME_LIMIT" || php.Map(php.Map(got["result"])["b"])["ADMIN"] != true {
		t.Errorf("batch = %v, want a refused and b executed", got)
	}
}

func TestProbabilityOfFaults(t *testing.T) {
	p := Start(t, unlimited)
	p.SeedFaults(7)
	if err := p.Fault(Fault{Kind: FaultUnavailable, Probability: 0.3}); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for range 200 {
		if r, err := p.Call(1, "profile", nil); err != nil || r.Failed() {
			failed++
		}
	}
	if failed < 40 || failed > 80 {
		t.Errorf("%d of 200 calls failed, want about 60", failed)
	}
	p.ClearFaults()
	p.mustCall(t, 1, "profile", nil)
}

func TestOnCallIsCalledForEachCommand(t *testing.T) {
	var stages []string
	p := Start(t, unlimited, func(c *Config) {
		c.OnCall = func(stage, method string) { stages = append(stages, stage+" "+method) }
	})
	p.mustCall(t, 1, "batch", Fields{"cmd": []any{"profile", "server.time"}})
	want := "before profile, after profile, before server.time, after server.time"
	if got := strings.Join(stages, ", "); got != want {
		t.Errorf("OnCall was called with %s, want %s", got, want)
	}
}

func TestRename(t *testing.T) {
	p := Start(t, unlimited)
	old := p.URL()
	p.Rename(strings.Replace(old, "127.0.0.1", "localhost", 1))
	got, err := rawCall(t.Context(), old+"/rest/profile", "")
	if want := p.URL() + "/rest/profile"; err != nil || got.status != 302 || got.location != want {
		t.Errorf("the old address answers %+v, %v; want a redirect to %s", got, err, want)
	}
	p.mustCall(t, 1, "profile", nil)
}

// A batch with a reset command is executed completely and its events are sent, but it gets no answer.
func TestResetInABatch(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALADD")
	if err := p.Fault(Fault{Kind: FaultReset, Method: "crm.item.add", Count: 1}); err != nil {
		t.Fatal(err)
	}
	params := `{"cmd":{"a":"profile","b":"crm.item.add?entityTypeId=2&fields[title]=A","c":"crm.item.add?entityTypeId=2&fields[title]=B"},"auth":"` + p.Issue(1).Access + `"}`
	if got, err := rawCall(t.Context(), p.endpoint()+"batch", params); err == nil {
		t.Errorf("the batch answers %+v, want a reset connection", got)
	}
	if n := len(p.Items(Deal)); n != 2 {
		t.Errorf("the batch created %d deals, want 2", n)
	}
	if n := len(box.takeEvents(p)); n != 2 {
		t.Errorf("the batch sent %d events, want 2", n)
	}
	if got, err := rawCall(t.Context(), p.endpoint()+"batch", params); err != nil || got.status != 200 {
		t.Errorf("after the fault the batch answers %+v, %v; want 200", got, err)
	}
}

// A batch with a late command is executed and its events are sent before its answer, which comes after the delay.
func TestLateInABatch(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALADD")
	params := `{"cmd":{"a":"profile","b":"crm.item.add?entityTypeId=2&fields[title]=A"},"auth":"` + p.Issue(1).Access + `"}`
	if err := p.Fault(Fault{Kind: FaultLate, Method: "crm.item.add", Count: 1, DelayText: "1h"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := rawCall(ctx, p.endpoint()+"batch", params)
		ended <- err
	}()
	select {
	case <-box.arrived:
	case err := <-ended:
		t.Fatalf("the batch ended before its event arrived: %v", err)
	}
	if n := len(p.Items(Deal)); n != 1 {
		t.Errorf("the batch created %d deals before its answer, want 1", n)
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the batch ended with %v before its delay was over, want it canceled by the caller", err)
	}
	if err := p.Fault(Fault{Kind: FaultLate, Method: "crm.item.add", Count: 1, DelayText: "1ms"}); err != nil {
		t.Fatal(err)
	}
	if got, err := rawCall(t.Context(), p.endpoint()+"batch", params); err != nil || !strings.Contains(got.body, `"title":"A"`) {
		t.Errorf("after the delay the batch answers %+v, %v; want the new deal", got, err)
	}
}
