package stories

import (
	"fmt"

	"acts24/views"
)

func reportPage() []Story {
	return storiesOf(views.ReportPage, fullReport,
		state[views.Report]{"full", nil},
		state[views.Report]{"empty", func(m *views.Report) { m.Tables, m.Stack, m.Ages, m.Months = nil, nil, nil, nil }},
		state[views.Report]{"nothing-found", func(m *views.Report) {
			m.Tables, m.Stack, m.Ages, m.Months, m.Filter.Any, m.Filter.From = nil, nil, nil, nil, true, "01.01.2026"
		}},
		state[views.Report]{"period-fault", func(m *views.Report) {
			m.Filter.From, m.Filter.Any = "31.02.2026", true
			m.Filter.Faults = withFaults(&m.Frame, map[string]string{"from": "Введите дату в виде дд.мм.гггг."})
		}},
		state[views.Report]{"limited", func(m *views.Report) { m.Limited, m.Admin, m.ReadOnly = true, false, true }},
		state[views.Report]{"one-row", func(m *views.Report) {
			for i := range m.Tables {
				m.Tables[i].Rows = m.Tables[i].Rows[:1]
			}
			m.Stack, m.Months = m.Stack[:1], m.Months[:1]
		}},
		state[views.Report]{"long-names", func(m *views.Report) {
			for i, name := range []string{longName, longWord, rtlName} {
				m.Tables[0].Rows[i].Name, m.Tables[1].Rows[i].Name = name, name
			}
		}},
	)
}

var ages = []string{"0–5 дней", "6–15 дней", "16–30 дней", "31–60 дней", "больше 60 дней"}

func fullReport(f views.Frame) views.Report {
	m := views.Report{Frame: tab(f, "Отчёт", "/report"), Counted: "Считаются акты, которые направлены заявителю и ждут его подписи, на 30.11.2026. Срок – рабочие дни портала.",
		Filter: views.ReportFilter{Action: base + "/report", Own: options("=Все", "2=ООО «Акты и Ко»"), Exports: []views.Export{{Code: "xlsx", Label: "Excel", Href: base + "/report.xlsx"}, {Code: "csv", Label: "CSV", Href: base + "/report.csv"}}},
		Total:  views.AgedCell{Number: "34 акта", Sum: rub("2417000"), Href: base + "/acts?waiting=any"}, AgesText: "0–5 дней, 12 актов на 1 020 000,00 ₽.", StackText: "ноябрь 2026: 1 317 000,00 ₽."}
	for i, label := range ages {
		m.Ages = append(m.Ages, views.AgeBar{Label: fmt.Sprintf("%s, %d актов", label, 12-2*i), Sum: rub(fmt.Sprint(1020000 - 200000*i)), Width: fmt.Sprintf("%d%%", 100-20*i), Y: 46 * i})
	}
	month := []string{"сен 26", "окт 26", "ноя 26"}
	for i, name := range month {
		bar := views.StackBar{Label: name, Sum: rub(fmt.Sprint(300000 + 500000*i)), Y: 30 * i, End: fmt.Sprintf("%d%%", 30+16*i)}
		for n := range ages {
			bar.Parts = append(bar.Parts, views.StackPart{Class: fmt.Sprintf("age-%d", n), X: fmt.Sprintf("%.1f%%", 20+float64(n)*float64(2+3*i)), Width: fmt.Sprintf("%d%%", 2+3*i), Title: name + ", " + ages[n] + ": 2 акта"})
		}
		m.Stack = append(m.Stack, bar)
		m.Months = append(m.Months, views.MonthRow{Name: []string{"Сентябрь 2026", "Октябрь 2026", "Ноябрь 2026"}[i], Short: name, Formed: fmt.Sprint(20 + 9*i), FormedSum: "1 240 000,00", Signed: fmt.Sprint(18 + 5*i),
			SignedSum: "1 120 000,00", Days: "4,2", FormedWidth: fmt.Sprintf("%d%%", 40+9*i), SignedWidth: fmt.Sprintf("%d%%", 36+5*i), FormedEnd: fmt.Sprintf("%d.5%%", 67+9*i), SignedEnd: fmt.Sprintf("%d.5%%", 63+5*i), Y: 28 + 38*i})
	}
	m.Year = views.MonthRow{Name: "За 3 месяца", Formed: "87", FormedSum: "3 720 000,00", Signed: "69", SignedSum: "3 360 000,00", Days: "4,2"}
	for _, t := range []struct{ id, heading, who string }{{"managers", "По ответственным", "Ответственный"}, {"clients", "По клиентам", "Клиент"}, {"ageing-months", "По месяцам", "Месяц акта"}} {
		m.Tables = append(m.Tables, agedTable(t.id, t.heading, t.who))
	}
	return m
}

func agedTable(id, heading, who string) views.AgedTable {
	names := map[string][]string{"managers": {manager, "Денисов Максим", "Без ответственного"}, "clients": {company, "АО «Волга-Лизинг»", "Остальные (12)"}, "ageing-months": {"Раньше", "Октябрь 2026", "Ноябрь 2026"}}[id]
	cells := []views.AgedCell{{Sum: "1 020 000,00", Number: "12", Href: base + "/acts?waiting=0"}, {Sum: "820 000,00", Number: "10", Href: base + "/acts?waiting=1"}, {}, {Sum: "420 000,00", Number: "6"}, {Sum: "157 000,00", Number: "6", Href: base + "/acts?waiting=4"},
		{Sum: "2 417 000,00", Number: "34", Href: base + "/acts?waiting=any"}}
	t := views.AgedTable{ID: id, Heading: heading, RowHeader: who, Caption: "Суммы в рублях и числа актов, по убыванию суммы", Columns: append(append([]string{}, ages...), "Всего", "Доля"),
		Total: views.AgedRow{Name: "Всего", TestID: id + "-whole", Cells: cells, Share: "100,0 %"}}
	for i, name := range names {
		t.Rows = append(t.Rows, views.AgedRow{Name: name, TestID: fmt.Sprintf("%s-%d", id, i), Cells: cells, Share: "33,3 %"})
	}
	return t
}
