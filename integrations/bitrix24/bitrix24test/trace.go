package bitrix24test

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/fakehttp"
)

// Line is one received command. Commands of one batch have the same HTTP number.
type Line struct {
	Time    time.Time `json:"time"`
	HTTP    int64     `json:"http"`
	Portal  string    `json:"portal"`
	Source  string    `json:"source"`
	Method  string    `json:"method"`
	Batch   bool      `json:"batch,omitempty"`
	Params  Fields    `json:"params"`
	User    int64     `json:"user,omitempty"`
	Status  int       `json:"status"`
	Error   string    `json:"error,omitempty"`
	Fault   string    `json:"fault,omitempty"`
	Ignored []string  `json:"ignored,omitempty"`
	Millis  float64   `json:"ms"`
}

// Trace is the journal of received calls. It holds no tokens.
type Trace struct{ fakehttp.Journal[Line] }

// begin returns a line for one HTTP request with the next number.
func (t *Trace) begin(r *http.Request, method string, p Fields) *Line {
	source, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		source = r.RemoteAddr
	}
	return &Line{Time: wallClock(), HTTP: t.Next(), Source: source, Method: method, Params: withoutSecrets(p), Status: 200}
}

// end completes a line, with the refusal if there was one.
func (t *Trace) end(l *Line, refusal *contract.Error) {
	if refusal != nil {
		l.Status, l.Error = refusal.Status, refusal.Code
	}
	l.Millis = fakehttp.Millis(l.Time, wallClock())
	t.Add(*l)
}

// Count returns the number of successful commands of a method.
func (t *Trace) Count(method string) int {
	n := 0
	for _, l := range t.Lines() {
		if strings.EqualFold(l.Method, method) && l.Status == 200 {
			n++
		}
	}
	return n
}

var secretNames = []string{"auth", "access_token", "refresh_token", "client_secret", "code", "auth_id", "refresh_id", "token"}

// withoutSecrets returns a copy of parameters without tokens and with long values (files) cut.
func withoutSecrets(p Fields) Fields {
	out := Fields{}
	for k, v := range p {
		if !slices.Contains(secretNames, strings.ToLower(k)) {
			out[k] = shortened(v)
		}
	}
	return out
}

func shortened(v any) any {
	switch v := v.(type) {
	case string:
		if len(v) > 4096 {
			return fmt.Sprintf("%s… (%d bytes)", v[:64], len(v))
		}
	case map[string]any:
		return withoutLong(v)
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = shortened(x)
		}
		return out
	}
	return v
}

func withoutLong(m Fields) Fields {
	out := make(Fields, len(m))
	for k, v := range m {
		out[k] = shortened(v)
	}
	return out
}
