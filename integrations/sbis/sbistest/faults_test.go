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

// A fault makes a call fail before or after its execution; a repeat leaves one document.
func TestFaultsOfACall(t *testing.T) {
	for _, tt := range []struct {
		kind     string
		isKind   func(error) bool
		executed bool // the document is written although the call failed
	}{
		{sbistest.FaultBusy, sbis.Temporary, false},
		{sbistest.FaultRefuse, sbis.IsRefused, false},
		{sbistest.FaultUnavailable, isUnclear, false},
		{sbistest.FaultHTML200, isUnclear, false},
		{sbistest.FaultDown, isUnclear, false},
		{sbistest.FaultReset, isUnclear, true},
		{sbistest.FaultCut, isUnclear, true},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			service := newTestService(t)
			if _, err := service.client.CurrentUser(t.Context()); err != nil {
				t.Fatal(err)
			}
			d := service.newDraft(customer)
			if err := service.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: tt.kind, Count: 1, Text: "Регламент не настроен"}); err != nil {
				t.Fatal(err)
			}
			_, err := service.client.WriteDocument(t.Context(), d)
			if err == nil || !tt.isKind(err) || (len(service.Documents()) == 1) != tt.executed {
				t.Errorf("%v, of the expected kind %t, %d documents; want true and executed %t", err, err != nil && tt.isKind(err), len(service.Documents()), tt.executed)
			}
			if _, err := service.client.WriteDocument(t.Context(), d); err != nil || len(service.Documents()) != 1 {
				t.Errorf("the repeat: %v, %d documents; want no error and one", err, len(service.Documents()))
			}
		})
	}
}

