package bitrix24test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// rawCall sends a call and returns any answer.
func rawCall(p *Portal, method, in string) (int, string, string, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Post(p.endpoint()+method, "application/json", strings.NewReader(in))
	if err != nil {
		return 0, "", "", err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), resp.Header.Get("Location"), err
}

func TestFaults(t *testing.T) {
	for kind, tt := range map[string]struct {
		status int    // 0: no answer at all
		words  string // in the body or the address
		done   bool
	}{
		Unavailable: {503, "QUERY_LIMIT_EXCEEDED", false},
		Overload:    {503, "OVERLOAD_LIMIT", false},
		Expired:     {401, "expired_token", false},
		Closed:      {500, "PORTAL_DELETED", false},
		Limit:       {429, "OPERATION_TIME_LIMIT", false},
		HTML200:     {200, "<html>", false},
		HTML502:     {502, "<html>", false},
		Rename:      {302, "https://new.example/rest/crm.item.add", false},
		Down:        {0, "", false},
		Refuse:      {400, "my words", false},
		Late:        {200, "result", true},
		Reset:       {0, "", true},
		Cut:         {200, "result", true},
		HTML200Late: {200, "<html>", true},
		HTML502Late: {502, "<html>", true},
	} {
		t.Run(kind, func(t *testing.T) {
			p := Start(t, unlimited)
			f := Fault{Method: "crm.item.add", Kind: kind, Count: 1, Delay: time.Millisecond, Location: "https://new.example/", Text: "my words"}
			if err := p.Fault(f); err != nil {
				t.Fatal(err)
			}
			p.must(t, 1, "profile", nil) // another method goes well
			body := `{"entityTypeId":2,"fields":{"title":"A"},"auth":"` + p.Issue(1).Access + `"}`
			status, got, location, err := rawCall(p, "crm.item.add", body)
			if (err != nil) != (tt.status == 0) || err == nil && status != tt.status || !strings.Contains(got+location, tt.words) {
				t.Errorf("%d %s %s %v", status, got, location, err)
			}
			if done := len(p.Items(Deal)) == 1; done != tt.done {
				t.Errorf("work done: %t, want %t", done, tt.done)
			}
			if status, got, _, _ := rawCall(p, "crm.item.add", body); status != 200 || !strings.HasSuffix(got, "}") {
				t.Errorf("after the fault: %d %s", status, got)
			}
		})
	}
}

func TestFaultInABatch(t *testing.T) {
	p := Start(t, unlimited)
	if err := p.Fault(Fault{Method: "crm.item.add", Kind: Reset, Count: 1}); err != nil {
		t.Fatal(err)
	}
	body := `{"cmd":{"a":"crm.item.add?entityTypeId=2&fields[title]=A"},"auth":"` + p.Issue(1).Access + `"}`
	if _, _, _, err := rawCall(p, "batch", body); err == nil || len(p.Items(Deal)) != 1 {
		t.Errorf("%v, %d deals", err, len(p.Items(Deal)))
	}
	if err := p.Fault(Fault{Method: "crm.item.add", Kind: Limit, Count: 1}); err != nil {
		t.Fatal(err)
	}
	_, got, _, _ := rawCall(p, "batch", strings.Replace(body, `{"a"`, `{"b":"profile","a"`, 1))
	if !strings.Contains(got, "OPERATION_TIME_LIMIT") || !strings.Contains(got, `"ADMIN":true`) {
		t.Errorf("one command is refused, the other runs: %s", got)
	}
}

func TestProbabilityOfFaults(t *testing.T) {
	p := Start(t, unlimited)
	p.SeedFaults(7)
	if err := p.Fault(Fault{Kind: Unavailable, Probability: 0.3}); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for range 200 {
		if r, err := p.Call(1, "profile", nil); err != nil || r.Failed() {
			failed++
		}
	}
	if failed < 40 || failed > 80 {
		t.Errorf("%d of 200 failed", failed)
	}
	p.ClearFaults()
	p.must(t, 1, "profile", nil)
}

