package stories

import "acts24/views"

func install() []Story {
	return storiesOf(views.InstallPage, fullInstall,
		state[views.Install]{"asked", nil},
		state[views.Install]{"barred", func(m *views.Install) {
			m.Blocked = true
			m.Checks[1] = views.Check{Title: "Права приложения", State: "bad", Text: "Не хватает прав «CRM» (crm) и «Задачи» (task). Добавьте их и откройте приложение ещё раз."}
		}},
		state[views.Install]{"running", func(m *views.Install) {
			m.State, m.Chip, m.StatusText, m.Steps = "running", chip("идёт", "progress"), "Создаём поля сделки", installSteps("now", "waiting", "")
		}},
		state[views.Install]{"failed", func(m *views.Install) {
			m.State, m.Chip, m.StatusText, m.Steps = "failed", chip("остановлена", "problem"), "Не получилось создать поля сделки.", installSteps("failed", "waiting", "Портал ответил: "+longTitle)
			m.Problem = "Портал не дал создать поле: превышено число полей сделки. Удалите лишние поля и нажмите «Повторить»."
		}},
		state[views.Install]{"done", func(m *views.Install) {
			m.State, m.Chip, m.StatusText, m.Steps, m.ToDo = "done", chip("готово", "success"), "Приложение установлено.", installSteps("done", "done", ""), checklist()
		}},
	)
}

func installSteps(second, third, text string) []views.InstallStep {
	words := map[string]string{"done": "готово", "now": "идёт", "waiting": "ждёт", "failed": "не получилось"}
	return []views.InstallStep{{Part: "type", Label: "Смарт-процесс «Акты»", State: "done", StateText: words["done"]}, {Part: "fields", Label: "Поля сделки", State: second, StateText: words[second], Text: text},
		{Part: "places", Label: "Места приложения", State: third, StateText: words[third]}}
}

func checklist() []views.ToDo {
	return []views.ToDo{{Key: "stages", Label: "Сопоставить стадии сделок", Href: base + "/settings/stages", Done: true},
		{Key: "account", Label: "Подключить СБИС", Href: base + "/settings/accounts", Text: "Без аккаунта работают только бумажные акты."},
		{Key: "companies", Label: "Заполнить наши организации", Href: base + "/settings/companies", Text: "У организации должны быть реквизиты в CRM, аккаунт СБИС, идентификатор участника ЭДО и подписант."},
		{Key: "people", Label: "Добавить сотрудников", Href: base + "/settings/people", Text: "Пока никто не добавлен, с актами работают ответственные за сделки.", Mark: base + "/settings/todo/people"},
		{Key: "rights", Label: "Настроить права на «Акты» в CRM", Href: origin + "/crm/type/1036/list/", Outside: true, Text: "CRM → «Настройки» → «Права доступа», строка «Акты»: дайте ролям чтение и изменение.", Mark: base + "/settings/todo/rights"},
		{Key: "act", Label: "Сформировать первый акт", Href: base + "/deals", Text: "Откройте карточку сделки, вкладка «Акты», и сформируйте пробный акт."}}
}

func fullInstall(f views.Frame) views.Install {
	f.Title = "Установка"
	return views.Install{Frame: f, State: "asked", Heading: "Установка", Chip: chip("ждёт вас", "attention"), StatusText: "Проверьте, что будет создано, и нажмите «Установить».", Button: "Установить",
		People:        "Пока никто не добавлен, с актами работают ответственные за сделки.",
		Checks:        []views.Check{{Title: "Тариф портала", State: "ok"}, {Title: "Права приложения", State: "ok"}, {Title: "Роботы", State: "open", Text: "Нет права «Бизнес-процессы», роботов не будет."}},
		Plan:          []views.PlanItem{{Text: "Смарт-процесс «Акты»"}, {Text: "Поля сделки: 5", Names: []string{"Способ обмена", "Оператор ЭДО", "Идентификатор участника ЭДО"}}, {Text: "Пункты левого меню: 2", Names: []string{"Реестр актов", "Сделки без актов"}}},
		MissingStages: []views.MissingStages{{Pipeline: "1", Name: "Продажи", Stages: "«Акт направлен заявителю», «Услуга оказана»"}, {Pipeline: "3", Name: longName, Stages: "«Услуга оказана»"}}}
}
