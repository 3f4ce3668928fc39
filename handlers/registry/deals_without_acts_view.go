package registry

import (
	"cmp"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/queue"
	"acts24/views"
)

// dealsWithoutActsView formats a page of deals without acts.
func dealsWithoutActsView(v web.Visit, a dealsQuery, found list.DealsPage, try dealsFailure, q url.Values, now time.Time) views.DealsWithoutActs {
	m := views.DealsWithoutActs{Frame: web.Frame(v, "Сделки без актов"), Action: web.Base(v) + "/deals", Key: uuid.NewString(), Filtered: len(a.query()) > 0, Faults: a.faults,
		Stage: stageOptions(found.Settings, a.filter.Stage), People: peopleOptions(v, list.ActFilter{Responsible: a.filter.Responsible}, found.Users), Reason: try.reason}
	m.Menu, m.CurrentTab, m.Notice = true, "/deals", dealsNotice(q)
	if try.err != nil {
		var faults acts.Faults
		if m.Notice = ""; errors.As(try.err, &faults) {
			m.Faults = web.FaultMap(faults)
		}
		web.ShowError(&m.Frame, "", try.err)
	}
	if !found.Backfill.Done {
		m.Copying = backfillProgress(found.Backfill)
	}
	if found.Count > 0 {
		m.Count = "Сделок: " + cappedCount(found.Count)
	}
	m.Rows = dealGrid(m, a)
	checked := map[acts.DealID]bool{}
	for _, deal := range try.deals {
		checked[deal] = true
	}
	for _, d := range found.Deals {
		m.Busy = m.Busy || d.Forming
		m.Rows.Rows = append(m.Rows.Rows, dealsRow(v, d, found.Settings, checked[d.ID], now))
	}
	m.Empty, m.EmptyLink = dealsEmpty(v, a, found)
	m.Text, m.Sort = a.text, a.withSort().Get("sort")
	if a.unsorted {
		m.Alert = unknownSort
	}
	for name, values := range a.withSort() {
		m.Back = append(m.Back, views.Option{Value: name, Label: values[0]})
	}
	if a.page.After.ID != 0 {
		m.First = address(m.Action, a.withSort())
	}
	if found.Next.ID != 0 {
		next := a.withSort()
		next.Set("after", encodeCursor(found.Next, list.DealSorting, a.page.Sort, v.Portal))
		m.Next = address(m.Action, next)
	}
	return m
}

func dealsNotice(q url.Values) string {
	n, err := strconv.Atoi(q.Get("n"))
	switch {
	case err != nil || n < 0 || n > list.PageDeals:
		return ""
	case q.Get("done") == "formed" && n == 0:
		return "Акты этих сделок уже сформированы или формируются."
	case q.Get("done") == "formed":
		return "Формируем " + views.Plural(n, "акт", "акта", "актов") + ". Сделка исчезнет из списка, как только её акт готов."
	case q.Get("done") == "closed" && n == 0:
		return "Остаток этих сделок уже закрыт."
	case q.Get("done") == "closed":
		return "Остаток закрыт: " + views.Plural(n, "сделка", "сделки", "сделок") + ". Вернуть можно на вкладке «Акты» сделки."
	}
	return ""
}

func backfillProgress(l queue.Backfill) *views.Copying {
	m := &views.Copying{Text: "Сделки портала копируются, список пополняется."}
	if l.Total > 0 {
		m.Seen, m.Total = strconv.Itoa(l.DealsRead), strconv.Itoa(l.Total)
		m.Text = "Скопировано сделок: " + views.Number(m.Seen) + " из " + views.Number(m.Total) + ". Список пополняется."
	}
	if l.Problem != "" {
		m.Text += " Сейчас не получается: " + l.Problem + " Повторим сами."
	}
	return m
}

