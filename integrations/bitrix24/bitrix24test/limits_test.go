package bitrix24test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestBucketHolds50AndLeaksTwoASecond(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, func(c *Config) { c.Machine = func() time.Time { return clock } })
	token := p.Issue(1).Access
	good := func(n int) int {
		done := 0
		for range n {
			r, err := p.CallAs(token, "server.time", nil)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Failed() {
				done++
			} else if r.Status != 503 || r.Error() != "QUERY_LIMIT_EXCEEDED" {
				t.Fatalf("refusal %d %v", r.Status, r.Body)
			}
		}
		return done
	}
	if got := good(60); got != 50 {
		t.Errorf("a burst let %d through", got)
	}
	clock = clock.Add(3 * time.Second)
	if got := good(10); got != 6 {
		t.Errorf("after three seconds %d went through", got)
	}
	p.SetLimits(Limits{Burst: 250, PerSecond: 5})
	if got := good(100); got != 100 {
		t.Errorf("a larger bucket let %d through", got)
	}
}

func TestOperatingTimeOfOneMethod(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, func(c *Config) {
		c.Machine = func() time.Time { return clock }
		c.Limits = Limits{Burst: 1e6, Operating: 30 * time.Millisecond, Cost: func(m string) time.Duration {
			if m == "server.time" {
				return 10 * time.Millisecond
			}
			return 0
		}}
	})
	for range 3 {
		p.mustCall(t, 1, "server.time", nil)
	}
	r := p.refusedCall(t, 1, "server.time", nil)
	if r.Status != 429 || r.Error() != "OPERATION_TIME_LIMIT" {
		t.Errorf("refusal %d %v", r.Status, r.Body)
	}
	inner := p.mustCall(t, 1, "batch", Fields{"cmd": Fields{"a": "server.time", "b": "profile"}})
	if php.Map(php.Map(inner.Map()["result_error"])["a"])["error"] != "OPERATION_TIME_LIMIT" {
		t.Errorf("in a batch: %v", inner.Body)
	}
	block := php.Map(p.mustCall(t, 1, "profile", nil).Body["time"])
	if block["operating"] != 0.0 {
		t.Errorf("another method pays: %v", block)
	}
	clock = clock.Add(10 * time.Minute)
	block = php.Map(p.mustCall(t, 1, "server.time", nil).Body["time"])
	if got, _ := php.Number(block["operating"]); got < 0.009 || got > 0.011 {
		t.Errorf("after the window operating = %v", block["operating"])
	}
	if reset := php.Integer(block["operating_reset_at"]); reset != clock.Add(10*time.Minute).Unix() {
		t.Errorf("operating_reset_at = %d", reset)
	}
}

func TestManyCallersAtOnce(t *testing.T) {
	p := Start(t, unlimited)
	var group sync.WaitGroup
	for worker := range 8 {
		token := p.Issue(2).Access
		group.Go(func() {
			for i := range 25 {
				title := fmt.Sprintf("%d-%d", worker, i)
				r, err := p.CallAs(token, "crm.item.add", Fields{"entityTypeId": Deal, "fields": Fields{"title": title}})
				if err != nil || r.item()["title"] != title {
					t.Errorf("%s: %v %v", title, r.Body, err)
				}
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, deal := range p.Items(Deal) {
		seen[php.Text(deal["id"])] = true
	}
	if len(seen) != 200 || p.Trace().Count("crm.item.add") != 200 {
		t.Errorf("%d deals, %d calls in the journal", len(seen), p.Trace().Count("crm.item.add"))
	}
}
