package deal

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/plans"
	"acts24/views"
	"acts24/workflow"
)

// dealTab handles GET /p/{portal}/deals/{deal}: the acts of a deal and the form of a new one.
func (h *Handler) dealTab(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	if deal == 0 {
		return acts.Errorf(acts.Conflict, "Сохраните сделку, и здесь появятся её акты.")
	}
	details, err := h.DB.Scope(v.Portal).Deals().Details(r.Context(), deal)
	if err != nil {
		return err
	}
	p := dealPage{status: http.StatusOK, formed: formedAct(r)}
	if !isLiveUpdate(r) {
		fresh, stale, err := h.Service.Deals.RefreshDeal(r.Context(), v, details.Deal)
		if err != nil {
			return err
		}
		if p.stale = stale; fresh {
			if err := h.Service.People.MustSeeDeal(r.Context(), v, deal); err != nil { // the responsible may have changed
				return err
			}
			return h.renderDeal(w, r, v, deal, p)
		}
	}
	return h.renderDetails(w, r, v, details, p)
}

// dealPage is the input of the tab beside the stored data.
type dealPage struct {
	status int
	stale  string
	typed  *workflow.ActForm // nil to fill the form from the deal
	faults acts.Faults
	alert  string
	edit   *views.EditedAct // the edited draft, nil for a new act
	action string           // address of the form, "" for that of a new act

	refused *acts.Act // the act that the edited draft corrects, nil for none

	numbered bool // the edited draft has its number

	formed acts.ActID // the act that was formed just now, 0 for none

	link     string       // link of the question, shown once
	asked    *askForm     // typed question to the counterparty, nil for nothing
	answer   *acts.Answer // typed by a manager
	exchange acts.Faults  // faults of the exchange block
	closing  *closingForm // typed to close a remainder, nil for nothing
	monthly  monthlyInput
}

// renderDeal reads a deal and renders its tab.
func (h *Handler) renderDeal(w http.ResponseWriter, r *http.Request, v web.Visit, deal acts.DealID, p dealPage) error {
	details, err := h.DB.Scope(v.Portal).Deals().Details(r.Context(), deal)
	if err != nil {
		return err
	}
	return h.renderDetails(w, r, v, details, p)
}

// dealInput is all that the tab of a deal shows.
type dealInput struct {
	visit   web.Visit
	details store.DealDetails
	page    dealPage
	now     time.Time // business time in the zone of the portal

	form              *workflow.ActForm // nil when there is none
	electronic, paper acts.Readiness    // of the act that the form would create
}

// renderDetails renders the tab of a deal whose stored data were read.
func (h *Handler) renderDetails(w http.ResponseWriter, r *http.Request, v web.Visit, details store.DealDetails, p dealPage) error {
	if p.edit == nil {
		if err := h.readMonthly(r.Context(), v, details.Deal.ID, &p.monthly); err != nil {
			return err
		}
	}
	in := dealInput{visit: v, details: details, page: p, now: h.Now().In(web.Zone(v))}
	if v.May(roles.RightWork) && len(details.Own) > 0 {
		if err := h.addForm(r.Context(), &in); err != nil {
			return err
		}
	}
	return web.Render(w, r, p.status, views.DealTabPage(dealView(in)))
}

// addForm adds the form of an act, typed or suggested, with the checks of the act that it would create.
func (h *Handler) addForm(ctx context.Context, in *dealInput) error {
	form, scope := in.page.typed, h.DB.Scope(in.visit.Portal)
	fresh := form == nil
	switch {
	case fresh:
		form = workflow.Suggest(in.details, in.now)
	case form.ChangesOwn():
		form, fresh = workflow.ChangeOwn(in.details, *form, in.now), true
	}
	company := workflow.ChosenCompany(in.details.Own, form.Own)
	if company.Manual && fresh {
		number, err := workflow.SuggestNumber(ctx, scope, company.ID, in.now)
		if err != nil {
			return err
		}
		form.Number = number
	}
	in.form = form
	var err error
	if in.electronic, err = h.readiness(*in, company, acts.MediumElectronic); err != nil {
		return err
	}
	if in.paper, err = h.readiness(*in, company, acts.MediumPaper); err != nil {
		return err
	}
	last, err := scope.Acts().LatestNumbered(ctx, company.ID, in.electronic.Act.Date.Year())
	in.electronic.Last, in.paper.Last = last, last
	return err
}

// readiness returns the checks of the act that the form would create, on paper or electronic, with the faults of the form.
func (h *Handler) readiness(in dealInput, company store.OwnCompany, medium acts.Medium) (acts.Readiness, error) {
	f := *in.form
	_, kind, _ := strings.Cut(f.Type, "-")
	f.Type = string(medium) + "-" + kind
	act, faults := f.Draft(in.details.Deal, company, in.now)
	ready, err := h.Service.Acts.Ready(act, company, in.details.Seen, in.now)
	ready.Form = slices.DeleteFunc(faults, func(f acts.Fault) bool { return strings.HasPrefix(f.Field, "confirm-") }) // shown as questions
	return ready, err
}

