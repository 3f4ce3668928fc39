package bitrix24test

import (
	"sync"
	"time"
)

// meter keeps the two limits of a portal: the leaky bucket per source and the run time per method.
type meter struct {
	mu      sync.Mutex
	buckets map[string]*bucket
	cells   map[string][]cell
}

type bucket struct {
	level float64
	at    time.Time
}

// cell is one minute of run time.
type cell struct {
	minute time.Time
	spent  time.Duration
}

const operatingWindow = 10 * time.Minute

func newMeter() *meter {
	return &meter{buckets: map[string]*bucket{}, cells: map[string][]cell{}}
}

// admit puts one request into the bucket of its source, unless it is full.
func (m *meter) admit(l Limits, source string, now time.Time) bool {
	if l.Off {
		return true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.buckets[source]
	if b == nil {
		b = &bucket{at: now}
		m.buckets[source] = b
	}
	b.level = max(0, b.level-l.PerSecond*now.Sub(b.at).Seconds())
	b.at = now
	if b.level+1 > l.Burst {
		return false
	}
	b.level++
	return true
}

// spend adds run time of a method.
func (m *meter) spend(method string, d time.Duration, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cells := m.live(method, now)
	minute := now.Truncate(time.Minute)
	if n := len(cells); n > 0 && cells[n-1].minute.Equal(minute) {
		cells[n-1].spent += d
	} else {
		cells = append(cells, cell{minute, d})
	}
	m.cells[method] = cells
}

// operating is the run time of a method in the window and the moment when its oldest minute leaves it.
func (m *meter) operating(method string, now time.Time) (spent time.Duration, reset time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cells := m.live(method, now)
	reset = now.Truncate(time.Minute).Add(operatingWindow)
	for i, c := range cells {
		spent += c.spent
		if i == 0 {
			reset = c.minute.Add(operatingWindow)
		}
	}
	return spent, reset
}

// live drops the minutes that have left the window.
func (m *meter) live(method string, now time.Time) []cell {
	cells := m.cells[method]
	for len(cells) > 0 && now.Sub(cells[0].minute) >= operatingWindow {
		cells = cells[1:]
	}
	return cells
}

// SetLimits changes the limits of a running portal.
func (p *Portal) SetLimits(l Limits) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cfg.Limits = l.withDefaults()
}

func (p *Portal) limits() Limits {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cfg.Limits
}
