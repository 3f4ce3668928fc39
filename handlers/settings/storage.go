package settings

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"acts24/handlers/web"
	"acts24/views"
	"acts24/workflow/setup"
)

// storage handles GET /p/{portal}/settings/storage: how long data is kept after the app was removed.
func (h *Handler) storage(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	kept, err := h.DB.Scope(v.Portal).Portals().Retention(r.Context())
	if err != nil {
		return err
	}
	return h.renderStorage(w, r, v, http.StatusOK, strconv.Itoa(kept.Days), nil)
}

func (h *Handler) renderStorage(w http.ResponseWriter, r *http.Request, v web.Visit, status int, days string, tried error) error {
	return web.Render(w, r, status, views.StoragePage(views.Storage{SettingsFrame: settingsFrame(r, v, "/storage", tried), Days: days,
		Reason: fmt.Sprintf("Обычно %d: первичные документы хранят не меньше пяти лет после отчётного года (статья 29 закона 402-ФЗ). От %d дней, чтобы успеть вернуть удалённое по ошибке, до %d.",
			setup.DefaultKeepDays, setup.MinKeepDays, setup.MaxKeepDays)}))
}

// saveStorage handles POST /p/{portal}/settings/storage: stores how long data is kept.
func (h *Handler) saveStorage(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	typed := strings.TrimSpace(r.PostForm.Get("days"))
	days, _ := strconv.Atoi(typed) // 0 is refused by the bounds
	err := h.Service.Setup.SaveRetention(r.Context(), v, days)
	return redirectOrRetry(w, r, v, "/storage?done=saved", err, func(status int) error { return h.renderStorage(w, r, v, status, typed, err) })
}
