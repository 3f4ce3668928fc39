package handlers

import (
	"errors"
	"net/http"

	"acts24/acts"
	"acts24/views"
)

// settings shows what is still to be done, and the way to every page of the settings.
func (s *Server) settings(w http.ResponseWriter, r *http.Request, v Visit) error {
	accounts, err := s.db.Scope(v.Portal).EDOAccounts(r.Context())
	if err != nil {
		return err
	}
	todo, err := s.toDo(r, v)
	if err != nil {
		return err
	}
	m := views.Overview{SettingsFrame: settingsFrame(r, v, "", nil), ToDo: todo}
	for _, a := range accounts {
		if a.Problem != "" {
			m.Account = a.Problem
		}
	}
	return render(w, r, http.StatusOK, views.OverviewPage(m))
}

// settingsFrame frames a page of the settings; tried is what was wrong in its form.
func settingsFrame(r *http.Request, v Visit, section string, tried error) views.SettingsFrame {
	f := views.SettingsFrame{Frame: frameOf(v, "Настройки"), Section: section}
	f.Menu, f.Here = true, "/settings"
	if tried == nil {
		f.Notice = map[string]string{"saved": "Сохранено.", "checked": "СБИС отвечает, вход выполнен.", "read": "Сотрудники, отделы и группы перечитаны.",
			"refreshed": "Воронки прочитаны из Битрикс24.", "created": "Стадии созданы и выбраны.", "dropped": "Аккаунт отключён, ключи удалены.",
			"code": "Код отправлен владельцу сертификата по СМС.", "activated": "Сертификат активирован."}[r.URL.Query().Get("done")]
		return f
	}
	var faults acts.Faults
	errors.As(tried, &faults)
	f.Alert, f.Faults = sentenceOf(tried), faultMap(faults)
	return f
}

// settled leads back to a page of the settings after a change, or has it drawn again with what was wrong.
func settled(w http.ResponseWriter, r *http.Request, v Visit, page string, err error, again func(status int) error) error {
	if err == nil {
		http.Redirect(w, r, base(v)+"/settings"+page, http.StatusSeeOther)
		return nil
	}
	if status := statusOf(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity || status == http.StatusServiceUnavailable {
		return again(status)
	}
	return err
}
