package registry

import (
	"slices"
	"strconv"

	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/people"
	"acts24/views"
)

// bulkWords are the texts of an action: heading, button, and heading of the acts that are done.
var bulkWords = map[store.BulkAction]struct{ heading, button, done string }{
	store.BulkSend:        {"Передача в СБИС", "Передать в СБИС", "Переданы"},
	store.BulkAsk:         {"Запрос способа обмена", "Запросить способ обмена", "Запрос отправляется"},
	store.BulkRemind:      {"Напоминание ответственным", "Напомнить ответственным", "Напомнили"},
	store.BulkResponsible: {"Смена ответственного", "Сменить ответственного", "Переданы"},
	store.BulkPDF:         {"Архив печатных форм", "Скачать PDF", ""},
	store.BulkXML:         {"Архив электронных документов", "Скачать XML", ""},
	store.BulkSigned:      {"Архив подписанных комплектов", "Скачать комплекты", ""},
	store.BulkTable:       {"Таблица актов", "Выгрузить в Excel", ""},
}

// bulkChips holds the labels of the states of a bulk action.
var bulkChips = map[store.BulkState]views.Chip{
	store.BulkChoosing: {Text: "ждёт выбора", Tone: "attention"}, store.BulkChecking: {Text: "проверяется", Tone: "progress"},
	store.BulkChecked: {Text: "ждёт подтверждения", Tone: "attention"}, store.BulkRunning: {Text: "выполняется", Tone: "progress"},
	store.BulkDone: {Text: "выполнено", Tone: "success"}, store.BulkCancelled: {Text: "отменено", Tone: "neutral"},
}

func actsCount(n int) string { return views.Plural(n, "акт", "акта", "актов") }

// headingOf returns the heading of a bulk action.
func headingOf(b store.Bulk) string {
	heading := bulkWords[b.Action].heading + ": " + actsCount(b.Acts())
	if b.TargetName != "" {
		heading += ", новый ответственный " + b.TargetName
	}
	return heading
}

// bulkView formats the state of a bulk action and what can be done with it.
func bulkView(v web.Visit, b store.Bulk) views.Bulk {
	at := web.Base(v) + "/bulks/" + web.ID(b.ID)
	m := views.Bulk{Frame: web.Frame(v, bulkWords[b.Action].heading), ID: web.ID(b.ID), Heading: headingOf(b), State: stateOf(b), All: web.Base(v) + "/bulks", List: web.Base(v) + "/acts",
		Busy: b.State == store.BulkChecking || b.State == store.BulkRunning}
	m.Menu, m.CurrentTab = true, "/bulks"
	if b.User != v.User {
		m.Author = "Начал: " + b.UserName + "."
	}
	mine := b.User == v.User && v.May(roles.RightWork)
	switch b.State {
	case store.BulkChoosing:
		m.Counts = "Выберите, кому передать акты. Сначала мы проверим, каким из них это нужно."
		m.Choose, m.Cancel, m.CancelLabel = at+"/target", at+"/cancel", "Отменить"
	case store.BulkChecking:
		m.Counts, m.Now, m.Of = "Проверяем: "+strconv.Itoa(b.Acts()-b.New)+" из "+strconv.Itoa(b.Acts())+".", b.Acts()-b.New, b.Acts()
		m.Cancel, m.CancelLabel = at+"/cancel", "Отменить"
	case store.BulkChecked:
		m.Counts = checkedWords(b)
		switch {
		case b.Waiting == 0:
		case !b.Action.Changes():
			m.File = at + "/file"
			_, m.FileLabel = fileWords(b)
		case mine:
			m.Run, m.RunLabel = at+"/run", runLabel(b)
		}
		m.Cancel, m.CancelLabel = at+"/cancel", "Отменить"
		if !b.Action.Changes() {
			m.Cancel = ""
		}
	case store.BulkRunning:
		m.Hint = "Акты уходят понемногу, чтобы остальная работа не ждала. Страницу можно закрыть, это ничего не остановит."
		m.Counts, m.Now, m.Of = progressWords(b), b.Done+b.Failed, b.Done+b.Failed+b.Waiting
		m.Cancel, m.CancelLabel = at+"/cancel", "Остановить"
	case store.BulkDone:
		m.Counts, m.Now, m.Of = progressWords(b), b.Done+b.Failed, b.Done+b.Failed
	case store.BulkCancelled:
		m.Counts = "Отменено. " + progressWords(b)
		if b.Done+b.Failed == 0 {
			m.Counts = "Отменено, ни с одним актом ничего не сделано."
		}
	}
	return m
}

// runLabel names what the button does and to how many acts.
func runLabel(b store.Bulk) string {
	switch b.Action {
	case store.BulkSend:
		return "Передать " + actsCount(b.Waiting)
	case store.BulkAsk:
		return "Запросить по " + views.Plural(b.Waiting, "акту", "актам", "актам")
	case store.BulkRemind:
		return "Напомнить по " + views.Plural(b.Waiting, "акту", "актам", "актам")
	case store.BulkResponsible:
		return "Сменить у " + views.Plural(b.Waiting, "акта", "актов", "актов")
	}
	return bulkWords[b.Action].button + ": " + actsCount(b.Waiting)
}