// dealView formats the tab of a deal.
func dealView(in dealInput) views.DealTab {
	v, details, p, d := in.visit, in.details, in.page, in.details.Deal
	m := views.DealTab{Frame: web.Frame(v, "Акты по сделке"), Deal: web.ID(d.ID), Missing: missingWords(d, details.Acts, details.Settings), Stale: p.stale,
		Acts: actRows(v, details, in.now), Banners: slices.Concat(formedBanners(v, details, p.formed), dealBanners(v, details)), Formed: p.formed != 0, HasOwn: len(details.Own) > 0, Settings: web.Base(v) + "/settings/companies"}
	m.Alert, m.FormFaults, m.Edit = p.alert, web.FormFaults(append(slices.Clone(p.faults), p.exchange...)), p.edit
	if p.edit == nil {
		m.Exchange = exchangeView(v, details, p, in.now)
		m.Remainder = remainderView(v, details, p.closing)
		m.Monthly = monthlyView(v, details, p.monthly, in.now)
		m.Busy = details.Question != nil && details.Question.State == store.QuestionQueued ||
			slices.ContainsFunc(p.monthly.runs, func(r plans.Run) bool { return r.State == plans.Queued })
	}
	for _, a := range details.Acts {
		m.Busy = m.Busy || web.Busy(a)
	}
	if m.ReadOnly {
		m.Banners = web.WithoutButtons(m.Banners)
	}
	if in.form != nil {
		fillForm(&m, in)
	}
	setSigners(m.Acts, details)
	return m
}

// fillForm formats the form of an act with the checks of the act that it would create.
func fillForm(m *views.DealTab, in dealInput) {
	company := workflow.ChosenCompany(in.details.Own, in.form.Own)
	list := in.electronic.Check()
	m.Checks, m.Green = web.Checks(in.visit, list, in.details.Deal, company.ID), acts.AllPassed(list)
	list = in.paper.PaperCheck()
	m.PaperChecks, m.PaperGreen = web.Checks(in.visit, list, in.details.Deal, company.ID), acts.AllPassed(list)
	m.Busy = m.Busy || !in.electronic.Connection.Asked && in.electronic.Account
	m.Form = formView(in)
	m.Form.SignerNote = acts.WhoSigns(company.Account.Signing, in.electronic.Act.Signer, company.Key.Certificate)
	if in.page.edit != nil {
		m.Form.Action, m.Form.Preview, m.Form.Mark, m.Form.AllCovered = in.page.action, in.page.action+"/preview", "", false
		m.Form.Unfold = true
		markDifferences(m, in)
		m.Form.Manual = m.Form.Manual && !in.page.numbered
	}
}

// markDifferences shows what the typed draft changes in the refused act that it corrects.
func markDifferences(m *views.DealTab, in dealInput) {
	refused := in.page.refused
	if refused == nil {
		return
	}
	edit := *m.Edit
	m.Edit = &edit
	edit.Refused = &views.RefusedAct{Title: refused.Title(), Href: web.Base(in.visit) + "/acts/" + web.ID(refused.ID),
		Reason: web.StatusNote(in.visit, refused.Status, refused.Reason, refused.DeliveryNote, refused.DecidedBy, refused.DecidedAt)}
	for _, d := range in.electronic.Act.DiffersFrom(*refused) {
		edit.Refused.Differences = append(edit.Refused.Differences, d.String())
		for i, row := range m.Form.Rows {
			if d.Row != 0 && row.ID == web.ID(d.Row) {
				m.Form.Rows[i].Differs = true
			}
		}
	}
	for i, row := range m.Form.Rows {
		m.Form.Rows[i].Was = "не было"
		for _, l := range refused.Lines {
			if row.ID == web.ID(l.Row) {
				m.Form.Rows[i].Was = views.Number(l.Quantity.String())
			}
		}
	}
}

// formedAct returns the act in the URL that was formed just now, 0 for none.
func formedAct(r *http.Request) acts.ActID {
	id, err := strconv.ParseInt(r.URL.Query().Get("formed"), 10, 64)
	if err != nil {
		return 0
	}
	return acts.ActID(id)
}

// formedBanners returns the news that an act was formed, as long as nothing else has happened to the act.
func formedBanners(v web.Visit, details store.DealDetails, formed acts.ActID) []views.Banner {
	i := slices.IndexFunc(details.Acts, func(a acts.Act) bool { return a.ID == formed && a.Status == acts.StatusDraft })
	if i < 0 {
		return nil
	}
	a := details.Acts[i]
	return []views.Banner{{Tone: "success", TestID: "formed", Text: a.Title() + " сформирован на " + web.Money(a.Totals.Gross) + ". ",
		Link: views.Link{Text: "Открыть акт", Href: web.Base(v) + "/acts/" + web.ID(a.ID)}}}
}

