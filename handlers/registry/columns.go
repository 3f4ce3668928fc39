package registry

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/store/people"
	"acts24/views"
)

// listColumn is a column of lists of acts that a visitor may show, hide and move. Number and type are always the first column: they
// link to the act.
type listColumn struct {
	code, label string
	sort        list.SortBy // "" when lists are not sorted by it
	width       int         // that it needs, in pixels
	first       bool        // shown before the visitor has chosen
	cell        func(views.RegistryRow) views.Cell
}

func textCell(text func(views.RegistryRow) string) func(views.RegistryRow) views.Cell {
	return func(r views.RegistryRow) views.Cell { return views.Cell{Text: text(r)} }
}

// listColumns are the columns in the order that they have at first. static/lists.css has the width and the label of each code.
var listColumns = []listColumn{
	{"date", "Дата", list.ByDate, 80, true, textCell(func(r views.RegistryRow) string { return r.Date })},
	{"deal", "Сделка", "", 140, false, func(r views.RegistryRow) views.Cell { return views.Cell{Link: r.Deal} }},
	{"company", "Компания", list.ByCompany, 150, true, func(r views.RegistryRow) views.Cell { return views.Cell{Link: r.Company} }},
	{"status", "Статус", "", 190, true, func(r views.RegistryRow) views.Cell { return views.Cell{Chips: []views.Chip{r.Status}} }},
	{"delivery", "Доставка", "", 112, false, func(r views.RegistryRow) views.Cell {
		return views.Cell{Chips: []views.Chip{r.Delivery, r.Annulling}, Note: r.Note}
	}},
	{"sum", "Сумма, ₽", list.BySum, 92, true, textCell(func(r views.RegistryRow) string { return r.Sum })},
	{"responsible", "Ответственный", "", 90, true, textCell(func(r views.RegistryRow) string { return r.Responsible })},
	{"due", "Срок", list.ByDue, 88, true, func(r views.RegistryRow) views.Cell {
		late, _, _ := strings.Cut(r.Late.Text, " (срок ")
		return views.Cell{Text: r.Due, Chips: []views.Chip{{Text: late, Tone: cmp.Or(r.Late.Tone, "neutral")}}}
	}},
	{"inn", "ИНН", "", 104, false, textCell(func(r views.RegistryRow) string { return r.INN })},
	{"contract", "Договор", "", 130, false, textCell(func(r views.RegistryRow) string { return r.Contract })},
	{"tax", "НДС, ₽", "", 90, false, textCell(func(r views.RegistryRow) string { return r.Tax })},
	{"period", "Период", "", 90, false, textCell(func(r views.RegistryRow) string { return r.Period })},
	{"sent", "Отправлен", "", 80, false, textCell(func(r views.RegistryRow) string { return r.Sent })},
	{"signed", "Подписан", "", 80, false, textCell(func(r views.RegistryRow) string { return r.Signed })},
	{"operator", "Оператор", "", 96, false, textCell(func(r views.RegistryRow) string { return r.Operator })},
	{"original", "Оригинал", "", 80, false, textCell(func(r views.RegistryRow) string { return r.Original })},
}

// statusCell is the cell of the status where delivery has no column of its own: it names the delivery as long as that adds to the status.
func statusCell(r views.RegistryRow) views.Cell {
	c := views.Cell{Chips: []views.Chip{r.Status, r.Annulling}, Note: r.Note}
	switch {
	case r.Ended || r.Delivery.Text == "":
	case r.Delivery.Tone == "problem":
		c.Chips = slices.Insert(c.Chips, 1, r.Delivery)
	default:
		c.Note = strings.TrimSuffix(r.Delivery.Text+". "+r.Note, ". ")
	}
	return c
}

// companyCell is the cell of the counterparty where the deal has no column of its own.
func companyCell(r views.RegistryRow) views.Cell {
	return views.Cell{Link: r.Company, Below: r.Deal.Text}
}

