package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/people"
)

// notInstalled answers requests before the installation is finished: it redirects an administrator to it and shows others whom to ask.
func (s *Server) notInstalled(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if v.Admin {
		http.Redirect(w, r, web.Base(v)+"/install", http.StatusSeeOther)
		return nil
	}
	return s.Service.Setup.NotReady(r.Context(), v)
}

// visitOf returns the visit of the portal whose key is in the address, as soon as the limits permit. The address only selects which session is
// read.
// Without a visit the answer for a known key is that for an unknown one.
func (s *Server) visitOf(r *http.Request, rt web.Route, t *permit) (web.Visit, error) {
	key := r.PathValue("portal")
	secret, err := s.cookies.Secret(r, key)
	if err != nil {
		return web.Visit{}, err
	}
	if err := s.limits.ofVisit(r, rt, key, secret, t); err != nil {
		return web.Visit{}, err
	}
	var v people.Visit
	portal, err := s.DB.PortalOfKey(r.Context(), key)
	if err == nil {
		v, err = s.DB.Scope(portal).Visits().Get(r.Context(), secret)
	}
	if errors.Is(err, acts.NotFound) || err == nil && v.State == acts.PortalFrozen {
		return web.Visit{}, web.ErrNoVisit
	}
	if err != nil {
		return web.Visit{}, fmt.Errorf("visit: %w", err)
	}
	return web.Visit{Visit: v, ID: secret, Reading: r.Method == http.MethodGet}, nil
}

// authorize refuses a visitor whom the portal no longer confirms, without the right that the route requires, or without access to the act or
// deal in its address. It returns the visit with what the portal has answered meanwhile.
func (s *Server) authorize(r *http.Request, v web.Visit, rt web.Route) (web.Visit, error) {
	v, err := s.Service.People.Confirm(r.Context(), v)
	if err != nil {
		return v, err
	}
	if err := s.Service.People.Must(r.Context(), v, web.Rights[rt.Proof]); err != nil {
		return v, err
	}
	if strings.Contains(rt.Pattern, "/{act}") {
		act, err := web.PathID[acts.ActID](r, "act")
		if err != nil {
			return v, err
		}
		if err := s.Service.People.MustSeeAct(r.Context(), v, act); err != nil || !rt.OfDeal {
			return v, err
		}
		deal, err := s.Service.Acts.DealOf(r.Context(), v.Portal, act)
		if err != nil {
			return v, err
		}
		return s.Service.Deals.MustBeVisible(r.Context(), v, deal)
	}
	if strings.Contains(rt.Pattern, "/{deal}") {
		deal, err := web.PathID[acts.DealID](r, "deal")
		if err != nil {
			return v, err
		}
		if err := s.Service.People.MustSeeDeal(r.Context(), v, deal); err != nil {
			return v, err
		}
		return s.Service.Deals.MustBeVisible(r.Context(), v, deal)
	}
	return v, nil
}

// withRestored adds what repairs have restored to a page that an administrator reads, once.
func (s *Server) withRestored(r *http.Request, v web.Visit) (web.Visit, error) {
	if !v.Admin || !v.Restored || r.Method != http.MethodGet {
		return v, nil
	}
	var err error
	v.RestoredParts, err = s.Service.Setup.Restored(r.Context(), v)
	return v, err
}
