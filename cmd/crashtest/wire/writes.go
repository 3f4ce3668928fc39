package wire

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// command is one writing method in a request: a method of the portal or of SBIS with its arguments.
type command struct{ method, text string }

// Writes counts the writing commands that replicas have sent, and those whose outcome the replica did not get.
type Writes struct {
	mu          sync.Mutex
	known       map[[sha256.Size]byte]bool
	sent        int
	repeated    map[string]int // by method: commands that were sent before with the same arguments
	running     map[*writingRequest]bool
	unanswered  int // commands whose response was lost
	interrupted int // commands that were running when their replica was killed
}

// writingRequest is a request whose response a replica waits for.
type writingRequest struct {
	from        Victim
	commands    int
	interrupted bool // the replica was killed meanwhile
}

func newWrites() *Writes {
	return &Writes{known: map[[sha256.Size]byte]bool{}, repeated: map[string]int{}, running: map[*writingRequest]bool{}}
}

// begin counts the commands of a request that a replica has sent to a host.
func (w *Writes) begin(v Victim, host string, commands []command) *writingRequest {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &writingRequest{from: v, commands: len(commands)}
	w.running[r] = true
	for _, c := range commands {
		w.sent++
		key := sha256.Sum256([]byte(host + " " + c.method + " " + c.text))
		if w.known[key] {
			w.repeated[c.method]++
		}
		w.known[key] = true
	}
	return r
}

// end is called when a request has ended; lost means that the replica did not get a response that it can read.
func (w *Writes) end(r *writingRequest, lost bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.running, r)
	if lost && !r.interrupted {
		w.unanswered += r.commands
	}
}

// RecordKill counts the commands that a replica was running when it was killed.
func (w *Writes) RecordKill(v Victim) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for r := range w.running {
		if r.from == v && !r.interrupted {
			r.interrupted = true
			w.interrupted += r.commands
		}
	}
}

// writingCommands returns the commands of a request that change something, without those that renew tokens and sessions.
func writingCommands(r *http.Request, body []byte) (commands []command) {
	var in map[string]json.RawMessage
	if json.Unmarshal(body, &in) != nil {
		return nil
	}
	delete(in, "auth")
	var batch map[string]string
	if json.Unmarshal(in["cmd"], &batch) == nil && len(batch) > 0 {
		for _, text := range batch {
			method, _, _ := strings.Cut(text, "?")
			commands = append(commands, command{method, text})
		}
	} else {
		if r.URL.Host == SBISHost {
			delete(in, "id") // of JSON-RPC, another one in each request
		}
		text, _ := json.Marshal(in) // was read from JSON
		for _, method := range callOf(r, body).methods {
			commands = append(commands, command{method, string(text)})
		}
	}
	kept := commands[:0]
	for _, c := range commands {
		if ChangesState(c.method) && !strings.Contains(c.method, "oauth") && !strings.Contains(c.method, "Аутентифицировать") {
			kept = append(kept, c)
		}
	}
	return kept
}

// WriteCounts are the writing commands of a run.
type WriteCounts struct{ Sent, Repeated, Unanswered, Interrupted int }

// Bound returns how many commands a run needs that repeats each command without an answer until it gets one, and once more each command that a
// kill has interrupted.
func (c WriteCounts) Bound() float64 {
	unanswered := float64(c.Unanswered) / max(float64(c.Sent), 1)
	return float64(c.Sent-c.Repeated)/max(1-unanswered, 0.1) + float64(c.Interrupted)
}

// Counts returns what was counted until now.
func (w *Writes) Counts() (c WriteCounts) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.repeated {
		c.Repeated += n
	}
	c.Sent, c.Unanswered, c.Interrupted = w.sent, w.unanswered, w.interrupted
	return c
}

// String describes the counts, with the repeated methods.
func (w *Writes) String() string {
	c := w.Counts()
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprintf("%d writing commands, %.3f of the bound; %d had been sent before %v, %d were not answered, %d interrupted by a kill",
		c.Sent, float64(c.Sent)/c.Bound(), c.Repeated, w.repeated, c.Unanswered, c.Interrupted)
}