// merged are the columns that also show what another column shows when that is hidden: two short columns are wider than one with two lines.
var merged = []struct {
	code, hidden, label string
	cell                func(views.RegistryRow) views.Cell
}{{"company", "deal", "Компания и сделка", companyCell}, {"status", "delivery", "Статус", statusCell}}

// merge lets columns show what hidden columns would show.
func merge(columns []listColumn) {
	for _, m := range merged {
		if slices.ContainsFunc(columns, func(c listColumn) bool { return c.code == m.hidden }) {
			continue
		}
		if i := slices.IndexFunc(columns, func(c listColumn) bool { return c.code == m.code }); i >= 0 {
			columns[i].label, columns[i].cell = m.label, m.cell
		}
	}
}

// numberWidth is the width of the first column with the menu; pageWidth and wideWidth are those of a list in the frame of a laptop with the
// menu of the portal open and folded.
const numberWidth, pageWidth, wideWidth = 136, 968, 1190

// gridWidth returns the class of a list with columns of a given width.
func gridWidth(width int) string {
	switch {
	case width > wideWidth:
		return "wide"
	case width > pageWidth:
		return "roomy"
	}
	return ""
}

// shownColumns returns the codes of the columns that a visitor sees, in his order.
func shownColumns(p people.ListPreferences) []string {
	if p.Columns != nil {
		return p.Columns
	}
	var shown []string
	for _, c := range listColumns {
		if c.first {
			shown = append(shown, c.code)
		}
	}
	return shown
}

// columnsOf returns columns by their codes, on the page of one counterparty the deal instead of the counterparty.
func columnsOf(codes []string, one bool) []listColumn {
	var found []listColumn
	for _, code := range codes {
		if one && code == "company" && !slices.Contains(codes, "deal") {
			code = "deal"
		}
		i := slices.IndexFunc(listColumns, func(c listColumn) bool { return c.code == code })
		if i >= 0 && (!one || code != "company") {
			found = append(found, listColumns[i])
		}
	}
	return found
}

// columns handles GET /p/{portal}/companies/{company}/columns, GET /p/{portal}/contacts/{contact}/columns, GET /p/{portal}/acts/columns:
// the choice of how a list is shown.
func (h *Handler) columns(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		m, _, err := of(r, v)
		if err != nil {
			return err
		}
		now, err := h.DB.Scope(v.Portal).People().ListPreferences(r.Context(), v.User)
		if err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, views.ColumnsPage(columnsView(m, r.URL.Query().Encode(), now)))
	}
}

// columnsView formats the choice, the shown columns first.
func columnsView(m views.Registry, query string, now people.ListPreferences) views.Columns {
	if query != "" {
		query = "?" + query
	}
	out := views.Columns{Frame: m.Frame, Save: m.Action + "/columns" + query, Back: m.Action + query, Compact: now.Compact}
	shown := shownColumns(now)
	for _, c := range columnsOf(shown, false) {
		out.List = append(out.List, views.Option{Value: c.code, Label: c.label, Chosen: true})
	}
	for _, c := range listColumns {
		if !slices.Contains(shown, c.code) && !(m.SingleParty && c.code == "company") {
			out.List = append(out.List, views.Option{Value: c.code, Label: c.label})
		}
	}
	if m.SingleParty {
		out.Company = "company"
	}
	for _, n := range list.PageSizes {
		out.Sizes = append(out.Sizes, views.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n), Chosen: n == pageSize(now)})
	}
	return out
}

func pageSize(p people.ListPreferences) int {
	if p.PageSize == 0 {
		return list.PageActs
	}
	return p.PageSize
}

