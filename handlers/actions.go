package handlers

import (
	"fmt"
	"mime"
	"net/http"

	"acts24/acts"
)

// onAct runs what a person asked of an act, then shows its page, with the reason when it could not be done.
func (s *Server) onAct(w http.ResponseWriter, r *http.Request, v Visit, do func(acts.ActID) error) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	err = do(act)
	if err == nil {
		http.Redirect(w, r, base(v)+"/acts/"+id(act), http.StatusSeeOther)
		return nil
	}
	switch status := statusOf(err); status {
	case http.StatusConflict, http.StatusUnprocessableEntity:
		return s.renderAct(w, r, v, act, status, err)
	}
	return err
}

// send hands an act over to SBIS.
func (s *Server) send(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error { return s.service.HandOver(r.Context(), v, act) })
}

// takeBack withdraws the document of an act from SBIS.
func (s *Server) takeBack(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error { return s.service.TakeBack(r.Context(), v, act) })
}

// mark sets a person's mark on an act.
func (s *Server) mark(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error {
		event := acts.Event(r.PostForm.Get("event"))
		if _, ok := personActions[event]; !ok {
			return acts.Errorf(acts.Invalid, "Такой отметки нет.")
		}
		return s.service.Mark(r.Context(), v, act, event, r.PostForm.Get("reason"))
	})
}

// checkNow has SBIS asked at once.
func (s *Server) checkNow(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error { return s.service.CheckNow(r.Context(), v, act) })
}

// xml gives the electronic document of an act.
func (s *Server) xml(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	scope := s.db.Scope(v.Portal)
	file, err := scope.XMLOfAct(r.Context(), act)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", file.Type)
	h.Set("Content-Length", fmt.Sprint(file.Size))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	return scope.CopyFile(r.Context(), file, w)
}
