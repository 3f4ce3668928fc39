package handlers

import (
	"net/http"
	"slices"

	"acts24/store"
	"acts24/views"
)

// listColumns are the columns of a list of acts that may be hidden. Number and type always stand there: they lead to the act.
var listColumns = []views.Option{{Value: "date", Label: "Дата"}, {Value: "deal", Label: "Сделка"}, {Value: "company", Label: "Компания"}, {Value: "status", Label: "Статус"},
	{Value: "delivery", Label: "Доставка"}, {Value: "sum", Label: "Сумма"}, {Value: "responsible", Label: "Ответственный"}, {Value: "due", Label: "Срок"}}

// hiding are the classes of a list without the columns that a visitor has hidden.
func hiding(hidden []string) []string {
	classes := make([]string, len(hidden))
	for i, c := range hidden {
		classes[i] = "no-" + c
	}
	return classes
}

// columns draws the choice of columns, which comes back to the page of the list that it is made on.
func (s *Server) columns(of listOf) func(http.ResponseWriter, *http.Request, Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v Visit) error {
		list, _, err := of(r, v)
		if err != nil {
			return err
		}
		hidden, err := s.db.Scope(v.Portal).HiddenColumns(r.Context(), v.User)
		if err != nil {
			return err
		}
		q := r.URL.Query()
		m := views.Columns{Frame: list.Frame, Save: address(list.Action+"/columns", q), Back: address(list.Action, q)}
		for _, c := range listColumns {
			c.Chosen = !slices.Contains(hidden, c.Value)
			if list.One && c.Value == "company" {
				m.Company = c.Chosen
			} else {
				m.List = append(m.List, c)
			}
		}
		return render(w, r, http.StatusOK, views.ColumnsPage(m))
	}
}

// saveColumns keeps the columns that the visitor wants to see in lists of acts.
func (s *Server) saveColumns(of listOf) func(http.ResponseWriter, *http.Request, Visit) error {
	return func(w http.ResponseWriter, r *http.Request, v Visit) error {
		m, _, err := of(r, v)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return badForm(err)
		}
		var hidden []string
		for _, c := range listColumns {
			if !slices.Contains(r.PostForm["show"], c.Value) {
				hidden = append(hidden, c.Value)
			}
		}
		if err := s.service.HideColumns(r.Context(), v, hidden); err != nil {
			return err
		}
		http.Redirect(w, r, address(m.Action, r.URL.Query()), http.StatusSeeOther)
		return nil
	}
}

// without leaves out of a table of acts what belongs to the columns that the reader has hidden.
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
	f.rows = func(v Visit, a store.ExportedAct) [][]any {
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
