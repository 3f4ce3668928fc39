package bitrix24test

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func (p *Portal) drive(t *testing.T, path, body string) (int, string) {
	t.Helper()
	resp, err := http.Post(p.URL()+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw)
}

func (p *Portal) fetch(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Get(p.URL() + "/_sandbox/" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, _ := io.ReadAll(resp.Body)
	return string(raw)
}

func TestTraceHoldsNoSecrets(t *testing.T) {
	p := Start(t, unlimited)
	pair := p.Issue(2)
	if _, err := p.CallAs(pair.Access, "profile", nil); err != nil {
		t.Fatal(err)
	}
	p.askToken(t, grantQuery(p, "refresh_token", "refresh_token", pair.Refresh))
	trace := p.fetch(t, "trace.jsonl")
	for _, secret := range []string{pair.Access, pair.Refresh, p.Cloud().App().Secret} {
		if strings.Contains(trace, secret) {
			t.Errorf("the trace holds %s", secret)
		}
	}
	var lines []Line
	for raw := range strings.SplitSeq(strings.TrimSpace(trace), "\n") {
		var l Line
		if err := json.Unmarshal([]byte(raw), &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	if len(lines) != 2 || lines[0].Method != "profile" || lines[0].User != 2 || lines[1].HTTP != 2 || lines[1].Method != "oauth.token" || lines[1].Portal != p.MemberID() {
		t.Errorf("trace = %s", trace)
	}
}

func TestDriving(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, unlimited, func(c *Config) {
		c.Now = func() time.Time { return clock }
		c.OnClock = func(d time.Duration) error { clock = clock.Add(d); return nil }
	})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.SetRows(1, Deal, deal, []Row{{Name: "Услуга", Price: 100}})
	if status, body := p.drive(t, "deals/1/stage", `{"stageId":"WON"}`); status != 200 {
		t.Errorf("stage: %s", body)
	}
	if status, _ := p.drive(t, "deals/1/stage", `{"stageId":"NONE"}`); status != 422 {
		t.Errorf("an unknown stage: %d", status)
	}
	if _, body := p.drive(t, "clock", `{"advance":"120h"}`); !strings.Contains(body, "2026-11-07T13:00:00+03:00") {
		t.Errorf("clock: %s", body)
	}
	if got := p.must(t, 1, "server.time", nil).Result(); got != "2026-11-07T13:00:00+03:00" {
		t.Errorf("server.time = %v", got)
	}
	if status, body := p.drive(t, "faults", `{"kind":"unavailable","count":1,"delay":"2s"}`); status != 200 {
		t.Errorf("faults: %s", body)
	}
	p.refused(t, 1, "profile", nil)
	var state struct {
		Deals []struct {
			ID          int64
			StageID     string
			ProductRows []Fields
		}
		Notifications, Letters, Tasks, Items []any
	}
	if err := json.Unmarshal([]byte(p.fetch(t, "state.json")), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Deals) != 1 || state.Deals[0].StageID != "WON" || len(state.Deals[0].ProductRows) != 1 || state.Tasks == nil {
		t.Errorf("state = %+v", state)
	}
}

func TestSnapshot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "portal", "state.json")
	p := Start(t, unlimited, func(c *Config) { c.SavePath = file })
	deal := p.AddItem(Deal, Fields{"title": "Сохранённая"})
	pair := p.Issue(2)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	again := Start(t, unlimited)
	if found, err := again.Load(file + ".none"); found || err != nil {
		t.Errorf("a missing file: %t %v", found, err)
	}
	if found, err := again.Load(file); !found || err != nil {
		t.Fatalf("load: %t %v", found, err)
	}
	if again.MemberID() != p.MemberID() || again.ApplicationToken() != p.ApplicationToken() {
		t.Error("the portal changed its identity")
	}
	r, err := again.CallAs(pair.Access, "crm.item.get", Fields{"entityTypeId": 2, "id": deal})
	if err != nil || r.item()["title"] != "Сохранённая" {
		t.Errorf("with the old token: %v %v", r.Body, err)
	}
	if id := again.AddItem(Deal, Fields{"title": "B"}); id != deal+1 {
		t.Errorf("numbers start again at %d", id)
	}
}
