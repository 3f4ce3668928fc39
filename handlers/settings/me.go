package settings

import (
	"cmp"
	"net/http"

	"acts24/handlers/web"
	"acts24/store/people"
	"acts24/views"
)

// me handles GET /p/{portal}/me: the notifications of the visitor, and the colours in which he sees the pages.
func (h *Handler) me(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	wants, err := h.DB.Scope(v.Portal).Digests().Wanted(r.Context(), v.User)
	if err != nil {
		return err
	}
	m := views.Me{Frame: web.Frame(v, "Мои уведомления"), Digest: wants, Save: web.Base(v) + "/me",
		Themes: web.Options(string(cmp.Or(v.Theme, people.ThemeSystem)), string(people.ThemeSystem), "Как в системе", string(people.ThemeLight), "Светлое", string(people.ThemeDark), "Тёмное")}
	m.Menu, m.CurrentTab = true, "/me"
	if r.URL.Query().Get("done") != "" {
		m.Notice = "Сохранено."
	}
	return web.Render(w, r, http.StatusOK, views.MePage(m))
}

// saveMe handles POST /p/{portal}/me: stores the notifications and the theme of the visitor.
func (h *Handler) saveMe(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	if theme := people.Theme(r.PostForm.Get("theme")); theme != "" {
		if err := h.Service.Setup.SetTheme(r.Context(), v, theme); err != nil {
			return err
		}
	}
	if err := h.Service.Remind.SetDigest(r.Context(), v, r.PostForm.Get("digest") != ""); err != nil {
		return err
	}
	http.Redirect(w, r, web.Base(v)+"/me?done=1", http.StatusSeeOther)
	return nil
}
