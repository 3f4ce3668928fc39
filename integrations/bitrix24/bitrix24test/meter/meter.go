// Package meter implements the two limits of the Bitrix24 cloud: requests per source and run time per method.
package meter

import (
	"sync"
	"time"
)

// Limits are the two limits of the cloud. The zero value means the real ones.
type Limits struct {
	Burst     float64       // size of the leaky bucket, 50
	PerSecond float64       // its leak per second, 2
	Operating time.Duration // run time of one method in ten minutes, 480 s
	// Cost returns the run time of one command, which is counted and really spent. Nil counts the real time.
	Cost func(method string) time.Duration
	// Pace makes the clock of Operating run so many times faster, for measurements: the ten minutes, and what is really spent of a Cost,
	// are divided by it. 0 and 1 leave it as it is.
	Pace float64
	Off  bool // no limit at all
}

// Window is the time in which the run time of a method is summed up: ten minutes.
func (l Limits) Window() time.Duration {
	return time.Duration(float64(operatingWindow) / max(l.Pace, 1))
}

// Spent is the time that a command of a cost really takes.
func (l Limits) Spent(cost time.Duration) time.Duration {
	return time.Duration(float64(cost) / max(l.Pace, 1))
}

// WithDefaults replaces zeros by the real limits.
func (l Limits) WithDefaults() Limits {
	if l.Burst == 0 {
		l.Burst = 50
	}
	if l.PerSecond == 0 {
		l.PerSecond = 2
	}
	if l.Operating == 0 {
		l.Operating = 480 * time.Second
	}
	return l
}

// Meter keeps the two limits of a portal: the leaky bucket per source and the run time per method.
type Meter struct {
	mu      sync.Mutex
	buckets map[string]*bucket
	cells   map[string][]cell
}

type bucket struct {
	level float64
	at    time.Time
}

// cell is one minute of run time, a tenth of the window.
type cell struct {
	minute time.Time
	spent  time.Duration
}

const operatingWindow = 10 * time.Minute

// New returns an empty meter.
func New() *Meter {
	return &Meter{buckets: map[string]*bucket{}, cells: map[string][]cell{}}
}

// Admit counts one request of a source; false when its bucket is full.
func (m *Meter) Admit(l Limits, source string, now time.Time) bool {
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

// Spend adds run time of a method.
func (m *Meter) Spend(l Limits, method string, d time.Duration, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cells := m.live(l, method, now)
	minute := now.Truncate(l.Window() / 10)
	if n := len(cells); n > 0 && cells[n-1].minute.Equal(minute) {
		cells[n-1].spent += d
	} else {
		cells = append(cells, cell{minute, d})
	}
	m.cells[method] = cells
}

// Operating returns the run time of a method in the window and the time at which its oldest minute leaves the window.
func (m *Meter) Operating(l Limits, method string, now time.Time) (spent time.Duration, reset time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cells := m.live(l, method, now)
	reset = now.Truncate(l.Window() / 10).Add(l.Window())
	for i, c := range cells {
		spent += c.spent
		if i == 0 {
			reset = c.minute.Add(l.Window())
		}
	}
	return spent, reset
}

// live returns the minutes of a method that are still in the window.
func (m *Meter) live(l Limits, method string, now time.Time) []cell {
	cells := m.cells[method]
	for len(cells) > 0 && now.Sub(cells[0].minute) >= l.Window() {
		cells = cells[1:]
	}
	return cells
}
