package handlers

import (
	"net/http"
	"time"

	"acts24/views"
)

// trendMonths is how many months the report looks back, this one included.
const trendMonths = 12

// report shows who is waited for, and what was formed and signed month by month.
func (s *Server) report(w http.ResponseWriter, r *http.Request, v Visit) error {
	zone := zoneOf(v)
	today := dayOf(s.now().In(zone))
	scope := s.db.Scope(v.Portal)
	ageing, err := scope.Ageing(r.Context(), v.Sees, today, zone)
	if err != nil {
		return err
	}
	first := time.Date(today.Year(), today.Month()-trendMonths+1, 1, 0, 0, 0, 0, time.UTC)
	trend, err := scope.Trend(r.Context(), v.Sees, first, trendMonths)
	if err != nil {
		return err
	}
	m := views.Report{Frame: frameOf(v, "Отчёт"), Limited: !v.Sees.All(),
		Counted: "Считаются календарные дни со дня отправки акта заявителю (день отправки – нулевой) по " + views.Date(today) +
			" в часовом поясе портала: акты «Акт направлен заявителю» и «Акт принят, но не подписан заявителем», кроме тех, вместо которых сформирован исправленный."}
	m.Menu, m.Here = true, "/report"
	fillAgeing(&m, v, ageing)
	fillTrend(&m, trend)
	return render(w, r, http.StatusOK, views.ReportPage(m))
}
