package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// lackAsked is what the address of the list of deals without acts asks for.
type lackAsked struct {
	filter store.LackFilter
	after  store.DealKey
	faults map[string]string
}

func lackAskedFor(q url.Values, v Visit) lackAsked {
	a := lackAsked{filter: store.LackFilter{Sees: v.Sees, Stage: q.Get("stage")}, after: openDealKey(q.Get("after"), v.Portal), faults: map[string]string{}}
	if text := q.Get("responsible"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			a.unknown()
		}
		a.filter.Responsible = acts.UserID(max(n, 0))
	}
	return a
}

func (a lackAsked) unknown() {
	a.faults["filter"] = "В адресе страницы условие, которого нет. Выберите условия заново."
}

// query writes the filter the way the form does.
func (a lackAsked) query() url.Values {
	q := url.Values{}
	if a.filter.Stage != "" {
		q.Set("stage", a.filter.Stage)
	}
	if a.filter.Responsible != 0 {
		q.Set("responsible", id(a.filter.Responsible))
	}
	return q
}

// sealDealKey writes where a page begins, for the portal it is of.
func sealDealKey(k store.DealKey, portal acts.PortalID) string {
	return sealKey(store.PageKey{Day: k.Day, ID: acts.ActID(k.ID)}, portal)
}

func openDealKey(text string, portal acts.PortalID) store.DealKey {
	k := openKey(text, portal)
	return store.DealKey{Day: k.Day, ID: acts.DealID(k.ID)}
}

// lacking lists the deals without acts.
func (s *Server) lacking(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.renderLacking(w, r, v, r.URL.Query(), lackTry{})
}

// lackTry is what a person tried on the list and why it could not be done.
type lackTry struct {
	err    error
	deals  []acts.DealID
	reason string
}

func (s *Server) renderLacking(w http.ResponseWriter, r *http.Request, v Visit, q url.Values, try lackTry) error {
	a := lackAskedFor(q, v)
	found, err := s.db.Scope(v.Portal).Lacking(r.Context(), a.filter, a.after)
	if err != nil {
		return err
	}
	if a.filter.Stage != "" && !slices.Contains(found.Settings.Awaiting(), a.filter.Stage) {
		a.unknown()
	}
	status := http.StatusOK
	if len(a.faults) > 0 {
		status, found.Deals, found.Next = http.StatusUnprocessableEntity, nil, store.DealKey{}
	}
	if try.err != nil {
		status = statusOf(try.err)
	}
	return render(w, r, status, views.LackingPage(lackingView(v, a, found, try, q, s.now().In(zoneOf(v)))))
}

// formActs has the acts of the checked deals formed.
func (s *Server) formActs(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onDeals(w, r, v, func(try *lackTry) (string, int, error) {
		n, err := s.service.FormActs(r.Context(), v, try.deals, r.PostForm.Get("key"))
		return "formed", n, err
	})
}

// closeDeals closes the remainders of the checked deals.
func (s *Server) closeDeals(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onDeals(w, r, v, func(try *lackTry) (string, int, error) {
		try.reason = r.PostForm.Get("reason")
		n, err := s.service.CloseRemainders(r.Context(), v, try.deals, try.reason)
		return "closed", n, err
	})
}

// onDeals does something with the checked deals and leads back to the list as it was filtered.
func (s *Server) onDeals(w http.ResponseWriter, r *http.Request, v Visit, do func(*lackTry) (done string, n int, err error)) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	var try lackTry
	for _, text := range r.PostForm["deal"] {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n <= 0 {
			return acts.Errorf(acts.Invalid, "Непонятный запрос.")
		}
		try.deals = append(try.deals, acts.DealID(n))
	}
	done, n, err := do(&try)
	if err == nil {
		q := lackAskedFor(r.PostForm, v).query()
		q.Set("done", done)
		q.Set("n", strconv.Itoa(n))
		http.Redirect(w, r, address(base(v)+"/deals", q), http.StatusSeeOther)
		return nil
	}
	if try.err = err; !errors.Is(err, acts.Invalid) {
		return err
	}
	return s.renderLacking(w, r, v, r.PostForm, try)
}

// reopenDeal takes the closing of a deal's remainder back.
func (s *Server) reopenDeal(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onDeal(w, r, v, func(deal acts.DealID) error { return s.service.ReopenRemainder(r.Context(), v, deal) })
}
