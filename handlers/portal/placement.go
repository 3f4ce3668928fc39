package portal

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/workflow"
	"acts24/workflow/setup"
)

// openPlacement handles POST /placement/{kind}: verifies the opening of a placement, starts a visit and redirects to a clean address.
func (h *Handler) openPlacement(kind string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil {
			return web.BadForm(err)
		}
		entry, err := h.Service.Setup.OpenPlacement(r.Context(), kind, r.URL.Query(), r.PostForm)
		if errors.Is(err, setup.ErrUnknown) && kind == "menu" {
			return h.install(w, r) // an app without an installation page is installed when it is first opened
		}
		if err != nil {
			return h.failFramed(w, r, kind, err)
		}
		path, err := h.placementPath(r, kind, entry)
		if err != nil {
			return err
		}
		if err := h.cookies.Set(w, r, entry.Portal.Key, entry.Visit); err != nil {
			return err
		}
		http.Redirect(w, r, path, http.StatusSeeOther)
		return nil
	}
}

// failFramed allows the portal to frame the error of a failed opening, which offers to retry.
func (h *Handler) failFramed(w http.ResponseWriter, r *http.Request, kind string, err error) error {
	o, p, known := h.Service.Setup.CallingPortal(r.Context(), r.URL.Query(), r.PostForm)
	if known {
		web.AllowFrame(w, p.Origin)
		if web.Status(err) == http.StatusServiceUnavailable {
			r.Method, r.URL.Path = http.MethodGet, landingPath(p, kind, o.Object)
		}
	}
	return err
}

// landingPath returns the page of a placement.
func landingPath(p store.Portal, kind string, object int64) string {
	base := web.PortalBase(p.Key) + "/"
	switch kind {
	case "deal":
		return base + "deals/" + strconv.FormatInt(object, 10)
	case "company":
		return base + "companies/" + strconv.FormatInt(object, 10)
	case "contact":
		return base + "contacts/" + strconv.FormatInt(object, 10)
	case "deals", "report":
		return base + kind
	}
	return base + "acts"
}

// placementPath returns the address that an opening leads to.
func (h *Handler) placementPath(r *http.Request, kind string, e setup.VisitStart) (string, error) {
	scope, base := h.DB.Scope(e.Portal.ID), web.PortalBase(e.Portal.Key)
	if e.Redirect != setup.RedirectNowhere {
		return base + "/" + string(e.Redirect), nil
	}
	switch kind {
	case "act":
		id, err := scope.Acts().OfItem(r.Context(), acts.ItemID(e.Opened))
		if err != nil || id == 0 {
			return base + "/acts", err
		}
		return base + "/acts/" + web.ID(id), nil
	case "link", "menu": // BX24.openApplication opens the address of the menu
		if id, err := strconv.ParseInt(e.Params["actId"], 10, 64); err == nil && id > 0 {
			return base + "/acts/" + web.ID(id), nil
		}
		if page := h.linked(e.Params); page != "" {
			return base + "/" + page, nil
		}
	}
	return landingPath(e.Portal, kind, e.Opened), nil
}

// restoreVisit handles POST /placement/return: verifies the data that a page without a visit got from the parent window, and starts a visit.
func (h *Handler) restoreVisit(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	path := r.PostForm.Get("path")
	var entry setup.VisitStart
	err := h.returns.do(r, func() (err error) {
		entry, err = h.Service.Setup.RestoreVisit(r.Context(), r.PostForm, objectAt(path))
		return err
	})
	if err != nil {
		return err
	}
	if !strings.HasPrefix(path, web.PortalBase(entry.Portal.Key)+"/") {
		return acts.Errorf(acts.Forbidden, "Эта страница другого портала.")
	}
	if err := h.cookies.Set(w, r, entry.Portal.Key, entry.Visit); err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, map[string]string{"visit": entry.Visit})
}

// objectAt returns the deal in the URL of a page; the zero object when it has none.
func objectAt(path string) workflow.Object {
	parts := strings.Split(path, "/")
	if len(parts) < 5 || parts[3] != "deals" {
		return workflow.Object{}
	}
	id, _ := strconv.ParseInt(parts[4], 10, 64)
	return workflow.Object{Deal: acts.DealID(id)}
}

// install handles POST /install: registers the portal for its administrator and redirects to the plan of the installation. An app without
// an installation page sends an event here.
func (h *Handler) install(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	if r.PostForm.Has("event") {
		return h.event(w, r)
	}
	var entry setup.VisitStart
	err := h.installs.do(r, func() (err error) {
		entry, err = h.Service.Setup.Install(r.Context(), r.URL.Query(), r.PostForm)
		return err
	})
	if err != nil {
		if entry.Portal.Origin != "" {
			web.AllowFrame(w, entry.Portal.Origin)
		}
		return err
	}
	if err := h.cookies.Set(w, r, entry.Portal.Key, entry.Visit); err != nil {
		return err
	}
	http.Redirect(w, r, web.PortalBase(entry.Portal.Key)+"/install", http.StatusSeeOther)
	return nil
}
