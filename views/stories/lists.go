package stories

import (
	"fmt"

	"acts24/views"
)

func bulk() []Story {
	return append(storiesOf(views.BulkPage, fullBulk,
		state[views.Bulk]{"checked", nil},
		state[views.Bulk]{"choosing", func(m *views.Bulk) {
			m.State, m.Counts, m.Run, m.Groups = chip("ждёт выбора", "attention"), "Выберите, кому передать акты. Сначала мы проверим, каким из них это нужно.", "", nil
			m.Choose, m.People = base+"/bulks/3/target", options("1="+manager, "2="+longName)
		}},
		state[views.Bulk]{"checking", func(m *views.Bulk) {
			m.State, m.Counts, m.Now, m.Of, m.Run, m.Groups = chip("проверяется", "progress"), "Проверяем: 12 из 40.", 12, 40, "", nil
		}},
		state[views.Bulk]{"running", func(m *views.Bulk) {
			m.State, m.Counts, m.Now, m.Of, m.Run, m.Author = chip("выполняется", "progress"), "Выполнено: 12, не получилось: 1, осталось: 27.", 13, 40, "", "Начал: Денисов Максим."
			m.Hint = "Акты уходят понемногу, чтобы остальная работа не ждала. Страницу можно закрыть, это ничего не остановит."
			m.CancelLabel = "Остановить"
		}},
		state[views.Bulk]{"archive", func(m *views.Bulk) {
			m.State, m.Counts, m.Run, m.File, m.FileLabel, m.Cancel = chip("готово", "success"), "Войдут в архив: 38, не войдут: 2.", "", base+"/bulks/3/file", "Скачать архив", ""
		}},
		state[views.Bulk]{"long-names", func(m *views.Bulk) {
			m.Groups[1].Reason = longTitle
			for i := range m.Groups[1].Acts.Rows {
				m.Groups[1].Acts.Rows[i].Cells[1].Link.Text = longTitle
			}
		}}),
		storiesOf(views.BulksPage, func(f views.Frame) views.Bulks {
			return views.Bulks{Frame: tab(f, "Мои массовые действия", "/bulks"), List: base + "/acts", Bulks: []views.BulkLine{
				{ID: "3", Link: views.Link{Text: "Передача в СБИС: 40 актов", Href: base + "/bulks/3"}, When: "30.11.2026 14:02", State: chip("выполняется", "progress"), Counts: "Выполнено: 12, не получилось: 1, осталось: 27."},
				{ID: "2", Link: views.Link{Text: "Смена ответственного: 3 акта, новый ответственный " + longName, Href: base + "/bulks/2"}, When: "29.11.2026 10:11", State: chip("отменено", "neutral")}}}
		}, state[views.Bulks]{"full", nil}, state[views.Bulks]{"empty", func(m *views.Bulks) { m.Bulks = nil }})...)
}

func bulkGrid(n int) views.Grid {
	g := views.Grid{Class: "bulk-acts", Caption: "Акты", Columns: []views.Column{{Code: "act", Label: "Акт"}, {Code: "company", Label: "Компания"}, {Code: "sum", Label: "Сумма"}}}
	for i := range n {
		g.Rows = append(g.Rows, views.GridRow{Cells: []views.Cell{{Link: views.Link{Text: fmt.Sprintf("УПД № %d/26 от 24.11.2026", 104-i), Href: base + "/acts/104"}}, linkCell(company, "/crm/company/details/3/"), textCell(rub("54900"))}})
	}
	return g
}

func fullBulk(f views.Frame) views.Bulk {
	return views.Bulk{Frame: tab(f, "Передача в СБИС", "/bulks"), ID: "3", Heading: "Передача в СБИС: 40 актов", State: chip("ждёт подтверждения", "attention"), Counts: "Готовы: 38, пропустим: 2.",
		Run: base + "/bulks/3/run", RunLabel: "Передать 38 актов", Cancel: base + "/bulks/3/cancel", CancelLabel: "Отменить", All: base + "/bulks", List: base + "/acts",
		Groups: []views.BulkGroup{{State: "waiting", Title: "Готовы", Tone: "progress", Count: 38, Acts: bulkGrid(5), More: "и ещё 33 акта"},
			{State: "refused", Title: "Пропустим", Tone: "attention", Count: 2, Open: true, Reason: "Не указан идентификатор участника ЭДО.", Acts: bulkGrid(2)}}}
}

