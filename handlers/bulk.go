package handlers

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// startBulk takes the chosen acts of a list together and leads to what can be done with them.
func (s *Server) startBulk(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	form, err := readBulk(r.PostForm, v)
	if err != nil {
		return err
	}
	made, err := s.service.Bulk(r.Context(), v, form)
	if err != nil {
		return err
	}
	return s.toBulk(w, r, v, made)
}

func (s *Server) toBulk(w http.ResponseWriter, r *http.Request, v Visit, bulk int64) error {
	http.Redirect(w, r, base(v)+"/bulks/"+id(bulk), http.StatusSeeOther)
	return nil
}

// bulks lists what the visitor has done with many acts lately.
func (s *Server) bulks(w http.ResponseWriter, r *http.Request, v Visit) error {
	found, err := s.db.Scope(v.Portal).BulksOf(r.Context(), v.User)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, views.BulksPage(bulksView(v, found)))
}

// bulk shows what can be done with the acts of a bulk, or how far it is.
func (s *Server) bulk(w http.ResponseWriter, r *http.Request, v Visit) error {
	bulk, err := pathID[int64](r, "bulk")
	if err != nil {
		return err
	}
	return s.renderBulk(w, r, v, bulk, http.StatusOK, nil)
}

func (s *Server) renderBulk(w http.ResponseWriter, r *http.Request, v Visit, bulk int64, status int, tried error) error {
	b, err := s.service.BulkOf(r.Context(), v, bulk)
	if err != nil {
		return err
	}
	scope := s.db.Scope(v.Portal)
	m := bulkView(v, b)
	if b.State == store.BulkChoosing {
		people, err := scope.ActiveUsers(r.Context())
		if err != nil {
			return err
		}
		m.People = targets(v, people)
	} else {
		groups, err := scope.BulkGroups(r.Context(), bulk, v.Sees)
		if err != nil {
			return err
		}
		m.Groups = groupViews(v, b, groups)
	}
	if tried != nil {
		m.Alert = sentenceOf(tried)
	}
	return render(w, r, status, views.BulkPage(m))
}

// onBulk runs what a person asked of a bulk, then shows its page, with the reason when it could not be done.
func (s *Server) onBulk(w http.ResponseWriter, r *http.Request, v Visit, do func(bulk int64) error) error {
	bulk, err := pathID[int64](r, "bulk")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	err = do(bulk)
	if err == nil {
		return s.toBulk(w, r, v, bulk)
	}
	if status := statusOf(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity {
		return s.renderBulk(w, r, v, bulk, status, err)
	}
	return err
}

// chooseTarget names the new responsible.
func (s *Server) chooseTarget(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onBulk(w, r, v, func(bulk int64) error {
		to, _ := strconv.ParseInt(r.PostForm.Get("to"), 10, 64) // 0 is nobody
		return s.service.ChooseTarget(r.Context(), v, bulk, acts.UserID(to))
	})
}

// runBulk starts what was judged.
func (s *Server) runBulk(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onBulk(w, r, v, func(bulk int64) error { return s.service.RunBulk(r.Context(), v, bulk) })
}

// cancelBulk stops a bulk before its next act.
func (s *Server) cancelBulk(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onBulk(w, r, v, func(bulk int64) error { return s.service.CancelBulk(r.Context(), v, bulk) })
}

// bulkFile gives the acts that a bulk has gathered: their documents as an archive, or a table of them.
func (s *Server) bulkFile(w http.ResponseWriter, r *http.Request, v Visit) error {
	bulk, err := pathID[int64](r, "bulk")
	if err != nil {
		return err
	}
	b, err := s.service.BulkOf(r.Context(), v, bulk)
	switch {
	case err != nil:
		return err
	case b.Action.Changes() || b.State != store.BulkJudged || b.Waiting == 0:
		return acts.Errorf(acts.NotFound, "Такого файла нет.")
	case b.Action.Archives():
		return s.archive(w, r, v, b)
	}
	return s.giveActs(w, r, v, plainWorkbook, store.ActFilter{Sees: v.Sees, Zone: zoneOf(v), Bulk: b.ID}, "Выбранные акты")
}

// archive gives the documents of a bulk as one zip, written while they are read.
func (s *Server) archive(w http.ResponseWriter, r *http.Request, v Visit, b store.Bulk) error {
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	name := "Акты " + b.CreatedAt.In(zoneOf(v)).Format("02.01.2006") + " " + strings.ToUpper(string(b.Action)) + ".zip"
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	if err := s.service.Archive(r.Context(), v, b, w); err != nil {
		s.log.ErrorContext(r.Context(), "archive broken off", "portal", v.Portal, "bulk", b.ID, "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
