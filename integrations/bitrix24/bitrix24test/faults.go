package bitrix24test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// The kinds of faults. Those of the first group answer before the work, those of the second after it.
const (
	Unavailable = "unavailable" // 503 QUERY_LIMIT_EXCEEDED
	Overload    = "overload"    // 503 OVERLOAD_LIMIT
	HTML200     = "html200"     // a page with status 200
	HTML502     = "html502"     // the balancer's page
	Rename      = "rename"      // 302 to Location
	Expired     = "expired"     // 401 expired_token
	Latency     = "latency"     // Delay before the work
	Limit       = "limit"       // 429 OPERATION_TIME_LIMIT for the method
	Refuse      = "refuse"      // Status, Code and Text of the fault
	Down        = "down"        // the connection is closed
	Closed      = "closed"      // 500 PORTAL_DELETED
	Forbidden   = "forbidden"   // 403 ACCESS_DENIED for the whole request, as without a tariff

	Late        = "late"          // the answer comes Delay after the work
	Reset       = "reset"         // the connection is closed after the work
	Cut         = "cut"           // half of the JSON
	HTML200Late = "html200_after" // work done, a page instead of the answer
	HTML502Late = "html502_after"

	DropEvents = "drop_events" // no event leaves the portal
)

// Fault is one thing to go wrong.
type Fault struct {
	Method      string        `json:"method"` // empty: any
	Kind        string        `json:"kind"`
	Probability float64       `json:"probability"` // 0 means always
	Count       int           `json:"count"`       // how many times; 0 means until cleared
	Delay       time.Duration `json:"-"`
	DelayText   string        `json:"delay"`
	Location    string        `json:"location"`
	Status      int           `json:"status"`
	Code        string        `json:"code"`
	Text        string        `json:"text"`
}

type faults struct {
	mu   sync.Mutex
	list []Fault
	rand *rand.Rand
}

// add takes a fault; Count 0 stays until cleared.
func (f *faults) add(fault Fault) error {
	if fault.DelayText != "" {
		d, err := time.ParseDuration(fault.DelayText)
		if err != nil {
			return err
		}
		fault.Delay = d
	}
	if fault.Count == 0 {
		fault.Count = -1
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, fault)
	return nil
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

func (f *faults) seed(seed uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rand = rand.New(rand.NewPCG(seed, seed))
}

// plan draws what will happen to a request with these commands.
func (f *faults) plan(methods ...string) plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out plan
	for i := range f.list {
		if f.list[i].Kind != DropEvents && f.drawn(&f.list[i], methods) {
			out = append(out, f.list[i])
		}
	}
	f.list = slices.DeleteFunc(f.list, func(x Fault) bool { return x.Count == 0 })
	return out
}

// dropped tells whether an event is to be lost.
func (f *faults) dropped(event string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	lost := false
	for i := range f.list {
		if f.list[i].Kind == DropEvents && f.drawn(&f.list[i], []string{event}) {
			lost = true
		}
	}
	f.list = slices.DeleteFunc(f.list, func(x Fault) bool { return x.Count == 0 })
	return lost
}

func (f *faults) drawn(x *Fault, methods []string) bool {
	named := func(m string) bool { return x.Method == "" || strings.EqualFold(m, x.Method) }
	if x.Count == 0 || !slices.ContainsFunc(methods, named) {
		return false
	}
	if x.Probability > 0 && f.float() >= x.Probability {
		return false
	}
	if x.Count > 0 {
		x.Count--
	}
	return true
}

func (f *faults) float() float64 {
	if f.rand == nil {
		return rand.Float64()
	}
	return f.rand.Float64()
}

// Fault makes something go wrong on this portal; method "oauth.token" means its token server.
func (p *Portal) Fault(f Fault) error {
	if strings.EqualFold(f.Method, "oauth.token") {
		return p.cloud.faults.add(f)
	}
	return p.faults.add(f)
}

// ClearFaults ends all faults, those of the token server too.
func (p *Portal) ClearFaults() {
	p.faults.clear()
	p.cloud.faults.clear()
}

// SeedFaults makes the draw of faults repeatable.
func (p *Portal) SeedFaults(seed uint64) {
	p.faults.seed(seed)
	p.cloud.faults.seed(seed + 1)
}

// abort closes the connection without an answer.
func abort(http.ResponseWriter) { panic(http.ErrAbortHandler) }
