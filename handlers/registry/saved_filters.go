package registry

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/store/people"
	"acts24/views"
)

// shownFilters is the number of saved filters above the registry; the page of saved filters has all of them.
const shownFilters = 12

// savedPresets returns the saved filters above the registry, the current one marked.
func savedPresets(page string, a listQuery, saved []people.SavedFilter) []views.Preset {
	var rows []views.Preset
	for _, f := range saved[:min(len(saved), shownFilters)] {
		rows = append(rows, views.Preset{Label: f.Name, TestID: "saved-filter-" + web.ID(f.ID), Href: filterAddress(page, f.Query), Current: f.Query == a.savedQuery()})
	}
	return rows
}

// filterAddress returns the list with a saved filter.
func filterAddress(page, query string) string {
	if query == "" {
		return page
	}
	return page + "?" + query
}

// savedQuery returns the filter and the order of the list as they are saved.
func (a listQuery) savedQuery() string { return a.withSort(a.query()).Encode() }

// filterFailure is a failed change of saved filters: of a new one, or of the one with the id.
type filterFailure struct {
	err    error
	id     int64
	name   string
	shared bool
}

// savedFilters handles GET /p/{portal}/filters: the filter in the address to save under a name, and the saved ones.
func (h *Handler) savedFilters(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderSavedFilters(w, r, v, r.URL.Query(), filterFailure{})
}

func (h *Handler) renderSavedFilters(w http.ResponseWriter, r *http.Request, v web.Visit, q url.Values, try filterFailure) error {
	saved, err := h.DB.Scope(v.Portal).People().SavedFilters(r.Context(), v.User)
	if err != nil {
		return err
	}
	shares, err := h.Service.Setup.MayShareFilters(r.Context(), v)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if try.err != nil {
		status = web.Status(try.err)
	}
	return web.Render(w, r, status, views.SavedFiltersPage(savedFiltersView(v, readListQuery(q, v, list.ActFilter{Visibility: v.Visibility, Zone: web.Zone(v)}), saved, shares, try)))
}

// savedFiltersView formats the page of saved filters.
func savedFiltersView(v web.Visit, a listQuery, saved []people.SavedFilter, shares bool, try filterFailure) views.SavedFilters {
	base := web.Base(v)
	m := views.SavedFilters{Frame: web.Frame(v, "Сохранённые фильтры"), Save: base + "/filters", Back: filterAddress(base+"/acts", a.savedQuery()), MayShare: shares}
	m.Menu, m.CurrentTab = true, "/acts"
	if len(a.faults) > 0 {
		m.Alert = "В условиях фильтра ошибка, сохранить его нельзя. Вернитесь к списку и исправьте отмеченное."
	} else {
		m.Query = a.savedQuery()
	}
	var faults acts.Faults
	if try.err != nil {
		errors.As(try.err, &faults)
		web.ShowError(&m.Frame, "", try.err)
	}
	if try.id == 0 {
		m.Name, m.Shared, m.Fault = try.name, try.shared, web.FaultMap(faults)["name"]
	}
	admin := v.May(roles.RightAdminister)
	for _, f := range saved {
		at := m.Save + "/" + web.ID(f.ID)
		row := views.SavedFilter{ID: web.ID(f.ID), Name: f.Name, TypedName: f.Name, Href: filterAddress(base+"/acts", f.Query), Shared: f.Shared, Current: f.Query == m.Query}
		mine := f.Owner == v.User
		if row.MayShare = mine && (shares || f.Shared); mine || f.Shared && admin {
			row.Change, row.Drop = at, at+"/delete"
		}
		if !mine {
			row.Owner = cmp.Or(f.OwnerName, "сотрудник "+web.ID(f.Owner))
			if f.OwnerLeft {
				row.Owner += ", не работает"
			}
			if admin {
				row.TakeOver = at + "/take"
			}
		}
		if f.ID == try.id {
			row.TypedName, row.Fault, row.Open = try.name, web.FaultMap(faults)["name"], true
		}
		m.List = append(m.List, row)
	}
	return m
}

// saveFilter handles POST /p/{portal}/filters: saves a filter of the registry under a name.
func (h *Handler) saveFilter(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	q, err := url.ParseQuery(r.PostForm.Get("query"))
	if err != nil {
		return errBadFilter
	}
	a := readListQuery(q, v, list.ActFilter{Visibility: v.Visibility, Zone: web.Zone(v)})
	if len(a.faults) > 0 || a.savedQuery() == "" {
		return errBadFilter
	}
	f := people.SavedFilter{Name: r.PostForm.Get("name"), Query: a.savedQuery(), Shared: r.PostForm.Get("shared") != ""}
	if err := h.Service.Setup.SaveFilter(r.Context(), v, f); err != nil {
		return h.filterRefused(w, r, v, q, filterFailure{err: err, name: f.Name, shared: f.Shared})
	}
	q = a.withSort(a.query())
	q.Set("done", "filter")
	http.Redirect(w, r, address(web.Base(v)+"/acts", q), http.StatusSeeOther)
	return nil
}

// filterRefused shows the page of saved filters with the error of a change, if the visitor can correct it there.
func (h *Handler) filterRefused(w http.ResponseWriter, r *http.Request, v web.Visit, q url.Values, try filterFailure) error {
	if !slices.Contains([]int{http.StatusConflict, http.StatusUnprocessableEntity}, web.Status(try.err)) {
		return try.err
	}
	return h.renderSavedFilters(w, r, v, q, try)
}

// changeFilter handles POST /p/{portal}/filters/{filter}: renames a saved filter and sets who sees it.
func (h *Handler) changeFilter(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.updateFilter(w, r, v, func(id int64) error {
		return h.Service.Setup.ChangeFilter(r.Context(), v, id, r.PostForm.Get("name"), r.PostForm.Get("shared") != "")
	})
}

// dropFilter handles POST /p/{portal}/filters/{filter}/delete: deletes a saved filter.
func (h *Handler) dropFilter(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.updateFilter(w, r, v, func(id int64) error { return h.Service.Setup.DropFilter(r.Context(), v, id) })
}

// takeFilter handles POST /p/{portal}/filters/{filter}/take: makes an administrator the owner of a shared filter.
func (h *Handler) takeFilter(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.updateFilter(w, r, v, func(id int64) error { return h.Service.Setup.TakeFilter(r.Context(), v, id) })
}

// updateFilter runs a change of a saved filter and shows the page of saved filters.
func (h *Handler) updateFilter(w http.ResponseWriter, r *http.Request, v web.Visit, do func(int64) error) error {
	id, err := web.PathID[int64](r, "filter")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	if err := do(id); err != nil {
		return h.filterRefused(w, r, v, url.Values{}, filterFailure{err: err, id: id, name: r.PostForm.Get("name")})
	}
	http.Redirect(w, r, web.Base(v)+"/filters", http.StatusSeeOther)
	return nil
}
