package fakehttp

import (
	"encoding/json"
	"io"
	"slices"
	"sync"
	"time"
)

// maxLines is the largest number of lines; the oldest tenth of a full journal is dropped.
const maxLines = 500_000

// Journal keeps the calls that a fake received, one line L each, and numbers the HTTP requests.
type Journal[L any] struct {
	mu    sync.Mutex
	calls int64
	lines []L
}

// Next returns the number of the HTTP request that has just arrived, from 1.
func (j *Journal[L]) Next() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.calls++
	return j.calls
}

// Add appends a line.
func (j *Journal[L]) Add(line L) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) >= maxLines {
		j.lines = slices.Delete(j.lines, 0, maxLines/10)
	}
	j.lines = append(j.lines, line)
}

// Lines copies the journal.
func (j *Journal[L]) Lines() []L {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.lines)
}

// Calls counts the HTTP requests so far, logins, token renewals and files included.
func (j *Journal[L]) Calls() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.calls
}

// Reset drops the lines; the numbers continue.
func (j *Journal[L]) Reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = nil
}

// WriteTo prints the journal as JSON lines.
func (j *Journal[L]) WriteTo(w io.Writer) (int64, error) {
	var n int64
	for _, line := range j.Lines() {
		raw, err := json.Marshal(line)
		if err != nil {
			return n, err
		}
		m, err := w.Write(append(raw, '\n'))
		if n += int64(m); err != nil {
			return n, err
		}
	}
	return n, nil
}

// Millis is the time between two moments in milliseconds.
func Millis(from, to time.Time) float64 { return float64(to.Sub(from).Microseconds()) / 1000 }
