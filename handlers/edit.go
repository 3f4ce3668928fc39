package handlers

import (
	"errors"
	"net/http"

	"acts24/acts"
	"acts24/views"
	"acts24/workflow"
)

// edit shows the form of a draft as it was made.
func (s *Server) edit(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	return s.renderEdit(w, r, v, act, dealPage{status: http.StatusOK})
}

func (s *Server) renderEdit(w http.ResponseWriter, r *http.Request, v Visit, n acts.ActID, p dealPage) error {
	scope := s.db.Scope(v.Portal)
	act, err := scope.Act(r.Context(), n)
	if err != nil {
		return err
	}
	if err := act.MayEdit(); err != nil && p.status == http.StatusOK {
		return s.renderAct(w, r, v, n, statusOf(err), err)
	}
	sheet, err := scope.DealSheet(r.Context(), act.Deal)
	if err != nil {
		return err
	}
	sheet.Deal = workflow.Without(sheet.Deal, act)
	if p.typed == nil {
		p.typed = workflow.FormOf(act, sheet.Deal)
	}
	at := base(v) + "/acts/" + id(n)
	p.numbered = act.Number != ""
	p.edit, p.action = &views.EditedAct{ID: id(n), Title: act.Title(), Back: at}, at+"/edit"
	return s.renderSheet(w, r, v, sheet, p)
}

// saveEdit makes a draft anew, or shows the form again with the reasons at their fields.
func (s *Server) saveEdit(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	err = s.service.EditAct(r.Context(), v, act, form)
	if err == nil {
		http.Redirect(w, r, base(v)+"/acts/"+id(act), http.StatusSeeOther)
		return nil
	}
	p := dealPage{status: statusOf(err), typed: &form}
	switch {
	case errors.As(err, &p.faults):
		p.alert = "Акт не сохранён: исправьте отмеченные поля."
	case errors.Is(err, acts.Conflict):
		return s.renderAct(w, r, v, act, p.status, err)
	default:
		return err
	}
	return s.renderEdit(w, r, v, act, p)
}

// moveDeal has the deal moved where its acts say.
func (s *Server) moveDeal(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onDeal(w, r, v, func(deal acts.DealID) error { return s.service.MoveDeal(r.Context(), v, deal) })
}

// annulDrafts annuls the acts in preparation of a lost deal.
func (s *Server) annulDrafts(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onDeal(w, r, v, func(deal acts.DealID) error { return s.service.AnnulDrafts(r.Context(), v, deal) })
}

func (s *Server) onDeal(w http.ResponseWriter, r *http.Request, v Visit, do func(acts.DealID) error) error {
	deal, err := pathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	if err := do(deal); err != nil {
		if status := statusOf(err); status == http.StatusConflict {
			return s.renderDeal(w, r, v, deal, dealPage{status: status, alert: sentenceOf(err)})
		}
		return err
	}
	http.Redirect(w, r, base(v)+"/deals/"+id(deal), http.StatusSeeOther)
	return nil
}
