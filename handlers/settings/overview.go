package settings

import (
	"errors"
	"net/http"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/views"
)

// settings handles GET /p/{portal}/settings: the setup checklist and links to all settings.
func (h *Handler) settings(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	accounts, err := h.DB.Scope(v.Portal).Accounts().List(r.Context())
	if err != nil {
		return err
	}
	todo, err := h.Checklist(r, v)
	if err != nil {
		return err
	}
	m := views.Overview{SettingsFrame: settingsFrame(r, v, "", nil), ToDo: todo}
	for _, a := range accounts {
		if a.Problem != "" {
			m.Account = a.Problem
		}
	}
	return web.Render(w, r, http.StatusOK, views.OverviewPage(m))
}

// settingsFrame returns the frame of a page of the settings; tried is the error of its form.
func settingsFrame(r *http.Request, v web.Visit, section string, tried error) views.SettingsFrame {
	f := views.SettingsFrame{Frame: web.Frame(v, "Настройки"), Section: section}
	f.Menu, f.CurrentTab = true, "/settings"
	if tried == nil {
		f.Notice = map[string]string{"saved": "Сохранено.", "checked": "СБИС отвечает, вход выполнен.", "read": "Сотрудники, отделы и группы перечитаны.",
			"refreshed": "Воронки прочитаны из Битрикс24.", "own-refreshed": "Организации прочитаны из Битрикс24.", "created": "Стадии созданы и выбраны.", "dropped": "Аккаунт отключён, ключи удалены.",
			"code": "Код отправлен владельцу сертификата по СМС.", "activated": "Сертификат активирован."}[r.URL.Query().Get("done")]
		return f
	}
	var faults acts.Faults
	errors.As(tried, &faults)
	f.Faults = web.FaultMap(faults)
	web.ShowError(&f.Frame, "", tried)
	return f
}

// redirectOrRetry redirects after a change, or renders the form again with the error.
func redirectOrRetry(w http.ResponseWriter, r *http.Request, v web.Visit, page string, err error, again func(status int) error) error {
	if err == nil {
		http.Redirect(w, r, web.Base(v)+"/settings"+page, http.StatusSeeOther)
		return nil
	}
	if status := web.Status(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity || status == http.StatusServiceUnavailable {
		return again(status)
	}
	return err
}
