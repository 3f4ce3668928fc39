package limits

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func TestBuckets(t *testing.T) {
	b := PerSecond(50, 100)
	for i := range 100 {
		if wait := b.Take("a", 1, noon); wait != 0 {
			t.Fatalf("request %d waits %s", i+1, wait)
		}
	}
	if wait := b.Take("a", 1, noon); wait != time.Second {
		t.Errorf("request 101 waits %s; want at least a second", wait)
	}
	if wait := b.Take("b", 1, noon); wait != 0 {
		t.Errorf("another key waits %s", wait)
	}
	passed := 0
	for i := range 200 { // twice as many as the rate allows
		if b.Take("a", 1, noon.Add(time.Duration(i)*10*time.Millisecond)) == 0 {
			passed++
		}
	}
	if passed < 95 || passed > 105 {
		t.Errorf("%d requests passed in two seconds; want about 100", passed)
	}
}

func TestBucketsOfADay(t *testing.T) {
	b := PerDay(86_400)
	if wait := b.Take("a", 86_400, noon); wait != 0 {
		t.Errorf("the whole amount waits %s", wait)
	}
	if wait := b.Take("a", 60, noon); wait != time.Minute {
		t.Errorf("a minute's amount waits %s", wait)
	}
}

func TestBucketsKeepLittle(t *testing.T) {
	b := PerMinute(20)
	for i := range 100_000 {
		b.Take(fmt.Sprint(i), 1, noon)
		b.Left("nobody", noon)
	}
	if n := b.Keys(); n > 2*maxKeys {
		t.Errorf("%d keys are kept", n)
	}
	if b.Left("99999", noon) > 19.5 {
		t.Error("the last key is forgotten")
	}
}

func TestNoBuckets(t *testing.T) {
	var b *Buckets
	if wait := b.Take("a", 1_000_000, noon); wait != 0 {
		t.Errorf("without a limit a request waits %s", wait)
	}
}

func TestExceeded(t *testing.T) {
	if err := ErrorAfter(0); err != nil {
		t.Errorf("no wait is %v", err)
	}
	if got := (Exceeded{Wait: 1200 * time.Millisecond}).Seconds(); got != "2" {
		t.Errorf("1.2 seconds are %s; want 2", got)
	}
}
