package portal

import (
	"net/http"

	"acts24/handlers/web"
)

// event handles POST /events: stores an event of the portal and answers at once.
func (h *Handler) event(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	handle := func() error { return h.Service.Setup.HandleEvent(r.Context(), r.PostForm) }
	err := error(nil)
	if h.Service.Setup.IsInstallation(r.PostForm) {
		err = h.installs.do(r, handle)
	} else {
		err = handle()
	}
	if err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// robot handles POST /robots: stores the call of a robot and answers at once; its result is sent later.
func (h *Handler) robot(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	if err := h.Service.Robots.Accept(r.Context(), r.PostForm, func(f func() error) error { return h.robots.do(r, f) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}
