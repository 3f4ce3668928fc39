package settings

import (
	"fmt"
	"net/http"

	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// Checklist returns the steps of the setup; most of them are detected as done.
func (h *Handler) Checklist(r *http.Request, v web.Visit) ([]views.ToDo, error) {
	scope := h.DB.Scope(v.Portal)
	settings, err := scope.Portals().Settings(r.Context())
	if err != nil {
		return nil, err
	}
	own, err := scope.Companies().List(r.Context())
	if err != nil {
		return nil, err
	}
	seen, err := scope.Portals().Setup(r.Context())
	if err != nil {
		return nil, err
	}
	return setupChecklist(v, settings, own, seen), nil
}

func setupChecklist(v web.Visit, settings store.Settings, own []store.OwnCompany, seen store.Setup) []views.ToDo {
	at := web.Base(v) + "/settings"
	list := []views.ToDo{
		{Key: "stages", Label: "Сопоставить стадии сделок", Href: at + "/stages", Done: stagesMapped(settings)},
		{Key: "account", Label: "Подключить СБИС", Href: at + "/accounts", Done: seen.HasAccount},
		{Key: "companies", Label: "Заполнить наши организации", Href: at + "/companies", Done: companiesReady(own)},
		{Key: "people", Label: "Добавить сотрудников", Href: at + "/people", Done: seen.HasPeople || settings.Marked("people")},
		{Key: "rights", Label: "Настроить права на «Акты» в CRM", Href: fmt.Sprintf("%s/crm/type/%d/list/", v.Origin, v.EntityType), Outside: true,
			Done: settings.Marked("rights")},
		{Key: "act", Label: "Сформировать первый акт", Href: web.Base(v) + "/deals", Done: seen.HasActs},
	}
	texts := map[string]string{
		"stages":    "Без них сделки не двигаются вслед за актами.",
		"account":   "Без аккаунта работают только бумажные акты.",
		"companies": "У организации должны быть реквизиты в CRM, аккаунт СБИС, идентификатор участника ЭДО и подписант.",
		"people":    "Пока никто не добавлен, " + workflow.UntilAdded + " Добавьте сотрудников, отдел или рабочую группу портала; группу можно создать там же.",
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

// stagesMapped reports whether a pipeline has all stages mapped and no pipeline has lost one.
func stagesMapped(settings store.Settings) bool {
	whole := false
	for _, p := range settings.Pipelines {
		if len(p.Lost) > 0 {
			return false
		}
		whole = whole || len(p.Mapped) == 5
	}
	return whole
}

// companiesReady reports whether at least one company has an account, and all that have one can send documents.
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

// markDone handles POST /p/{portal}/settings/todo/{item}: marks a step as done that cannot be detected.
func (h *Handler) markDone(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := h.Service.Setup.MarkDone(r.Context(), v, r.PathValue("item")); err != nil {
		return err
	}
	http.Redirect(w, r, web.Base(v)+"/settings", http.StatusSeeOther)
	return nil
}
