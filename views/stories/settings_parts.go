package stories

import "acts24/views"

func companies() []Story {
	return storiesOf(views.CompaniesPage, fullCompanies,
		state[views.Companies]{"full", nil},
		state[views.Companies]{"empty", func(m *views.Companies) { m.Companies = nil }},
		state[views.Companies]{"one-company", func(m *views.Companies) { m.Companies = m.Companies[:1] }},
		state[views.Companies]{"by-its-address", func(m *views.Companies) { m.Companies, m.All = m.Companies[1:], base+"/settings/companies" }},
		state[views.Companies]{"fault", func(m *views.Companies) {
			m.Companies[0].ClosedBefore, m.Companies[0].Numbers = "31.02.2026", "АКТ"
			m.Companies[0].Faults = withFaults(&m.Frame, map[string]string{"closed": "Введите дату в виде дд.мм.гггг.", "numbers": "В шаблоне должен быть номер: {N}."})
		}},
		state[views.Companies]{"unusual-id", func(m *views.Companies) {
			m.Companies[0].Confirm = &views.Question{Field: "doubt", Token: "t", Text: "Идентификатор выглядит необычно: у оператора СБИС после 2BE идут 32 знака.", AgreeLabel: "Идентификатор верный"}
		}},
		state[views.Companies]{"long-names", func(m *views.Companies) {
			m.Companies[0].Name, m.Companies[0].Signer, m.Companies[0].Requisites[0].Value = longName, longName, longName
			m.Companies[1].Name, m.Companies[1].Requisites[0].Value = longWord, rtlName
		}},
	)
}

func fullCompanies(f views.Frame) views.Companies {
	one := views.Company{ID: "2", Name: "ООО «Акты и Ко»", State: chip("Готова к отправке", "success"), Requisites: facts("Полное название", "Общество с ограниченной ответственностью «Акты и Ко»", "ИНН", "5003052454", "КПП", "500301001", "Адрес", "142701, Московская обл, г Видное"),
		Card: link("Открыть карточку организации", "/crm/company/details/2/"), Participant: "2BE-5003052454-500301001", Signer: "Громов Андрей Павлович", Position: "Генеральный директор", Ground: "Устава",
		PowerNumber: "7f0e5a2c-1111-4222-8333-944445555666", PowerFrom: "12.01.2026", PowerTo: "11.12.2026", PowerState: chip("Доверенность кончается 11.12.2026", "attention"), Certificates: options("=Подписывает человек", "1=Громов А. П., до 12.05.2027"),
		Numbers: "{N}/{ГГ}", NextNumber: "105/26", VATGround: "п. 2 ст. 346.11 НК РФ", VAT: []views.VATRow{{Name: "vat-0", DateName: "vat-from-0", Regimes: options("osno=Общий, НДС 22 %", "usn5=УСН, НДС 5 %")}, {Name: "vat-1", DateName: "vat-from-1", Regimes: options("=Не выбран")}},
		Types: options("electronic-company=Электронный, юрлицо"), Channels: options("email=По e-mail"), LineKinds: options("works=Работы и услуги"), Papers: options("act=Акт", "upd=УПД"), Functions: options("ДОП=ДОП"), Accounts: options("1=Основной"), Forms: options("upd=УПД 5.03"),
		ClosedBefore: "01.10.2026", Today: "30.11.2026", ClosedTries: []views.Event{{At: "12.11.2026 10:00", Text: "Не дали изменить акт № 61/26", Who: manager}}, HasLogo: true}
	two := one
	two.ID, two.Name, two.State, two.IsPerson, two.Registered, two.Missing = "5", "ИП Громов А. П.", chip("Не хватает реквизитов", "attention"), true, "12.03.2019", "В CRM не заполнены ОГРНИП и адрес."
	two.Requisites = facts("Полное название", "Индивидуальный предприниматель Громов Андрей Павлович", "ИНН", "500301234567")
	return views.Companies{SettingsFrame: section(f, "/companies"), Companies: []views.Company{one, two}}
}

