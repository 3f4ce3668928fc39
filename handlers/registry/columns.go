package registry

import (
	"net/http"
	"slices"

	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// listColumns are the columns of a list that may be hidden. Number and type always stay: they link to the act.
var listColumns = []views.Option{{Value: "date", Label: "Дата"}, {Value: "deal", Label: "Сделка"}, {Value: "company", Label: "Компания"}, {Value: "status", Label: "Статус"},
	{Value: "delivery", Label: "Доставка"}, {Value: "sum", Label: "Сумма"}, {Value: "responsible", Label: "Ответственный"}, {Value: "due", Label: "Срок"}}

// hiddenClasses returns the CSS classes that hide columns.
func hiddenClasses(hidden []string) []string {
	classes := make([]string, len(hidden))
	for i, c := range hidden {
		classes[i] = "no-" + c
	}
	return classes
}

// columns handles GET /p/{portal}/companies/{company}/columns, GET /p/{portal}/contacts/{contact}/columns, GET /p/{portal}/acts/columns:
// the choice of columns of a list.
func (h *Handler) columns(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		list, _, err := of(r, v)
		if err != nil {
			return err
		}
		hidden, err := h.DB.Scope(v.Portal).People().HiddenColumns(r.Context(), v.User)
		if err != nil {
			return err
		}
		q := r.URL.Query()
		m := views.Columns{Frame: list.Frame, Save: address(list.Action+"/columns", q), Back: address(list.Action, q)}
		for _, c := range listColumns {
			c.Chosen = !slices.Contains(hidden, c.Value)
			if list.SingleParty && c.Value == "company" {
				m.Company = c.Chosen
			} else {
				m.List = append(m.List, c)
			}
		}
		return web.Render(w, r, http.StatusOK, views.ColumnsPage(m))
	}
}

// saveColumns handles POST /p/{portal}/companies/{company}/columns, POST /p/{portal}/contacts/{contact}/columns, POST
// /p/{portal}/acts/columns: stores the columns that the visitor wants to see in lists of acts.
func (h *Handler) saveColumns(of listOf) func(http.ResponseWriter, *http.Request, web.Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v web.Visit) error {
		m, _, err := of(r, v)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return web.BadForm(err)
		}
		var hidden []string
		for _, c := range listColumns {
			if !slices.Contains(r.PostForm["show"], c.Value) {
				hidden = append(hidden, c.Value)
			}
		}
		if err := h.Service.Setup.HideColumns(r.Context(), v, hidden); err != nil {
			return err
		}
		http.Redirect(w, r, address(m.Action, r.URL.Query()), http.StatusSeeOther)
		return nil
	}
}

// without removes the columns that the visitor has hidden.
func (f format) without(hidden []string) format {
	if f.lines || len(hidden) == 0 {
		return f
	}
	var kept []int
	columns, rows := f.columns, f.rows
	f.columns = nil
	for i, c := range columns {
		if !slices.Contains(hidden, c.Of) {
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
