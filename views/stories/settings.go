package stories

import (
	"slices"

	"acts24/views"
)

// section returns the frame of a settings page.
func section(f views.Frame, path string) views.SettingsFrame {
	return views.SettingsFrame{Frame: tab(f, "Настройки", "/settings"), Section: path}
}

// refuse shows a settings page after its form was not accepted.
func refuse(f *views.SettingsFrame, faults map[string]string) {
	f.Faults = withFaults(&f.Frame, faults)
}

func settings() []Story {
	return slices.Concat(
		storiesOf(views.OverviewPage, func(f views.Frame) views.Overview {
			return views.Overview{SettingsFrame: section(f, ""), ToDo: checklist(), Account: "СБИС не принял ключ аккаунта «Основной»."}
		}, state[views.Overview]{"first-run", nil},
			state[views.Overview]{"all-done", func(m *views.Overview) {
				for i := range m.ToDo {
					m.ToDo[i] = views.ToDo{Key: m.ToDo[i].Key, Label: m.ToDo[i].Label, Href: m.ToDo[i].Href, Done: true}
				}
				m.Account, m.Notice = "", "Сохранено."
			}},
			state[views.Overview]{"repaired", func(m *views.Overview) {
				m.Restored = []string{"поле «Способ обмена»", "пункт меню «Реестр актов»"}
			}},
			state[views.Overview]{"access-lost", func(m *views.Overview) {
				m.ToDo = append([]views.ToDo{{Key: "token", Label: "Доступ к порталу потерян", Text: "Сотрудник, от имени которого работало приложение, уволен. Откройте приложение из меню портала ещё раз."}}, m.ToDo...)
			}}),
		storiesOf(views.DocumentsPage, func(f views.Frame) views.Documents {
			return views.Documents{SettingsFrame: section(f, "/documents"), Sources: options("text=Одно поле с названием, номером и датой", "parts=Отдельные поля", "none=Не брать из сделки"),
				Text: options("UF_1=Договор", "UF_2="+longName), Number: options("=Нет", "UF_3=Номер договора"), Date: options("=Нет", "UF_4=Дата договора"), Name: "Договор"}
		}, state[views.Documents]{"full", nil},
			state[views.Documents]{"parts", func(m *views.Documents) { m.Sources[0].Chosen, m.Sources[1].Chosen = false, true }},
			state[views.Documents]{"portal-silent", func(m *views.Documents) {
				m.Stale = "Битрикс24 не вернул поля сделки, показаны прежние. Повторите через минуту."
			}},
			state[views.Documents]{"fault", func(m *views.Documents) {
				refuse(&m.SettingsFrame, map[string]string{"text": "Этого поля больше нет в сделке, выберите другое."})
			}}),
		storiesOf(views.QuestionPage, fullQuestion, state[views.QuestionRules]{"full", nil},
			state[views.QuestionRules]{"own-form", func(m *views.QuestionRules) { m.NativeForm = "https://portal.example/pub/form/7_akty/" }},
			state[views.QuestionRules]{"fault", func(m *views.QuestionRules) {
				m.Days, m.Body = "0", ""
				refuse(&m.SettingsFrame, map[string]string{"days": "Введите число дней от 1 до 30.", "body": "Напишите текст и место ссылки: {ссылка}."})
			}}),
		storiesOf(views.DaysPage, func(f views.Frame) views.Days {
			return views.Days{SettingsFrame: section(f, "/days"), PortalSettings: "В портале рабочие дни: пн–пт, 9:00–18:00, выходные 1 января, 23 февраля.", KnownYears: "Производственный календарь известен на 2025, 2026 и 2027 годы. Для остальных лет выходные – суббота и воскресенье.",
				ExtraDaysOff: "31.12.2026", ExtraWorkdays: "", LetterDays: "5, 10, 20", Terms: []views.TermField{{Name: "sign", Label: "Подпись контрагента, рабочих дней", Value: "5"}, {Name: "our", Label: "Наша подпись, рабочих дней", Value: "1"}, {Name: "refused", Label: "Ответ на отказ, рабочих дней", Value: "3"}}}
		}, state[views.Days]{"full", nil},
			state[views.Days]{"unknown-year", func(m *views.Days) {
				m.UnknownYear = "Календарь на 2028 год ещё не опубликован: выходные там – суббота и воскресенье."
			}},
			state[views.Days]{"fault", func(m *views.Days) {
				m.ExtraDaysOff = "31.02.2026"
				refuse(&m.SettingsFrame, map[string]string{"days-off": "31.02.2026: такого дня нет.", "sign": "Введите число дней от 1 до 60."})
			}}),
		storiesOf(views.StoragePage, func(f views.Frame) views.Storage {
			return views.Storage{SettingsFrame: section(f, "/storage"), Days: "90", Reason: "От 30 до 1825 дней. Первичные документы хранят пять лет (402-ФЗ, ст. 29)."}
		}, state[views.Storage]{"full", nil},
			state[views.Storage]{"fault", func(m *views.Storage) {
				refuse(&m.SettingsFrame, map[string]string{"days": "Введите число дней от 30 до 1825."})
			}}))
}

