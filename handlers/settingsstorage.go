package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"acts24/views"
	"acts24/workflow"
)

// storage shows for how long data stays after the app was removed.
func (s *Server) storage(w http.ResponseWriter, r *http.Request, v Visit) error {
	kept, err := s.db.Scope(v.Portal).Keeping(r.Context())
	if err != nil {
		return err
	}
	return s.renderStorage(w, r, v, http.StatusOK, strconv.Itoa(kept.Days), nil)
}

func (s *Server) renderStorage(w http.ResponseWriter, r *http.Request, v Visit, status int, days string, tried error) error {
	return render(w, r, status, views.StoragePage(views.Storage{SettingsFrame: settingsFrame(r, v, "/storage", tried), Days: days,
		Reason: fmt.Sprintf("Обычно %d: первичные документы хранят не меньше пяти лет после отчётного года (статья 29 закона 402-ФЗ). От %d дней, чтобы успеть вернуть удалённое по ошибке, до %d.",
			workflow.UsualKept, workflow.LeastKept, workflow.MostKept)}))
}

// saveStorage keeps the term.
func (s *Server) saveStorage(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	typed := strings.TrimSpace(r.PostForm.Get("days"))
	days, _ := strconv.Atoi(typed) // no number is refused like one out of bounds
	err := s.service.SaveKeeping(r.Context(), v, days)
	return settled(w, r, v, "/storage?done=saved", err, func(status int) error { return s.renderStorage(w, r, v, status, typed, err) })
}
