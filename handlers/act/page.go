package act

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/queue"
	"acts24/views"
	"acts24/workflow"
	"acts24/workflow/edo"
)

// page handles GET /p/{portal}/acts/{act}: the page of an act.
func (h *Handler) page(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	act, err := web.PathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	return h.Render(w, r, v, act, http.StatusOK, nil)
}

// actInput is all that the page of an act shows.
type actInput struct {
	visit   web.Visit
	details store.ActDetails
	now     time.Time // business time in the zone of the portal
	days    workday.Calendar
	deal    *store.Deal  // as it is now, nil when the act is not compared with it
	number  string       // the suggestion where a person types the number, "" elsewhere
	checks  []acts.Check // of a draft before it gets its document
	upd     string       // why the УПД cannot be printed, "" when it can

	answerBy time.Time // the last day in time for the answer to a proposal to annul the act, zero when none is awaited
	overdue  bool

	call *queue.FailedCall // to SBIS about the act, nil when none has failed

	tried error      // of the last action, nil for none
	typed url.Values // the form of that action
	print bool       // the preview of the print form is open
	done  string     // message about the last action, "" for none
}

// Render renders the page of an act with the error of the last action, nil for none.
func (h *Handler) Render(w http.ResponseWriter, r *http.Request, v web.Visit, act acts.ActID, status int, tried error) error {
	scope := h.DB.Scope(v.Portal)
	details, err := scope.Acts().Details(r.Context(), act)
	if err != nil {
		return err
	}
	in := actInput{visit: v, details: details, now: h.Now().In(web.Zone(v)), tried: tried, typed: r.PostForm, print: r.URL.Query().Get("print") != "",
		done: doneNotices[r.URL.Query().Get("done")]}
	if in.deal, err = h.dealOf(r.Context(), v, details.Act); err != nil {
		return err
	}
	if in.requiresNumber() {
		if in.number, err = h.suggestNumber(r.Context(), v, details.Act); err != nil {
			return err
		}
	}
	if in.details.Act.Annulment.Proposed != "" || !details.Due.IsZero() {
		settings, err := scope.Portals().Settings(r.Context())
		if err != nil {
			return err
		}
		in.days = workday.New(settings.Calendar)
		if details.Act.Annulment.Proposed != "" {
			in.answerBy, in.overdue = answerDay(details.Act.Annulment, settings, in.now)
		}
	}
	if details.Act.Medium == acts.MediumElectronic {
		if in.call, err = queue.FailedCallOf(r.Context(), scope, edo.CallsOfAct, act); err != nil {
			return err
		}
	}
	if in.checks, err = h.checksOf(r.Context(), v, details); err != nil {
		return err
	}
	toPrint := details.Act
	if toPrint.Number == "" {
		toPrint = workflow.WithParties(toPrint, details.Own, acts.Party{}, details.Chosen)
	}
	in.upd = h.Service.Acts.UPDFault(toPrint, details.Document)
	return web.Render(w, r, status, views.ActPageView(actView(in)))
}

// requiresNumber reports whether a person types the number of the act before its document is created.
func (in actInput) requiresNumber() bool {
	a := in.details.Act
	return in.details.Own.Manual && a.Number == "" && a.Status == acts.StatusDraft
}

// actView formats the page of an act.
func actView(in actInput) views.ActPage {
	v, details, a := in.visit, in.details, in.details.Act
	m := actPage(v, a, details.History)
	m.Due, m.Progress = web.DueChip(details.Due, in.now, in.days), progressOf(v, a, details.History)
	if in.deal != nil {
		m.Banners = differenceBanners(v, a, *in.deal)
	}
	m.Banners = append(m.Banners, actBanners(v, details)...)
	m.Annulment = annulmentView(v, details, in.answerBy, in.overdue)
	m.Busy = m.Busy || details.Letter != nil && details.Letter.State == store.LetterQueued
	m.Print = printForm(v, a, details.Own, in.upd)
	m.Print.Open = in.print
	m.Faults = faultsOf(in.tried)
	if a.Medium == acts.MediumPaper {
		addPaper(&m, v, details, in.now)
	}
	m.Actions, m.Secondary = actActions(v, a, views.InputDate(in.now)), secondaryActions(v, a)
	if in.requiresNumber() {
		askNumber(&m, in.number)
	}
	if web.AwaitsOurSignature(a) {
		m.NextStep, m.SignerNote = web.WhoSigns(a, details.Own, signingOf(details))
		m.Facts = append(m.Facts, views.Fact{Name: "Подпись", Value: m.SignerNote})
	}
	documentLinks(&m, v, details)
	operatorSide(&m, v, details, in.call)
	if !details.Due.IsZero() && web.DayOf(in.now).After(details.Due) {
		offerFirst(&m, details)
	}
	if m.Notice = in.done; in.tried != nil {
		m.Notice = ""
		keepTyped(&m, in.typed)
		web.ShowError(&m.Frame, "", in.tried)
	}
	if m.Signatures = signaturesView(v, details); m.Signatures != nil && m.Signatures.Busy {
		m.Busy = true
	}
	if len(in.checks) > 0 {
		m.Checks = web.Checks(v, in.checks, store.Deal{ID: a.Deal, Company: a.Company, Contact: a.Contact}, a.OwnCompany)
		m.Green, m.OnPaper = acts.AllPassed(in.checks), a.Medium == acts.MediumPaper
	}
	if m.ReadOnly {
		removeActions(&m)
	}
	return m
}

