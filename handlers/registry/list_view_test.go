package registry

import (
	"os"
	"slices"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/tables"
	"acts24/store/list"
	"acts24/store/people"
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
		"a person's reason":         {listed(func(a *list.Act) { a.Reason, a.DeliveryNote = "сумма", "СБИС" }), false, func(r views.RegistryRow) bool { return r.Note == "Причина: сумма" }},
		"a refusal":                 {listed(func(a *list.Act) { a.Status, a.Reason = acts.StatusRefused, "сумма" }), false, func(r views.RegistryRow) bool { return r.Note == "Причина отказа: сумма" && r.Ended }},
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
	fillRegistry(&m, visit(roles.RoleWorker), readListQuery(parsed(t, query), visit(roles.RoleWorker), of), found, registryRows(visit(roles.RoleWorker), m.SingleParty, found.Acts))
	return m
}

// A portal without acts shows what to do first; a filter, another page, the tab of a company and a viewer do not.
func TestFirstSteps(t *testing.T) {
	for name, tt := range map[string]struct {
		query string
		of    list.ActFilter
		role  roles.Role
		want  string
	}{
		"an employee":       {"", list.ActFilter{}, roles.RoleWorker, "/p/7/deals"},
		"an administrator":  {"", list.ActFilter{}, roles.RoleAdministrator, "/p/7/settings /p/7/deals"},
		"a viewer":          {"", list.ActFilter{}, roles.RoleViewer, ""},
		"a filter":          {"q=x", list.ActFilter{}, roles.RoleWorker, ""},
		"a preset":          {"overdue=1", list.ActFilter{}, roles.RoleWorker, ""},
		"the next page":     {"after=" + encodeCursor(list.PageKey{Value: "2026-11-27", ID: 42}, list.ActSorting, list.ActSorting.First, 7), list.ActFilter{}, roles.RoleWorker, ""},
		"acts of a company": {"", list.ActFilter{Company: 3}, roles.RoleWorker, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := visit(tt.role)
			m := views.Registry{Action: "/p/7/acts"}
			fillRegistry(&m, v, readListQuery(parsed(t, tt.query), v, tt.of), list.RegistryPage{}, nil)
			var got []string
			for _, s := range m.FirstSteps {
				got = append(got, s.Href)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("first steps %v, want %s", got, tt.want)
			}
		})
	}
}

func TestRegistryPage(t *testing.T) {
	page := list.RegistryPage{Acts: []list.Act{listed()}}
	next := page
	next.Next = list.PageKey{Value: "2026-11-27", ID: 42}
	chosen := page
	chosen.Look = people.ListPreferences{Columns: []string{"inn", "sum", "company"}, PageSize: 20, Compact: true}
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
		"behind the last page": {"after=" + encodeCursor(next.Next, list.ActSorting, list.ActSorting.First, 7), list.ActFilter{}, list.RegistryPage{}, func(m views.Registry) bool {
			return m.Empty == "Дальше актов нет." && m.First == "/p/7/acts"
		}},
		"the only page": {"", list.ActFilter{}, page, func(m views.Registry) bool { return m.Next == "" && m.First == "" && m.Bulk.All == "" }},
		"the first page": {"", list.ActFilter{}, next, func(m views.Registry) bool {
			return m.Next == "/p/7/acts?after="+encodeCursor(next.Next, list.ActSorting, list.ActSorting.First, 7) && strings.Contains(m.Bulk.All, "списка")
		}},
		"the filter stays": {"status=sent", list.ActFilter{}, next, func(m views.Registry) bool {
			return strings.HasSuffix(m.Next, "&status=sent") && m.Bulk.Filter == "status=sent" && strings.Contains(m.Bulk.All, "по фильтру")
		}},
		"exports of the filter": {"status=sent", list.ActFilter{}, page, func(m views.Registry) bool {
			return len(m.Exports) == 3 && m.Exports[0].Href == "/p/7/acts/export?format=xlsx&status=sent"
		}},
		"chosen columns": {"", list.ActFilter{}, chosen, func(m views.Registry) bool {
			return slices.Equal(codes(m.Rows), []string{"act", "inn", "sum", "company"}) && m.Rows.Compact && m.Rows.Rows[0].Cells[3].Link.Path != ""
		}},
		"of one company": {"", list.ActFilter{Company: 17}, chosen, func(m views.Registry) bool { return slices.Equal(codes(m.Rows), []string{"act", "inn", "sum", "deal"}) }},
		"the total is asked for": {"status=sent", list.ActFilter{}, page, func(m views.Registry) bool {
			return m.Total == "" && m.TotalLink == "/p/7/acts?status=sent&total=1"
		}},
		"the total": {"total=1", list.ActFilter{}, list.RegistryPage{Acts: page.Acts, Found: list.MatchCount{Number: 1234, Sum: 120000}}, func(m views.Registry) bool {
			return strings.ReplaceAll(m.Total, "\u00a0", " ") == "Найдено 1234 акта на сумму 1 200,00 ₽" && !m.Filter.Any && m.Bulk.Filter == ""
		}},
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
		{Label: "Просрочены", Href: "/p/7/acts?overdue=1", Count: "1", TestID: "preset-overdue", Urgent: true, Current: true},
		{Label: "Отказ", Href: "/p/7/acts?refused=1", Count: "0", TestID: "preset-refused"}} {
		if !slices.Contains(list, want) {
			t.Errorf("no %+v in %+v", want, list)
		}
	}
}

