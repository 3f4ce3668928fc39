package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// enter verifies an opening of a portal, starts a visit and leads to a clean address.
func (s *Server) enter(kind string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return badForm(err)
		}
		entry, err := s.service.Enter(r.Context(), kind, r.URL.Query(), r.PostForm)
		if errors.Is(err, workflow.ErrUnknown) && kind == "menu" {
			return s.install(w, r) // an app without a page for its installation is first heard of when it is opened
		}
		if err != nil {
			return s.framed(w, r, kind, err)
		}
		path, err := s.pathOf(r, kind, entry)
		if err != nil {
			return err
		}
		if err := s.keepVisit(w, r, entry.Portal.ID, entry.Visit); err != nil {
			return fmt.Errorf("keep visit: %w", err)
		}
		http.Redirect(w, r, path, http.StatusSeeOther)
		return nil
	}
}

// framed shows a failed opening in the portal's frame when the portal is known, with a way to try again.
func (s *Server) framed(w http.ResponseWriter, r *http.Request, kind string, err error) error {
	o, p, known := s.service.Opener(r.Context(), r.URL.Query(), r.PostForm)
	if known {
		allowFrame(w, p.Origin)
		if statusOf(err) == http.StatusServiceUnavailable {
			r.Method, r.URL.Path = http.MethodGet, landing(p, kind, o.Object)
		}
	}
	return err
}

func landing(p store.Portal, kind string, object int64) string {
	base := fmt.Sprintf("/p/%d/", p.ID)
	switch kind {
	case "deal":
		return base + "deals/" + strconv.FormatInt(object, 10)
	case "company":
		return base + "companies/" + strconv.FormatInt(object, 10)
	case "contact":
		return base + "contacts/" + strconv.FormatInt(object, 10)
	}
	return base + "acts"
}

// pathOf is the clean address of what was opened.
func (s *Server) pathOf(r *http.Request, kind string, e workflow.Entry) (string, error) {
	scope := s.db.Scope(e.Portal.ID)
	if e.Lead != workflow.LeadNowhere {
		return fmt.Sprintf("/p/%d/%s", e.Portal.ID, e.Lead), nil
	}
	switch kind {
	case "act":
		id, err := scope.ActOfItem(r.Context(), acts.ItemID(e.Opened))
		if err != nil || id == 0 {
			return fmt.Sprintf("/p/%d/acts", e.Portal.ID), err
		}
		return fmt.Sprintf("/p/%d/acts/%d", e.Portal.ID, id), nil
	case "link":
		if id, err := strconv.ParseInt(e.Params["actId"], 10, 64); err == nil && id > 0 {
			return fmt.Sprintf("/p/%d/acts/%d", e.Portal.ID, id), nil
		}
		if page := named(e.Portal.ID, e.Params); page != "" {
			return page, nil
		}
	}
	return landing(e.Portal, kind, e.Opened), nil
}

// comeBack verifies what the parent window told a page that lost its visit.
func (s *Server) comeBack(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	path := r.PostForm.Get("path")
	entry, err := s.service.Return(r.Context(), r.PostForm, objectAt(path))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(path, fmt.Sprintf("/p/%d/", entry.Portal.ID)) {
		return acts.Errorf(acts.Forbidden, "Эта страница другого портала.")
	}
	if err := s.keepVisit(w, r, entry.Portal.ID, entry.Visit); err != nil {
		return fmt.Errorf("keep visit: %w", err)
	}
	return writeJSON(w, http.StatusOK, map[string]string{"visit": entry.Visit})
}

// objectAt is the thing of the portal that a page of ours is about.
func objectAt(path string) workflow.Object {
	parts := strings.Split(path, "/")
	if len(parts) < 5 || parts[3] != "deals" {
		return workflow.Object{}
	}
	id, _ := strconv.ParseInt(parts[4], 10, 64)
	return workflow.Object{Deal: acts.DealID(id)}
}

// install takes the portal over for its administrator and leads to what the installation will make. An app that is installed
// without a page is heard of here by an event.
func (s *Server) install(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	if r.PostForm.Has("event") {
		return s.event(w, r)
	}
	entry, err := s.service.Install(r.Context(), r.URL.Query(), r.PostForm)
	if err != nil {
		if entry.Portal.Origin != "" {
			allowFrame(w, entry.Portal.Origin)
		}
		return err
	}
	if err := s.keepVisit(w, r, entry.Portal.ID, entry.Visit); err != nil {
		return fmt.Errorf("keep visit: %w", err)
	}
	http.Redirect(w, r, fmt.Sprintf("/p/%d/install", entry.Portal.ID), http.StatusSeeOther)
	return nil
}

// event keeps what a portal told us and answers at once.
func (s *Server) event(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	if err := s.service.PortalEvent(r.Context(), r.PostForm); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

func badForm(err error) error {
	if statusOf(err) == http.StatusRequestEntityTooLarge {
		return err
	}
	return acts.Errorf(acts.Invalid, "Непонятный запрос.")
}

func writeJSON(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(v)
}
