package bitrix24test

import (
	"testing"
	"time"
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
		p.must(t, 1, "server.time", nil)
	}
	r := p.refused(t, 1, "server.time", nil)
	if r.Status != 429 || r.Error() != "OPERATION_TIME_LIMIT" {
		t.Errorf("refusal %d %v", r.Status, r.Body)
	}
	inner := p.must(t, 1, "batch", Fields{"cmd": Fields{"a": "server.time", "b": "profile"}})
	if fields(fields(inner.Map()["result_error"])["a"])["error"] != "OPERATION_TIME_LIMIT" {
		t.Errorf("in a batch: %v", inner.Body)
	}
	block := fields(p.must(t, 1, "profile", nil).Body["time"])
	if block["operating"] != 0.0 {
		t.Errorf("another method pays: %v", block)
	}
	clock = clock.Add(10 * time.Minute)
	block = fields(p.must(t, 1, "server.time", nil).Body["time"])
	if got, _ := number(block["operating"]); got < 0.009 || got > 0.011 {
		t.Errorf("after the window operating = %v", block["operating"])
	}
	if reset := integer(block["operating_reset_at"]); reset != clock.Add(10*time.Minute).Unix() {
		t.Errorf("operating_reset_at = %d", reset)
	}
}