func fullQuestion(f views.Frame) views.QuestionRules {
	return views.QuestionRules{SettingsFrame: section(f, "/question"), Once: true, Days: "3", Valid: "30", Subject: "Как вам удобно обмениваться актами?", Body: "Здравствуйте!\n\nВыберите, как обмениваться актами: {ссылка}",
		NativeFields:   []views.NativeField{{Name: "field-channel", Label: "Способ", Value: "UF_CRM_1719400000"}, {Name: "field-participant", Label: "Идентификатор"}, {Name: "field-email", Label: "E-mail"}},
		Placeholders:   [][2]string{{"{ссылка}", "личная ссылка на форму"}, {"{организация}", "наша организация"}, {"{сделка}", "название сделки для контрагента"}},
		PreviewSubject: "Как вам удобно обмениваться актами?", Preview: "<p>Здравствуйте!</p><p>Выберите, как обмениваться актами: <a href=\"https://acts.example/f/6Jw0cV1yQmVn2k8kP3b7\">https://acts.example/f/6Jw0cV1yQmVn2k8kP3b7</a></p>"}
}

func people() []Story {
	return storiesOf(views.PeoplePage, fullPeople,
		state[views.People]{"full", nil},
		state[views.People]{"first-run", func(m *views.People) {
			m.Members, m.Access, m.Changes, m.State = nil, nil, nil, "Пока никто не добавлен, с актами работают ответственные за сделки, настраивают приложение администраторы портала."
		}},
		state[views.People]{"preview", func(m *views.People) {
			m.Preview = &views.AccessPreview{Count: "14 сотрудников", People: []views.Option{{Label: manager, Value: "Работает с актами"}, {Label: longName, Value: "Смотрит акты"}}, More: "и ещё 12 сотрудников"}
		}},
		state[views.People]{"nobody-found", func(m *views.People) {
			m.Query, m.Found, m.FoundNote = "Ыыы", nil, "Никого не нашли: измените имя или выберите сотрудника на портале."
		}},
		state[views.People]{"no-departments", func(m *views.People) {
			m.Departments, m.WorkGroups, m.MakesGroups = nil, nil, false
			m.NoUnits = []string{"Отделы не видны: приложению не дано право «Структура компании» (department)."}
		}},
		state[views.People]{"fault", func(m *views.People) {
			refuse(&m.SettingsFrame, map[string]string{"user": "Отметьте хотя бы одного сотрудника.", "name": "Назовите группу."})
		}},
		state[views.People]{"long-names", func(m *views.People) {
			for i, name := range []string{longName, longWord, rtlName} {
				m.Members[i].Name, m.Found[i].Label = name, name
			}
		}},
	)
}

func fullPeople(f views.Frame) views.People {
	roles := func() []views.Option {
		return options("work=Работает с актами", "view=Смотрит акты", "admin=Управляет приложением")
	}
	return views.People{SettingsFrame: section(f, "/people"), State: "Доступ есть у участников группы и администраторов портала.", Roles: roles(),
		Members: []views.GroupMember{{Key: "user-1", Name: manager, Kind: "сотрудник", Role: "work", Roles: roles()}, {Key: "department-3", Name: "Бухгалтерия", Kind: "отдел", Role: "work", Roles: roles()},
			{Key: "workgroup-7", Name: "Продажи", Kind: "рабочая группа", Role: "work", Roles: roles()}},
		Query: "и", Found: []views.Option{{Value: "2", Label: "Денисов Максим", Chosen: true}, {Value: "3", Label: "Алексеева Татьяна"}, {Value: "4", Label: "Иванов Пётр"}}, FoundNote: "Нашли 3 сотрудников.",
		Departments: options("3=Бухгалтерия", "4="+longName), WorkGroups: options("7=Продажи"), MakesGroups: true, NewGroup: "Акты",
		Access:  &views.AccessPreview{Count: "9 сотрудников", People: []views.Option{{Label: manager, Value: "Работает с актами"}, {Label: "Денисов Максим", Value: "Смотрит акты"}}, More: "и ещё 7 сотрудников"},
		Changes: []views.Event{{At: "20.11.2026 10:00", Text: "Добавлен отдел «Бухгалтерия»: Работает с актами", Who: manager}}}
}
