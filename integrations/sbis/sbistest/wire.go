package sbistest

import (
	"net/http"

	"acts24/integrations/fakehttp"
)

// before applies the faults before the execution; false when they have answered the call.
func (c *call) before(w http.ResponseWriter) bool {
	f, ok := c.plan.Find(FaultDown, FaultUnavailable, FaultHTML200, FaultBusy)
	if !ok {
		return true
	}
	switch f.Kind {
	case FaultDown:
		c.line.Status = 0
		fakehttp.Abort()
	case FaultUnavailable:
		c.line.Status = http.StatusServiceUnavailable
		page(w, http.StatusServiceUnavailable)
	case FaultHTML200:
		page(w, http.StatusOK)
	case FaultBusy:
		status, body := answer(0, nil, errBusy)
		c.line.Status, c.line.Error = status, errBusy.text
		send(w, status, body)
	}
	return false
}

// after applies the faults after the execution and sends the answer.
func (c *call) after(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	send(w, status, c.applyAnswerFaults(r, body))
}

// applyAnswerFaults delays the answer, closes the connection or truncates the answer.
func (c *call) applyAnswerFaults(r *http.Request, body []byte) []byte {
	if f, ok := c.plan.Find(FaultLate); ok {
		fakehttp.Wait(r, f.Delay)
	}
	switch {
	case c.plan.Has(FaultReset):
		fakehttp.Abort()
	case c.plan.Has(FaultCut):
		return body[:len(body)/2]
	}
	return body
}

func send(w http.ResponseWriter, status int, body []byte) {
	kind := "application/json; charset=utf-8"
	if len(body) > 0 && body[0] == '<' {
		kind = "text/html; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
