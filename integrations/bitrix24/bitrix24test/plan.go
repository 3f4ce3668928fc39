package bitrix24test

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// plan is what goes wrong with one request.
type plan []Fault

const balancerPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n"

// name is the list of kinds for the trace.
func (p plan) name() string {
	var kinds []string
	for _, f := range p {
		kinds = append(kinds, f.Kind)
	}
	return strings.Join(kinds, ",")
}

func (p plan) has(kind string) (Fault, bool) {
	for _, f := range p {
		if f.Kind == kind {
			return f, true
		}
	}
	return Fault{}, false
}

// before answers the request instead of the portal, if a fault says so.
func (p plan) before(w http.ResponseWriter, r *http.Request) bool {
	for _, f := range p {
		switch f.Kind {
		case Latency:
			wait(r, f.Delay)
		case Unavailable:
			writeError(w, errQueryLimit)
			return true
		case Overload:
			writeError(w, errOverload)
			return true
		case Expired:
			writeError(w, errExpired)
			return true
		case Closed:
			writeError(w, errPortalDeleted)
			return true
		case Forbidden:
			writeError(w, errNoTariff)
			return true
		case HTML200:
			writePage(w, http.StatusOK)
			return true
		case HTML502:
			writePage(w, http.StatusBadGateway)
			return true
		case Rename:
			redirect(w, r, f.Location)
			return true
		case Down:
			abort(w)
		}
	}
	return false
}

// refusal is what a single command answers without being run.
func (p plan) refusal(method ...string) *Error {
	for _, f := range p {
		if f.Method != "" && len(method) > 0 && !strings.EqualFold(f.Method, method[0]) {
			continue
		}
		switch f.Kind {
		case Limit:
			return errOperatingLimit
		case Refuse:
			return f.refuse()
		}
	}
	return nil
}

func (f Fault) refuse() *Error {
	status := f.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	return &Error{Status: status, Code: f.Code, Text: f.Text}
}

// answer sends what the portal has to say, or what is left of it.
func (p plan) answer(w http.ResponseWriter, r *http.Request, status int, body Fields) {
	raw, err := json.Marshal(php(body))
	if err != nil {
		raw, status = []byte(`{"error":"INTERNAL_SERVER_ERROR"}`), http.StatusInternalServerError
	}
	if f, ok := p.has(Late); ok {
		wait(r, f.Delay)
	}
	if _, ok := p.has(Reset); ok {
		abort(w)
	}
	if _, ok := p.has(HTML200Late); ok {
		writePage(w, http.StatusOK)
		return
	}
	if _, ok := p.has(HTML502Late); ok {
		writePage(w, http.StatusBadGateway)
		return
	}
	if _, ok := p.has(Cut); ok {
		raw = raw[:len(raw)/2]
	}
	writeJSON(w, status, raw)
}

func writeJSON(w http.ResponseWriter, status int, raw []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

func writeError(w http.ResponseWriter, e *Error) {
	raw, err := json.Marshal(php(e.body()))
	if err != nil {
		panic(err)
	}
	writeJSON(w, e.Status, raw)
}

func writePage(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(balancerPage))
}

// redirect sends the caller to the portal's other address, as a renamed portal does.
func redirect(w http.ResponseWriter, r *http.Request, base string) {
	http.Redirect(w, r, strings.TrimSuffix(base, "/")+r.URL.RequestURI(), http.StatusFound)
}

// wait sleeps, or less when the caller has gone.
func wait(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}
