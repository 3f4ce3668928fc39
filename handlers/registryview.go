package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// fillRegistry words a page of acts.
func fillRegistry(m *views.Registry, v Visit, a asked, found store.Registry, today time.Time) {
	own := a.own()
	m.Filter = filterView(a)
	m.Narrowed = narrowings(m.Action, v, a, found)
	m.Presets = presets(m.Action, v, a, found.Counts)
	if a.tab || (a.filter.Company != 0 || a.filter.Contact != 0) && a.filter.Waiting == (acts.Span{}) {
		m.Totals = totals(found.Totals)
	}
	if a.filter.Waiting != (acts.Span{}) {
		m.Found = views.Plural(found.Found.Number, "акт", "акта", "актов") + " на " + money(found.Found.Sum)
	}
	if m.One {
		m.Preferences = preferencesView(v, found.Given)
	}
	m.Rows = make([]views.RegistryRow, len(found.Acts))
	for i, act := range found.Acts {
		m.Rows[i] = registryRow(v, m.One, act, today)
	}
	switch {
	case a.after.ID != 0:
		m.Empty = "Дальше актов нет."
	case m.Filter.Any:
		m.Empty = "По этим условиям актов нет. Измените условия или сбросьте их."
	}
	if len(m.Rows) > 0 {
		m.Bulk = bulkBar(v, a, found, own.Encode())
		m.Exports = exportLinks(m.Action, a.own())
		m.Hidden = hiding(found.Hidden)
	}
	if a.after.ID != 0 {
		m.First = address(m.Action, own)
	}
	if found.Next.ID != 0 {
		own.Set("after", sealKey(found.Next, v.Portal))
		m.Next = address(m.Action, own)
	}
}

// bulkBar are the actions under a list; filter is that of the list without what the page itself narrows to.
func bulkBar(v Visit, a asked, found store.Registry, filter string) *views.BulkBar {
	bar := &views.BulkBar{Key: uuid.NewString(), Filter: filter, Count: actsCount(len(found.Acts)), Bulks: base(v) + "/bulks", ReadOnly: !v.May(acts.Work)}
	ids := make([]string, len(found.Acts))
	for i, act := range found.Acts {
		ids[i] = id(act.ID)
	}
	bar.Page = strings.Join(ids, ",")
	if f := a.filter; f.Company != 0 {
		bar.Company = id(f.Company)
	} else if f.Contact != 0 {
		bar.Contact = id(f.Contact)
	}
	switch {
	case a.after.ID == 0 && found.Next.ID == 0: // the page has them all
	case filter == "":
		bar.All = "Все акты списка, на всех страницах"
	default:
		bar.All = "Все акты по фильтру, на всех страницах"
	}
	return bar
}

// presets are the filters of every day, of the counterparty that the address narrows to; the one whose address the page has is marked.
func presets(page string, v Visit, a asked, n store.ActCounts) []views.Preset {
	var list []views.Preset
	own := a.own().Encode()
	add := func(label, testID string, f store.ActFilter, count int, loud bool) {
		if !a.tab {
			f.Company, f.Contact = a.filter.Company, a.filter.Contact
		}
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
	row := views.RegistryRow{ID: id(a.ID), Number: a.Number, Date: views.Date(a.Date), Href: up + "acts/" + id(a.ID), Deal: views.Link{Text: a.DealTitle, Href: up + "d/" + id(a.Deal)},
		Type: typeLabel(a.Medium, a.PartyKind), Status: statusChip(a.Status), Delivery: deliveryChip(a.Medium, a.Status, a.Delivery), Note: noteOf(a.Reason, a.DeliveryNote),
		Sum: a.Gross.Label(), Responsible: responsibleName(v, a.Responsible, a.ResponsibleName), Due: views.Date(a.Due)}
	if row.Number == "" {
		row.Number = "Без номера"
	}
	switch {
	case one:
	case a.Company != 0:
		row.Company = views.Link{Text: a.Buyer, Href: "c/" + id(a.Company)}
	case a.Contact != 0:
		row.Company = views.Link{Text: a.Buyer, Href: "k/" + id(a.Contact)}
	default:
		row.Company.Text = a.Buyer
	}
	if !a.Due.IsZero() && a.Due.Before(today) {
		row.Late = views.Chip{Text: "Прошёл " + views.Date(a.Due), Tone: dueChip(a.Due, today).Tone}
	}
	return row
}
