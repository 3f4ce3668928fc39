package stories

import (
	"fmt"
	"strings"

	"acts24/views"
)

func registry() []Story {
	return storiesOf(views.RegistryPage, fullRegistry,
		state[views.Registry]{"full", nil},
		state[views.Registry]{"selected", func(m *views.Registry) {
			m.Rows.Rows[0].Chosen, m.Rows.Rows[2].Chosen = true, true
			m.Total = "Найдено 1 248 актов на сумму " + rub("61240500")
		}},
		state[views.Registry]{"saved-filter", func(m *views.Registry) {
			m.Presets[0].Current, m.Presets[len(m.Presets)-1].Current, m.Filter.Any = false, true, true
			m.Conditions = []views.Condition{{Text: "Компания: АО «Волга-Лизинг»", Without: base + "/acts", TestID: "narrowed-company", Field: "company"}, {Text: "Срок подписания прошёл", Without: base + "/acts", TestID: "narrowed-overdue"}}
		}},
		state[views.Registry]{"compact", func(m *views.Registry) { m.Rows.Compact = true }},
		state[views.Registry]{"all-columns", func(m *views.Registry) {
			m.Rows.Width = "wide"
			for _, c := range [][2]string{{"inn", "ИНН"}, {"contract", "Договор"}, {"tax", "НДС, ₽"}, {"period", "Период"}, {"sent", "Отправлен"}, {"signed", "Подписан"}, {"operator", "Оператор"}, {"original", "Оригинал"}} {
				m.Rows.Columns = append(m.Rows.Columns, views.Column{Code: c[0], Label: c[1]})
			}
			for i := range m.Rows.Rows {
				m.Rows.Rows[i].Cells = append(m.Rows.Rows[i].Cells, textCell("7707083893"), textCell("Договор № 101/26 от 12.01.2026"), textCell("9 900,00"), textCell("01.11.2026 – 30.11.2026"), textCell("17.11.2026"),
					textCell("26.11.2026"), textCell("Диадок"), textCell("27.11.2026"))
			}
		}},
		state[views.Registry]{"filtered", func(m *views.Registry) {
			m.Filter.Any, m.MaySave = true, true
			m.Conditions = []views.Condition{{Text: "Статус: Отказ, Акт направлен заявителю", Without: base + "/acts", TestID: "narrowed-status", Field: "status"},
				{Text: "Компания: " + company, Without: base + "/acts", TestID: "narrowed-company", Field: "company"}, {Text: "Срок подписания прошёл", Without: base + "/acts", TestID: "narrowed-overdue"}}
		}},
		state[views.Registry]{"filter-fields", func(m *views.Registry) {
			fields := fullFields()
			m.Fields, m.Filter.Any = &fields, true
			m.Filter.Faults = withFaults(&m.Frame, map[string]string{"from": "Введите дату в виде дд.мм.гггг."})
		}},
		state[views.Registry]{"first-run", func(m *views.Registry) {
			emptyRegistry(m, "Актов ещё нет.")
			m.FirstSteps = []views.FirstStep{{Label: "Настройки", Href: base + "/settings", Text: "что ещё нужно, чтобы передавать акты: СБИС, организации, сотрудники"},
				{Label: "Сделки без актов", Href: base + "/deals", Text: "откройте сделку из списка: её вкладка «Акты» предложит первый акт"}}
		}},
		state[views.Registry]{"nothing-found", func(m *views.Registry) {
			emptyRegistry(m, "По этим условиям актов нет. Измените условия или сбросьте их.")
			m.Filter.Any, m.Filter.Text = true, "Северный ветер"
		}},
		state[views.Registry]{"one-row", func(m *views.Registry) { m.Rows.Rows, m.Next = m.Rows.Rows[:1], "" }},
		state[views.Registry]{"200-saved-filters", func(m *views.Registry) {
			for n := range 200 {
				m.Presets = append(m.Presets, views.Preset{Label: fmt.Sprintf("Мой фильтр %d", n+1), Href: base + "/acts?q=1", TestID: fmt.Sprintf("saved-filter-%d", n)})
			}
		}},
		state[views.Registry]{"of-a-company", func(m *views.Registry) {
			m.SingleParty, m.Menu, m.Heading, m.Presets, m.HasSavedFilters = true, false, "Акты компании", nil, false
			m.Totals = []views.Total{{Label: "Сформировано", Sum: rub("612405"), TestID: "total-formed"}, {Label: "Подписано", Sum: rub("512405"), TestID: "total-signed"}, {Label: "Не подписано", Sum: rub("100000"), TestID: "total-unsigned"},
				{Label: "Из них просрочено", Sum: rub("54900"), TestID: "total-overdue"}}
			m.Preferences = &views.Preferences{Last: &views.Preference{Text: "Через ЭДО, Диадок", At: "12.11.2026 10:24", Who: "ответ контрагента", Deal: link("Внедрение учётной системы", "/crm/deal/details/1/")},
				Facts: facts("Вид контрагента", "Юридическое лицо", "Контакт", "Анна Петровна, +7 916 555-00-11"), Earlier: []views.Preference{{Text: "На бумаге, почтой", At: "02.06.2026 12:10", Who: "указал сотрудник " + manager}}}
		}},
		state[views.Registry]{"read-only", func(m *views.Registry) { m.ReadOnly, m.Bulk.ReadOnly, m.Admin = true, true, false }},
		state[views.Registry]{"own-acts-only", func(m *views.Registry) { m.OwnOnly, m.Admin = true, false }},
		state[views.Registry]{"unknown-sort", func(m *views.Registry) {
			m.Alert = "Порядок из адреса не понят, показан обычный."
		}},
		state[views.Registry]{"long-names", func(m *views.Registry) { nameRows(&m.Rows, longName, longTitle) }},
		state[views.Registry]{"unbroken-names", func(m *views.Registry) { nameRows(&m.Rows, longWord, longWord) }},
		state[views.Registry]{"rtl-and-emoji", func(m *views.Registry) { nameRows(&m.Rows, rtlName, rtlName) }},
	)
}