// documentLinks adds the links of the electronic document.
func documentLinks(m *views.ActPage, v web.Visit, details store.ActDetails) {
	doc := details.Document
	if doc == nil {
		return
	}
	at := web.Base(v) + "/acts/" + web.ID(details.Act.ID)
	m.XML = at + "/xml"
	if doc.Live && workflow.IsOperatorLink(doc.Link) {
		m.SBISLink = doc.Link
	}
	if doc.Live && doc.Written {
		m.CheckNow = at + "/check"
	}
}

// keepTyped fills the forms of the page with the typed values.
func keepTyped(m *views.ActPage, typed url.Values) {
	lists := [][]views.Action{m.Actions, m.Secondary}
	if m.Operator != nil {
		lists = append(lists, m.Operator.Actions)
	}
	if m.Annulment != nil {
		lists = append(lists, m.Annulment.Actions)
	}
	for _, list := range lists {
		for i, a := range list {
			if m.Faults["action"] != a.TestID {
				continue
			}
			list[i].Fields = slices.Clone(a.Fields)
			for n, f := range list[i].Fields {
				list[i].Fields[n].Value = typed.Get(f.Name)
			}
			if a.Letter != "" {
				list[i].Letter = typed.Get("text")
			}
		}
	}
	if m.Send != nil && typed.Has("channel") {
		m.Send.Email = typed.Get("channel") == string(acts.ChannelEmail) && m.Send.CannotEmail == ""
		m.Send.Address, m.Send.On, m.Send.Track, m.Send.Letter = typed.Get("address"), typed.Get("on"), typed.Get("track"), typed.Get("text")
	}
}

// checksOf returns the checks of a draft before it gets its document.
func (h *Handler) checksOf(ctx context.Context, v web.Visit, details store.ActDetails) ([]acts.Check, error) {
	a := details.Act
	if a.Status != acts.StatusDraft || a.Medium == acts.MediumElectronic && a.MayHandOver() != nil {
		return nil, nil
	}
	ready, err := h.Service.Acts.Ready(workflow.WithParties(a, details.Own, details.Buyer, details.Chosen), details.Own, details.Seen, h.Now().In(web.Zone(v)))
	if err != nil {
		return nil, err
	}
	ready.Last, err = h.DB.Scope(v.Portal).Acts().LatestNumbered(ctx, a.OwnCompany, a.Date.Year())
	if a.Medium == acts.MediumPaper {
		return ready.PaperCheck(), err
	}
	return ready.Check(), err
}

// faultsOf returns the faults of the last action by field.
func faultsOf(tried error) map[string]string {
	var faults acts.Faults
	if !errors.As(tried, &faults) {
		return nil
	}
	m := web.FaultMap(faults)
	var named *actionError
	if errors.As(tried, &named) {
		m["action"] = named.action
	}
	return m
}

