package sbistest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// The kinds of faults. Those of the first group come before the work, those of the second after it.
const (
	Busy        = "busy"        // a non-fatal error of the service itself
	Refuse      = "refuse"      // a business error with Text
	Unavailable = "unavailable" // 503 with a page
	HTML200     = "html200"     // a page with status 200
	Latency     = "latency"     // Delay before the work
	Expired     = "expired"     // the session ends just now
	Down        = "down"        // the connection is closed

	Late  = "late"  // the answer comes Delay after the work
	Reset = "reset" // the connection is closed after the work
	Cut   = "cut"   // half of the JSON

	RepeatPage = "repeat_page" // the feed gives its previous page once more
	Shuffle    = "shuffle"     // documents of a feed page come in reverse
	NoLinks    = "no_links"    // links of files are empty for now
)

var faultKinds = []string{Busy, Refuse, Unavailable, HTML200, Latency, Expired, Down, Late, Reset, Cut, RepeatPage, Shuffle, NoLinks}

// Fault is one thing to go wrong.
type Fault struct {
	Method      string        `json:"method"` // empty: any; "oauth" is the token service, "GET" a file link
	Kind        string        `json:"kind"`
	Probability float64       `json:"probability"` // 0 means always
	Count       int           `json:"count"`       // how many times; 0 means until cleared
	Text        string        `json:"text"`        // of a refusal
	Delay       time.Duration `json:"-"`
	DelayText   string        `json:"delay"`
}

type faults struct {
	mu   sync.Mutex
	list []Fault
	rand *rand.Rand
}

// Fault makes something go wrong.
func (s *Server) Fault(f Fault) error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("unknown fault %q", f.Kind)
	}
	if f.DelayText != "" {
		d, err := time.ParseDuration(f.DelayText)
		if err != nil {
			return fmt.Errorf("delay of fault %q: %w", f.Kind, err)
		}
		f.Delay = d
	}
	if f.Count == 0 {
		f.Count = -1
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, f)
	return nil
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

// SeedFaults makes the draw of faults repeatable.
func (s *Server) SeedFaults(seed uint64) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.rand = rand.New(rand.NewPCG(seed, seed))
}

// plan is what will happen to one call.
type plan []Fault

func (p plan) find(kinds ...string) (Fault, bool) {
	for _, f := range p {
		if slices.Contains(kinds, f.Kind) {
			return f, true
		}
	}
	return Fault{}, false
}

func (p plan) has(kind string) bool { _, ok := p.find(kind); return ok }

// names are the kinds of the plan, for the journal.
func (p plan) names() []string {
	var out []string
	for _, f := range p {
		out = append(out, f.Kind)
	}
	return out
}

// draw decides what will happen to a call of the method.
func (f *faults) draw(method string) plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out plan
	for i := range f.list {
		x := &f.list[i]
		if x.Count == 0 || (x.Method != "" && x.Method != method) || (x.Probability > 0 && f.float() >= x.Probability) {
			continue
		}
		if x.Count > 0 {
			x.Count--
		}
		out = append(out, *x)
	}
	f.list = slices.DeleteFunc(f.list, func(x Fault) bool { return x.Count == 0 })
	return out
}

func (f *faults) float() float64 {
	if f.rand == nil {
		return rand.Float64()
	}
	return f.rand.Float64()
}
