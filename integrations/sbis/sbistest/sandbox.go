package sbistest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"acts24/integrations/fakehttp"
)

// serveSandbox answers the requests below /_sandbox/ that control the service and show its state. The real SBIS has no such addresses.
func (s *Server) serveSandbox(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/_sandbox/")
	parts := strings.Split(path, "/")
	switch {
	case path == "documents.json":
		fakehttp.WriteJSON(w, http.StatusOK, dict{"documents": s.Documents()})
	case path == "trace.jsonl":
		fakehttp.WriteJournal(w, s.trace)
	case path == "version":
		fakehttp.WriteJSON(w, http.StatusOK, dict{"version": s.Version(), "now": moment(s.Now())})
	case len(parts) == 4 && parts[0] == "documents" && parts[2] == "files":
		s.giveFile(w, r, parts[1], parts[3])
	case r.Method != http.MethodPost:
		http.NotFound(w, r)
	case path == "faults":
		s.postFaults(w, r)
	case path == "switches":
		s.postSwitches(w, r)
	case path == "sessions/expire":
		s.ExpireSessions("")
		fakehttp.WriteJSON(w, http.StatusOK, dict{"ok": true})
	case len(parts) == 3 && parts[0] == "documents":
		s.postMove(w, r, parts[1], Move(parts[2]))
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) giveFile(w http.ResponseWriter, r *http.Request, document, name string) {
	data, ok := s.File(document, name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", "attachment")
	_, _ = w.Write(data)
}

// postMove makes a move: {"comment", "outcome", "by", "power", "surname", "name", "patronymic"}, all
// of them optional.
func (s *Server) postMove(w http.ResponseWriter, r *http.Request, document string, move Move) {
	var in struct {
		Comment string `json:"comment"`
		Outcome string `json:"outcome"`
		By      string `json:"by"`
		Power   string `json:"power"`
		Person
	}
	if err := readJSON(r, &in); err != nil {
		fakehttp.WriteJSON(w, http.StatusBadRequest, dict{"error": err.Error()})
		return
	}
	move, in.By = canonical(move, in.By)
	err := s.PerformMove(document, MoveRequest{Move: move, Comment: in.Comment, Outcome: in.Outcome, By: in.By, Power: in.Power, Person: in.Person})
	switch {
	case errors.Is(err, ErrNoDocument):
		fakehttp.WriteJSON(w, http.StatusNotFound, dict{"error": err.Error()})
	case err != nil:
		fakehttp.WriteJSON(w, http.StatusConflict, dict{"error": err.Error()})
	default:
		v, _ := s.Document(document)
		fakehttp.WriteJSON(w, http.StatusOK, v)
	}
}

// canonical translates the names of some moves that other programs use. A proposal is the counterparty's unless by is "us".
func canonical(move Move, by string) (Move, string) {
	switch move {
	case "propose-annulment":
		return MoveAnnul, orElse(by, "counterparty")
	case "accept-annulment":
		return MoveAgreeAnnulment, by
	case "recall-by-us":
		return MoveRecall, by
	}
	return move, by
}

// postSwitches changes what the service offers: {"annulmentActions": true, "printForms": {"after": 2, "never": false, "mb": 0}}.
func (s *Server) postSwitches(w http.ResponseWriter, r *http.Request) {
	var in struct {
		AnnulmentActions *bool       `json:"annulmentActions"`
		PrintForms       *printForms `json:"printForms"`
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		fakehttp.WriteJSON(w, http.StatusBadRequest, dict{"error": err.Error()})
		return
	}
	if in.AnnulmentActions != nil {
		s.OfferAnnulment(*in.AnnulmentActions)
	}
	if p := in.PrintForms; p != nil {
		s.SetPrintForms(p.After, p.Never, p.MB)
	}
	fakehttp.WriteJSON(w, http.StatusOK, dict{"ok": true})
}

// OfferAnnulment sets whether documents that were sent offer actions that recall and annul them.
func (s *Server) OfferAnnulment(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.AnnulmentActions = on
	s.changed()
}

// postFaults adds a fault; {"clear":true} ends all of them.
func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	var err error
	if r.ContentLength != 0 {
		err = fakehttp.ChangeFaults(r, s.Fault, s.ClearFaults)
	}
	if err != nil {
		fakehttp.WriteJSON(w, http.StatusBadRequest, dict{"error": err.Error()})
		return
	}
	fakehttp.WriteJSON(w, http.StatusOK, dict{"ok": true})
}

// readJSON reads a body; an empty one is fine.
func readJSON(r *http.Request, out any) error {
	if r.ContentLength == 0 {
		return nil
	}
	return json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20)).Decode(out)
}
