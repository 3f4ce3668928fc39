package bitrix24test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestRateLimitAllowsABurstOf50AndTwoASecond(t *testing.T) {
	clock := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	p := Start(t, func(c *Config) { c.Machine = func() time.Time { return clock } })
	token := p.Issue(1).Access
	accepted := func(n int) int {
		count := 0
		for range n {
			r, err := p.CallAs(token, "server.time", nil)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Failed() {
				count++
			} else if r.Status != 503 || r.Error() != "QUERY_LIMIT_EXCEEDED" {
				t.Fatalf("refused with %d %v, want 503 QUERY_LIMIT_EXCEEDED", r.Status, r.Body)
			}
		}
		return count
	}
	if got := accepted(60); got != 50 {
		t.Errorf("of a burst of 60 calls %d are accepted, want 50", got)
	}
	clock = clock.Add(3 * time.Second)
	if got := accepted(10); got != 6 {
		t.Errorf("after three seconds %d of 10 calls are accepted, want 6", got)
	}
	p.SetLimits(Limits{Burst: 250, PerSecond: 5})
	if got := accepted(100); got != 100 {
		t.Errorf("with a burst of 250 allowed, %d of 100 calls are accepted, want all", got)
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
		t.Errorf("refused with %d %v, want 429 OPERATION_TIME_LIMIT", r.Status, r.Body)
	}
	batch := p.mustCall(t, 1, "batch", Fields{"cmd": Fields{"a": "server.time", "b": "profile"}})
	if php.Map(php.Map(batch.Map()["result_error"])["a"])["error"] != "OPERATION_TIME_LIMIT" {
		t.Errorf("batch = %v, want OPERATION_TIME_LIMIT for a", batch.Body)
	}
	timeBlock := php.Map(p.mustCall(t, 1, "profile", nil).Body["time"])
	if timeBlock["operating"] != 0.0 {
		t.Errorf("operating time of another method = %v, want 0", timeBlock["operating"])
	}
	clock = clock.Add(10 * time.Minute)
	timeBlock = php.Map(p.mustCall(t, 1, "server.time", nil).Body["time"])
	if got, _ := php.Number(timeBlock["operating"]); got < 0.009 || got > 0.011 {
		t.Errorf("operating time ten minutes later = %v, want that of one call, 0.01", timeBlock["operating"])
	}
	if reset := php.Integer(timeBlock["operating_reset_at"]); reset != clock.Add(10*time.Minute).Unix() {
		t.Errorf("operating_reset_at = %d, want %d", reset, clock.Add(10*time.Minute).Unix())
	}
}

func TestConcurrentCalls(t *testing.T) {
	p := Start(t, unlimited)
	var group sync.WaitGroup
	for worker := range 8 {
		token := p.Issue(2).Access
		group.Go(func() {
			for i := range 25 {
				title := fmt.Sprintf("%d-%d", worker, i)
				r, err := p.CallAs(token, "crm.item.add", Fields{"entityTypeId": Deal, "fields": Fields{"title": title}})
				if err != nil || r.item()["title"] != title {
					t.Errorf("crm.item.add of %s: %v %v", title, r.Body, err)
				}
			}
		})
	}
	group.Wait()
	ids := map[string]bool{}
	for _, deal := range p.Items(Deal) {
		ids[php.Text(deal["id"])] = true
	}
	if len(ids) != 200 || p.Trace().Count("crm.item.add") != 200 {
		t.Errorf("%d deals, %d calls in the trace; want 200 of both", len(ids), p.Trace().Count("crm.item.add"))
	}
}
