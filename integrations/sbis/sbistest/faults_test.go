package sbistest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/integrations/fakehttp"
	"acts24/integrations/sbis"
	"acts24/integrations/sbis/sbistest"
)

func TestFaultsOfACall(t *testing.T) {
	for _, tt := range []struct {
		kind string
		is   func(error) bool
		done bool // the document is there although the call failed
	}{
		{sbistest.Busy, sbis.Temporary, false},
		{sbistest.Refuse, sbis.IsRefused, false},
		{sbistest.Unavailable, isUnclear, false},
		{sbistest.HTML200, isUnclear, false},
		{sbistest.Down, isUnclear, false},
		{sbistest.Reset, isUnclear, true},
		{sbistest.Cut, isUnclear, true},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			b := newBench(t)
			if _, err := b.client.CurrentUser(t.Context()); err != nil {
				t.Fatal(err)
			}
			d := b.draft(customer)
			if err := b.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: tt.kind, Count: 1, Text: "Регламент не настроен"}); err != nil {
				t.Fatal(err)
			}
			_, err := b.client.WriteDocument(t.Context(), d)
			if err == nil || !tt.is(err) || (len(b.Documents()) == 1) != tt.done {
				t.Errorf("%v, %d documents", err, len(b.Documents()))
			}
			if _, err := b.client.WriteDocument(t.Context(), d); err != nil || len(b.Documents()) != 1 {
				t.Errorf("repeated: %v, %d documents", err, len(b.Documents()))
			}
		})
	}
}

func TestLateAnswerIsUnclear(t *testing.T) {
	b := newBench(t)
	_ = b.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.Late, DelayText: "1h", Count: 1})
	done := make(chan struct{})
	b.Configure(func(c *sbistest.Config) {
		c.OnCall = func(stage, method string) {
			if stage == "after" && method == "СБИС.ЗаписатьДокумент" {
				close(done)
			}
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-done; cancel() }()
	_, err := b.client.WriteDocument(ctx, b.draft(customer))
	if !isUnclear(err) || !errors.Is(err, context.Canceled) || len(b.Documents()) != 1 {
		t.Errorf("%v, %d documents", err, len(b.Documents()))
	}
}

func TestUnknownFault(t *testing.T) {
	b := newBench(t)
	if b.Fault(sbistest.Fault{Kind: "flood"}) == nil || b.Fault(sbistest.Fault{Kind: sbistest.Late, DelayText: "soon"}) == nil {
		t.Error("a fault that cannot be was taken")
	}
}

func TestParallelCallsAreLimited(t *testing.T) {
	b := newBench(t)
	if _, err := b.client.CurrentUser(t.Context()); err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan struct{}, 9), make(chan struct{})
	b.Configure(func(c *sbistest.Config) {
		c.OnCall = func(stage, _ string) {
			if stage == "before" {
				entered <- struct{}{}
				<-leave
			}
		}
	})
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if _, err := b.client.CurrentUser(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	for range 5 {
		<-entered
	}
	if _, err := b.client.CurrentUser(t.Context()); !sbis.Temporary(err) || !sbis.NotExecuted(err) {
		t.Errorf("the sixth call at once: %v", err)
	}
	close(leave)
	wg.Wait()
	if peak := b.PeakParallel(); peak != 5 {
		t.Errorf("peak %d", peak)
	}
}

func TestLoginsAreLimited(t *testing.T) {
	clock := fakehttp.NewClock(time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC))
	b := newBench(t, func(c *sbistest.Config) { c.Limits.Logins, c.Machine = 3, clock.Now })
	login := func() error {
		_, err := b.as(sbis.Login{Login: sbistest.DemoLogin, Password: sbistest.DemoPassword}).CurrentUser(t.Context())
		return err
	}
	for n := range 5 {
		if err := login(); (err == nil) != (n < 3) || err != nil && !sbis.Temporary(err) {
			t.Errorf("login %d: %v", n, err)
		}
	}
	clock.Advance(2 * time.Minute)
	if err := login(); err != nil {
		t.Errorf("two minutes later: %v", err)
	}
}

func TestFiveSessionsOfAnAccount(t *testing.T) {
	b := newBench(t)
	var clients []*sbis.Client
	for range 6 {
		c := b.as(sbis.Login{Login: sbistest.DemoLogin, Password: sbistest.DemoPassword})
		if _, err := c.CurrentUser(t.Context()); err != nil {
			t.Fatal(err)
		}
		clients = append(clients, c)
	}
	logins := b.Trace().Count("СБИС.Аутентифицировать")
	for n := 5; n >= 0; n-- { // the first session has ended: its client logs in again
		_, err := clients[n].CurrentUser(t.Context())
		if again := b.Trace().Count("СБИС.Аутентифицировать") - logins; err != nil || (again > 0) != (n == 0) {
			t.Errorf("session %d: %d more logins, %v", n, again, err)
		}
	}
}

func TestStateIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sbis", "state.json")
	b := newBench(t, func(c *sbistest.Config) { c.SavePath = path })
	id := b.put(customer)
	b.do(id, sbistest.SignByUs)
	_, cur, err := b.poll(beginning)
	if err != nil {
		t.Fatal(err)
	}
	again := newBench(t, func(c *sbistest.Config) { c.SavePath = path })
	if got := again.read(id); got.State.Code != sbis.StateDelivered || len(got.Events) != 4 {
		t.Errorf("after a restart %+v", got)
	}
	again.do(id, sbistest.SignByCounterparty)
	if events, _, err := again.poll(cur); err != nil || fmt.Sprint(events) != "[1 Утверждение]" {
		t.Errorf("events %v, %v", events, err)
	}
	name := b.read(id).Attachments[0].File.Name
	before, _ := b.File(id, name)
	after, _ := again.File(id, name)
	if len(before) == 0 || string(before) != string(after) {
		t.Error("the file has changed")
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sbistest.New(sbistest.Config{SavePath: path}); err == nil {
		t.Error("a broken state was taken")
	}
}

func TestSandboxAddresses(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	get := func(path string) (int, string) { return b.ask(http.MethodGet, path, "") }
	post := func(path, body string) (int, string) { return b.ask(http.MethodPost, path, body) }
	name := b.Documents()[0].Files[0].Name
	for _, tt := range []struct {
		status int
		words  string
		ask    func() (int, string)
	}{
		{200, `"id": "` + id + `"`, func() (int, string) { return get("/_sandbox/documents.json") }},
		{200, `"name": "` + name + `"`, func() (int, string) { return get("/_sandbox/documents.json") }},
		{200, "<?xml", func() (int, string) { return get("/_sandbox/documents/" + id + "/files/" + name) }},
		{404, "", func() (int, string) { return get("/_sandbox/documents/" + id + "/files/none.xml") }},
		{200, `"state": 4`, func() (int, string) { return post("/_sandbox/documents/"+id+"/sign-by-us", "") }},
		{409, "сейчас это невозможно", func() (int, string) { return post("/_sandbox/documents/"+id+"/sign-by-us", "") }},
		{200, `"comment": "Не та сумма"`, func() (int, string) {
			return post("/_sandbox/documents/"+id+"/reject", `{"comment":"Не та сумма"}`)
		}},
		{404, "не найден", func() (int, string) { return post("/_sandbox/documents/none/reject", "") }},
		{400, "", func() (int, string) { return post("/_sandbox/documents/"+id+"/reject", "{") }},
		{404, "", func() (int, string) { return get("/_sandbox/documents/" + id + "/sign-by-us") }},
		{200, "true", func() (int, string) { return post("/_sandbox/faults", `{"kind":"cut","method":"x","count":1}`) }},
		{400, "flood", func() (int, string) { return post("/_sandbox/faults", `{"kind":"flood"}`) }},
		{200, "true", func() (int, string) { return post("/_sandbox/faults", `{"clear":true}`) }},
		{200, "true", func() (int, string) { return post("/_sandbox/sessions/expire", "") }},
		{200, "version", func() (int, string) { return get("/_sandbox/version") }},
	} {
		if status, body := tt.ask(); status != tt.status || !strings.Contains(body, tt.words) {
			t.Errorf("%d %s; want %d with %q", status, body, tt.status, tt.words)
		}
	}
}

func TestTraceHoldsNoSecrets(t *testing.T) {
	b := newBench(t)
	id := b.put(customer)
	_ = b.download(b.read(id).Attachments[0].File.Link)
	_, _ = b.as(sbis.Login{Login: sbistest.DemoLogin, Password: sbistest.DemoPassword}).CurrentUser(t.Context())
	_, trace := b.ask(http.MethodGet, "/_sandbox/trace.jsonl", "")
	for _, word := range []string{sbistest.DemoPassword, sbistest.DemoAppSecret, sbistest.DemoSecretKey, "PD94bW"} {
		if strings.Contains(trace, word) {
			t.Errorf("%q is in the trace", word)
		}
	}
	for _, word := range []string{`"http":1`, `"method":"СБИС.ЗаписатьДокумент"`, `"effect":"created"`, `"user":"` + sbistest.DemoLogin, id, `"status":200`, `"method":"GET"`} {
		if !strings.Contains(trace, word) {
			t.Errorf("%s is not in the trace", word)
		}
	}
}