func accounts() []Story {
	return storiesOf(views.AccountsPage, fullAccounts,
		state[views.Accounts]{"full", nil},
		state[views.Accounts]{"first-run", func(m *views.Accounts) { m.Accounts = nil }},
		state[views.Accounts]{"refused", func(m *views.Accounts) {
			m.RefusedAccount, m.RefusedForm = "0", "login"
			refuse(&m.SettingsFrame, map[string]string{"login": "СБИС не принял ключи: проверьте идентификатор приложения и защищённый ключ."})
		}},
		state[views.Accounts]{"key-expired", func(m *views.Accounts) {
			m.Accounts[0].Problem, m.Accounts[0].State = "СБИС не принял ключ. Создайте новый и замените его здесь.", chip("Вход не принят", "problem")
		}},
		state[views.Accounts]{"unchecked", func(m *views.Accounts) {
			m.Accounts[0].Checked, m.Accounts[0].State = "", chip("Ещё не проверен", "attention")
		}},
		state[views.Accounts]{"nothing-in-account", func(m *views.Accounts) { m.Accounts[0].Organizations, m.Accounts[0].Certificates = nil, nil }},
		state[views.Accounts]{"long-names", func(m *views.Accounts) {
			m.Accounts[0].Name, m.Accounts[0].Organizations[0].Name, m.Accounts[0].Certificates[0].Owner = longName, longWord, rtlName
		}},
	)
}

func fullAccounts(f views.Frame) views.Accounts {
	return views.Accounts{SettingsFrame: section(f, "/accounts"), New: views.AccountLogin{ID: "0", Name: "СБИС"}, Accounts: []views.Account{{ID: "1", Name: "Основной", State: chip("Работает", "success"),
		Checked: "Проверено 30.11.2026 14:02. Входит Громов А. П. Прав СБИС отдельно не сообщает: пользователю нужны права писать, подписывать и отправлять в реестре «Реализация».",
		Organizations: []views.Organization{{Name: "ООО «Акты и Ко»", Details: "ИНН 5003052454, КПП 500301001", State: chip("Отправляет через этот аккаунт", "success")},
			{Name: "ООО «Сторонняя»", Details: "ИНН 7701234567", State: chip("Нет среди наших организаций в CRM", "neutral"), Note: "КПП в CRM другой."}},
		Certificates: []views.Certificate{{Thumbprint: "A1", Owner: "Громов Андрей Павлович", Details: "до 12.05.2027", Key: "ключ на сервере СБИС", State: chip("Не активирован", "attention"), Activate: true},
			{Thumbprint: "B2", Owner: "Соколова Ирина", Details: "до 02.12.2026", Key: "ключ у сотрудника", State: chip("Кончается 02.12.2026", "attention")}},
		Signings: options("manual=Подписывает человек в СБИС", "server=Подписывает сервер СБИС"), Login: views.AccountLogin{ID: "1", Name: "Основной", ClientID: "123456789"}}}}
}

func stages() []Story {
	return storiesOf(views.StagesPage, fullStages,
		state[views.Stages]{"full", nil},
		state[views.Stages]{"portal-moves", func(m *views.Stages) { m.PortalMoves = true }},
		state[views.Stages]{"no-right", func(m *views.Stages) { m.NoRight, m.Robots = true, nil }},
		state[views.Stages]{"stage-lost", func(m *views.Stages) {
			m.Pipelines[0].Stages[1].Lost = "Выбранной стадии больше нет в воронке."
			m.Pipelines[0].Stages[2].Warning = "Та же стадия выбрана для «Отказа»."
		}},
		state[views.Stages]{"fault", func(m *views.Stages) {
			refuse(&m.SettingsFrame, map[string]string{"agree-1": "Подтвердите, что стадии можно создать."})
		}},
		state[views.Stages]{"long-names", func(m *views.Stages) {
			m.Pipelines[0].Name, m.Pipelines[0].Await[0].Label, m.Pipelines[0].Rules[0].Then = longName, longName, "сделка перейдёт на «"+longWord+"»"
		}},
	)
}

func fullStages(f views.Frame) views.Stages {
	m := views.Stages{SettingsFrame: section(f, "/stages"), StatePage: base + "/state",
		Robots:   []views.AutomationRow{{Name: "Сформировать акт", About: "Формирует акт по остатку сделки", Chip: chip("есть в портале", "success")}, {Name: "Передать акт в СБИС", About: "Передаёт подготовленный акт", Chip: chip("нет в портале", "problem")}},
		Triggers: []views.AutomationRow{{Name: "Акт подписан", About: "Контрагент подписал акт", Chip: chip("есть в портале", "success")}}}
	p := views.Pipeline{ID: "1", Name: "Продажи", Missing: []string{"Акт направлен заявителю", "Услуга оказана, есть замечания"}, Await: options("NEW=Новая", "WORK=В работе", "APPROVED=Одобрено комиссией"),
		Rules: []views.StageRule{{When: "Акт направлен заявителю", Then: "сделка перейдёт на «Акт направлен заявителю»"}, {When: "Все акты подписаны", Then: "сделка останется, стадия не выбрана", Inactive: true}}}
	for _, s := range [][2]string{{"sent", "Акт направлен заявителю"}, {"done", "Услуга оказана"}, {"remarks", "Услуга оказана, есть замечания"}, {"approved", "Одобрено комиссией"}, {"formed", "Подготовка акта"}} {
		p.Stages = append(p.Stages, views.StageChoice{Field: "stage-1-" + s[0], Label: s[1], Options: options("=Не выбрана", "WORK=В работе")})
	}
	m.Pipelines = []views.Pipeline{p}
	return m
}

