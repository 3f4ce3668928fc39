package registry

import (
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/store/list"
	"acts24/views"
)

func TestReportView(t *testing.T) {
	aged := list.AgedSums{Numbers: [5]int{1, 0, 2, 0, 0}, Sums: [5]acts.Kopecks{100_00, 0, 300_00, 0, 0}}
	rows := []list.AgedRow{{AgedSums: aged, Responsible: 5}, {AgedSums: aged, Responsible: 0}, {AgedSums: aged, Folded: 4}}
	var m views.Report
	fillAgeing(&m, visit(roles.RoleWorker), list.ActFilter{}, list.AgeingReport{Managers: rows, Clients: []list.AgedRow{{AgedSums: aged, Company: 17, Name: "ООО «Ромашка»"}, {AgedSums: aged, Contact: 18}, {AgedSums: aged}}})
	managers, clients := m.Tables[0], m.Tables[1]
	for i, want := range []struct{ name, id, href string }{{"Анна", "manager-5", "/p/7/acts?responsible=5&waiting="}, {"Без ответственного", "manager-0", "/p/7/acts?responsible=none&waiting="}, {"Остальные (4)", "managers-rest", ""}} {
		r := managers.Rows[i]
		if r.Name != want.name || r.TestID != want.id || !strings.HasPrefix(r.Cells[0].Href, want.href) || (r.Cells[0].Href == "") != (want.href == "") || r.Cells[1].Sum != "" {
			t.Errorf("%+v", r)
		}
	}
	for i, want := range []string{"ООО «Ромашка»", "№ 18", "Клиент не указан"} {
		if clients.Rows[i].Name != want {
			t.Errorf("client %q; want %q", clients.Rows[i].Name, want)
		}
	}
	if managers.Total.Cells[5].Number != "9" || managers.Rows[0].Share != "33,4\u00a0%" && managers.Rows[0].Share != "33,3\u00a0%" || len(m.Ages) != 5 || m.Ages[2].Width != "100.0%" || m.Total.Number != "9\u00a0актов" {
		t.Errorf("%+v, %+v, %+v", managers.Total, m.Ages, m.Total)
	}
	var none views.Report
	fillAgeing(&none, visit(roles.RoleWorker), list.ActFilter{}, list.AgeingReport{})
	fillTrend(&none, []list.Month{{First: day("2026-11-01")}})
	if none.Tables != nil || none.Months != nil {
		t.Errorf("without acts: %+v", none)
	}
	fillTrend(&m, []list.Month{{First: day("2026-09-01")}, {First: day("2026-10-01"), Formed: 4, FormedSum: 100, Signed: 2, Waited: 5}, {First: day("2026-11-01"), Formed: 1}})
	if len(m.Months) != 2 || m.Months[0].Days != "2,5" || m.Months[0].FormedWidth != "62.0%" || m.Months[0].FormedEnd != "89.5%" || m.Months[1].Days != "" || m.Year.Formed != "5" {
		t.Errorf("%+v, %+v", m.Months, m.Year)
	}
}
