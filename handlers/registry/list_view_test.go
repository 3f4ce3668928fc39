package registry

import (
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/tables"
	"acts24/store/list"
	"acts24/views"
)

func listed(change ...func(*list.Act)) list.Act {
	a := list.Act{ID: 42, Number: "К-1", Date: day("2026-11-20"), Deal: 12, DealTitle: "Выставка", Company: 17, Buyer: "ООО «Ромашка»", Medium: acts.MediumElectronic,
		PartyKind: acts.PartyCompany, Status: acts.StatusSent, Delivery: acts.DeliveryDelivered, Gross: 12_345_600, Responsible: 6, ResponsibleName: "Борис"}
	for _, c := range change {
		c(&a)
	}
	return a
}

func TestRegistryRow(t *testing.T) {
	for name, tt := range map[string]struct {
		act  list.Act
		one  bool
		want func(views.RegistryRow) bool
	}{
		"its links": {listed(), false, func(r views.RegistryRow) bool {
			return r.Href == "/p/7/acts/42" && r.Deal.Href == "https://portal.example/crm/deal/details/12/" && r.Deal.Path == "/crm/deal/details/12/" && r.Company.Path == "/crm/company/details/17/"
		}},
		"a contact": {listed(func(a *list.Act) { a.Company, a.Contact = 0, 18 }), false, func(r views.RegistryRow) bool { return r.Company.Path == "/crm/contact/details/18/" }},
		"a buyer without a card": {listed(func(a *list.Act) { a.Company = 0 }), false, func(r views.RegistryRow) bool {
			return r.Company.Href == "" && r.Company.Text == "ООО «Ромашка»"
		}},
		"on the tab of the company": {listed(), true, func(r views.RegistryRow) bool { return r.Company.Text == "" && r.Company.Href == "" }},
		"without a number":          {listed(func(a *list.Act) { a.Number = "" }), false, func(r views.RegistryRow) bool { return r.Number == "Без номера" }},
		"a correction":              {listed(func(a *list.Act) { a.Correction = 2 }), false, func(r views.RegistryRow) bool { return r.Number == "К-1 (испр. 2)" }},
		"a sum":                     {listed(), false, func(r views.RegistryRow) bool { return strings.ReplaceAll(r.Sum, "\u00a0", " ") == "123 456,00" }},
		"in time":                   {listed(func(a *list.Act) { a.Due = today }), false, func(r views.RegistryRow) bool { return r.Late.Text == "" && r.Due == "27.11.2026" }},
		"a person's reason":         {listed(func(a *list.Act) { a.Reason, a.DeliveryNote = "сумма", "СБИС" }), false, func(r views.RegistryRow) bool { return r.Note == "сумма" }},
		"the operator's note":       {listed(func(a *list.Act) { a.DeliveryNote = "СБИС" }), false, func(r views.RegistryRow) bool { return r.Note == "СБИС" }},
		"an unknown employee":       {listed(func(a *list.Act) { a.ResponsibleName = "" }), false, func(r views.RegistryRow) bool { return r.Responsible == "Сотрудник 6" }},
		"the visitor himself":       {listed(func(a *list.Act) { a.Responsible, a.ResponsibleName = 5, "" }), false, func(r views.RegistryRow) bool { return r.Responsible == "Анна" }},
		"paper has no delivery": {listed(func(a *list.Act) { a.Medium = acts.MediumPaper }), false, func(r views.RegistryRow) bool {
			return r.Delivery.Text == "" && strings.HasSuffix(r.Type, "юрлицо")
		}},
		"an ИП":                      {listed(func(a *list.Act) { a.PartyKind = acts.PartyPerson }), false, func(r views.RegistryRow) bool { return strings.HasSuffix(r.Type, "ИП") }},
		"a refused act is not green": {listed(func(a *list.Act) { a.Status, a.Delivery = acts.StatusRefused, acts.DeliveryCompleted }), false, func(r views.RegistryRow) bool { return r.Status.Tone == "problem" && r.Delivery.Tone == "neutral" }},
	} {
		t.Run(name, func(t *testing.T) {
			if row := registryRow(visit(roles.RoleWorker), tt.one, tt.act); !tt.want(row) {
				t.Errorf("%+v", row)
			}
		})
	}
}

func registry(t *testing.T, query string, of list.ActFilter, found list.RegistryPage) views.Registry {
	t.Helper()
	m := views.Registry{Action: "/p/7/acts", Empty: "Актов ещё нет.", SingleParty: of.Company != 0}
	fillRegistry(&m, visit(roles.RoleWorker), readListQuery(parsed(t, query), visit(roles.RoleWorker), of), found)
	return m
}

