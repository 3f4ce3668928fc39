package limits

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

func TestSlots(t *testing.T) {
	s := NewSlots(2)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	first, err := s.Enter(gone, "a") // a free slot needs no wait
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.Enter(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Enter(gone, "a"); err == nil {
		t.Error("a third request runs")
	}
	other, err := s.Enter(gone, "b")
	if err != nil {
		t.Errorf("another key: %v", err)
	}
	first()
	third, err := s.Enter(gone, "a")
	if err != nil {
		t.Errorf("after one has ended: %v", err)
	}
	for _, leave := range []func(){second, third, other} {
		leave()
	}
	if len(s.used) != 0 {
		t.Errorf("%d keys are kept", len(s.used))
	}
}

func TestSlotsAtOnce(t *testing.T) {
	s := NewSlots(4)
	var running, most atomic.Int32
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			leave, err := s.Enter(t.Context(), "a")
			if err != nil {
				t.Error(err)
				return
			}
			defer leave()
			n := running.Add(1)
			for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
			}
			running.Add(-1)
		})
	}
	all.Wait()
	if most.Load() > 4 || len(s.used) != 0 {
		t.Errorf("%d ran at once, %d keys are kept", most.Load(), len(s.used))
	}
}
