package registry

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// fillAgeing formats the unsigned acts by age; without any there are no tables.
func fillAgeing(m *views.Report, v web.Visit, of list.ActFilter, found list.AgeingReport) {
	if len(found.Managers) == 0 {
		return
	}
	var whole list.AgedSums
	for _, r := range found.Managers {
		whole = whole.Plus(r.AgedSums)
	}
	number, sum := whole.Total()
	all := of
	all.Waiting = report.AnySpan
	m.Total = agedCell(v, all, whole, true)
	m.Total.Number, m.Total.Sum = views.Plural(number, "акт", "акта", "актов"), web.Money(sum)
	m.Ages, m.AgesText = ageBars(whole)
	m.Tables = []views.AgedTable{agedTable("managers", "По ответственным", "Ответственный", v, of, found.Managers, whole, managerRow),
		agedTable("clients", "По клиентам", "Клиент", v, of, found.Clients, whole, clientRow)}
	if len(found.Months) > 0 {
		m.Tables = append(m.Tables, monthTable(v, of, found.Months, whole))
	}
	m.Stack, m.StackText = stackBars(found.Months)
}

// agedTable formats a table; rowOf returns the name of a row and the filter of its acts.
func agedTable(id, heading, who string, v web.Visit, of list.ActFilter, rows []list.AgedRow, whole list.AgedSums,
	rowOf func(web.Visit, list.AgedRow) (name, testID string, f list.ActFilter)) views.AgedTable {
	t := views.AgedTable{ID: id, Heading: heading, RowHeader: who, Caption: "Суммы в рублях и числа актов, по убыванию суммы"}
	for _, s := range report.Spans {
		t.Columns = append(t.Columns, s.Label())
	}
	t.Columns = append(t.Columns, "Всего", "Доля")
	sums := make([]acts.Kopecks, len(rows))
	for i, r := range rows {
		_, sums[i] = r.Total()
	}
	shares := report.Shares(sums)
	for i, r := range rows {
		row := views.AgedRow{Share: views.Percent(shares[i])}
		var f list.ActFilter
		row.Name, row.TestID, f = rowOf(v, r)
		f.From, f.To, f.Own = of.From, of.To, of.Own
		if r.Folded > 0 {
			row.Name, row.TestID = fmt.Sprintf("Остальные (%d)", r.Folded), id+"-rest"
		}
		row.Cells = agedCells(v, f, r.AgedSums, r.Folded == 0)
		t.Rows = append(t.Rows, row)
	}
	t.Total = views.AgedRow{Name: "Всего", TestID: id + "-whole", Cells: agedCells(v, of, whole, true)}
	if slices.Max(shares) > 0 {
		t.Total.Share = views.Percent(1000)
	}
	return t
}

// shownMonths is the number of months in the table and in the chart; older ones become one row.
const shownMonths = 12

// foldedMonths returns the months with one row for all that are older than shownMonths. Its First is zero.
func foldedMonths(months []list.AgedMonth) []list.AgedMonth {
	if len(months) <= shownMonths {
		return months
	}
	split := len(months) - shownMonths
	var older list.AgedMonth
	for _, m := range months[:split] {
		older.AgedSums = older.Plus(m.AgedSums)
	}
	return append([]list.AgedMonth{older}, months[split:]...)
}

// monthTable formats the unsigned acts by the month of their date.
func monthTable(v web.Visit, of list.ActFilter, months []list.AgedMonth, whole list.AgedSums) views.AgedTable {
	t := views.AgedTable{ID: "ageing-months", Heading: "По месяцам", RowHeader: "Месяц акта", Caption: "Суммы в рублях и числа актов без подписи, по месяцу даты акта"}
	for _, s := range report.Spans {
		t.Columns = append(t.Columns, s.Label())
	}
	t.Columns = append(t.Columns, "Всего", "Доля")
	rows := foldedMonths(months)
	sums := make([]acts.Kopecks, len(rows))
	for i, r := range rows {
		_, sums[i] = r.Total()
	}
	shares := report.Shares(sums)
	for i, r := range rows {
		f := of
		row := views.AgedRow{Name: monthName(r.First), TestID: "aged-" + r.First.Format("2006-01"), Share: views.Percent(shares[i])}
		if r.First.IsZero() {
			row.TestID, f.To = "aged-older", rows[i+1].First.AddDate(0, 0, -1)
		} else {
			f.From, f.To = laterDay(of.From, r.First), earlierDay(of.To, r.First.AddDate(0, 1, -1))
		}
		row.Cells = agedCells(v, f, r.AgedSums, true)
		t.Rows = append(t.Rows, row)
	}
	t.Total = views.AgedRow{Name: "Всего", TestID: "ageing-months-whole", Cells: agedCells(v, of, whole, true)}
	if slices.Max(shares) > 0 {
		t.Total.Share = views.Percent(1000)
	}
	return t
}

