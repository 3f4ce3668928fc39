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
	if err := h.Service.Setup.HandleEvent(r.Context(), r.PostForm); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}