// saveColumns handles POST /p/{portal}/companies/{company}/columns, POST /p/{portal}/contacts/{contact}/columns, POST
// /p/{portal}/acts/columns: stores how the visitor wants to see lists of acts. A button that moves a column leads back to the choice.
func (h *Handler) saveColumns(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		m, _, err := of(r, v)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return web.BadForm(err)
		}
		f := r.PostForm
		now, err := h.DB.Scope(v.Portal).People().ListPreferences(r.Context(), v.User)
		if err != nil {
			return err
		}
		next := people.ListPreferences{Columns: readColumns(f["show"]), PageSize: pageSize(now), Compact: now.Compact}
		if text := f.Get("size"); text != "" {
			if next.PageSize, err = strconv.Atoi(text); err != nil {
				return acts.Errorf(acts.Invalid, "Число актов на странице не понято. Выберите 20, 50 или 100.")
			}
		}
		if text := f.Get("rows"); text != "" {
			next.Compact = text == "compact"
		}
		page := m.Action
		for name, step := range map[string]int{"up": -1, "down": 1} {
			if code := f.Get(name); code != "" {
				moveColumn(next.Columns, code, step)
				page = m.Action + "/columns"
			}
		}
		if err := h.Service.Setup.SetListPreferences(r.Context(), v, next); err != nil {
			return err
		}
		http.Redirect(w, r, address(page, r.URL.Query()), http.StatusSeeOther)
		return nil
	}
}

// readColumns returns the codes of known columns in the order of the form, each once. It is never nil: a visitor may hide all columns.
func readColumns(shown []string) []string {
	codes := []string{}
	for _, c := range columnsOf(shown, false) {
		if !slices.Contains(codes, c.code) {
			codes = append(codes, c.code)
		}
	}
	return codes
}

// moveColumn moves a column one place, if it is shown and there is a place.
func moveColumn(codes []string, code string, step int) {
	from := slices.Index(codes, code)
	if to := from + step; from >= 0 && to >= 0 && to < len(codes) {
		codes[from], codes[to] = codes[to], codes[from]
	}
}

// ofColumns returns the format without the columns that the visitor has hidden in lists.
func (f format) ofColumns(p people.ListPreferences) format {
	if f.lines || p.Columns == nil {
		return f
	}
	var kept []int
	columns, rows := f.columns, f.rows
	f.columns = nil
	for i, c := range columns {
		if !isHidden(c.ListColumn, p.Columns) {
			kept, f.columns = append(kept, i), append(f.columns, c)
		}
	}
	f.rows = func(v web.Visit, a list.ExportedAct) [][]any {
		list := rows(v, a)
		for n, row := range list {
			list[n] = make([]any, len(kept))
			for to, from := range kept {
				list[n][to] = row[from]
			}
		}
		return list
	}
	return f
}

// isHidden reports whether a visitor has hidden a column that lists show at first, on its own or merged into another one.
func isHidden(code string, shown []string) bool {
	for _, m := range merged {
		if m.hidden == code && !slices.Contains(shown, code) {
			return !slices.Contains(shown, m.code)
		}
	}
	return !slices.Contains(shown, code) && slices.ContainsFunc(listColumns, func(k listColumn) bool { return k.code == code && k.first })
}

// actGrid formats the acts of a page in the columns that the visitor has chosen.
func actGrid(m views.Registry, a listQuery, found list.RegistryPage, rows []views.RegistryRow) views.Grid {
	g := views.Grid{Class: "registry", Caption: "Акты", Name: "act", Menus: true, Compact: found.Look.Compact}
	columns := columnsOf(shownColumns(found.Look), m.SingleParty)
	merge(columns)
	links := actSortHeads(m.Action, a)
	g.Columns = append(g.Columns, views.Column{Code: "act", Label: "Номер и тип", Head: links["number"]})
	width := numberWidth
	for _, c := range columns {
		g.Columns = append(g.Columns, views.Column{Code: c.code, Label: c.label, Head: links[c.code]})
		width += c.width
	}
	g.Width = gridWidth(width)
	for _, r := range rows {
		medium, _, _ := strings.Cut(r.Type, ",") // the name of the counterparty shows whether it is an ИП
		row := views.GridRow{ID: r.ID, Label: r.Number, Menu: r.Href + "/do", Cells: []views.Cell{{Link: views.Link{Text: r.Number, Href: r.Href}, Note: medium}}}
		for _, c := range columns {
			row.Cells = append(row.Cells, c.cell(r))
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}
