package limits

import (
	"context"
	"sync"
)

// Slots limit how many requests of one key run at a time. A nil *Slots has no limit.
type Slots struct {
	perKey int
	mu     sync.Mutex
	used   map[string]*slot
}

// slot belongs to one key while requests of it run or wait.
type slot struct {
	taken chan struct{}
	users int
}

// NewSlots returns slots for so many requests of one key.
func NewSlots(perKey int) *Slots { return &Slots{perKey: perKey, used: map[string]*slot{}} }

// Enter waits until a request of the key may run, at most until ctx is done. leave ends the request.
func (s *Slots) Enter(ctx context.Context, key string) (leave func(), err error) {
	if s == nil {
		return func() {}, nil
	}
	one := s.acquire(key)
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; s.release(key, one) }, nil
	default:
	}
	select {
	case one.taken <- struct{}{}:
		return func() { <-one.taken; s.release(key, one) }, nil
	case <-ctx.Done():
		s.release(key, one)
		return nil, ctx.Err()
	}
}

func (s *Slots) acquire(key string) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.used[key]
	if one == nil {
		one = &slot{taken: make(chan struct{}, s.perKey)}
		s.used[key] = one
	}
	one.users++
	return one
}

func (s *Slots) release(key string, one *slot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one.users--; one.users == 0 {
		delete(s.used, key)
	}
}