// dealBanners returns what happened to the deal that concerns its acts.
func dealBanners(v web.Visit, details store.DealDetails) []views.Banner {
	d := details.Deal
	at := web.Base(v) + "/deals/" + web.ID(d.ID)
	var banners []views.Banner
	drafts := 0
	for _, a := range details.Acts {
		if a.Status == acts.StatusDraft {
			drafts++
		}
		if list := workflow.DealDifferences(a, d); a.Status == acts.StatusDraft && len(list) > 0 && !d.Deleted {
			n := views.Banner{Tone: "attention", TestID: "changed-" + web.ID(a.ID), Text: a.Title() + ": сделка изменилась после его формирования.",
				Link: views.Link{Text: "Открыть акт", Href: web.Base(v) + "/acts/" + web.ID(a.ID)}}
			for _, one := range list {
				n.List = append(n.List, one.String())
			}
			banners = append(banners, n)
		} else if a.CountsTowardDeal() && a.Buyer.INN != d.Buyer.INN && d.Buyer.INN != "" {
			banners = append(banners, views.Banner{Tone: "attention", TestID: "other-buyer-" + web.ID(a.ID),
				Text: a.Title() + " сформирован для ИНН " + a.Buyer.INN + ", а в сделке теперь ИНН " + d.Buyer.INN + ". ",
				Link: views.Link{Text: "Открыть акт", Href: web.Base(v) + "/acts/" + web.ID(a.ID)}})
		}
	}
	if d.Semantics == "F" && drafts > 0 {
		banners = append(banners, views.Banner{Tone: "attention", TestID: "deal-lost",
			Text:    "Сделка проиграна, а " + views.Plural(drafts, "акт", "акта", "актов") + " ещё в подготовке. Направленные акты отслеживаются дальше. ",
			Buttons: []views.BannerButton{{Href: at + "/annul-drafts", Label: "Аннулировать акты в подготовке", TestID: "deal-lost-button"}}})
	}
	banners = append(banners, closedBanners(v, details)...)
	if d.StageNote != "" && !details.Settings.PortalMoves {
		target := acts.StageByActs(details.Acts, d.Rows, details.Settings.StagePolicy())
		if to := details.Settings.Pipeline(d.Category).Mapped[target]; to != "" && to != d.StageID {
			banners = append(banners, views.Banner{Tone: "attention", TestID: "deal-elsewhere",
				Text:    d.StageNote + " По актам сделке место на стадии «" + target.Name() + "». ",
				Buttons: []views.BannerButton{{Href: at + "/move", Label: "Переместить на «" + target.Name() + "»", TestID: "deal-elsewhere-button"}}})
		}
	}
	return banners
}

// missingWords returns what «Услуга оказана» waits for, or why the deal is not on the stage of its acts.
func missingWords(d store.Deal, list []acts.Act, settings store.Settings) string {
	if d.StageNote != "" && !settings.PortalMoves {
		target := acts.StageByActs(list, d.Rows, settings.StagePolicy())
		return d.StageNote + " По актам сделке место на стадии «" + target.Name() + "»."
	}
	open := 0
	for _, a := range list {
		if a.CountsTowardDeal() && a.Status != acts.StatusSigned && a.Status != acts.StatusAcceptedUnsigned {
			open++
		}
	}
	var need []string
	if open > 0 {
		need = append(need, "нужна подпись "+views.Plural(open, "акта", "актов", "актов"))
	}
	if left := acts.Uncovered(d.Rows, d.InRoubles()); left > 0 && !settings.DoneByFormed {
		what := "нужен акт на оставшиеся " + web.Money(left)
		if !d.InRoubles() { // acts are in roubles, the deal is not, so there is no common sum
			what = "нужен акт на остальные позиции"
		}
		need = append(need, what)
	}
	if len(need) == 0 {
		return ""
	}
	return "Чтобы закрыть сделку, " + strings.Join(need, " и ") + "."
}

// formAct handles POST /p/{portal}/deals/{deal}/acts: creates an act, or shows the form with the faults.
func (h *Handler) formAct(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	if changed, p := changeOwn(r, form); changed {
		return h.renderDeal(w, r, v, deal, p)
	}
	act, err := h.Service.Acts.FormAct(r.Context(), v, deal, form)
	if err == nil {
		http.Redirect(w, r, web.Base(v)+"/deals/"+web.ID(deal)+"?formed="+web.ID(act), http.StatusSeeOther)
		return nil
	}
	p := dealPage{status: web.Status(err), typed: &form}
	if !errors.As(err, &p.faults) {
		if p.alert = web.Message(err); p.alert == "" || p.status == http.StatusNotFound {
			return err
		}
	} else {
		p.alert = "Акт не сформирован: исправьте отмеченные поля."
	}
	return h.renderDeal(w, r, v, deal, p)
}

