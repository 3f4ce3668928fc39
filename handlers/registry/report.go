package registry

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"time"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/handlers/tables"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// trendMonths is the number of months in the report without a period, including the current one, maxMonths the largest number of them.
const trendMonths, maxMonths = 12, 24

// readReport reads the unsigned acts of the report and its months.
func (h *Handler) readReport(r *http.Request, v web.Visit, a reportQuery, today time.Time) (ageing list.AgeingReport, trend []list.Month, err error) {
	zone, scope := web.Zone(v), h.DB.Scope(v.Portal)
	if ageing, err = list.Ageing(r.Context(), scope, v.Visibility, today, zone, a.filter); err != nil {
		return ageing, nil, err
	}
	first, number := a.months(today)
	trend, err = list.Trend(r.Context(), scope, v.Visibility, first, number, zone, a.filter)
	return ageing, trend, err
}

// report handles GET /p/{portal}/report: the unsigned acts by age, and created and signed acts by month.
func (h *Handler) report(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	today, a := web.DayOf(h.Now().In(web.Zone(v))), readReportQuery(r.URL.Query())
	ageing, trend, err := h.readReport(r, v, a, today)
	if err != nil {
		return err
	}
	own, err := h.DB.Scope(v.Portal).Companies().List(r.Context())
	if err != nil {
		return err
	}
	m := views.Report{Frame: web.Frame(v, "Отчёт"), Limited: !v.Visibility.All(), Filter: a.form(v, own),
		Counted: "Считаются календарные дни со дня отправки акта заявителю (день отправки не считается) по " + views.Date(today) +
			" в часовом поясе портала: акты «Акт направлен заявителю» и «Акт принят, но не подписан заявителем», кроме тех, вместо которых сформирован исправленный. Период выбирает акты по их дате."}
	m.Menu, m.CurrentTab = true, "/report"
	fillAgeing(&m, v, a.acts(), ageing)
	fillTrend(&m, trend)
	status := http.StatusOK
	if len(a.faults) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(w, r, status, views.ReportPage(m))
}

// exportReport handles GET /p/{portal}/report/export: the unsigned acts by managers, clients and months as a table.
func (h *Handler) exportReport(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	today, a := web.DayOf(h.Now().In(web.Zone(v))), readReportQuery(r.URL.Query())
	if len(a.faults) > 0 {
		return acts.Errorf(acts.Invalid, "Выгрузка не построена: в условиях отчёта ошибка. Вернитесь к отчёту и исправьте отмеченное.")
	}
	var out bytes.Buffer
	media, name := xlsxType, "Отчёт "+views.Date(today)+".xlsx"
	var table tables.Table
	var err error
	switch r.URL.Query().Get("format") {
	case "xlsx":
		table, err = tables.NewWorkbook(&out, "Без подписи", reportColumns())
	case "csv":
		media, name = "text/csv; charset=utf-8", "Отчёт "+views.Date(today)+".csv"
		table, err = tables.NewCSV(&out, reportColumns())
	default:
		return acts.Errorf(acts.Invalid, "Такой выгрузки нет. Выберите её в списке «Выгрузить».")
	}
	if err != nil {
		return fmt.Errorf("export report: %w", err)
	}
	ageing, err := list.Ageing(r.Context(), h.DB.Scope(v.Portal), v.Visibility, today, web.Zone(v), a.filter)
	if err != nil {
		return err
	}
	for _, row := range reportRows(v, ageing) {
		if err := table.Row(row...); err != nil {
			return fmt.Errorf("export report: %w", err)
		}
	}
	if err := table.Finish(); err != nil {
		return fmt.Errorf("export report: %w", err)
	}
	header := w.Header()
	header.Set("Content-Type", media)
	header.Set("Content-Length", fmt.Sprint(out.Len()))
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = out.WriteTo(w) // an error means that the client is gone
	return nil
}

// reportColumns are the columns of the exported report.
func reportColumns() []tables.Column {
	columns := []tables.Column{{Title: "Разрез", Width: 18}, {Title: "Название", Width: 36}}
	for _, s := range report.Spans {
		columns = append(columns, tables.Column{Title: s.Label() + ", ₽", Width: 15}, tables.Column{Title: s.Label() + ", актов", Width: 9})
	}
	return append(columns, tables.Column{Title: "Всего, ₽", Width: 16}, tables.Column{Title: "Всего актов", Width: 9})
}

// reportRows returns the rows of the exported report.
func reportRows(v web.Visit, found list.AgeingReport) (rows [][]any) {
	add := func(part, name string, a list.AgedSums) {
		row := []any{part, name}
		for i := range report.Spans {
			row = append(row, a.Sums[i], a.Numbers[i])
		}
		number, sum := a.Total()
		rows = append(rows, append(row, sum, number))
	}
	for _, part := range []struct {
		name string
		rows []list.AgedRow
		of   func(web.Visit, list.AgedRow) (name, testID string, f list.ActFilter)
	}{{"По ответственным", found.Managers, managerRow}, {"По клиентам", found.Clients, clientRow}} {
		for _, r := range part.rows {
			name, _, _ := part.of(v, r)
			if r.Folded > 0 {
				name = fmt.Sprintf("Остальные (%d)", r.Folded)
			}
			add(part.name, name, r.AgedSums)
		}
	}
	for _, m := range found.Months {
		add("По месяцам", views.Month(m.First), m.AgedSums)
	}
	return rows
}
