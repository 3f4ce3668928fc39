package sbistest

import (
	"fmt"
	"slices"

	"acts24/integrations/fakehttp"
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
	Making     = "making"      // a file is still being made: an error of the service under HTTP 500
	MakingOK   = "making_200"  // the same error under HTTP 200
)

var faultKinds = []string{Busy, Refuse, Unavailable, HTML200, Latency, Expired, Down, Late, Reset, Cut, RepeatPage, Shuffle, NoLinks, Making, MakingOK}

// Fault is one thing to go wrong. Its Method may also be "oauth" for the token service and "GET" for a file link.
type Fault = fakehttp.Fault

// Fault makes something go wrong.
func (s *Server) Fault(f Fault) error {
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("unknown fault %q", f.Kind)
	}
	return s.faults.Add(f)
}

// ClearFaults ends all faults.
func (s *Server) ClearFaults() { s.faults.Clear() }

// SeedFaults makes the draw of faults repeatable.
func (s *Server) SeedFaults(seed uint64) { s.faults.Seed(seed) }

// draw decides what happens to a call of the method.
func (s *Server) draw(method string) fakehttp.Plan {
	return s.faults.Draw(func(f Fault) bool { return f.Method == "" || f.Method == method })
}
