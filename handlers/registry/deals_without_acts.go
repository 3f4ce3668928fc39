package registry

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store/list"
	"acts24/views"
)

// dealsQuery is the parsed address of the list of deals without acts.
type dealsQuery struct {
	filter   list.DealFilter
	page     list.Page
	unsorted bool   // the address has an order that the list does not have
	text     string // as it was typed
	faults   map[string]string
}

// readDealsQuery parses the address of the list of deals without acts. Unknown conditions become faults.
func readDealsQuery(q url.Values, v web.Visit) dealsQuery {
	a := dealsQuery{filter: list.DealFilter{Visibility: v.Visibility, Stage: q.Get("stage")}, faults: map[string]string{}}
	page, ok := readPage(q, list.DealSorting, v.Portal)
	a.page, a.unsorted = page, !ok
	a.text = cleanText(q.Get("q"), a.faults)
	a.filter.Text = a.text
	if text := q.Get("responsible"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			a.refuseCondition()
		}
		a.filter.Responsible = acts.UserID(max(n, 0))
	}
	return a
}

// refuseCondition adds the fault of an unknown condition.
func (a dealsQuery) refuseCondition() {
	a.faults["filter"] = "В адресе страницы условие, которого нет. Выберите условия заново."
}

// query returns the filter as the form sends it.
func (a dealsQuery) query() url.Values {
	q := url.Values{}
	if a.filter.Stage != "" {
		q.Set("stage", a.filter.Stage)
	}
	if a.filter.Responsible != 0 {
		q.Set("responsible", web.ID(a.filter.Responsible))
	}
	if a.text != "" {
		q.Set("q", a.text)
	}
	return q
}

// withSort returns the filter with the order of the list.
func (a dealsQuery) withSort() url.Values { return withSort(a.query(), list.DealSorting, a.page.Sort) }

// dealsWithoutActs handles GET /p/{portal}/deals: the deals without acts.
func (h *Handler) dealsWithoutActs(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.renderDealsWithoutActs(w, r, v, r.URL.Query(), dealsFailure{})
}

// dealsFailure is a failed action on the list, with its form.
type dealsFailure struct {
	err    error
	deals  []acts.DealID
	reason string
}

// renderDealsWithoutActs renders the list with the error of the last action.
func (h *Handler) renderDealsWithoutActs(w http.ResponseWriter, r *http.Request, v web.Visit, q url.Values, try dealsFailure) error {
	a := readDealsQuery(q, v)
	found, err := list.DealsWithoutActs(r.Context(), h.DB.Scope(v.Portal), a.filter, a.page)
	if err != nil {
		return err
	}
	if a.filter.Stage != "" && !slices.Contains(found.Settings.StagesNeedingActs(), a.filter.Stage) {
		a.refuseCondition()
	}
	status := http.StatusOK
	if len(a.faults) > 0 {
		status, found.Deals, found.Next = http.StatusUnprocessableEntity, nil, list.PageKey{}
	}
	if try.err != nil {
		status = web.Status(try.err)
	}
	return web.Render(w, r, status, views.DealsWithoutActsPage(dealsWithoutActsView(v, a, found, try, q, h.Now().In(web.Zone(v)))))
}

// formActs handles POST /p/{portal}/deals/acts: queues the creation of acts for the checked deals.
func (h *Handler) formActs(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.changeDeals(w, r, v, func(try *dealsFailure) (string, int, error) {
		n, err := h.Service.Bulk.FormActs(r.Context(), v, try.deals, r.PostForm.Get("key"))
		return "formed", n, err
	})
}

// closeDeals handles POST /p/{portal}/deals/close: closes the remainders of the checked deals.
func (h *Handler) closeDeals(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.changeDeals(w, r, v, func(try *dealsFailure) (string, int, error) {
		try.reason = r.PostForm.Get("reason")
		n, err := h.Service.Bulk.CloseRemainders(r.Context(), v, try.deals, try.reason)
		return "closed", n, err
	})
}

// changeDeals runs an action on the checked deals and redirects to the list with its filter.
func (h *Handler) changeDeals(w http.ResponseWriter, r *http.Request, v web.Visit, do func(*dealsFailure) (done string, n int, err error)) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	var try dealsFailure
	for _, text := range r.PostForm["deal"] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			return acts.Errorf(acts.Invalid, "Непонятный запрос.")
		}
		try.deals = append(try.deals, acts.DealID(n))
	}
	done, n, err := do(&try)
	if err == nil {
		q := readDealsQuery(r.PostForm, v).withSort()
		q.Set("done", done)
		q.Set("n", strconv.Itoa(n))
		http.Redirect(w, r, address(web.Base(v)+"/deals", q), http.StatusSeeOther)
		return nil
	}
	if try.err = err; !errors.Is(err, acts.Invalid) {
		return err
	}
	return h.renderDealsWithoutActs(w, r, v, r.PostForm, try)
}