func dealsEmpty(v web.Visit, a dealsQuery, found list.DealsPage) (string, views.Link) {
	all := views.Link{Text: "Показать все", Href: web.Base(v) + "/deals"}
	switch {
	case len(a.faults) > 0:
		return "Список не построен: исправьте отмеченное.", all
	case len(found.Settings.StagesNeedingActs()) == 0 && v.May(roles.RightAdminister):
		return "Не сказано, на каких стадиях сделка ждёт акта.", views.Link{Text: "Сопоставить стадии", Href: web.Base(v) + "/settings/stages"}
	case len(found.Settings.StagesNeedingActs()) == 0:
		return "Не сказано, на каких стадиях сделка ждёт акта. Стадии сопоставляет администратор в настройках приложения.", views.Link{}
	case len(a.query()) > 0 || a.page.After.ID != 0:
		return "По этим условиям сделок без актов нет.", all
	case !found.Backfill.Done:
		return "Пока сделок без актов не найдено.", views.Link{}
	}
	return "Все сделки закрыты актами.", views.Link{}
}

func stageOptions(settings store.Settings, chosen string) []views.Option {
	list := []views.Option{{Value: "", Label: "Любая", Chosen: chosen == ""}}
	for _, p := range settings.Pipelines {
		for _, stage := range p.StagesNeedingActs() {
			label := p.StageName(stage)
			if len(settings.Pipelines) > 1 {
				label = p.Name + ": " + label
			}
			list = append(list, views.Option{Value: stage, Label: label, Chosen: stage == chosen})
		}
	}
	return list
}

// dealGrid returns the table without its rows.
func dealGrid(m views.DealsWithoutActs, a dealsQuery) views.Grid {
	g := views.Grid{Class: "deals-without-acts", Caption: "Сделки без актов", AllText: "Отметить все на странице"}
	if !m.ReadOnly {
		g.Name = "deal"
	}
	links := dealSortHeads(m.Action, a)
	for _, c := range []views.Column{{Code: "deal", Label: "Сделка"}, {Code: "stage", Label: "Стадия"}, {Code: "company", Label: "Компания"}, {Code: "age", Label: "Ждёт"},
		{Code: "sum", Label: "Не вошло в акты"}, {Code: "responsible", Label: "Ответственный"}, {Code: "tab", Label: "Акты"}} {
		c.Head = links[c.Code]
		g.Columns = append(g.Columns, c)
	}
	return g
}

func dealsRow(v web.Visit, d list.DealWithoutActs, settings store.Settings, chosen bool, now time.Time) views.GridRow {
	id := web.ID(d.ID)
	deal := views.Cell{Link: web.DealLink(v, d.ID, cmp.Or(d.Title, "Сделка № "+id)), Fault: d.Problem}
	if d.Forming {
		deal.Chips = []views.Chip{{Text: "Акт формируется", Tone: "progress"}}
	} else if d.Problem != "" {
		deal.Chips = []views.Chip{{Text: "Акт не сформирован", Tone: "problem"}}
	}
	var company views.Cell
	switch {
	case d.Company != 0:
		company.Link = web.CompanyLink(v, d.Company, nameOrNumber(d.Buyer, web.ID(d.Company)))
	case d.Contact != 0:
		company.Link = web.ContactLink(v, d.Contact, nameOrNumber(d.Buyer, web.ID(d.Contact)))
	}
	sum := views.Cell{Text: views.MoneyIn(d.Uncovered.String(), d.Currency)}
	if d.HasActs {
		sum.Note = "остаток"
	}
	return views.GridRow{ID: id, ElementID: "d" + id, Label: deal.Link.Text, Chosen: chosen, Cells: []views.Cell{deal, {Text: settings.Pipeline(d.Category).StageName(d.StageID)}, company,
		{Text: ageWords(d.Since, now), Note: "с " + views.Date(d.Since)}, sum, {Text: responsibleName(v, d.Responsible, d.ResponsibleName)},
		{Link: views.Link{Text: "Акты сделки", Href: web.Base(v) + "/deals/" + id}}}}
}

// ageWords is how many days a deal has been on its stage.
func ageWords(since, now time.Time) string {
	days := int(web.DayOf(now).Sub(since).Hours() / 24)
	if days <= 0 {
		return "сегодня"
	}
	return views.Plural(days, "день", "дня", "дней")
}
