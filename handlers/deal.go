package handlers

import (
	"errors"
	"net/http"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// dealTab shows the acts of the deal whose card is open, and the form of a new one.
func (s *Server) dealTab(w http.ResponseWriter, r *http.Request, v Visit) error {
	deal, err := pathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	if deal == 0 {
		return acts.Errorf(acts.Conflict, "Сохраните сделку, и здесь появятся её акты.")
	}
	d, err := s.db.Scope(v.Portal).Deal(r.Context(), deal)
	if err != nil {
		return err
	}
	stale := ""
	if !live(r) {
		if stale, err = s.service.RefreshDeal(r.Context(), v, d); err != nil {
			return err
		}
	}
	return s.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK, stale: stale})
}

// dealPage is what a drawing of the tab depends on beside the store.
type dealPage struct {
	status int
	stale  string
	typed  *workflow.ActForm // nil: the form is filled by the deal
	faults acts.Faults
	alert  string
}

func (s *Server) renderDeal(w http.ResponseWriter, r *http.Request, v Visit, deal acts.DealID, p dealPage) error {
	scope := s.db.Scope(v.Portal)
	d, err := scope.Deal(r.Context(), deal)
	if err != nil {
		return err
	}
	list, err := scope.ActsOfDeal(r.Context(), deal)
	if err != nil {
		return err
	}
	own, err := scope.OwnCompanies(r.Context())
	if err != nil {
		return err
	}
	settings, err := scope.Settings(r.Context())
	if err != nil {
		return err
	}
	m := views.DealTab{Frame: frameOf(v, "Акты по сделке"), Deal: id(d.ID), Title: d.Title, Stage: settings.Pipeline(d.Category).StageName(d.StageID),
		Missing: missingWords(d, list, settings), Stale: p.stale, Acts: actRows(v, list), HasOwn: len(own) > 0, Settings: base(v) + "/settings"}
	m.Alert = p.alert
	for _, a := range list {
		m.Busy = m.Busy || busy(a)
	}
	if m.HasOwn {
		form := p.typed
		if form == nil {
			form = suggest(d, own, list, s.now().In(zoneOf(v)))
		}
		company := chosenCompany(own, form.Own)
		ready, err := s.service.Readiness(r.Context(), scope, draftFor(d, company, *form))
		if err != nil {
			return err
		}
		checks := ready.Check()
		m.Checks, m.Green = checkViews(v, checks, d, company.ID), acts.Green(checks)
		m.Busy = m.Busy || !ready.Connection.Asked && ready.Account
		m.Form = s.formView(v, d, own, *form, p.faults)
	}
	return render(w, r, p.status, views.DealTabPage(m))
}

// missingWords tells what «Услуга оказана» still waits for, or why the deal is not where its acts say.
func missingWords(d store.Deal, list []acts.Act, settings store.Settings) string {
	if d.StageNote != "" {
		target := acts.TargetStage(list, d.Rows, settings.DoneByFormed)
		return d.StageNote + " По актам сделке место на стадии «" + target.Name() + "»."
	}
	open := 0
	for _, a := range list {
		if a.Counts() && a.Status != acts.Signed && a.Status != acts.AcceptedUnsigned {
			open++
		}
	}
	var wait []string
	if open > 0 {
		wait = append(wait, "не подписано: "+views.Plural(open, "акт", "акта", "актов"))
	}
	if left := acts.Uncovered(d.Rows); left > 0 && !settings.DoneByFormed {
		wait = append(wait, "не вошло в акты позиций на "+money(left))
	}
	if len(wait) == 0 {
		return ""
	}
	return "До стадии «" + acts.StageDone.Name() + "» осталось: " + strings.Join(wait, ", ") + "."
}

// formAct makes an act out of the form, or shows the form again with the reasons at their fields.
func (s *Server) formAct(w http.ResponseWriter, r *http.Request, v Visit) error {
	deal, err := pathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	act, err := s.service.FormAct(r.Context(), v, deal, form)
	if err == nil {
		http.Redirect(w, r, base(v)+"/deals/"+id(deal)+"?formed="+id(act), http.StatusSeeOther)
		return nil
	}
	p := dealPage{status: statusOf(err), typed: &form}
	if !errors.As(err, &p.faults) {
		if p.alert = sentenceOf(err); p.alert == "" || p.status == http.StatusNotFound {
			return err
		}
	} else {
		p.alert = "Акт не сформирован: исправьте отмеченные поля."
	}
	return s.renderDeal(w, r, v, deal, p)
}

// markRow stores whether a row needs an act; what was typed into the form stays.
func (s *Server) markRow(w http.ResponseWriter, r *http.Request, v Visit) error {
	deal, err := pathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	row, needs, err := readMark(r)
	if err != nil {
		return err
	}
	if err := s.service.MarkRow(r.Context(), v, deal, row, needs); err != nil {
		return err
	}
	if pick, ok := form.Picks[row]; ok {
		pick.On = needs
		form.Picks[row] = pick
	}
	return s.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK, typed: &form})
}