func emptyRegistry(m *views.Registry, words string) {
	m.Rows.Rows, m.Bulk, m.Next, m.Exports, m.Empty = nil, nil, "", nil, words
}

// nameRows gives the deals and companies of a grid other names.
func nameRows(g *views.Grid, name, title string) {
	for _, r := range g.Rows {
		for i, c := range g.Columns {
			switch c.Code {
			case "deal":
				r.Cells[i].Link.Text = title
			case "company":
				if r.Cells[i].Link.Text = title; r.Cells[i].Below != "" {
					r.Cells[i].Below = title
				}
			case "status":
				r.Cells[i].Note = title
			case "responsible":
				r.Cells[i].Text = name
			}
		}
	}
}

// actGrid returns a grid of n acts in the columns that are shown at first.
func actGrid(n int) views.Grid {
	g := views.Grid{Class: "registry", Caption: "Акты", Name: "act", Menus: true, All: "104,103,102", AllText: "Все на странице: 50 актов",
		Columns: []views.Column{{Code: "act", Label: "Номер и тип", Head: views.Head{Href: base + "/acts?sort=number", TestID: "sort-number"}},
			{Code: "date", Label: "Дата", Head: views.Head{Href: base + "/acts?sort=date", Order: "descending", TestID: "sort-date"}},
			{Code: "company", Label: "Компания и сделка", Head: views.Head{Href: base + "/acts?sort=company", TestID: "sort-company"}}, {Code: "status", Label: "Статус"},
			{Code: "sum", Label: "Сумма, ₽", Head: views.Head{Href: base + "/acts?sort=sum", TestID: "sort-sum"}}, {Code: "responsible", Label: "Ответственный"},
			{Code: "due", Label: "Срок", Head: views.Head{Href: base + "/acts?sort=due", TestID: "sort-due"}}}}
	samples := []struct {
		kind, deal, company, sum string
		status, delivery, late   views.Chip
		note                     string
	}{
		{"Электронный", "Внедрение учётной системы", company, "54900", chip("Отказ от подписания", "problem"), chip("Обмен завершён", "neutral"), views.Chip{}, "Часов сопровождения было 8, а не 10"},
		{"Электронный", "Сопровождение, ноябрь", "АО «Волга-Лизинг»", "36600", chip("Акт направлен заявителю", "progress"), chip("Доставлен контрагенту", "progress"), chip("Просрочен на 4 раб. дня", "attention"), ""},
		{"Бумажный", "Ремонт кабинета", "ИП Орлов Пётр Сергеевич", "12200", chip("Подписан с нашей стороны", "progress"), views.Chip{}, views.Chip{}, ""},
		{"Электронный", "Обучение сотрудников", "ИП Белова Анна Игоревна", "8540", chip("Подготовка акта", "neutral"), chip("Ждёт нашей подписи в СБИС", "attention"), views.Chip{}, ""},
		{"Электронный", "Аудит процессов", "ООО «Маяк»", "183000", chip("Акт получен и подписан", "success"), chip("Обмен завершён", "success"), views.Chip{}, ""},
		{"Электронный", "Поставка и монтаж стенда", "ООО «Третий Рим»", "1220000", chip("Подготовка акта", "neutral"), chip("Ошибка отправки", "problem"), views.Chip{}, "СБИС не принял документ"},
		{"Бумажный", "Аренда зала", "ПАО «Горные машины»", "61000", chip("Акт принят, но не подписан заявителем", "attention"), views.Chip{}, chip("Просрочен на 9 раб. дней", "problem"), ""},
	}
	for i := range n {
		s, id := samples[i%len(samples)], fmt.Sprint(104-i)
		due := views.Cell{Text: "01.12.2026", Chips: []views.Chip{s.late}}
		number := fmt.Sprintf("%d/26", 104-i)
		company := linkCell(s.company, "/crm/company/details/3/")
		company.Below = s.deal
		status := chipCell(s.status)
		status.Note = strings.Trim(s.delivery.Text+". "+s.note, ". ")
		g.Rows = append(g.Rows, views.GridRow{ID: id, TestID: "act-" + id, Label: number, Menu: base + "/acts/" + id + "/do", Cells: []views.Cell{
			{Link: views.Link{Text: number, Href: base + "/acts/" + id}, Note: s.kind}, textCell(fmt.Sprintf("%02d.11.2026", 28-i%28)), company, status,
			textCell(sumText(s.sum)), textCell([]string{"Соколова И.", "Денисов М.", "Алексеева Т."}[i%3]), due}})
	}
	return g
}

