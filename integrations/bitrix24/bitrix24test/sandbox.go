package bitrix24test

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// serveSandbox answers the JSON that drives and shows the portal; the real Bitrix24 has nothing like it.
func (p *Portal) serveSandbox(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/_sandbox/")
	parts := strings.Split(path, "/")
	switch {
	case path == "state.json":
		writeAny(w, p.Snapshot())
	case path == "trace.jsonl":
		w.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
		_, _ = p.Trace().WriteTo(w)
	case path == "events.json":
		writeAny(w, p.Deliveries())
	case path == "version":
		writeAny(w, Fields{"version": p.Version(), "now": p.nowText()})
	case r.Method != http.MethodPost:
		http.NotFound(w, r)
	case path == "faults":
		p.postFaults(w, r)
	case path == "clock":
		p.postClock(w, r)
	case len(parts) == 3 && parts[0] == "deals" && parts[2] == "stage":
		p.postStage(w, r, integer(parts[1]))
	case len(parts) == 3 && parts[0] == "items":
		p.postItem(w, r, int(integer(parts[1])), integer(parts[2]))
	case len(parts) == 3 && parts[0] == "tasks":
		p.postTask(w, r, integer(parts[1]), parts[2])
	case path == "switches":
		p.postSwitches(w, r)
	case path == "lose":
		p.postLose(w, r)
	case path == "tokens/expire":
		p.ExpireTokens()
		writeAny(w, Fields{"ok": true})
	default:
		http.NotFound(w, r)
	}
}

func writeAny(w http.ResponseWriter, v any) {
	raw, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, append(raw, '\n'))
}

func writeProblem(w http.ResponseWriter, err error) {
	raw, _ := json.Marshal(Fields{"error": err.Error()})
	writeJSON(w, http.StatusUnprocessableEntity, raw)
}

// postFaults adds a fault; {"clear":true} ends all of them.
func (p *Portal) postFaults(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Fault
		Clear bool `json:"clear"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeProblem(w, err)
		return
	}
	if in.Clear {
		p.ClearFaults()
	}
	if in.Kind != "" {
		if err := p.Fault(in.Fault); err != nil {
			writeProblem(w, err)
			return
		}
	}
	writeAny(w, Fields{"ok": true})
}

// postClock moves the business clock: {"advance":"120h"}.
func (p *Portal) postClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeProblem(w, err)
		return
	}
	if err := p.Advance(in.Advance); err != nil {
		writeProblem(w, err)
		return
	}
	writeAny(w, Fields{"now": p.nowText()})
}

// Advance asks for the business clock to be moved: "120h".
func (p *Portal) Advance(by string) error {
	d, err := time.ParseDuration(by)
	if err != nil {
		return err
	}
	if p.cfg.OnClock != nil {
		if err := p.cfg.OnClock(d); err != nil {
			return err
		}
	}
	p.touch()
	return nil
}

// postStage moves a deal as the signed-in person does: {"stageId":"C9:WON"}.
func (p *Portal) postStage(w http.ResponseWriter, r *http.Request, deal int64) {
	var in struct {
		StageID string `json:"stageId"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeProblem(w, err)
		return
	}
	if err := p.Move(p.signedIn(r), Deal, deal, in.StageID); err != nil {
		writeProblem(w, err)
		return
	}
	writeAny(w, Fields{"ok": true})
}

// postItem edits an item as the signed-in person does: {"fields":{...}}.
func (p *Portal) postItem(w http.ResponseWriter, r *http.Request, entityType int, id int64) {
	var in struct {
		Fields Fields `json:"fields"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeProblem(w, err)
		return
	}
	if err := p.Change(p.signedIn(r), entityType, id, in.Fields); err != nil {
		writeProblem(w, err)
		return
	}
	writeAny(w, Fields{"ok": true})
}

// signedIn is the person in the browser: ?as=, else the cookie portal_user, else the manager.
func (p *Portal) signedIn(r *http.Request) int64 {
	id := integer(r.URL.Query().Get("as"))
	if c, err := r.Cookie("portal_user"); err == nil && id == 0 {
		id = integer(c.Value)
	}
	if _, ok := p.User(id); ok {
		return id
	}
	if manager := p.Manager(); manager > 0 {
		return manager
	}
	return p.Admin()
}

// SignedIn is the person in the browser, for the pages.
func (p *Portal) SignedIn(r *http.Request) int64 { return p.signedIn(r) }
