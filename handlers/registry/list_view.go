package registry

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/list"
	"acts24/views"
)

// preferencesView formats how a counterparty exchanges acts: the last choice and the earlier ones.
func preferencesView(v web.Visit, given []store.PartyAnswer) *views.Preferences {
	m := &views.Preferences{}
	for i, a := range given {
		p := views.Preference{Text: a.Words(), At: views.Moment(a.At, web.Zone(v)), Who: web.AnswerSource(a.Answer)}
		if a.DealTitle != "" {
			p.Deal = web.DealLink(v, a.Deal, a.DealTitle)
		}
		if i > 0 {
			m.Earlier = append(m.Earlier, p)
			continue
		}
		m.Last = &p
		m.Facts = append(m.Facts, views.Fact{Name: "Вид контрагента", Value: a.PartyKind.Label()})
		if contact := strings.Trim(a.Answer.Answer.Contact+", "+a.Phone, ", "); contact != "" {
			m.Facts = append(m.Facts, views.Fact{Name: "Контакт", Value: contact})
		}
		if a.Comment != "" {
			m.Facts = append(m.Facts, views.Fact{Name: "Комментарий", Value: a.Comment})
		}
	}
	return m
}

// firstSteps returns what a visitor of a portal without acts can do first.
func firstSteps(v web.Visit) (list []views.FirstStep) {
	if v.May(roles.RightAdminister) {
		list = append(list, views.FirstStep{Label: "Настройки", Href: web.Base(v) + "/settings", Text: "что ещё нужно, чтобы передавать акты: СБИС, организации, сотрудники"})
	}
	if v.May(roles.RightWork) {
		list = append(list, views.FirstStep{Label: "Сделки без актов", Href: web.Base(v) + "/deals", Text: "откройте сделку из списка: её вкладка «Акты» предложит первый акт"})
	}
	return list
}

// registryRows formats the acts of a page.
func registryRows(v web.Visit, one bool, found []list.Act) []views.RegistryRow {
	rows := make([]views.RegistryRow, len(found))
	for i, act := range found {
		rows[i] = registryRow(v, one, act)
	}
	return rows
}

// fillRegistry formats a page of acts; rows are its acts.
func fillRegistry(m *views.Registry, v web.Visit, a listQuery, found list.RegistryPage, rows []views.RegistryRow) {
	own := a.query()
	m.Filter = filterView(a)
	m.Conditions = activeConditions(m.Action, v, a, found)
	m.Presets = presets(m.Action, v, a, found.Counts)
	if !a.tab { // saved filters belong to the registry (docs/decisions/0008-light-lists.md)
		m.SavedFilters = web.Base(v) + "/filters"
		saved := savedPresets(m.Action, a, found.Saved)
		m.Presets, m.HasSavedFilters = append(m.Presets, saved...), len(saved) > 0
		m.MaySave = a.savedQuery() != "" && !slices.ContainsFunc(m.Presets, func(p views.Preset) bool { return p.Current })
	}
	if a.tab || (a.filter.Company != 0 || a.filter.Contact != 0) && a.filter.Waiting == (report.Span{}) {
		m.Totals = totals(found.Totals)
	}
	if a.filter.Waiting != (report.Span{}) {
		m.Found = views.Plural(found.Found.Number, "акт", "акта", "актов") + " на " + web.Money(found.Found.Sum)
	}
	if a.filter.NoOriginal && v.May(roles.RightWork) {
		m.Originals = web.Base(v) + "/acts/originals"
	}
	if m.SingleParty {
		m.Preferences = preferencesView(v, found.Answers)
	}
	m.Rows = actGrid(*m, a, found, rows)
	switch {
	case a.page.After.ID != 0:
		m.Empty = "Дальше актов нет."
	case m.Filter.Any:
		m.Empty = "По этим условиям актов нет. Измените условия или сбросьте их."
	case len(rows) == 0 && !a.tab:
		m.FirstSteps = firstSteps(v)
	}
	if len(rows) > 0 {
		m.Bulk = bulkBar(v, a, found, own.Encode())
		m.Rows.All, m.Rows.AllText = m.Bulk.Page, "Все на странице: "+m.Bulk.Count
		m.Exports = exportLinks(m.Action, a.withSort(a.query()))
		if m.TotalLink = address(m.Action, withTotal(a.withSort(a.query()))); a.page.Total {
			m.Total = "Найдено " + foundText(found.Found)
		}
	}
	switch {
	case a.unsorted:
		m.Alert = unknownSort
	case a.columns:
		m.Alert = unknownColumns
	}
	if a.page.After.ID != 0 {
		m.First = address(m.Action, a.withSort(own))
	}
	if found.Next.ID != 0 {
		own.Set("after", encodeCursor(found.Next, list.ActSorting, a.page.Sort, v.Portal))
		m.Next = address(m.Action, a.withSort(own))
	}
}

// foundText returns «12 актов на сумму 1 200,00 ₽».
func foundText(n list.MatchCount) string {
	return views.Plural(n.Number, "акт", "акта", "актов") + " на сумму " + web.Money(n.Sum)
}

// withTotal adds the request for the total to an address.
func withTotal(q url.Values) url.Values {
	q.Set("total", "1")
	return q
}

