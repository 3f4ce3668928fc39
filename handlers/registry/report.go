package registry

import (
	"net/http"
	"time"

	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// trendMonths is the number of months in the report, including the current one.
const trendMonths = 12

// report handles GET /p/{portal}/report: the unsigned acts by age, and created and signed acts by month.
func (h *Handler) report(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	zone := web.Zone(v)
	today := web.DayOf(h.Now().In(zone))
	scope := h.DB.Scope(v.Portal)
	ageing, err := list.Ageing(r.Context(), scope, v.Sees, today, zone)
	if err != nil {
		return err
	}
	first := time.Date(today.Year(), today.Month()-trendMonths+1, 1, 0, 0, 0, 0, time.UTC)
	trend, err := list.Trend(r.Context(), scope, v.Sees, first, trendMonths, zone)
	if err != nil {
		return err
	}
	m := views.Report{Frame: web.Frame(v, "Отчёт"), Limited: !v.Sees.All(),
		Counted: "Считаются календарные дни со дня отправки акта заявителю (день отправки не считается) по " + views.Date(today) +
			" в часовом поясе портала: акты «Акт направлен заявителю» и «Акт принят, но не подписан заявителем», кроме тех, вместо которых сформирован исправленный."}
	m.Menu, m.Here = true, "/report"
	fillAgeing(&m, v, ageing)
	fillTrend(&m, trend)
	return web.Render(w, r, http.StatusOK, views.ReportPage(m))
}