func dealsWithoutActs() []Story {
	return storiesOf(views.DealsWithoutActsPage, fullDealsWithoutActs,
		state[views.DealsWithoutActs]{"full", nil},
		state[views.DealsWithoutActs]{"copying", func(m *views.DealsWithoutActs) {
			m.Copying = &views.Copying{Text: "Скопировано сделок: 12 400 из 98 000. Список пополняется.", Seen: "12400", Total: "98000"}
		}},
		state[views.DealsWithoutActs]{"empty", func(m *views.DealsWithoutActs) {
			m.Rows.Rows, m.Next, m.Empty = nil, "", "Все сделки закрыты актами."
		}},
		state[views.DealsWithoutActs]{"nothing-found", func(m *views.DealsWithoutActs) {
			m.Rows.Rows, m.Next, m.Text, m.Filtered = nil, "", "Северный", true
			m.Empty, m.EmptyLink = "По этим условиям сделок без актов нет.", views.Link{Text: "Показать все", Href: base + "/deals"}
		}},
		state[views.DealsWithoutActs]{"no-stages", func(m *views.DealsWithoutActs) {
			m.Rows.Rows, m.Next = nil, ""
			m.Empty, m.EmptyLink = "Не сказано, на каких стадиях сделка ждёт акта.", views.Link{Text: "Сопоставить стадии", Href: base + "/settings/stages"}
		}},
		state[views.DealsWithoutActs]{"reason-missing", func(m *views.DealsWithoutActs) {
			m.Faults = withFaults(&m.Frame, map[string]string{"reason": "Напишите, почему акт не нужен."})
			m.Rows.Rows[0].Chosen = true
		}},
		state[views.DealsWithoutActs]{"read-only", func(m *views.DealsWithoutActs) { m.ReadOnly, m.Rows.Name = true, "" }},
		state[views.DealsWithoutActs]{"one-row", func(m *views.DealsWithoutActs) { m.Rows.Rows, m.Count, m.Next = m.Rows.Rows[:1], "Сделок: 1", "" }},
		state[views.DealsWithoutActs]{"long-names", func(m *views.DealsWithoutActs) { nameRows(&m.Rows, longName, longTitle) }},
		state[views.DealsWithoutActs]{"rtl-and-emoji", func(m *views.DealsWithoutActs) { nameRows(&m.Rows, rtlName, rtlName) }},
	)
}

func fullDealsWithoutActs(f views.Frame) views.DealsWithoutActs {
	m := views.DealsWithoutActs{Frame: tab(f, "Сделки без актов", "/deals"), Action: base + "/deals", Key: "key", Stage: options("=Любая", "C1:WON=Продажи: В работе"), People: options("=Любой", "1="+manager),
		Count: "Сделок: 24", Next: base + "/deals?after=x"}
	m.Rows = views.Grid{Class: "deals-without-acts", Caption: "Сделки без актов", Name: "deal", AllText: "Отметить все на странице", Columns: []views.Column{{Code: "deal", Label: "Сделка"}, {Code: "stage", Label: "Стадия"},
		{Code: "company", Label: "Компания", Head: views.Head{Href: base + "/deals?sort=company", TestID: "sort-company"}}, {Code: "age", Label: "Ждёт", Head: views.Head{Href: base + "/deals?sort=age", Order: "ascending", TestID: "sort-age"}},
		{Code: "sum", Label: "Не вошло в акты", Head: views.Head{Href: base + "/deals?sort=sum", TestID: "sort-sum"}}, {Code: "responsible", Label: "Ответственный"}, {Code: "tab", Label: "Акты"}}}
	samples := []struct{ deal, stage, company, age, sum string }{{"Сопровождение, ноябрь", "В работе", "АО «Волга-Лизинг»", "41 день", "36600"}, {"Аудит процессов", "Одобрено комиссией", "ООО «Маяк»", "28 дней", "183000"},
		{"Ремонт кабинета", "В работе", "ИП Орлов Пётр Сергеевич", "12 дней", "12200"}, {"Поставка и монтаж стенда", "В работе", "ООО «Третий Рим»", "9 дней", "1220000"}, {"Обучение сотрудников", "Одобрено комиссией", "ИП Белова Анна Игоревна", "3 дня", "8540"}}
	for i := range 10 {
		s, id := samples[i%len(samples)], fmt.Sprint(31+i)
		deal := linkCell(s.deal, "/crm/deal/details/"+id+"/")
		switch i {
		case 1:
			deal.Chips = []views.Chip{chip("Акт формируется", "progress")}
		case 2:
			deal.Chips, deal.Fault = []views.Chip{chip("Акт не сформирован", "problem")}, "У позиции «Обои» ставка НДС 20 % не действует на дату акта."
		}
		m.Rows.Rows = append(m.Rows.Rows, views.GridRow{ID: id, TestID: "deal-" + id, Label: s.deal, Cells: []views.Cell{deal, textCell(s.stage), linkCell(s.company, "/crm/company/details/3/"), textCell(s.age), textCell(rub(s.sum)),
			textCell("Соколова И."), {Link: views.Link{Text: "К актам", Href: base + "/deals/" + id}}}})
	}
	return m
}