// sumText returns a sum without the currency, which the head of the column names.
func sumText(sum string) string { return views.Number(sum) + ",00" }

func fullRegistry(f views.Frame) views.Registry {
	return views.Registry{Frame: tab(f, "Реестр актов", "/acts"), Heading: "Реестр актов", Action: base + "/acts", SavedFilters: base + "/filters", HasSavedFilters: true,
		Presets: []views.Preset{{Label: "Все", Href: base + "/acts", TestID: "preset-all", Current: true}, {Label: "Мои", Href: base + "/acts?responsible=1", Count: "48", TestID: "preset-mine"},
			{Label: "Ждут моего действия", Href: base + "/acts?our-move=1", Count: "12", TestID: "preset-my-action"}, {Label: "Ждут подписи контрагента", Href: base + "/acts?status=sent", Count: "99+", TestID: "preset-waiting"},
			{Label: "Просрочены", Href: base + "/acts?overdue=1", Count: "7", TestID: "preset-overdue", Urgent: true}, {Label: "Отказ", Href: base + "/acts?refused=1", Count: "3", TestID: "preset-refused", Urgent: true},
			{Label: "Волга, без подписи", Href: base + "/acts?q=volga", TestID: "saved-filter-1"}},
		Rows: actGrid(20), Bulk: &views.BulkBar{Key: "key", Page: "104,103,102", Count: "50 актов", All: "акты списка", Bulks: base + "/bulks"},
		Exports:   []views.Export{{Code: "xlsx", Label: "Excel", Href: base + "/acts/export.xlsx"}, {Code: "csv", Label: "CSV", Href: base + "/acts/export.csv"}},
		TotalLink: base + "/acts?total=1", Next: base + "/acts?after=x", Empty: "Актов ещё нет."}
}

func fullFields() views.Fields {
	any := func(list ...string) []views.Option { return options(append([]string{"=Любой"}, list...)...) }
	return views.Fields{Statuses: options("draft=Подготовка акта", "signed_by_us=Подписан с нашей стороны", "sent=Акт направлен заявителю", "accepted=Принят, но не подписан", "signed=Акт получен и подписан", "refused=Отказ"),
		Media: any("electronic=Электронный", "paper=Бумажный"), People: any("1=" + manager), From: "31.02.2026", Kinds: any("company=Юрлицо", "person=ИП"), Channels: any("email=E-mail", "post=Почта"),
		Deliveries: any("sent=Отправлен"), Operators: any("2BM=Диадок"), Own: any("2=ООО «Акты и Ко»"), Stages: any("C1:NEW=" + longName), Overdue: true}
}