func TestHookSeesEachCommand(t *testing.T) {
	var seen []string
	p := Start(t, unlimited, func(c *Config) {
		c.OnCall = func(stage, method string) { seen = append(seen, stage+" "+method) }
	})
	p.must(t, 1, "batch", Fields{"cmd": []any{"profile", "server.time"}})
	if got := strings.Join(seen, ", "); got != "before profile, after profile, before server.time, after server.time" {
		t.Errorf("the hook saw %s", got)
	}
}

func TestRename(t *testing.T) {
	p := Start(t, unlimited)
	old := p.URL()
	p.Rename(strings.Replace(old, "127.0.0.1", "localhost", 1))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Post(old+"/rest/profile", "application/json", nil)
	if err != nil || resp.StatusCode != 302 || resp.Header.Get("Location") != p.URL()+"/rest/profile" {
		t.Errorf("old address: %v %v", resp, err)
	}
	p.must(t, 1, "profile", nil)
}

// TestResetInABatch: a batch with a reset command is executed completely and its events are sent, but it gets no answer.
func TestResetInABatch(t *testing.T) {
	p := Start(t, unlimited)
	box := newInbox(t, 200)
	p.FinishInstall(true)
	p.must(t, 1, "event.bind", Fields{"event": "ONCRMDEALADD", "handler": box.url})
	if err := p.Fault(Fault{Kind: "reset", Method: "crm.item.add", Count: 1}); err != nil {
		t.Fatal(err)
	}
	in := `{"cmd":{"a":"profile","b":"crm.item.add?entityTypeId=2&fields[title]=A","c":"crm.item.add?entityTypeId=2&fields[title]=B"},"auth":"` + p.Issue(1).Access + `"}`
	if status, body, _, err := rawCall(p, "batch", in); err == nil {
		t.Errorf("the batch answered %d: %s", status, body)
	}
	if n := len(p.Items(Deal)); n != 2 {
		t.Errorf("%d deals of a batch whose answer was lost", n)
	}
	if n := len(box.got(p)); n != 2 {
		t.Errorf("%d events", n)
	}
	if status, body, _, err := rawCall(p, "batch", in); err != nil || status != 200 {
		t.Errorf("the fault struck twice: %d %s %v", status, body, err)
	}
}

// TestLateInABatch: a batch with a late command is executed and its events are sent long before its answer.
func TestLateInABatch(t *testing.T) {
	p := Start(t, unlimited)
	box := newInbox(t, 200)
	p.FinishInstall(true)
	p.must(t, 1, "event.bind", Fields{"event": "ONCRMDEALADD", "handler": box.url})
	const late = 700 * time.Millisecond
	if err := p.Fault(Fault{Kind: "late", Method: "crm.item.add", Count: 1, DelayText: "700ms"}); err != nil {
		t.Fatal(err)
	}
	type reply struct {
		took time.Duration
		body string
	}
	answered := make(chan reply, 1)
	in := `{"cmd":{"a":"profile","b":"crm.item.add?entityTypeId=2&fields[title]=A"},"auth":"` + p.Issue(1).Access + `"}`
	started := time.Now()
	go func() {
		_, body, _, _ := rawCall(p, "batch", in)
		answered <- reply{time.Since(started), body}
	}()
	for len(box.got(p)) == 0 {
		select {
		case r := <-answered:
			t.Fatalf("the batch answered before its event left: %s", r.body)
		case <-time.After(5 * time.Millisecond):
		}
	}
	if len(p.Items(Deal)) != 1 {
		t.Errorf("%d deals while the answer is awaited", len(p.Items(Deal)))
	}
	r := <-answered
	if r.took < late || !strings.Contains(r.body, `"title":"A"`) {
		t.Errorf("after %s: %s", r.took, r.body)
	}
}