func TestLateAnswerIsUnclear(t *testing.T) {
	service := newTestService(t)
	if err := service.Fault(sbistest.Fault{Method: "СБИС.ЗаписатьДокумент", Kind: sbistest.FaultLate, DelayText: "1h", Count: 1}); err != nil {
		t.Fatal(err)
	}
	executed := make(chan struct{})
	service.Configure(func(c *sbistest.Config) {
		c.OnCall = func(stage, method string) {
			if stage == "after" && method == "СБИС.ЗаписатьДокумент" {
				close(executed)
			}
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-executed; cancel() }()
	_, err := service.client.WriteDocument(ctx, service.newDraft(customer))
	if !isUnclear(err) || !errors.Is(err, context.Canceled) || len(service.Documents()) != 1 {
		t.Errorf("%v, %d documents; want an unclear result of a cancelled call, and one document", err, len(service.Documents()))
	}
}

func TestInvalidFaultsAreRefused(t *testing.T) {
	service := newTestService(t)
	for _, fault := range []sbistest.Fault{{Kind: "flood"}, {Kind: sbistest.FaultLate, DelayText: "soon"}} {
		if service.Fault(fault) == nil {
			t.Errorf("Fault(%+v) returns no error", fault)
		}
	}
}

func TestParallelCallsAreLimited(t *testing.T) {
	service := newTestService(t)
	if _, err := service.client.CurrentUser(t.Context()); err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan struct{}, 9), make(chan struct{})
	service.Configure(func(c *sbistest.Config) {
		c.OnCall = func(stage, _ string) {
			if stage == "before" {
				entered <- struct{}{}
				<-leave
			}
		}
	})
	var calls sync.WaitGroup
	for range 5 {
		calls.Go(func() {
			if _, err := service.client.CurrentUser(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	for range 5 {
		<-entered
	}
	if _, err := service.client.CurrentUser(t.Context()); !sbis.Temporary(err) || !sbis.NotExecuted(err) {
		t.Errorf("the sixth call at once: %v, want a temporary error of a call that was not executed", err)
	}
	close(leave)
	calls.Wait()
	if peak := service.PeakParallel(); peak != 5 {
		t.Errorf("%d calls ran at once, want 5", peak)
	}
}

func TestLoginsAreLimited(t *testing.T) {
	clock := fakehttp.NewClock(time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC))
	service := newTestService(t, func(c *sbistest.Config) { c.Limits.Logins, c.Machine = 3, clock.Now })
	login := func() error {
		_, err := service.clientWithLogin(sbis.Login{Login: sbistest.DemoLogin, Password: sbistest.DemoPassword}).CurrentUser(t.Context())
		return err
	}
	for n := range 5 {
		if err := login(); (err == nil) != (n < 3) || err != nil && !sbis.Temporary(err) {
			t.Errorf("login %d: %v, want three that succeed and then a temporary error", n+1, err)
		}
	}
	clock.Advance(2 * time.Minute)
	if err := login(); err != nil {
		t.Errorf("a login two minutes later: %v, want no error", err)
	}
}

// An account has five sessions: a sixth login ends the oldest.
func TestFiveSessionsOfAnAccount(t *testing.T) {
	service := newTestService(t)
	var clients []*sbis.Client
	for range 6 {
		c := service.clientWithLogin(sbis.Login{Login: sbistest.DemoLogin, Password: sbistest.DemoPassword})
		if _, err := c.CurrentUser(t.Context()); err != nil {
			t.Fatal(err)
		}
		clients = append(clients, c)
	}
	logins := service.Trace().Count("СБИС.Аутентифицировать")
	for n := 5; n >= 0; n-- { // the first session has ended: its client logs in again
		_, err := clients[n].CurrentUser(t.Context())
		if again := service.Trace().Count("СБИС.Аутентифицировать") - logins; err != nil || (again > 0) != (n == 0) {
			t.Errorf("session %d: %d more logins, %v; want one of the first session only", n+1, again, err)
		}
	}
}

// The state is saved with files, events and positions of the feed; a broken file is refused.
func TestStateIsSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sbis", "state.json")
	service := newTestService(t, func(c *sbistest.Config) { c.SavePath = path })
	id := service.putDraft(customer)
	service.makeMoves(id, sbistest.MoveSignByUs)
	_, cur, err := service.poll(beginning)
	if err != nil {
		t.Fatal(err)
	}
	restarted := newTestService(t, func(c *sbistest.Config) { c.SavePath = path })
	if got := restarted.read(id); got.State.Code != sbis.StateDelivered || len(got.Events) != 4 {
		t.Errorf("after a restart the document is %+v, want the state %d and four events", got, sbis.StateDelivered)
	}
	restarted.makeMoves(id, sbistest.MoveSignByCounterparty)
	if events, _, err := restarted.poll(cur); err != nil || fmt.Sprint(events) != "[1 Утверждение]" {
		t.Errorf("the feed after the restart has the events %v, %v; want only «Утверждение»", events, err)
	}
	name := service.read(id).Attachments[0].File.Name
	before, _ := service.File(id, name)
	after, _ := restarted.File(id, name)
	if len(before) == 0 || string(before) != string(after) {
		t.Errorf("the file has %d bytes before and %d after the restart, want equal files", len(before), len(after))
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sbistest.New(sbistest.Config{SavePath: path}); err == nil {
		t.Error("New with a broken state returns no error")
	}
}

// The addresses of the sandbox are called in this order.
func TestSandboxAddresses(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	get := func(path string) (int, string) { return service.sandbox(http.MethodGet, path, "") }
	post := func(path, body string) (int, string) { return service.sandbox(http.MethodPost, path, body) }
	name := service.Documents()[0].Files[0].Name
	for i, tt := range []struct {
		status int
		words  string
		call   func() (int, string)
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
		if status, body := tt.call(); status != tt.status || !strings.Contains(body, tt.words) {
			t.Errorf("call %d: %d %s; want %d with %q", i+1, status, body, tt.status, tt.words)
		}
	}
}

// The trace records method, effect and user of a call, and no secrets and contents of files.
func TestTraceHoldsNoSecrets(t *testing.T) {
	service := newTestService(t)
	id := service.putDraft(customer)
	_ = service.download(service.read(id).Attachments[0].File.Link)
	_, _ = service.clientWithLogin(sbis.Login{Login: sbistest.DemoLogin, Password: sbistest.DemoPassword}).CurrentUser(t.Context())
	_, trace := service.sandbox(http.MethodGet, "/_sandbox/trace.jsonl", "")
	const xmlInBase64 = "PD94bW" // of <?xm
	for _, word := range []string{sbistest.DemoPassword, sbistest.DemoAppSecret, sbistest.DemoSecretKey, xmlInBase64} {
		if strings.Contains(trace, word) {
			t.Errorf("the trace has %q, want it without", word)
		}
	}
	for _, word := range []string{`"http":1`, `"method":"СБИС.ЗаписатьДокумент"`, `"effect":"created"`, `"user":"` + sbistest.DemoLogin, id, `"status":200`, `"method":"GET"`} {
		if !strings.Contains(trace, word) {
			t.Errorf("the trace lacks %s", word)
		}
	}
}
