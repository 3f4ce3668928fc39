package bitrix24test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test/contract"
	"acts24/integrations/bitrix24/bitrix24test/php"
	"acts24/integrations/fakehttp"
)

// The kinds of faults. Those of the first group occur before the execution, those of the second after it.
const (
	FaultUnavailable = "unavailable" // 503 QUERY_LIMIT_EXCEEDED
	FaultOverload    = "overload"    // 503 OVERLOAD_LIMIT
	FaultHTML200     = "html200"     // a page with status 200
	FaultHTML502     = "html502"     // the page of a load balancer
	FaultRename      = "rename"      // 302 to Location
	FaultExpired     = "expired"     // 401 expired_token
	FaultLatency     = "latency"     // Delay before the execution
	FaultLimit       = "limit"       // 429 OPERATION_TIME_LIMIT for the method
	FaultRefuse      = "refuse"      // Status, Code and Text of the fault
	FaultDown        = "down"        // the connection is closed
	FaultClosed      = "closed"      // 500 PORTAL_DELETED
	FaultForbidden   = "forbidden"   // 403 ACCESS_DENIED for the whole request, as without a tariff

	FaultLate        = "late"          // the answer is sent Delay after the execution
	FaultReset       = "reset"         // the connection is closed after the execution
	FaultCut         = "cut"           // half of the JSON
	FaultHTML200Late = "html200_after" // a page instead of the answer, after the execution
	FaultHTML502Late = "html502_after"

	FaultDropEvents = "drop_events" // no event is sent
)

// Fault is an injected failure.
type Fault = fakehttp.Fault

// drawCall returns the faults of a request with these commands.
func drawCall(f *fakehttp.Faults, methods ...string) plan {
	return plan{f.Draw(func(x Fault) bool {
		named := func(method string) bool { return x.Method == "" || strings.EqualFold(method, x.Method) }
		return x.Kind != FaultDropEvents && slices.ContainsFunc(methods, named)
	})}
}

// drawEventLoss reports whether a fault loses an event, and counts the fault.
func drawEventLoss(f *fakehttp.Faults, event string) bool {
	return len(f.Draw(func(x Fault) bool {
		return x.Kind == FaultDropEvents && (x.Method == "" || strings.EqualFold(event, x.Method))
	})) > 0
}

// Fault adds a fault to this portal; method "oauth.token" means its token server.
func (p *Portal) Fault(f Fault) error {
	if strings.EqualFold(f.Method, "oauth.token") {
		return p.cloud.faults.Add(f)
	}
	return p.faults.Add(f)
}

// ClearFaults removes all faults, also those of the token server.
func (p *Portal) ClearFaults() {
	p.faults.Clear()
	p.cloud.faults.Clear()
}

// SeedFaults makes random faults repeatable.
func (p *Portal) SeedFaults(seed uint64) {
	p.faults.Seed(seed)
	p.cloud.faults.Seed(seed + 1)
}

// plan holds the faults of one request.
type plan struct{ fakehttp.Plan }

const balancerPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>\r\n</html>\r\n"

// before applies faults before the execution and reports whether one has answered the request.
func (p plan) before(w http.ResponseWriter, r *http.Request) bool {
	for _, f := range p.Plan {
		switch f.Kind {
		case FaultLatency:
			fakehttp.Wait(r, f.Delay)
		case FaultUnavailable:
			writeError(w, contract.ErrQueryLimit)
			return true
		case FaultOverload:
			writeError(w, contract.ErrOverload)
			return true
		case FaultExpired:
			writeError(w, contract.ErrExpired)
			return true
		case FaultClosed:
			writeError(w, contract.ErrPortalDeleted)
			return true
		case FaultForbidden:
			writeError(w, contract.ErrNoTariff)
			return true
		case FaultHTML200:
			writePage(w, http.StatusOK)
			return true
		case FaultHTML502:
			writePage(w, http.StatusBadGateway)
			return true
		case FaultRename:
			redirect(w, r, f.Location)
			return true
		case FaultDown:
			fakehttp.Abort()
		}
	}
	return false
}

// refusal returns the error with which a fault refuses a single command.
func (p plan) refusal(method ...string) *contract.Error {
	for _, f := range p.Plan {
		if f.Method != "" && len(method) > 0 && !strings.EqualFold(f.Method, method[0]) {
			continue
		}
		switch f.Kind {
		case FaultLimit:
			return contract.ErrOperatingLimit
		case FaultRefuse:
			return refusalOf(f)
		}
	}
	return nil
}

// refusalOf returns the error of a fault of the kind Refuse.
func refusalOf(f Fault) *contract.Error {
	status := f.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	return &contract.Error{Status: status, Code: f.Code, Text: f.Text}
}

// answer sends the answer, changed by faults after the execution.
func (p plan) answer(w http.ResponseWriter, r *http.Request, status int, body Fields) {
	raw, err := json.Marshal(php.Array(body))
	if err != nil {
		raw, status = []byte(`{"error":"INTERNAL_SERVER_ERROR"}`), http.StatusInternalServerError
	}
	if f, ok := p.Find(FaultLate); ok {
		fakehttp.Wait(r, f.Delay)
	}
	if p.Has(FaultReset) {
		fakehttp.Abort()
	}
	if p.Has(FaultHTML200Late) {
		writePage(w, http.StatusOK)
		return
	}
	if p.Has(FaultHTML502Late) {
		writePage(w, http.StatusBadGateway)
		return
	}
	if p.Has(FaultCut) {
		raw = raw[:len(raw)/2]
	}
	writeJSON(w, status, raw)
}

func writeJSON(w http.ResponseWriter, status int, raw []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

func writeError(w http.ResponseWriter, e *contract.Error) {
	raw, err := json.Marshal(php.Array(e.Body()))
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

// redirect redirects to another address, as a renamed portal does.
func redirect(w http.ResponseWriter, r *http.Request, base string) {
	http.Redirect(w, r, strings.TrimSuffix(base, "/")+r.URL.RequestURI(), http.StatusFound)
}
