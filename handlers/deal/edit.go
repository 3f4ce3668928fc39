package deal

import (
	"errors"
	"net/http"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/views"
	"acts24/workflow"
)

// edit handles GET /p/{portal}/acts/{act}/edit: the form of a draft.
func (h *Handler) edit(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	return h.renderEdit(w, r, v, act, dealPage{status: http.StatusOK})
}

// renderEdit renders the form of a draft with typed values and faults.
func (h *Handler) renderEdit(w http.ResponseWriter, r *http.Request, v web.Visit, n acts.ActID, p dealPage) error {
	scope := h.DB.Scope(v.Portal)
	act, err := scope.Acts().Get(r.Context(), n)
	if err != nil {
		return err
	}
	if err := act.MayEdit(); err != nil && p.status == http.StatusOK {
		return h.acts.Render(w, r, v, n, web.Status(err), err)
	}
	details, err := scope.Deals().Details(r.Context(), act.Deal)
	if err != nil {
		return err
	}
	details.Deal = details.Deal.Without(act)
	if p.typed == nil {
		p.typed = workflow.FormOf(act, details.Deal)
	}
	at := web.Base(v) + "/acts/" + web.ID(n)
	p.typed.Correction = act.Correction
	p.numbered = act.Number != "" || act.Correction.IsSet()
	p.edit, p.action = &views.EditedAct{ID: web.ID(n), Title: act.Title(), Back: at, Status: web.StatusChip(act.Status)}, at+"/edit"
	if act.Corrects != 0 {
		refused, err := scope.Acts().Get(r.Context(), act.Corrects)
		if err != nil {
			return err
		}
		p.refused = &refused
	}
	return h.renderDetails(w, r, v, details, p)
}

// saveEdit handles POST /p/{portal}/acts/{act}/edit: saves the draft, or shows the form with the faults.
func (h *Handler) saveEdit(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	if changed, p := changeOwn(r, form); changed {
		return h.renderEdit(w, r, v, act, p)
	}
	err = h.Service.Acts.EditAct(r.Context(), v, act, form)
	if err == nil {
		done := "edit"
		if form.Send {
			done = "edit-and-send"
		}
		http.Redirect(w, r, web.Base(v)+"/acts/"+web.ID(act)+"?done="+done, http.StatusSeeOther)
		return nil
	}
	p := dealPage{status: web.Status(err), typed: &form}
	switch {
	case errors.As(err, &p.faults):
		p.alert = "Акт не сохранён: исправьте отмеченные поля."
	case errors.Is(err, acts.Conflict):
		return h.acts.Render(w, r, v, act, p.status, err)
	default:
		return err
	}
	return h.renderEdit(w, r, v, act, p)
}

// previewEdit handles POST /p/{portal}/acts/{act}/edit/preview: the form with the sums and checks of the typed draft. Nothing is stored.
func (h *Handler) previewEdit(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	return h.renderEdit(w, r, v, act, dealPage{status: http.StatusOK, typed: &form})
}

// moveDeal handles POST /p/{portal}/deals/{deal}/move: moves the deal to the stage of its acts.
func (h *Handler) moveDeal(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onDeal(w, r, v, func(deal acts.DealID) error { return h.Service.Deals.MoveDeal(r.Context(), v, deal) })
}

// annulDrafts handles POST /p/{portal}/deals/{deal}/annul-drafts: annuls the drafts of a lost deal.
func (h *Handler) annulDrafts(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onDeal(w, r, v, func(deal acts.DealID) error { return h.Service.Acts.AnnulDrafts(r.Context(), v, deal) })
}

// onDeal runs an action on the deal in the URL and redirects to its tab, or shows the tab with the error.
func (h *Handler) onDeal(w http.ResponseWriter, r *http.Request, v web.Visit, do func(acts.DealID) error) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	if err := do(deal); err != nil {
		if status := web.Status(err); status == http.StatusConflict {
			return h.renderDeal(w, r, v, deal, dealPage{status: status, alert: web.Message(err)})
		}
		return err
	}
	http.Redirect(w, r, web.Base(v)+"/deals/"+web.ID(deal), http.StatusSeeOther)
	return nil
}

// renewAct handles POST /p/{portal}/acts/{act}/renew: updates the act from its deal. If that is not possible automatically, its edit form
// opens.
func (h *Handler) renewAct(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	err = h.Service.Acts.RenewAct(r.Context(), v, act)
	var faults acts.Faults
	switch {
	case errors.As(err, &faults):
		return h.renderEdit(w, r, v, act, dealPage{status: web.Status(err), faults: faults, alert: "Акт не обновлён: исправьте отмеченные поля."})
	case errors.Is(err, acts.Conflict):
		return h.acts.Render(w, r, v, act, web.Status(err), err)
	case err != nil:
		return err
	}
	http.Redirect(w, r, web.Base(v)+"/acts/"+web.ID(act), http.StatusSeeOther)
	return nil
}
