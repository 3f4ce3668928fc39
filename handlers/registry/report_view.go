package registry

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// fillAgeing formats the unsigned acts by age; without any there are no tables.
func fillAgeing(m *views.Report, v web.Visit, found list.AgeingReport) {
	if len(found.Managers) == 0 {
		return
	}
	var whole list.Aged
	for _, r := range found.Managers {
		whole = whole.Plus(r.Aged)
	}
	number, sum := whole.Whole()
	m.Whole = agedCell(v, list.ActFilter{Waiting: report.AnySpan}, whole, true)
	m.Whole.Number, m.Whole.Sum = views.Plural(number, "акт", "акта", "актов"), web.Money(sum)
	m.Ages, m.AgesText = ageBars(whole)
	m.Tables = []views.AgedTable{agedTable("managers", "По ответственным", "Ответственный", v, found.Managers, whole, managerRow),
		agedTable("clients", "По клиентам", "Клиент", v, found.Clients, whole, clientRow)}
}

// agedTable formats a table; rowOf returns the name of a row and the filter of its acts.
func agedTable(id, heading, who string, v web.Visit, rows []list.AgedRow, whole list.Aged,
	rowOf func(web.Visit, list.AgedRow) (name, testID string, f list.ActFilter)) views.AgedTable {
	t := views.AgedTable{ID: id, Heading: heading, Who: who, Caption: "Суммы в рублях и числа актов, по убыванию суммы"}
	for _, s := range report.Spans {
		t.Columns = append(t.Columns, s.Label())
	}
	t.Columns = append(t.Columns, "Всего", "Доля")
	sums := make([]acts.Kopecks, len(rows))
	for i, r := range rows {
		_, sums[i] = r.Whole()
	}
	shares := report.Shares(sums)
	for i, r := range rows {
		row := views.AgedRow{Share: views.Percent(shares[i])}
		var f list.ActFilter
		row.Name, row.TestID, f = rowOf(v, r)
		if r.Folded > 0 {
			row.Name, row.TestID = fmt.Sprintf("Остальные (%d)", r.Folded), id+"-rest"
		}
		row.Cells = agedCells(v, f, r.Aged, r.Folded == 0)
		t.Rows = append(t.Rows, row)
	}
	t.Whole = views.AgedRow{Name: "Всего", TestID: id + "-whole", Cells: agedCells(v, list.ActFilter{}, whole, true)}
	if slices.Max(shares) > 0 {
		t.Whole.Share = views.Percent(1000)
	}
	return t
}

func managerRow(v web.Visit, r list.AgedRow) (name, testID string, f list.ActFilter) {
	f = list.ActFilter{Responsible: r.Responsible, Unassigned: r.Responsible == 0}
	switch {
	case r.Responsible == 0:
		name = "Без ответственного"
	case r.Name != "":
		name = r.Name
	case r.Responsible == v.User && v.UserName != "":
		name = v.UserName
	default:
		name = "Сотрудник " + web.ID(r.Responsible)
	}
	return name, "manager-" + web.ID(r.Responsible), f
}

func clientRow(_ web.Visit, r list.AgedRow) (name, testID string, f list.ActFilter) {
	f = list.ActFilter{Company: r.Company, Contact: r.Contact, Unknown: r.Company == 0 && r.Contact == 0}
	switch {
	case f.Unknown:
		return "Клиент не указан", "client-none", f
	case r.Company != 0:
		return nameOrNumber(r.Name, web.ID(r.Company)), "company-" + web.ID(r.Company), f
	}
	return nameOrNumber(r.Name, web.ID(r.Contact)), "contact-" + web.ID(r.Contact), f
}

// agedCells formats the sums of a row with links to their acts, the total last.
func agedCells(v web.Visit, f list.ActFilter, a list.Aged, linked bool) []views.AgedCell {
	var cells []views.AgedCell
	for i, s := range report.Spans {
		one := list.Aged{}
		one.Numbers[i], one.Sums[i] = a.Numbers[i], a.Sums[i]
		f.Waiting = s
		cells = append(cells, agedCell(v, f, one, linked))
	}
	f.Waiting = report.AnySpan
	return append(cells, agedCell(v, f, a, linked))
}

// agedCell formats a sum; it is empty without acts.
func agedCell(v web.Visit, f list.ActFilter, a list.Aged, linked bool) views.AgedCell {
	number, sum := a.Whole()
	if number == 0 {
		return views.AgedCell{}
	}
	cell := views.AgedCell{Sum: sum.Label(), Number: strconv.Itoa(number)}
	if linked {
		cell.Href = address(web.Base(v)+"/acts", filterQuery(f, ""))
	}
	return cell
}

// ageBars returns the bars of the chart and its description.
func ageBars(whole list.Aged) (bars []views.AgeBar, text string) {
	most := max(slices.Max(whole.Sums[:]), 1)
	var words []string
	for i, s := range report.Spans {
		label := s.Label() + ", " + views.Plural(whole.Numbers[i], "акт", "акта", "актов")
		bars = append(bars, views.AgeBar{Label: label, Sum: web.Money(whole.Sums[i]), Width: percentOf(100, int(whole.Sums[i]), int(most)), Y: i * 46})
		words = append(words, label+" на "+web.Money(whole.Sums[i]))
	}
	return bars, strings.Join(words, "; ") + "."
}

// percentOf returns a length in percent for SVG.
func percentOf(full float64, part, most int) string {
	return strconv.FormatFloat(full*float64(part)/float64(max(most, 1)), 'f', 1, 64) + "%"
}

// fillTrend formats the months from the first one with acts.
func fillTrend(m *views.Report, months []list.Month) {
	year, most := list.Month{}, 0
	for _, one := range months {
		year.Formed, year.FormedSum = year.Formed+one.Formed, year.FormedSum+one.FormedSum
		year.Signed, year.SignedSum, year.Waited = year.Signed+one.Signed, year.SignedSum+one.SignedSum, year.Waited+one.Waited
		most = max(most, one.Formed, one.Signed)
	}
	if year.Formed == 0 && year.Signed == 0 {
		return
	}
	begun := slices.IndexFunc(months, func(m list.Month) bool { return m.Formed > 0 || m.Signed > 0 })
	for i, one := range months[begun:] {
		row := monthRow(one)
		row.Name, row.Short, row.Y = views.Month(one.First), views.ShortMonth(one.First), 28+i*38
		row.FormedWidth, row.SignedWidth = percentOf(62, one.Formed, most), percentOf(62, one.Signed, most)
		row.FormedEnd, row.SignedEnd = after(row.FormedWidth), after(row.SignedWidth)
		m.Months = append(m.Months, row)
	}
	m.Year = monthRow(year)
	m.Year.Name = "За 12 месяцев"
}

// after returns the position of the number after a bar that begins at 26 percent.
func after(width string) string {
	w, _ := strconv.ParseFloat(strings.TrimSuffix(width, "%"), 64) // written by percentOf
	return strconv.FormatFloat(27.5+w, 'f', 1, 64) + "%"
}

func monthRow(one list.Month) views.MonthRow {
	row := views.MonthRow{Formed: views.Number(strconv.Itoa(one.Formed)), FormedSum: one.FormedSum.Label(),
		Signed: views.Number(strconv.Itoa(one.Signed)), SignedSum: one.SignedSum.Label()}
	if one.Signed > 0 {
		row.Days = views.Number(strconv.FormatFloat(float64(one.Waited)/float64(one.Signed), 'f', 1, 64))
	}
	return row
}