func registryPopups() []Story {
	return append(append(append(append(
		storiesOf(views.AddFieldPage, fieldChoice,
			state[views.AddField]{"choice", nil},
			state[views.AddField]{"dates-fault", func(m *views.AddField) {
				m.Code, m.Label, m.Fields = "date", "Дата акта", fullFields()
				m.Faults = withFaults(&m.Frame, map[string]string{"from": "Введите дату в виде дд.мм.гггг."})
			}},
			state[views.AddField]{"statuses", func(m *views.AddField) { m.Code, m.Label, m.Fields = "status", "Статус", fullFields() }},
			state[views.AddField]{"companies", func(m *views.AddField) {
				m.Code, m.Label, m.Search = "company", "Компания", "вет"
				for _, name := range []string{company, longName, longWord, rtlName} {
					m.Found = append(m.Found, views.Link{Text: name, Href: base + "/acts?company=3"})
				}
			}},
			state[views.AddField]{"no-company", func(m *views.AddField) {
				m.Code, m.Label, m.Search, m.Note = "company", "Компания", "вет", "Компаний с актами не найдено."
			}}),
		storiesOf(views.ColumnsPage, func(f views.Frame) views.Columns {
			return views.Columns{Frame: tab(f, "Вид списка", "/acts"), Save: base + "/acts/columns", Back: base + "/acts", Company: "company", Sizes: options("20", "50", "100"),
				List: options("date=Дата", "deal=Сделка", "company=Компания", "status=Статус", "delivery=Доставка", "sum=Сумма, ₽", "responsible=Ответственный", "due=Срок", "inn=ИНН", "contract=Договор")}
		}, state[views.Columns]{"full", nil})...),
		storiesOf(views.ActMenuPage, func(f views.Frame) views.ActMenu {
			return views.ActMenu{Frame: tab(f, "Акт № 104/26", "/acts"), Title: "Акт № 104/26", Actions: []views.Action{{Href: base + "/acts/104/send", Label: "Передать в СБИС", TestID: "send-act"}},
				Links: []views.Link{{Text: "Открыть акт", Href: base + "/acts/104"}, {Text: "Открыть поверх списка", Href: base + "/acts/104", Act: "104", About: "Акт № 104/26"}, link("Открыть сделку", "/crm/deal/details/1/")}}
		}, state[views.ActMenu]{"full", nil})...),
		storiesOf(views.SavedFiltersPage, savedFilters,
			state[views.SavedFilters]{"full", nil},
			state[views.SavedFilters]{"empty", func(m *views.SavedFilters) { m.Query, m.List = "", nil }},
			state[views.SavedFilters]{"name-taken", func(m *views.SavedFilters) {
				m.Name, m.Fault = "Волга, без подписи", "Такой фильтр уже есть, выберите другое название."
				withFaults(&m.Frame, map[string]string{"name": m.Fault})
			}},
			state[views.SavedFilters]{"200-filters", func(m *views.SavedFilters) {
				for n := range 200 {
					f := m.List[0]
					f.ID, f.Name, f.Open = fmt.Sprint(100+n), fmt.Sprintf("Фильтр %d: %s", n, longName), false
					m.List = append(m.List, f)
				}
			}})...),
		storiesOf(views.OriginalsPage, originals,
			state[views.Originals]{"full", nil},
			state[views.Originals]{"first", func(m *views.Originals) { m.Results, m.Typed = nil, "" }},
			state[views.Originals]{"fault", func(m *views.Originals) {
				m.Results, m.Typed, m.Fault = nil, "", "Введите хотя бы один номер."
				withFaults(&m.Frame, map[string]string{"numbers": m.Fault})
			}})...)
}

func fieldChoice(f views.Frame) views.AddField {
	m := views.AddField{Frame: tab(f, "Добавить поле", "/acts"), Action: base + "/acts", At: base + "/acts/field", Label: "Добавить поле", Kept: options("sent=status")}
	for _, c := range [][2]string{{"status", "Статус"}, {"company", "Компания"}, {"date", "Дата акта"}, {"responsible", "Ответственный"}, {"own", "Наша организация"}, {"operator", "Оператор ЭДО"}} {
		m.Choices = append(m.Choices, views.FieldChoice{Code: c[0], Label: c[1], Href: base + "/acts/field?name=" + c[0]})
	}
	return m
}

func savedFilters(f views.Frame) views.SavedFilters {
	return views.SavedFilters{Frame: tab(f, "Сохранённые фильтры", "/acts"), Save: base + "/filters", Back: base + "/acts", Query: "status=sent", Name: "Волга, без подписи", MayShare: true,
		List: []views.SavedFilter{{ID: "1", Name: "Волга, без подписи", TypedName: "Волга, без подписи", Href: base + "/acts?q=1", Current: true, Change: base + "/filters/1", Drop: base + "/filters/1/drop", MayShare: true, Open: true},
			{ID: "2", Name: "Просрочки отдела", TypedName: "Просрочки отдела", Href: base + "/acts?q=2", Shared: true, Owner: "Сотрудник уволен", Change: base + "/filters/2", Drop: base + "/filters/2/drop", TakeOver: base + "/filters/2/take", MayShare: true},
			{ID: "3", Name: longName, Href: base + "/acts?q=3", Shared: true, Owner: manager}}}
}

func originals(f views.Frame) views.Originals {
	return views.Originals{Frame: tab(f, "Оригиналы актов", "/acts"), Action: base + "/acts/originals", Back: base + "/acts?original=1", Typed: "77/26\n78/26",
		Results: []views.OriginalResult{{Number: "104/26", Text: "Отмечен, акт подписан.", Done: true}, {Number: "77/26", Text: "Такого номера нет."},
			{Number: "78/26", Text: "Номер есть у двух актов, отметьте в самом акте:", Acts: []views.Link{{Text: "ООО «Маяк», 02.10.2026", Href: base + "/acts/78"}, {Text: "ИП Орлов, 03.10.2026", Href: base + "/acts/79"}}}}}
}