// stateOf returns the label of the state of a bulk action.
func stateOf(b store.Bulk) views.Chip {
	if !b.Action.Changes() && b.State == store.BulkChecked {
		return views.Chip{Text: "готово", Tone: "success"}
	}
	return bulkChips[b.State]
}

// checkedWords returns the result of a dry run.
func checkedWords(b store.Bulk) string {
	can, cannot := "Готовы", ", пропустим: "
	if !b.Action.Changes() {
		can, _ = fileWords(b)
		cannot = ", не войдут: "
	}
	return can + ": " + strconv.Itoa(b.Waiting) + cannot + strconv.Itoa(b.Refused) + "."
}

// fileWords returns the heading of the acts in a file and its button.
func fileWords(b store.Bulk) (heading, button string) {
	if b.Action.Archives() {
		return "Войдут в архив", "Скачать архив"
	}
	return "Войдут в таблицу", "Скачать таблицу"
}

// progressWords returns the progress of a bulk action.
func progressWords(b store.Bulk) string {
	left := "осталось"
	if b.State == store.BulkCancelled {
		left = "не начаты"
	}
	return "Выполнено: " + strconv.Itoa(b.Done) + ", не получилось: " + strconv.Itoa(b.Failed) + ", " + left + ": " + strconv.Itoa(b.Waiting) + "."
}

// groupViews formats the acts of a bulk action by their result.
func groupViews(v web.Visit, b store.Bulk, groups []store.BulkGroup) []views.BulkGroup {
	var list []views.BulkGroup
	for _, g := range groups {
		out := views.BulkGroup{State: g.State, Count: g.Acts, Reason: g.Reason, Open: g.State == store.RowFailed || g.State == store.RowRefused}
		out.Title, out.Tone = groupTitle(b, g.State)
		out.Acts = bulkGrid(v, g.First)
		if more := g.Acts - len(g.First); more > 0 {
			out.More = "и ещё " + actsCount(more)
		}
		list = append(list, out)
	}
	return list
}

// bulkGrid formats the acts of a group.
func bulkGrid(v web.Visit, found []store.BulkAct) views.Grid {
	g := views.Grid{Class: "bulk-acts", Caption: "Акты", Columns: []views.Column{{Code: "act", Label: "Акт"}, {Code: "company", Label: "Компания"}}}
	for _, a := range found {
		text := "Акт № " + numberOf(a.Number, a.Correction)
		if a.Number == "" {
			text = "Акт без номера"
		}
		g.Rows = append(g.Rows, views.GridRow{ID: web.ID(a.ID), TestID: "act-" + web.ID(a.ID),
			Cells: []views.Cell{{Link: views.Link{Text: text + " от " + views.Date(a.Date), Href: web.Base(v) + "/acts/" + web.ID(a.ID)}}, {Text: a.Buyer}}})
	}
	return g
}

// groupTitle returns the heading of a group of acts and its colour.
func groupTitle(b store.Bulk, state string) (title, tone string) {
	switch state {
	case store.RowFailed:
		return "Не получилось", "problem"
	case store.RowRefused:
		return "Пропустим", "attention"
	case store.RowDone:
		return bulkWords[b.Action].done, "success"
	}
	switch {
	case !b.Action.Changes():
		title, _ = fileWords(b)
		return title, "neutral"
	case b.State == store.BulkCancelled:
		return "Не начаты", "neutral"
	case b.State == store.BulkRunning:
		return "Осталось", "neutral"
	}
	return "Готовы", "neutral"
}

// targets returns the employees to choose from, the visitor first.
func targets(v web.Visit, people []people.User) []views.Option {
	pairs := []string{"", "Выберите сотрудника", web.ID(v.User), v.UserName + " (я)"}
	for _, u := range people {
		if u.ID != v.User {
			pairs = append(pairs, web.ID(u.ID), u.Name)
		}
	}
	return web.Options("", pairs...)
}

// bulksView formats the list of bulk actions.
func bulksView(v web.Visit, found []store.Bulk) views.Bulks {
	m := views.Bulks{Frame: web.Frame(v, "Массовые действия"), List: web.Base(v) + "/acts"}
	m.Menu, m.CurrentTab = true, "/bulks"
	for _, b := range found {
		row := views.BulkLine{Link: views.Link{Text: headingOf(b), Href: web.Base(v) + "/bulks/" + web.ID(b.ID)}, ID: web.ID(b.ID), State: stateOf(b), When: views.Moment(b.CreatedAt, web.Zone(v))}
		switch {
		case slices.Contains([]store.BulkState{store.BulkRunning, store.BulkDone}, b.State), b.State == store.BulkCancelled && b.Done+b.Failed > 0:
			row.Counts = progressWords(b)
		case b.State == store.BulkChecked:
			row.Counts = checkedWords(b)
		}
		m.Busy = m.Busy || b.State == store.BulkRunning || b.State == store.BulkChecking
		m.Bulks = append(m.Bulks, row)
	}
	return m
}
