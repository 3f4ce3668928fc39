package sbistest

import (
	"fmt"
	"time"

	"acts24/integrations/fakehttp"
)

// Line is one received call.
type Line struct {
	Time   time.Time `json:"time"`
	HTTP   int64     `json:"http"`
	Method string    `json:"method"`
	Params any       `json:"params,omitempty"`
	User   string    `json:"user,omitempty"`
	Status int       `json:"status"`
	Error  string    `json:"error,omitempty"`
	Effect string    `json:"effect,omitempty"` // created, updated, deleted, moved …
	Bytes  int       `json:"bytes,omitempty"`  // of a file that the caller has taken
	Faults []string  `json:"faults,omitempty"`
	Millis float64   `json:"ms"`
}

// Trace is the journal of received calls. It holds no secrets and no files.
type Trace struct {
	fakehttp.Journal[Line]
	machine func() time.Time
}

// begin returns a line for one HTTP request with the next number.
func (t *Trace) begin(method string) *Line {
	return &Line{Time: t.machine(), HTTP: t.Next(), Method: method, Status: 200}
}

// end completes a line.
func (t *Trace) end(l *Line) {
	l.Millis = fakehttp.Millis(l.Time, t.machine())
	t.Add(*l)
}

// Count returns the number of calls of a method with any result.
func (t *Trace) Count(method string) int {
	n := 0
	for _, l := range t.Lines() {
		if l.Method == method {
			n++
		}
	}
	return n
}

// secretMembers are the members whose values are not recorded.
var secretMembers = map[string]bool{"Пароль": true, "app_secret": true, "secret_key": true, "token": true}

// printable returns a copy of params without secrets and with files replaced by their size.
func printable(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := dict{}
		for name, member := range v {
			text, isText := member.(string)
			switch {
			case secretMembers[name]:
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
