package handlers

import (
	"fmt"
	"net/http"

	"acts24/store"
	"acts24/views"
)

// toDo is what an administrator still has to do before the first act, and after it; most of it we see ourselves.
func (s *Server) toDo(r *http.Request, v Visit) ([]views.ToDo, error) {
	scope := s.db.Scope(v.Portal)
	settings, err := scope.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	own, err := scope.OwnCompanies(r.Context())
	if err != nil {
		return nil, err
	}
	seen, err := scope.SetUp(r.Context())
	if err != nil {
		return nil, err
	}
	return toDo(v, settings, own, seen), nil
}

func toDo(v Visit, settings store.Settings, own []store.OwnCompany, seen store.SetUp) []views.ToDo {
	at := base(v) + "/settings"
	list := []views.ToDo{
		{Key: "stages", Label: "Сопоставить стадии сделок", Href: at + "/stages", Done: mappedWell(settings)},
		{Key: "account", Label: "Подключить СБИС", Href: at + "/accounts", Done: seen.Account},
		{Key: "companies", Label: "Заполнить наши организации", Href: at + "/companies", Done: companiesReady(own)},
		{Key: "people", Label: "Добавить сотрудников", Href: at + "/people", Done: seen.People || settings.Marked("people")},
		{Key: "rights", Label: "Настроить права на «Акты» в CRM", Href: fmt.Sprintf("%s/crm/type/%d/list/", v.Origin, v.EntityType), Outside: true,
			Done: settings.Marked("rights")},
		{Key: "act", Label: "Сформировать первый акт", Href: base(v) + "/deals", Done: seen.Acts},
	}
	texts := map[string]string{
		"stages":    "Без них сделки не двигаются вслед за актами.",
		"account":   "Без аккаунта работают только бумажные акты.",
		"companies": "У организации должны быть реквизиты в CRM, аккаунт СБИС, идентификатор участника ЭДО и подписант.",
		"people": "Пока никто не добавлен, с актами работают все, кому доступно приложение. Добавьте сотрудников, отдел или рабочую группу портала; " +
			"группу можно создать там же.",
		"rights": "CRM → «Настройки» → «Права доступа», строка «Акты»: дайте ролям чтение и изменение. " +
			"Приложению эти права недоступны, поэтому их задаёт администратор.",
		"act": "Откройте карточку сделки, вкладка «Акты», и сформируйте пробный акт.",
	}
	for i, t := range list {
		if t.Done {
			continue
		}
		list[i].Text = texts[t.Key]
		if t.Key == "rights" || t.Key == "people" {
			list[i].Mark = at + "/todo/" + t.Key
		}
	}
	if seen.DeadTokens {
		list = append([]views.ToDo{{Key: "token", Label: "Доступ к порталу потерян",
			Text: "Сотрудник, от имени которого работало приложение, уволен или лишён доступа. Откройте приложение из меню портала ещё раз: доступ восстановится от вашего имени."}}, list...)
	}
	if seen.Problem != "" {
		list = append([]views.ToDo{{Key: "repair", Label: "Проверка портала не закончена", Text: seen.Problem}}, list...)
	}
	return list
}

// mappedWell: at least one pipeline has stages for the whole way, and none has lost one.
func mappedWell(settings store.Settings) bool {
	whole := false
	for _, p := range settings.Pipelines {
		if len(p.Lost) > 0 {
			return false
		}
		whole = whole || len(p.Mapped) == 5
	}
	return whole
}

// companiesReady: there is one of ours, and every one that has an account can hand over.
func companiesReady(own []store.OwnCompany) bool {
	ready := false
	for _, c := range own {
		if c.AccountID == 0 {
			continue
		}
		if c.Party.INN == "" || c.Party.Participant == "" || c.Signer.Last == "" {
			return false
		}
		ready = true
	}
	return ready
}

// markDone keeps that a person says something is done that we cannot see.
func (s *Server) markDone(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := s.service.MarkDone(r.Context(), v, r.PathValue("item")); err != nil {
		return err
	}
	http.Redirect(w, r, base(v)+"/settings", http.StatusSeeOther)
	return nil
}
