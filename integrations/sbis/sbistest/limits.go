package sbistest

import (
	"sync"
	"time"
)

// meter counts running calls and recent logins (docs/contracts/sbis.md, "Session").
type meter struct {
	mu       sync.Mutex
	underway map[string]int // by session
	logins   []time.Time
	peak     int
}

func newMeter() *meter { return &meter{underway: map[string]int{}} }

// enter starts a call of a session; false when the session has too many.
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

// login counts a login; false when there were too many within a minute.
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

// PeakParallel returns the largest number of simultaneous calls of one session.
func (s *Server) PeakParallel() int {
	s.meter.mu.Lock()
	defer s.meter.mu.Unlock()
	return s.meter.peak
}