func TestRegistryPage(t *testing.T) {
	page := list.RegistryPage{Acts: []list.Act{listed()}}
	next := page
	next.Next = list.PageKey{Day: today, ID: 42}
	hidden := page
	hidden.Hidden = []string{"sum", "due"}
	for name, tt := range map[string]struct {
		query string
		of    list.ActFilter
		found list.RegistryPage
		want  func(views.Registry) bool
	}{
		"an empty list": {"", list.ActFilter{}, list.RegistryPage{}, func(m views.Registry) bool {
			return m.Empty == "Актов ещё нет." && m.Bulk == nil && m.Exports == nil
		}},
		"nothing found": {"status=sent", list.ActFilter{}, list.RegistryPage{}, func(m views.Registry) bool { return strings.HasPrefix(m.Empty, "По этим условиям") }},
		"behind the last page": {"after=" + sealKey(next.Next, 7), list.ActFilter{}, list.RegistryPage{}, func(m views.Registry) bool {
			return m.Empty == "Дальше актов нет." && m.First == "/p/7/acts"
		}},
		"the only page": {"", list.ActFilter{}, page, func(m views.Registry) bool { return m.Next == "" && m.First == "" && m.Bulk.All == "" }},
		"the first page": {"", list.ActFilter{}, next, func(m views.Registry) bool {
			return m.Next == "/p/7/acts?after="+sealKey(next.Next, 7) && strings.Contains(m.Bulk.All, "списка")
		}},
		"the filter stays": {"status=sent", list.ActFilter{}, next, func(m views.Registry) bool {
			return strings.HasSuffix(m.Next, "&status=sent") && m.Bulk.Filter == "status=sent" && strings.Contains(m.Bulk.All, "фильтру")
		}},
		"exports of the filter": {"status=sent", list.ActFilter{}, page, func(m views.Registry) bool {
			return len(m.Exports) == 3 && m.Exports[0].Href == "/p/7/acts/export?format=xlsx&status=sent"
		}},
		"hidden columns": {"", list.ActFilter{}, hidden, func(m views.Registry) bool { return slices.Equal(m.Hidden, []string{"no-sum", "no-due"}) }},
		"sums of a company": {"", list.ActFilter{Company: 17}, page, func(m views.Registry) bool {
			return len(m.Totals) == 4 && m.Preferences != nil && m.Bulk.Company == "17" && m.Bulk.Filter == ""
		}},
		"no sums of everybody": {"", list.ActFilter{}, page, func(m views.Registry) bool { return m.Totals == nil && m.Preferences == nil }},
		"found by the report":  {"waiting=0-", list.ActFilter{}, page, func(m views.Registry) bool { return m.Found != "" && m.Totals == nil }},
	} {
		t.Run(name, func(t *testing.T) {
			if m := registry(t, tt.query, tt.of, tt.found); !tt.want(m) {
				t.Errorf("%+v", m)
			}
		})
	}
}

func TestPresets(t *testing.T) {
	counts := list.ActCounts{Mine: 3, Waiting: 101, Overdue: 1}
	list := presets("/p/7/acts", visit(roles.RoleWorker), readListQuery(parsed(t, "overdue=1"), visit(roles.RoleWorker), list.ActFilter{}), counts)
	for _, want := range []views.Preset{{Label: "Все", Href: "/p/7/acts", TestID: "preset-all"}, {Label: "Мои", Href: "/p/7/acts?responsible=5", Count: "3", TestID: "preset-mine"},
		{Label: "Ждут подписи контрагента", Href: "/p/7/acts?status=sent&status=accepted_unsigned", Count: "100+", TestID: "preset-waiting"},
		{Label: "Просрочены", Href: "/p/7/acts?overdue=1", Count: "1", TestID: "preset-overdue", Urgent: true, Here: true},
		{Label: "Отказ", Href: "/p/7/acts?refused=1", Count: "0", TestID: "preset-refused"}} {
		if !slices.Contains(list, want) {
			t.Errorf("no %+v in %+v", want, list)
		}
	}
}

// The classes of hidden columns and the names of the choice belong together.
func TestHiddenColumns(t *testing.T) {
	for _, c := range listColumns {
		if got := hiddenClasses([]string{c.Value}); !slices.Equal(got, []string{"no-" + c.Value}) {
			t.Errorf("%s is hidden by %q", c.Value, got)
		}
		if !slices.ContainsFunc(actColumns, func(column tables.Column) bool { return column.Of == c.Value }) {
			t.Errorf("%s has no column in the export", c.Value)
		}
	}
	kept := plainWorkbook.without([]string{"sum", "deal"})
	if len(kept.columns) != len(actColumns)-5 {
		t.Errorf("%d columns are left of %d", len(kept.columns), len(actColumns))
	}
	row := kept.rows(visit(roles.RoleWorker), list.ExportedAct{Act: acts.Act{Number: "К-1", Totals: acts.Totals{Gross: 777}}})[0]
	if len(row) != len(kept.columns) || row[0] != "К-1" || slices.Contains(row, any(acts.Kopecks(777))) {
		t.Errorf("the row is %v", row)
	}
	if lines := formats[2].without([]string{"sum"}); len(lines.columns) != len(lineColumns) {
		t.Error("the table of 1С lost a column")
	}
}

func TestExportRows(t *testing.T) {
	a := list.ExportedAct{Act: acts.Act{ID: 42, Number: "К-1", Responsible: 6, Deal: 12, Status: acts.StatusSent, Lines: []acts.Line{{N: 1, Rate: acts.NoVAT}, {N: 2, Rate: "22"}}}}
	v := visit(roles.RoleWorker)
	v.AppCode = "acts"
	if row := actCells(v, a)[0]; len(row) != len(actColumns) || row[14] != "Сотрудник 6" || row[len(row)-1] != "https://portal.example/marketplace/view/acts/?params[actId]=42" {
		t.Errorf("%v", row)
	}
	rows := lineCells(v, a)
	if len(rows) != 2 || len(rows[0]) != len(lineColumns) || rows[0][20] != "Без НДС" || rows[1][20] != "22%" {
		t.Errorf("%v", rows)
	}
	if got := actURL(visit(roles.RoleWorker), 42); got != "" {
		t.Errorf("without the code of the app the link is %q", got)
	}
}