func codes(g views.Grid) (codes []string) {
	for _, c := range g.Columns {
		codes = append(codes, c.Code)
	}
	return codes
}

// Every column has its width, its label for narrow screens and, when it is shown at first, its columns in the export.
func TestListColumns(t *testing.T) {
	css, err := os.ReadFile("../../static/lists.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range listColumns {
		if !strings.Contains(string(css), "td."+c.code[:3]+`::before { content: "`+c.label+`: "`) {
			t.Errorf("the column %s has no label «%s» in the stylesheet", c.code, c.label)
		}
		if c.first && !slices.ContainsFunc(actColumns, func(column tables.Column) bool { return column.ListColumn == c.code }) {
			t.Errorf("%s has no column in the export", c.code)
		}
		if cell := c.cell(views.RegistryRow{}); cell.Link.Href != "" || cell.Text != "" {
			t.Errorf("the empty cell of %s is %+v", c.code, cell)
		}
	}
	kept := plainWorkbook.ofColumns(people.ListPreferences{Columns: []string{"date", "company", "status", "delivery", "responsible", "due"}})
	if len(kept.columns) != len(actColumns)-3 {
		t.Errorf("%d columns are left of %d", len(kept.columns), len(actColumns))
	}
	row := kept.rows(visit(roles.RoleWorker), list.ExportedAct{Act: acts.Act{Number: "К-1", Totals: acts.Totals{Gross: 777}}})[0]
	if len(row) != len(kept.columns) || row[0] != "К-1" || slices.Contains(row, any(acts.Kopecks(777))) {
		t.Errorf("the row is %v", row)
	}
	if lines := formats[2].ofColumns(people.ListPreferences{Columns: []string{}}); len(lines.columns) != len(lineColumns) {
		t.Error("the table of 1С lost a column")
	}
}

// Two columns show the values of hidden ones: that of the counterparty also shows the deal, that of the status also the delivery as long as it
// adds to the status.
func TestMergedCells(t *testing.T) {
	row := func(change func(*views.RegistryRow)) views.RegistryRow {
		r := views.RegistryRow{Status: views.Chip{Text: "Подготовка акта"}, Delivery: views.Chip{Text: "Не передан", Tone: "neutral"}}
		if change != nil {
			change(&r)
		}
		return r
	}
	for name, tt := range map[string]struct {
		row         views.RegistryRow
		note, chips string
	}{
		"a draft":     {row(nil), "Не передан", "Подготовка акта,"},
		"with a note": {row(func(r *views.RegistryRow) { r.Note = "Отозван." }), "Не передан. Отозван.", "Подготовка акта,"},
		"an error": {row(func(r *views.RegistryRow) {
			r.Delivery = views.Chip{Text: "Ошибка отправки", Tone: "problem"}
		}), "", "Подготовка акта,Ошибка отправки,"},
		"paper":        {row(func(r *views.RegistryRow) { r.Delivery = views.Chip{} }), "", "Подготовка акта,"},
		"it has ended": {row(func(r *views.RegistryRow) { r.Ended, r.Note = true, "Причина отказа: сумма" }), "Причина отказа: сумма", "Подготовка акта,"},
	} {
		c := statusCell(tt.row)
		var chips []string
		for _, one := range c.Chips {
			chips = append(chips, one.Text)
		}
		if got := strings.Join(chips, ","); c.Note != tt.note || got != tt.chips {
			t.Errorf("%s: %q, %q", name, c.Note, got)
		}
	}
	at := func(codes ...string) string {
		columns := columnsOf(codes, false)
		merge(columns)
		var labels []string
		for _, c := range columns {
			labels = append(labels, c.label)
		}
		return strings.Join(labels, ", ")
	}
	if got := at("company", "status", "deal"); got != "Компания, Статус, Сделка" {
		t.Errorf("with the deal: %s", got)
	}
	if got := at("date", "company"); got != "Дата, Компания и сделка" {
		t.Errorf("without the deal: %s", got)
	}
	if listColumns[2].label != "Компания" {
		t.Error("the columns of everybody have changed")
	}
}

func TestColumnsOfAForm(t *testing.T) {
	for name, tt := range map[string]struct{ form, want []string }{
		"in their order": {[]string{"sum", "date"}, []string{"sum", "date"}}, "nothing": {nil, []string{}}, "unknown ones": {[]string{"x", "sum", "", "SUM"}, []string{"sum"}},
		"one twice": {[]string{"sum", "date", "sum"}, []string{"sum", "date"}},
	} {
		if got := readColumns(tt.form); !slices.Equal(got, tt.want) || got == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, tt := range map[string]struct {
		code string
		step int
		want string
	}{"up": {"date", -1, "date sum due"}, "down": {"sum", 1, "date sum due"}, "over the top": {"sum", -2, "sum date due"}, "under the end": {"due", 1, "sum date due"}, "a hidden one": {"inn", 1, "sum date due"}} {
		list := []string{"sum", "date", "due"}
		moveColumn(list, tt.code, tt.step)
		if got := strings.Join(list, " "); got != tt.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	m := columnsView(views.Registry{Action: "/p/7/companies/17", SingleParty: true}, "status=sent", people.ListPreferences{Columns: []string{"sum", "company", "inn"}, PageSize: 100, Compact: true})
	if m.Company != "company" || m.List[0].Value != "sum" || m.List[1].Value != "company" || len(m.List) != len(listColumns) || !m.Sizes[2].Chosen || m.Save != "/p/7/companies/17/columns?status=sent" {
		t.Errorf("%+v", m)
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