// bulkBar formats the bulk actions under a list; filter is that of the list without the counterparty of the page.
func bulkBar(v web.Visit, a listQuery, found list.RegistryPage, filter string) *views.BulkBar {
	bar := &views.BulkBar{Key: uuid.NewString(), Filter: filter, Count: actsCount(len(found.Acts)), Bulks: web.Base(v) + "/bulks", ReadOnly: !v.May(roles.RightWork)}
	ids := make([]string, len(found.Acts))
	for i, act := range found.Acts {
		ids[i] = web.ID(act.ID)
	}
	bar.Page = strings.Join(ids, ",")
	if f := a.filter; f.Company != 0 {
		bar.Company = web.ID(f.Company)
	} else if f.Contact != 0 {
		bar.Contact = web.ID(f.Contact)
	}
	switch {
	case a.page.After.ID == 0 && found.Next.ID == 0: // the page shows all of them
	case filter == "":
		bar.All = "акты списка"
	default:
		bar.All = "по фильтру"
	}
	return bar
}

// presets returns the preset filters with their counts; the current one is marked.
func presets(page string, v web.Visit, a listQuery, n list.ActCounts) []views.Preset {
	var rows []views.Preset
	own := a.query().Encode()
	add := func(label, testID string, f list.ActFilter, count int, urgent bool) {
		if !a.tab {
			f.Company, f.Contact = a.filter.Company, a.filter.Contact
		}
		q := filterQuery(f, "")
		p := views.Preset{Label: label, TestID: "preset-" + testID, Current: q.Encode() == own, Urgent: urgent && count > 0}
		p.Href = address(page, a.withSort(q))
		if count >= 0 {
			p.Count = cappedCount(count)
		}
		rows = append(rows, p)
	}
	add("Все", "all", list.ActFilter{}, -1, false)
	add("Мои", "mine", list.ActFilter{Responsible: v.User}, n.Mine, false)
	add("Ждут моего действия", "my-action", list.ActFilter{Responsible: v.User, AwaitsUs: true}, n.MineAwaitUs, false)
	add("Ждут нашей подписи", "waits-for-us", list.ActFilter{Conditions: list.Conditions{Delivery: string(acts.DeliveryWaitingSignature)}}, n.AwaitOurSignature, false)
	add("Ждут подписи контрагента", "waiting", list.ActFilter{Statuses: []acts.Status{acts.StatusSent, acts.StatusAcceptedUnsigned}}, n.Waiting, false)
	add("Просрочены", "overdue", list.ActFilter{Overdue: true}, n.Overdue, true)
	add("Отказ", "refused", list.ActFilter{Refused: true}, n.Refused, true)
	add("Ошибка отправки", "failed", list.ActFilter{Failed: true}, n.Failed, true)
	add("Ждём оригинал", "originals", list.ActFilter{Conditions: list.Conditions{NoOriginal: true}}, -1, false)
	return rows
}

// totals formats the sums of a counterparty.
func totals(t list.ActTotals) []views.Total {
	return []views.Total{{Label: "Сформировано", Sum: web.Money(t.Formed), TestID: "total-formed"}, {Label: "Подписано", Sum: web.Money(t.Signed), TestID: "total-signed"},
		{Label: "Не подписано", Sum: web.Money(t.Unsigned), TestID: "total-unsigned"}, {Label: "Из них просрочено", Sum: web.Money(t.Overdue), TestID: "total-overdue"}}
}

// registryRow formats an act; one is set on the page of one counterparty, whose name its rows omit.
func registryRow(v web.Visit, one bool, a list.Act) views.RegistryRow {
	row := views.RegistryRow{ID: web.ID(a.ID), Number: numberOf(a.Number, a.Correction), Date: views.Date(a.Date), Href: web.Base(v) + "/acts/" + web.ID(a.ID), Deal: web.DealLink(v, a.Deal, a.DealTitle),
		Type: web.TypeLabel(a.Medium, a.PartyKind), Status: web.StatusChip(a.Status), Delivery: web.DeliveryChip(a.Medium, a.Status, a.Delivery), Note: web.StatusNote(v, a.Status, a.Reason, a.DeliveryNote, a.DecidedBy, a.DecidedAt),
		Annulling: web.AnnulmentChip(a.Annulment), Ended: slices.Contains([]acts.Status{acts.StatusSigned, acts.StatusRefused, acts.StatusAnnulled}, a.Status),
		INN: a.BuyerINN, Contract: a.Basis.Label(), Tax: a.Tax.Label(), Sent: views.Date(dayIn(v, a.SentAt)), Signed: views.Date(dayIn(v, a.SignedAt)), Original: views.Date(a.Original),
		Sum: a.Gross.Label(), Responsible: responsibleName(v, a.Responsible, a.ResponsibleName), Due: views.Date(a.Due)}
	if row.Number == "" {
		row.Number = "Без номера"
	}
	if !a.From.IsZero() || !a.To.IsZero() {
		row.Period = views.Date(a.From) + " – " + views.Date(a.To)
	}
	if o, known := acts.OperatorByPrefix(a.Operator); known {
		row.Operator = o.Name
	} else {
		row.Operator = a.Operator
	}
	switch {
	case one:
	case a.Company != 0:
		row.Company = web.CompanyLink(v, a.Company, a.Buyer)
	case a.Contact != 0:
		row.Company = web.ContactLink(v, a.Contact, a.Buyer)
	default:
		row.Company.Text = a.Buyer
	}
	return row
}

// numberOf returns a number with its correction.
func numberOf(number string, correction int) string {
	if correction == 0 {
		return number
	}
	return number + " (испр. " + strconv.Itoa(correction) + ")"
}
