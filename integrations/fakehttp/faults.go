package fakehttp

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Fault is an injected failure. Each fake defines the kinds and the meaning of Location, Status, Code and Text.
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

// Faults holds the faults of one fake.
type Faults struct {
	mu   sync.Mutex
	list []Fault
	rand *rand.Rand
}

// Add adds a fault. A fault with Count 0 stays until Clear.
func (f *Faults) Add(fault Fault) error {
	if fault.DelayText != "" {
		d, err := time.ParseDuration(fault.DelayText)
		if err != nil {
			return fmt.Errorf("delay of fault %q: %w", fault.Kind, err)
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

// Clear removes all faults.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

// Seed makes random faults repeatable.
func (f *Faults) Seed(seed uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rand = rand.New(rand.NewPCG(seed, seed))
}

// Draw returns the faults that occur in a call, among those for which concerns is true, and decrements their counts.
func (f *Faults) Draw(concerns func(Fault) bool) Plan {
	f.mu.Lock()
	defer f.mu.Unlock()
	var plan Plan
	for i := range f.list {
		x := &f.list[i]
		if x.Count == 0 || !concerns(*x) || x.Probability > 0 && f.float() >= x.Probability {
			continue
		}
		if x.Count > 0 {
			x.Count--
		}
		plan = append(plan, *x)
	}
	f.list = slices.DeleteFunc(f.list, func(x Fault) bool { return x.Count == 0 })
	return plan
}

func (f *Faults) float() float64 {
	if f.rand == nil {
		return rand.Float64()
	}
	return f.rand.Float64()
}

// Plan is the list of faults of one call.
type Plan []Fault

// Find returns the first fault of one of the kinds.
func (p Plan) Find(kinds ...string) (Fault, bool) {
	for _, f := range p {
		if slices.Contains(kinds, f.Kind) {
			return f, true
		}
	}
	return Fault{}, false
}

// Has reports whether the plan has a fault of the kind.
func (p Plan) Has(kind string) bool {
	_, found := p.Find(kind)
	return found
}

// Kinds lists the kinds of the plan, for the journal.
func (p Plan) Kinds() []string {
	var kinds []string
	for _, f := range p {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

// Abort closes the connection of a request without an answer.
func Abort() { panic(http.ErrAbortHandler) }

// Wait sleeps for d or until the client disconnects.
func Wait(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}