// preview handles POST /p/{portal}/deals/{deal}/acts/preview: the tab with the sums and checks of the typed form. Nothing is stored.
func (h *Handler) preview(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	return h.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK, typed: &form})
}

// changeOwn reports whether the form is rendered again for another company of ours: its button was pressed, or the form was rendered for
// another company than it was sent with. No act is created then, because signer and checks depend on the company.
func changeOwn(r *http.Request, form workflow.ActForm) (bool, dealPage) {
	p := dealPage{status: http.StatusOK, typed: &form}
	if form.ChangesOwn() && r.PostForm.Get("change-own") == "" {
		p.status, p.alert = http.StatusUnprocessableEntity, "Исполнитель изменён, поэтому акт не сохранён. Проверьте подписанта, реквизиты и ставки и нажмите ещё раз."
	}
	return form.ChangesOwn() || r.PostForm.Get("change-own") != "", p
}

// markRow handles POST /p/{portal}/deals/{deal}/acts/mark: stores whether a row needs an act. Typed values stay in the form.
func (h *Handler) markRow(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
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
	if err := h.Service.Deals.MarkRow(r.Context(), v, deal, row, needs); err != nil {
		return err
	}
	if form.Key == "" { // all rows were covered, so there was no form
		return h.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK})
	}
	if pick, ok := form.Picks[row]; ok {
		pick.On = needs
		form.Picks[row] = pick
	}
	return h.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK, typed: &form})
}

// continueRow handles POST /p/{portal}/deals/{deal}/acts/rows: stores which row of the deal continues a deleted one. Typed values stay in
// the form.
func (h *Handler) continueRow(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	form, err := readActForm(r)
	if err != nil {
		return err
	}
	was, is, _ := strings.Cut(r.PostForm.Get("continue"), ":")
	lost, lostErr := strconv.ParseInt(was, 10, 64)
	row, rowErr := strconv.ParseInt(is, 10, 64)
	if lostErr != nil || rowErr != nil {
		return acts.Errorf(acts.Invalid, "Непонятный выбор, обновите страницу.")
	}
	p := dealPage{status: http.StatusOK}
	err = h.Service.Deals.ContinueRow(r.Context(), v, deal, acts.RowID(lost), acts.RowID(row))
	if errors.Is(err, acts.Conflict) {
		p.status, p.alert = web.Status(err), web.Message(err)
	} else if err != nil {
		return err
	}
	if form.Key != "" && row == 0 { // the rows did not change
		p.typed = &form
	}
	return h.renderDeal(w, r, v, deal, p)
}

// isLiveUpdate reports whether the script refreshes the page.
func isLiveUpdate(r *http.Request) bool { return r.Header.Get("X-Acts-Live") != "" }

// setSigners adds to every act that waits for our signature in SBIS who must sign it.
func setSigners(rows []views.ActRow, details store.DealDetails) {
	for i, a := range details.Acts {
		for _, own := range details.Own {
			if own.ID == a.OwnCompany && web.AwaitsOurSignature(a) {
				rows[i].NextStep, rows[i].SignerNote = web.WhoSigns(a, own, own.Account.Signing)
			}
		}
	}
}

// actRow formats an act of the list.
func actRow(v web.Visit, a acts.Act, due views.Chip) views.ActRow {
	row := views.ActRow{ID: web.ID(a.ID), Title: a.Title(), Href: web.Base(v) + "/acts/" + web.ID(a.ID), Type: web.TypeLabel(a.Medium, a.PartyKind),
		Sum:    web.Money(a.Totals.Gross),
		Status: web.StatusChip(a.Status), Delivery: web.DeliveryChip(a.Medium, a.Status, a.Delivery), Note: web.StatusNote(v, a.Status, a.Reason, a.DeliveryNote, a.DecidedBy, a.DecidedAt),
		Annulling: web.AnnulmentChip(a.Annulment), NextStep: web.NextStep(a), Due: due}
	if a.MayHandOver() == nil && v.May(roles.RightWork) {
		row.Send = web.Base(v) + "/acts/" + web.ID(a.ID) + "/send"
	}
	return row
}

// actRows formats the acts of a deal.
func actRows(v web.Visit, details store.DealDetails, today time.Time) []views.ActRow {
	rows, days := make([]views.ActRow, len(details.Acts)), workday.New(details.Settings.Calendar)
	for i, a := range details.Acts {
		rows[i] = actRow(v, a, web.DueChip(details.Due[a.ID], today, days))
	}
	return rows
}
