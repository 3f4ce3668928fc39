package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// fillAgeing words who is waited for; without unsigned acts there are no tables.
func fillAgeing(m *views.Report, v Visit, found store.Ageing) {
	if len(found.Managers) == 0 {
		return
	}
	var whole store.Aged
	for _, r := range found.Managers {
		whole = whole.Plus(r.Aged)
	}
	number, sum := whole.Whole()
	m.Whole = agedCell(store.ActFilter{Waiting: acts.AnySpan}, whole, true)
	m.Whole.Number, m.Whole.Sum = views.Plural(number, "акт", "акта", "актов"), money(sum)
	m.Ages, m.AgesText = ageBars(whole)
	m.Tables = []views.AgedTable{agedTable("managers", "По ответственным", "Ответственный", v, found.Managers, whole, managerRow),
		agedTable("clients", "По клиентам", "Клиент", v, found.Clients, whole, clientRow)}
}

// agedTable words a table; rowOf says whose a row is and which acts it has.
func agedTable(id, heading, who string, v Visit, rows []store.AgedRow, whole store.Aged,
	rowOf func(Visit, store.AgedRow) (name, testID string, f store.ActFilter)) views.AgedTable {
	t := views.AgedTable{ID: id, Heading: heading, Who: who, Caption: "Суммы в рублях и числа актов, по убыванию суммы"}
	for _, s := range acts.Spans {
		t.Columns = append(t.Columns, s.Label())
	}
	t.Columns = append(t.Columns, "Всего", "Доля")
	sums := make([]acts.Kopecks, len(rows))
	for i, r := range rows {
		_, sums[i] = r.Whole()
	}
	shares := acts.Shares(sums)
	for i, r := range rows {
		row := views.AgedRow{Share: views.Percent(shares[i])}
		var f store.ActFilter
		row.Name, row.TestID, f = rowOf(v, r)
		if r.Folded > 0 {
			row.Name, row.TestID = fmt.Sprintf("Остальные (%d)", r.Folded), id+"-rest"
		}
		row.Cells = agedCells(f, r.Aged, r.Folded == 0)
		t.Rows = append(t.Rows, row)
	}
	t.Whole = views.AgedRow{Name: "Всего", TestID: id + "-whole", Cells: agedCells(store.ActFilter{}, whole, true)}
	if slices.Max(shares) > 0 {
		t.Whole.Share = views.Percent(1000)
	}
	return t
}

func managerRow(v Visit, r store.AgedRow) (name, testID string, f store.ActFilter) {
	f = store.ActFilter{Responsible: r.Responsible, Unassigned: r.Responsible == 0}
	switch {
	case r.Responsible == 0:
		name = "Без ответственного"
	case r.Name != "":
		name = r.Name
	case r.Responsible == v.User && v.UserName != "":
		name = v.UserName
	default:
		name = "Сотрудник " + id(r.Responsible)
	}
	return shortName(name), "manager-" + id(r.Responsible), f
}

func clientRow(_ Visit, r store.AgedRow) (name, testID string, f store.ActFilter) {
	f = store.ActFilter{Company: r.Company, Contact: r.Contact, Unknown: r.Company == 0 && r.Contact == 0}
	switch {
	case f.Unknown:
		return "Клиент не указан", "client-none", f
	case r.Company != 0:
		return shortName(called(r.Name, id(r.Company))), "company-" + id(r.Company), f
	}
	return shortName(called(r.Name, id(r.Contact))), "contact-" + id(r.Contact), f
}

// agedCells are the sums of a row with the way to their acts, all of them together last.
func agedCells(f store.ActFilter, a store.Aged, linked bool) []views.AgedCell {
	var cells []views.AgedCell
	for i, s := range acts.Spans {
		one := store.Aged{}
		one.Numbers[i], one.Sums[i] = a.Numbers[i], a.Sums[i]
		f.Waiting = s
		cells = append(cells, agedCell(f, one, linked))
	}
	f.Waiting = acts.AnySpan
	return append(cells, agedCell(f, a, linked))
}

// agedCell is empty where there are no acts. Its address is one beside the report: in all cells the whole address would be heavy.
func agedCell(f store.ActFilter, a store.Aged, linked bool) views.AgedCell {
	number, sum := a.Whole()
	if number == 0 {
		return views.AgedCell{}
	}
	cell := views.AgedCell{Sum: sum.Label(), Number: strconv.Itoa(number)}
	if linked {
		cell.Href = address("acts", query(f, ""))
	}
	return cell
}

// ageBars are the bars of the chart, and the chart in words.
func ageBars(whole store.Aged) (bars []views.AgeBar, text string) {
	most := max(slices.Max(whole.Sums[:]), 1)
	var words []string
	for i, s := range acts.Spans {
		label := s.Label() + ", " + views.Plural(whole.Numbers[i], "акт", "акта", "актов")
		bars = append(bars, views.AgeBar{Label: label, Sum: money(whole.Sums[i]), Width: percentOf(100, int(whole.Sums[i]), int(most)), Y: i * 46})
		words = append(words, label+" на "+money(whole.Sums[i]))
	}
	return bars, strings.Join(words, "; ") + "."
}

// percentOf is a length out of full percent, as SVG has it.
func percentOf(full float64, part, most int) string {
	return strconv.FormatFloat(full*float64(part)/float64(max(most, 1)), 'f', 1, 64) + "%"
}

// fillTrend words the months, from the first that had acts; a year without any has no table.
func fillTrend(m *views.Report, t store.Trend) {
	if t.Counted < 100 {
		m.Counting = fmt.Sprintf("Прежние акты ещё считаются: готово %d %%. Цифры обновятся сами.", t.Counted)
	}
	year, most := store.Month{}, 0
	for _, one := range t.Months {
		year.Formed, year.FormedSum = year.Formed+one.Formed, year.FormedSum+one.FormedSum
		year.Signed, year.SignedSum, year.Waited = year.Signed+one.Signed, year.SignedSum+one.SignedSum, year.Waited+one.Waited
		most = max(most, one.Formed, one.Signed)
	}
	if year.Formed == 0 && year.Signed == 0 {
		return
	}
	begun := slices.IndexFunc(t.Months, func(m store.Month) bool { return m.Formed > 0 || m.Signed > 0 })
	for i, one := range t.Months[begun:] {
		row := monthRow(one)
		row.Name, row.Short, row.Y = views.Month(one.First), views.ShortMonth(one.First), 28+i*38
		row.FormedWidth, row.SignedWidth = percentOf(62, one.Formed, most), percentOf(62, one.Signed, most)
		row.FormedEnd, row.SignedEnd = after(row.FormedWidth), after(row.SignedWidth)
		m.Months = append(m.Months, row)
	}
	m.Year = monthRow(year)
	m.Year.Name = "За 12 месяцев"
}

// after is where the number of a bar stands that begins at 26 percent.
func after(width string) string {
	w, _ := strconv.ParseFloat(strings.TrimSuffix(width, "%"), 64) // written by percentOf
	return strconv.FormatFloat(27.5+w, 'f', 1, 64) + "%"
}

func monthRow(one store.Month) views.MonthRow {
	row := views.MonthRow{Formed: views.Number(strconv.Itoa(one.Formed)), FormedSum: one.FormedSum.Label(),
		Signed: views.Number(strconv.Itoa(one.Signed)), SignedSum: one.SignedSum.Label()}
	if one.Signed > 0 {
		row.Days = views.Number(strconv.FormatFloat(float64(one.Waited)/float64(one.Signed), 'f', 1, 64))
	}
	return row
}