// monthName returns a month as users read it, «Раньше» for the row of the older ones.
func monthName(first time.Time) string {
	if first.IsZero() {
		return "Раньше"
	}
	return views.Month(first)
}

// laterDay returns the later of two days; a zero day is none.
func laterDay(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// earlierDay returns the earlier of two days; a zero first day is none.
func earlierDay(a, b time.Time) time.Time {
	if !a.IsZero() && a.Before(b) {
		return a
	}
	return b
}

// stackBars returns the bars of the chart by months, each divided by age, and its description.
func stackBars(months []list.AgedMonth) (bars []views.StackBar, text string) {
	if len(months) == 0 {
		return nil, ""
	}
	rows := foldedMonths(months)
	var most acts.Kopecks
	for _, r := range rows {
		_, sum := r.Total()
		most = max(most, sum)
	}
	var words []string
	for i, r := range rows {
		_, sum := r.Total()
		bar := views.StackBar{Label: "раньше", Sum: web.Money(sum), Y: i * 30}
		if !r.First.IsZero() {
			bar.Label = views.ShortMonth(r.First)
		}
		var before acts.Kopecks
		for n, s := range report.Spans {
			if r.Sums[n] > 0 {
				bar.Parts = append(bar.Parts, views.StackPart{Class: "age-" + strconv.Itoa(n), X: barOffset(before, most), Width: percentOf(stackWidth, int(r.Sums[n]), int(most)),
					Title: monthName(r.First) + ", " + s.Label() + ": " + views.Plural(r.Numbers[n], "акт", "акта", "актов") + " на " + web.Money(r.Sums[n])})
			}
			before += r.Sums[n]
		}
		bar.End = barOffset(sum, most)
		bars = append(bars, bar)
		words = append(words, monthName(r.First)+": "+web.Money(sum))
	}
	return bars, strings.Join(words, "; ") + ". Сроки есть в таблице «По месяцам»."
}

// Bars of the chart by months begin at stackStart percent of its width, the longest one is stackWidth percent long.
const stackStart, stackWidth = 20, 42

// barOffset returns where the part of a bar begins that follows a sum.
func barOffset(before, most acts.Kopecks) string {
	return strconv.FormatFloat(stackStart+stackWidth*float64(before)/float64(max(most, 1)), 'f', 1, 64) + "%"
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
func agedCells(v web.Visit, f list.ActFilter, a list.AgedSums, linked bool) []views.AgedCell {
	var cells []views.AgedCell
	for i, s := range report.Spans {
		one := list.AgedSums{}
		one.Numbers[i], one.Sums[i] = a.Numbers[i], a.Sums[i]
		f.Waiting = s
		cells = append(cells, agedCell(v, f, one, linked))
	}
	f.Waiting = report.AnySpan
	return append(cells, agedCell(v, f, a, linked))
}

// agedCell formats a sum; it is empty without acts.
func agedCell(v web.Visit, f list.ActFilter, a list.AgedSums, linked bool) views.AgedCell {
	number, sum := a.Total()
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
func ageBars(whole list.AgedSums) (bars []views.AgeBar, text string) {
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
		row.FormedEnd, row.SignedEnd = labelOffset(row.FormedWidth), labelOffset(row.SignedWidth)
		m.Months = append(m.Months, row)
	}
	m.Year = monthRow(year)
	m.Year.Name = "За " + views.Plural(len(months), "месяц", "месяца", "месяцев")
}

// labelOffset returns the position of the number after a bar that begins at 26 percent.
func labelOffset(width string) string {
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
