package handlers

import (
	"context"
	"net/http"
	"strconv"

	"acts24/acts"
	"acts24/workflow"
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
	return s.done(w, r, v, act, do(act))
}

// tryError tells which action of the page failed.
type tryError struct {
	error
	action string
}

// Unwrap gives what went wrong.
func (e *tryError) Unwrap() error { return e.error }

// trying names the action whose form shows the mistakes.
func trying(action string, err error) error {
	if err == nil {
		return nil
	}
	return &tryError{err, action}
}

// done leads back to the page of an act after a change, or shows it with the reason.
func (s *Server) done(w http.ResponseWriter, r *http.Request, v Visit, act acts.ActID, err error) error {
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
	return s.onAct(w, r, v, func(act acts.ActID) error {
		if err := s.takeNumber(r, v, act); err != nil {
			return trying("send-act", err)
		}
		return s.service.HandOver(r.Context(), v, act)
	})
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
		return trying(personActions[event].TestID, s.service.Mark(r.Context(), v, act, event, r.PostForm.Get("reason")))
	})
}

// checkNow has SBIS asked at once.
func (s *Server) checkNow(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error { return s.service.CheckNow(r.Context(), v, act) })
}

// undo takes the last mark of a person back.
func (s *Server) undo(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error {
		return trying("undo-mark", s.service.Undo(r.Context(), v, act, r.PostForm.Get("reason")))
	})
}

// original marks that the paper original came.
func (s *Server) original(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error {
		return trying("mark-original", s.service.Original(r.Context(), v, act, r.PostForm.Get("original")))
	})
}

// sendPaper sends a paper act, or marks that it was sent.
func (s *Server) sendPaper(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error {
		get := r.PostForm.Get
		return s.service.SendPaper(r.Context(), v, act, workflow.SendForm{Channel: get("channel"), Address: get("address"), On: get("on"), Track: get("track"), Seen: get("seen")})
	})
}

// relink moves an act to another deal.
func (s *Server) relink(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error {
		deal, _ := strconv.ParseInt(r.PostForm.Get("deal"), 10, 64)
		return trying("relink-act", s.service.Relink(r.Context(), v, act, acts.DealID(deal), r.PostForm.Get("reason")))
	})
}

// restoreItem makes the card of an act in the CRM again.
func (s *Server) restoreItem(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onAct(w, r, v, func(act acts.ActID) error { return s.service.RestoreItem(r.Context(), v, act) })
}

// successor forms an act out of another and leads to it.
func (s *Server) successor(form func(ctx context.Context, v Visit, id acts.ActID, key string) (acts.ActID, error)) func(http.ResponseWriter, *http.Request, Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v Visit) error {
		act, err := pathID[acts.ActID](r, "act")
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return badForm(err)
		}
		made, err := form(r.Context(), v, act, r.PostForm.Get("key"))
		if err != nil {
			return s.done(w, r, v, act, err)
		}
		return s.done(w, r, v, made, nil)
	}
}
