package sbistest

import (
	"sync"
	"time"
)

// meter counts calls under way and recent logins (docs/contracts/sbis.md, "Session").
type meter struct {
	mu       sync.Mutex
	underway map[string]int // by session
	logins   []time.Time
	peak     int
}

func newMeter() *meter { return &meter{underway: map[string]int{}} }

// enter takes one of the places of a session; false when all are taken.
func (m *meter) enter(session string, l Limits) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !l.Off && m.underway[session] >= l.Parallel {
		return false
	}
	m.underway[session]++
	m.peak = max(m.peak, m.underway[session])
	return true
}

func (m *meter) leave(session string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.underway[session]--; m.underway[session] <= 0 {
		delete(m.underway, session)
	}
}

// login counts a login; false when a minute has seen too many.
func (m *meter) login(now time.Time, l Limits) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept := m.logins[:0]
	for _, t := range m.logins {
		if now.Sub(t) < time.Minute {
			kept = append(kept, t)
		}
	}
	m.logins = kept
	if !l.Off && len(m.logins) >= l.Logins {
		return false
	}
	m.logins = append(m.logins, now)
	return true
}

// PeakParallel is the largest number of calls that one session had under way at once.
func (s *Server) PeakParallel() int {
	s.meter.mu.Lock()
	defer s.meter.mu.Unlock()
	return s.meter.peak
}
