package sbistest

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Line is one call as the service saw it.
type Line struct {
	Time   time.Time `json:"time"`
	HTTP   int64     `json:"http"`
	Method string    `json:"method"`
	Params any       `json:"params,omitempty"`
	User   string    `json:"user,omitempty"`
	Status int       `json:"status"`
	Error  string    `json:"error,omitempty"`
	Effect string    `json:"effect,omitempty"` // created, updated, deleted, moved …
	Faults []string  `json:"faults,omitempty"`
	Millis float64   `json:"ms"`
}

// Trace is the journal of received calls. It holds no secrets and no files.
type Trace struct {
	machine func() time.Time
	mu      sync.Mutex
	calls   int64
	lines   []Line
}

const maxLines = 500_000

// begin opens a line for one HTTP request and gives it the next number.
func (t *Trace) begin(method string) *Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls++
	return &Line{Time: t.machine(), HTTP: t.calls, Method: method, Status: 200}
}

// end closes the line.
func (t *Trace) end(l *Line) {
	l.Millis = float64(t.machine().Sub(l.Time).Microseconds()) / 1000
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) >= maxLines {
		t.lines = slices.Delete(t.lines, 0, maxLines/10)
	}
	t.lines = append(t.lines, *l)
}

// Lines copies the journal.
func (t *Trace) Lines() []Line {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.lines)
}

// Calls counts the HTTP requests so far, logins and files included.
func (t *Trace) Calls() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls
}

// Count counts the calls of a method, whatever they ended with.
func (t *Trace) Count(method string) int {
	n := 0
	for _, l := range t.Lines() {
		if l.Method == method {
			n++
		}
	}
	return n
}

// Reset forgets the lines; numbers go on.
func (t *Trace) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lines = nil
}

// WriteTo prints the journal as JSON lines.
func (t *Trace) WriteTo(w io.Writer) (int64, error) {
	var n int64
	for _, l := range t.Lines() {
		raw, err := json.Marshal(l)
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

// hidden are the members whose values must not be kept.
var hidden = map[string]bool{"Пароль": true, "app_secret": true, "secret_key": true, "token": true}

// printable copies params without secrets and with files shortened to their size.
func printable(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := dict{}
		for name, member := range v {
			text, isText := member.(string)
			switch {
			case hidden[name]:
				out[name] = "***"
			case isText && (name == "ДвоичныеДанные" || len(text) > 1000):
				out[name] = fmt.Sprintf("%d characters", len(text))
			default:
				out[name] = printable(member)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = printable(v[i])
		}
		return out
	}
	return v
}
