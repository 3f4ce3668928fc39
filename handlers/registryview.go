package handlers

import (
	"strconv"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// fillRegistry words a page of acts.
func fillRegistry(m *views.Registry, v Visit, a asked, found store.Registry, today time.Time) {
	own := query(a.filter, a.text)
	m.Filter = filterView(m.Action, a)
	m.Narrowed = narrowings(m.Action, v, a, found.Chosen)
	m.Presets = presets(m.Action, v, own.Encode(), found.Counts)
	if a.filter.Company != 0 || a.filter.Contact != 0 {
		m.Totals = totals(found.Totals)
	}
	if m.One {
		m.Preferences = preferencesView(v, found.Given)
	}
	for _, act := range found.Acts {
		m.Rows = append(m.Rows, registryRow(v, m.One, act, today))
	}
	switch {
	case a.after.ID != 0:
		m.Empty = "Дальше актов нет."
	case m.Filter.Any:
		m.Empty = "По этим условиям актов нет. Измените условия или сбросьте их."
	}
	if len(m.Rows) > 0 {
		m.Exports = exportLinks(m.Action, query(a.filter, a.text))
	}
	if a.after.ID != 0 {
		m.First = address(m.Action, own)
	}
	if found.Next.ID != 0 {
		own.Set("after", sealKey(found.Next, v.Portal))
		m.Next = address(m.Action, own)
	}
}

// presets are the filters of every day; the one whose address the page has is marked.
func presets(page string, v Visit, own string, n store.ActCounts) []views.Preset {
	var list []views.Preset
	add := func(label, testID string, f store.ActFilter, count int, loud bool) {
		q := query(f, "")
		p := views.Preset{Label: label, TestID: "preset-" + testID, Href: address(page, q), Here: q.Encode() == own, Loud: loud && count > 0}
		if count >= 0 {
			p.Count = capped(count)
		}
		list = append(list, p)
	}
	add("Все", "all", store.ActFilter{}, -1, false)
	add("Мои", "mine", store.ActFilter{Responsible: v.User}, n.Mine, false)
	add("Ждут подписи", "waiting", store.ActFilter{Statuses: []acts.Status{acts.Sent, acts.AcceptedUnsigned}}, n.Waiting, false)
	add("Просрочены", "overdue", store.ActFilter{Overdue: true}, n.Overdue, true)
	add("Отказ", "refused", store.ActFilter{Statuses: []acts.Status{acts.StatusRefused}}, n.Refused, true)
	add("Ошибка отправки", "failed", store.ActFilter{Failed: true}, n.Failed, true)
	return list
}

// capped is «100+» where counting stopped.
func capped(n int) string {
	if n > store.MostCounted {
		return strconv.Itoa(store.MostCounted) + "+"
	}
	return strconv.Itoa(n)
}

func totals(t store.ActTotals) []views.Total {
	return []views.Total{{Label: "Сформировано", Sum: money(t.Formed), TestID: "total-formed"}, {Label: "Подписано", Sum: money(t.Signed), TestID: "total-signed"},
		{Label: "Не подписано", Sum: money(t.Unsigned), TestID: "total-unsigned"}, {Label: "Из них просрочено", Sum: money(t.Overdue), TestID: "total-overdue"}}
}

// registryRow has short links: a page has a hundred of them. one says that the page is of one counterparty, a step deeper than the registry.
func registryRow(v Visit, one bool, a store.ListedAct, today time.Time) views.RegistryRow {
	up := ""
	if one {
		up = "../"
	}
	row := views.RegistryRow{Number: a.Number, Date: views.Date(a.Date), Href: up + "acts/" + id(a.ID), Deal: views.Link{Text: a.DealTitle, Href: up + "d/" + id(a.Deal)},
		Type: typeLabel(a.Act), Status: statusChip(a.Act), Delivery: deliveryChip(a.Act), Note: noteOf(a.Act),
		Sum: a.Totals.Gross.Label(), Responsible: a.ResponsibleName, Due: views.Date(a.Due)}
	if row.Number == "" {
		row.Number = "Без номера"
	}
	switch {
	case one:
	case a.Company != 0:
		row.Company = views.Link{Text: a.Buyer.Name, Href: "c/" + id(a.Company)}
	case a.Contact != 0:
		row.Company = views.Link{Text: a.Buyer.Name, Href: "k/" + id(a.Contact)}
	default:
		row.Company.Text = a.Buyer.Name
	}
	if row.Responsible == "" && a.Responsible != 0 {
		row.Responsible = "Сотрудник " + id(a.Responsible)
	}
	if a.Responsible == v.User && v.UserName != "" {
		row.Responsible = v.UserName
	}
	if !a.Due.IsZero() && a.Due.Before(today) {
		row.Late = views.Chip{Text: "Прошёл " + views.Date(a.Due), Tone: dueChip(a.Due, today).Tone}
	}
	return row
}
