package sbistest

import (
	"fmt"
	"slices"

	"acts24/integrations/fakehttp"
)

// The kinds of faults. Those of the first group occur before the execution of a call, those of the second after it, those of the third change
// the answer.
const (
	FaultBusy        = "busy"        // a non-fatal error of the service itself
	FaultRefuse      = "refuse"      // a business error with Text
	FaultUnavailable = "unavailable" // 503 with a page
	FaultHTML200     = "html200"     // a page with status 200
	FaultLatency     = "latency"     // Delay before the execution
	FaultExpired     = "expired"     // the session ends
	FaultDown        = "down"        // the connection is closed

	FaultLate  = "late"  // the answer is sent Delay after the execution
	FaultReset = "reset" // the connection is closed after the execution
	FaultCut   = "cut"   // half of the JSON

	FaultRepeatPage = "repeat_page" // the feed returns its previous page again
	FaultShuffle    = "shuffle"     // documents of a feed page are in reverse order
	FaultNoLinks    = "no_links"    // links of files are empty
	FaultMaking     = "making"      // a file is still being made: an error of the service under HTTP 500
	FaultMakingOK   = "making_200"  // the same error under HTTP 200
)

var faultKinds = []string{FaultBusy, FaultRefuse, FaultUnavailable, FaultHTML200, FaultLatency, FaultExpired, FaultDown, FaultLate, FaultReset, FaultCut, FaultRepeatPage, FaultShuffle, FaultNoLinks, FaultMaking, FaultMakingOK}

// Fault is an injected failure. Its Method may also be "oauth" for the token service and "GET" for a file link.
type Fault = fakehttp.Fault

// Fault adds a fault.
func (s *Server) Fault(f Fault) error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("unknown fault %q", f.Kind)
	}
	return s.faults.Add(f)
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() { s.faults.Clear() }

// SeedFaults makes random faults repeatable.
func (s *Server) SeedFaults(seed uint64) { s.faults.Seed(seed) }

// draw returns the faults of a call of the method.
func (s *Server) draw(method string) fakehttp.Plan {
	return s.faults.Draw(func(f Fault) bool { return f.Method == "" || f.Method == method })
}
