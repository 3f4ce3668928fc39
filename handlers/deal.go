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
	sheet, err := s.db.Scope(v.Portal).DealSheet(r.Context(), deal)
	if err != nil {
		return err
	}
	p := dealPage{status: http.StatusOK}
	if !live(r) {
		fresh, stale, err := s.service.RefreshDeal(r.Context(), v, sheet.Deal)
		if err != nil {
			return err
		}
		if p.stale = stale; fresh {
			return s.renderDeal(w, r, v, deal, p)
		}
	}
	return s.renderSheet(w, r, v, sheet, p)
}

// dealPage is what a drawing of the tab depends on beside the store.
type dealPage struct {
	status int
	stale  string
	typed  *workflow.ActForm // nil: the form is filled by the deal
	faults acts.Faults
	alert  string
	edit   *views.EditedAct // the draft that is edited, nil for a new act
	action string           // where the form goes, "" for that of a new act

	number   string // suggested where our company numbers by hand
	numbered bool   // the draft that is edited has its number

	link     string       // of the question, shown once
	answer   *acts.Answer // that a manager typed
	exchange acts.Faults  // of the block «Способ обмена»
}

func (s *Server) renderDeal(w http.ResponseWriter, r *http.Request, v Visit, deal acts.DealID, p dealPage) error {
	sheet, err := s.db.Scope(v.Portal).DealSheet(r.Context(), deal)
	if err != nil {
		return err
	}
	return s.renderSheet(w, r, v, sheet, p)
}

func (s *Server) renderSheet(w http.ResponseWriter, r *http.Request, v Visit, sheet store.DealSheet, p dealPage) error {
	d := sheet.Deal
	shown := sheet
	shown.Acts = seenActs(v, sheet.Acts)
	m := views.DealTab{Frame: frameOf(v, "Акты по сделке"), Deal: id(d.ID), Title: d.Title,
		Stage: sheet.Settings.Pipeline(d.Category).StageName(d.StageID), Missing: missingWords(d, sheet.Acts, sheet.Settings),
		Stale: p.stale, Acts: actRows(v, shown.Acts, sheet.Due, s.now().In(zoneOf(v))), News: dealNews(v, shown), HasOwn: len(sheet.Own) > 0, Settings: base(v) + "/settings/companies"}
	m.Alert, m.Edit = p.alert, p.edit
	if p.edit == nil {
		m.Exchange = exchangeView(v, sheet, p)
		m.Busy = sheet.Question != nil && sheet.Question.State == store.QuestionQueued
	}
	for _, a := range sheet.Acts {
		m.Busy = m.Busy || busy(a)
	}
	switch {
	case m.ReadOnly:
		m.News = newsToRead(m.News)
	case m.HasOwn:
		if own := workflow.ChosenCompany(sheet.Own, d.OwnCompany); own.Manual && p.typed == nil {
			number, err := workflow.SuggestNumber(r.Context(), s.db.Scope(v.Portal), own.ID, s.now().In(zoneOf(v)))
			if err != nil {
				return err
			}
			p.number = number
		}
		s.fillForm(&m, v, sheet, p)
	}
	tellSigners(m.Acts, sheet)
	return render(w, r, p.status, views.DealTabPage(m))
}

// fillForm draws the form of a new act with the pre-send check of what it would make.
func (s *Server) fillForm(m *views.DealTab, v Visit, sheet store.DealSheet, p dealPage) {
	form := p.typed
	if form == nil {
		form = workflow.Suggest(sheet, s.now().In(zoneOf(v)))
		form.Number = p.number
	}
	company := workflow.ChosenCompany(sheet.Own, form.Own)
	ready := workflow.ReadinessOf(draftFor(sheet.Deal, company, *form), company, sheet.Seen, s.now().In(zoneOf(v)))
	list := ready.Check()
	m.Checks, m.Green = checkViews(v, list, sheet.Deal, company.ID), acts.Green(list)
	m.Busy = m.Busy || !ready.Connection.Asked && ready.Account
	m.Form = s.formView(v, sheet.Deal, sheet.Own, *form, p.faults)
	m.Form.Signs = acts.WhoSigns(company.Account.Signing, ready.Act.Signer, company.Key.Certificate)
	if p.edit != nil {
		m.Form.Action, m.Form.Mark, m.Form.Nothing = p.action, "", false
		m.Form.Manual = m.Form.Manual && !p.numbered
	}
}

// dealNews says what happened to the deal that its acts are to know of.
func dealNews(v Visit, sheet store.DealSheet) []views.News {
	d := sheet.Deal
	at := base(v) + "/deals/" + id(d.ID)
	var list []views.News
	drafts := 0
	for _, a := range sheet.Acts {
		if a.Status == acts.Draft {
			drafts++
		}
		if a.Counts() && a.Buyer.INN != d.Buyer.INN && d.Buyer.INN != "" {
			list = append(list, views.News{Tone: "attention", TestID: "other-buyer-" + id(a.ID),
				Text: a.Title() + " сформирован для ИНН " + a.Buyer.INN + ", а в сделке теперь ИНН " + d.Buyer.INN + ". ",
				Link: views.Link{Text: "Открыть акт", Href: base(v) + "/acts/" + id(a.ID)}})
		}
	}
	if d.Semantics == "F" && drafts > 0 {
		list = append(list, views.News{Tone: "attention", TestID: "deal-lost", Href: at + "/annul-drafts", Label: "Аннулировать акты в подготовке",
			Text: "Сделка проиграна, а " + views.Plural(drafts, "акт", "акта", "актов") + " ещё в подготовке. Направленные акты отслеживаются дальше. "})
	}
	if d.Closed != "" {
		list = append(list, views.News{Tone: "neutral", TestID: "deal-closed", Href: at + "/reopen", Label: "Вернуть",
			Text: "По остатку сделки акт не нужен: " + strings.TrimSuffix(d.Closed, ".") + " (" + d.ClosedBy + "). "})
	}
	if d.StageNote != "" {
		target := acts.TargetStage(sheet.Acts, d.Rows, sheet.Settings.DoneByFormed)
		if to := sheet.Settings.Pipeline(d.Category).Mapped[target]; to != "" && to != d.StageID {
			list = append(list, views.News{Tone: "attention", TestID: "deal-elsewhere", Href: at + "/move",
				Text: d.StageNote + " По актам сделке место на стадии «" + target.Name() + "». ", Label: "Переместить на «" + target.Name() + "»"})
		}
	}
	return list
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
		what := "не вошло в акты позиций на " + money(left)
		if foreign(d) { // acts are in roubles, the deal is not: the sum left would mix them
			what = "не все позиции вошли в акты"
		}
		wait = append(wait, what)
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
	if form.Key == "" { // everything was covered, there was no form to keep
		return s.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK})
	}
	if pick, ok := form.Picks[row]; ok {
		pick.On = needs
		form.Picks[row] = pick
	}
	return s.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK, typed: &form})
}
