package handlers

import (
	"errors"
	"net/http"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// settings shows how every page of the settings stands.
func (s *Server) settings(w http.ResponseWriter, r *http.Request, v Visit) error {
	scope := s.db.Scope(v.Portal)
	kept, err := scope.Settings(r.Context())
	if err != nil {
		return err
	}
	own, err := scope.OwnCompanies(r.Context())
	if err != nil {
		return err
	}
	accounts, err := scope.EDOAccounts(r.Context())
	if err != nil {
		return err
	}
	todo, err := s.toDo(r, v)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, views.OverviewPage(views.Overview{SettingsFrame: settingsFrame(r, v, "", nil),
		ToDo: todo, Items: overview(base(v), kept, own, accounts)}))
}

// overview words how the pages of the settings stand.
func overview(base string, kept store.Settings, own []store.OwnCompany, accounts []store.EDOAccount) []views.OverviewItem {
	ready, missing := views.Chip{Text: "Готово", Tone: "success"}, views.Chip{Text: "Нужно настроить", Tone: "attention"}
	items := []views.OverviewItem{
		{Href: "/accounts", Label: "Аккаунты СБИС", Text: "Через них электронные акты уходят на подпись.", State: missing},
		{Href: "/companies", Label: "Наши организации", Text: "От чьего имени составляются акты, кто подписывает, как нумеруются.", State: missing},
		{Href: "/stages", Label: "Стадии сделок", Text: "Куда сделки переходят сами.", State: missing},
		{Href: "/question", Label: "Вопрос контрагенту", Text: "Письмо со ссылкой на форму: на бумаге или через ЭДО.", State: ready},
		{Href: "/days", Label: "Рабочие дни", Text: "По ним считаются сроки и напоминания.", State: ready},
		{Href: "/people", Label: "Люди", Text: "Кто смотрит акты, кто с ними работает, кто управляет приложением.", State: ready},
		{Href: "/storage", Label: "Хранение", Text: "Сколько данные хранятся после удаления приложения.", State: ready},
	}
	for _, a := range accounts {
		items[0].State = ready
		if a.Problem != "" {
			items[0].State = views.Chip{Text: a.Problem, Tone: "problem"}
			break
		}
	}
	for _, c := range own {
		if c.AccountID != 0 {
			items[1].State = ready
		}
	}
	for _, p := range kept.Pipelines {
		if len(p.Mapped) > 0 {
			items[2].State = ready
		}
	}
	for i := range items {
		items[i].Href = base + "/settings" + items[i].Href
	}
	return items
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