func statePage() []Story {
	return storiesOf(views.StatePage, fullState,
		state[views.State]{"attention", nil},
		state[views.State]{"works", func(m *views.State) {
			m.Verdict, m.Troubles, m.Dead, m.Postponed, m.Queue, m.Incidents, m.Busy = chip("Всё работает", "success"), nil, nil, nil, nil, nil, false
		}},
		state[views.State]{"down", func(m *views.State) {
			m.Verdict, m.Troubles = chip("Не работает", "problem"), []string{"Нет связи с Битрикс24. Портал не отвечает."}
			m.Portal[0] = views.StateFact{Name: "Связь", Chip: chip("прервана", "problem"), Value: "Не отвечает с 30.11.2026 14:02, следующая проверка в 14:31:20."}
			m.Accounts[0].Chip, m.Accounts[0].Problem = chip("вход не принят", "problem"), "СБИС не принял ключ."
		}},
		state[views.State]{"first-run", func(m *views.State) { m.Accounts, m.Dead, m.Postponed, m.Queue, m.Incidents = nil, nil, nil, nil, nil }},
		state[views.State]{"long-names", func(m *views.State) {
			m.Dead[0].Problem, m.Accounts[0].Name, m.Incidents[0].Reason, m.Troubles[0] = longTitle, longName, longTitle, longWord
		}},
	)
}

func fullState(f views.Frame) views.State {
	return views.State{Frame: tab(f, "Состояние", "/state"), Verdict: chip("Работает, но требует внимания", "attention"), At: "30.11.2026 14:30", Check: base + "/state/check", Settings: base + "/settings/accounts",
		Troubles: []string{"Ждёт вашего решения: 1 задача.", "Сертификат «Соколова Ирина»: кончается 02.12.2026. Выпустите новый и нажмите «Проверить» в настройках аккаунта."},
		Portal: []views.StateFact{{Name: "Связь", Chip: chip("есть", "success")}, {Name: "Ключ портала", Chip: chip("действует", "success"), Value: "обновлён 30.11.2026 14:00"}, {Name: "Последнее событие", Value: "30.11.2026 14:29, изменение сделки"},
			{Name: "Последняя сверка", Value: "30.11.2026 14:20", Note: "Портал ответил: слишком много запросов."}, {Name: "Сделки", Value: "копируются: 12400 из 98000"}, {Name: "Лимит запросов", Value: "занято 12 из 50"}},
		Accounts: []views.StateAccount{{Name: "Основной", Chip: chip("работает", "success"), Polls: []views.StateFact{{Name: "ООО «Акты и Ко»", Value: "последний опрос 30.11.2026 14:29"}},
			Terms: []views.StateFact{{Name: "Сертификат «Соколова Ирина»", Chip: chip("кончается 02.12.2026", "problem")}}}, {Name: "Запасной", Chip: chip("работает", "success")}},
		Queue:     []views.QueueRow{{Name: "Передача акта в СБИС", Number: "12", Age: "3 минуты"}, {Name: "Запись акта в CRM", Number: "1", Age: "12 секунд"}},
		Dead:      []views.StuckTask{{ID: "9", Title: "Стадия сделки № 41", Href: base + "/deals/41", Problem: "Портал ответил: стадии больше нет.", Repeat: base + "/state/tasks/9/repeat", Postpone: base + "/state/tasks/9/postpone"}},
		Postponed: []views.StuckTask{{ID: "8", Title: "Письмо", Problem: "Почта портала не настроена.", Repeat: base + "/state/tasks/8/repeat", Until: "01.12.2026 09:00"}},
		Incidents: []views.IncidentRow{{Who: "СБИС, «Основной»", Reason: "СБИС не отвечает.", Opened: "29.11.2026 10:00", Closed: "29.11.2026 10:12"}, {Who: "Битрикс24", Reason: "Портал ответил 503.", Opened: "12.11.2026 03:00", Closed: "ещё идёт"}}}
}