// actPage formats an act without its actions.
func actPage(v web.Visit, a acts.Act, events []store.ActEvent) views.ActPage {
	m := views.ActPage{Frame: web.Frame(v, a.Title()), ID: web.ID(a.ID), Back: web.Base(v) + "/deals/" + web.ID(a.Deal), Title: a.Title(), Party: buyerLink(v, a), Sum: web.Money(a.Totals.Gross), Status: web.StatusChip(a.Status),
		Delivery: web.DeliveryChip(a.Medium, a.Status, a.Delivery), Note: noteOf(v, a), NextStep: web.NextStep(a), Net: a.Totals.Net.Label(), Tax: a.Totals.Tax.Label(),
		Gross: a.Totals.Gross.Label(), Busy: web.Busy(a)}
	m.Annulling = web.AnnulmentChip(a.Annulment)
	m.Facts = []views.Fact{
		{Name: "Сделка", Link: web.DealLink(v, a.Deal, a.DealTitle)},
		{Name: "Тип", Value: web.TypeLabel(a.Medium, a.PartyKind)},
		{Name: "Исполнитель", Value: a.Seller.FullName() + ", " + web.PartyDetails(a.Seller)},
		{Name: "Заказчик", Value: a.Buyer.FullName() + ", " + web.PartyDetails(a.Buyer)},
	}
	if basis := a.Basis.Label(); basis != "" {
		m.Facts = append(m.Facts, views.Fact{Name: "Основание", Value: basis})
	}
	m.Facts = append(m.Facts, views.Fact{Name: "Подписант", Value: strings.Trim(a.Signer.FullName()+", "+a.Signer.Position, ", ")})
	m.Facts = append(m.Facts, documentFacts(a)...)
	if !a.From.IsZero() {
		m.Facts = append(m.Facts, views.Fact{Name: "Период", Value: views.Date(a.From) + " – " + views.Date(a.To)})
	}
	if a.Medium == acts.MediumElectronic {
		o, known := acts.OperatorByPrefix(a.Operator)
		if !known {
			o.Name = a.Operator
		}
		m.Facts = append(m.Facts, views.Fact{Name: "ЭДО контрагента", Value: strings.Trim(o.Name+", "+a.Buyer.Participant, ", ")})
	} else {
		m.Facts = append(m.Facts, paperFacts(v, a)...)
	}
	if a.Status == acts.StatusRefused {
		m.Facts = append(m.Facts, views.Fact{Name: "Отказ", Value: decision(v, a)})
	}
	if a.Reason != "" && a.Status != acts.StatusRefused { // the message at the top has it
		m.Facts = append(m.Facts, views.Fact{Name: "Причина / замечания", Value: a.Reason})
	}
	if a.Remarks != "" {
		m.Facts = append(m.Facts, views.Fact{Name: "Подписан с замечаниями", Value: a.Remarks})
	}
	if a.Comment != "" {
		m.Facts = append(m.Facts, views.Fact{Name: "Примечание", Value: a.Comment})
	}
	for _, l := range a.Lines {
		line := views.Line{N: web.ID(int64(l.N)), Name: l.Name, Quantity: views.Number(l.Quantity.String()) + " " + l.Unit.Name,
			Price: acts.Figure(acts.PriceText(l.UnitPrice())), Rate: strings.TrimPrefix(l.Rate.Label(), "НДС "), Net: l.Net.Label(), Tax: l.Tax.Label(), Gross: l.Gross.Label()}
		if l.Rate == acts.NoVAT {
			line.Tax = ""
		}
		m.Lines = append(m.Lines, line)
	}
	for _, e := range events {
		line := views.Event{At: views.Moment(e.At, web.Zone(v)), Who: history.By(acts.Actor(e.Actor), e.UserName, e.Source), Text: e.Text}
		for _, c := range slices.Concat(history.StatusChange(e.From, e.To), e.Changes) {
			line.Changes = append(line.Changes, views.Change{What: c.What, Was: c.Was, Is: c.Is})
		}
		m.History = append(m.History, line)
	}
	return m
}

// noteOf returns the message of the operator about an act, of a refused one its reason.
func noteOf(v web.Visit, a acts.Act) string {
	if a.Status == acts.StatusRefused {
		return web.StatusNote(v, a.Status, a.Reason, a.DeliveryNote, a.DecidedBy, a.DecidedAt)
	}
	return a.DeliveryNote
}

// decision returns who decided for the counterparty, or who marked it, and when.
func decision(v web.Visit, a acts.Act) string {
	var parts []string
	if a.DecidedBy != "" {
		parts = append(parts, a.DecidedBy)
	}
	if !a.DecidedAt.IsZero() {
		parts = append(parts, views.Moment(a.DecidedAt, web.Zone(v)))
	}
	if a.MarkedByPerson {
		return "отметил сотрудник: " + strings.Join(parts, ", ")
	}
	return strings.Join(append(parts, "сообщил СБИС"), ", ")
}

// removeActions removes the actions from the page for a visitor who may only view.
func removeActions(m *views.ActPage) {
	m.Actions, m.Secondary, m.Send = nil, nil, nil
	m.CheckNow, m.Print.Number, m.SignHere = "", "", false
	if m.Operator != nil {
		m.Operator.Repeat, m.Operator.Actions = "", nil
	}
	m.Banners = web.WithoutButtons(m.Banners)
	if m.Signatures != nil {
		m.Signatures.Repeat = ""
	}
	if m.Annulment != nil {
		m.Annulment.Actions, m.Annulment.Answer = nil, false
	}
	m.Copies = slices.Clone(m.Copies)
	for i := range m.Copies {
		if m.Copies[i].Upload != "" {
			m.Copies[i].Upload, m.Copies[i].Hint = "", "Файлов ещё нет."
		}
	}
}

// signingOf returns how the document of an act is signed: as it was sent, before that as its account is configured.
func signingOf(details store.ActDetails) acts.Signing {
	if details.Document != nil && details.Document.Live {
		return details.Document.Signing
	}
	return details.Own.Account.Signing
}

// documentFacts returns the grounds of rates, the payments and the state contract.
func documentFacts(a acts.Act) (list []views.Fact) {
	has := func(rate acts.Rate) bool {
		return slices.ContainsFunc(a.Lines, func(l acts.Line) bool { return l.Rate == rate })
	}
	if a.VATGround != "" && has(acts.NoVAT) {
		list = append(list, views.Fact{Name: "Без НДС на основании", Value: a.VATGround})
	}
	if a.ZeroGround != "" && has("0") {
		list = append(list, views.Fact{Name: "НДС 0 % на основании", Value: a.ZeroGround})
	}
	if len(a.Payments) > 0 {
		list = append(list, views.Fact{Name: "Платёжные документы", Value: acts.PaymentsLabel(a.Payments)})
	}
	if a.StateContract != "" {
		list = append(list, views.Fact{Name: "Госконтракт", Value: a.StateContract})
	}
	return list
}
