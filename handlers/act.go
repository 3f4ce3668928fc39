package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
)

// act shows one act.
func (s *Server) act(w http.ResponseWriter, r *http.Request, v Visit) error {
	act, err := pathID[acts.ActID](r, "act")
	if err != nil {
		return err
	}
	return s.renderAct(w, r, v, act, http.StatusOK, nil)
}

// renderAct draws the page of an act, with the error of what was just tried.
func (s *Server) renderAct(w http.ResponseWriter, r *http.Request, v Visit, act acts.ActID, status int, tried error) error {
	sheet, err := s.db.Scope(v.Portal).ActSheet(r.Context(), act)
	if err != nil {
		return err
	}
	a := sheet.Act
	m := actPage(v, a, sheet.History)
	if doc := sheet.Document; doc != nil {
		m.XML = base(v) + "/acts/" + id(a.ID) + "/xml"
		if doc.Live && cabinet(doc.Link) {
			m.Cabinet = doc.Link
		}
		if doc.Live && doc.Written {
			m.CheckNow = base(v) + "/acts/" + id(a.ID) + "/check"
		}
	}
	if a.MayHandOver() == nil {
		a.Seller = sheet.Own.Party
		ready := acts.Readiness{Act: a, Account: sheet.Own.AccountID != 0, SellerEDO: sheet.Own.Party.Participant, Connection: sheet.Seen}
		list := ready.Check()
		m.Checks = checkViews(v, list, store.Deal{ID: a.Deal, Company: a.Company, Contact: a.Contact}, a.OwnCompany)
		m.Green = acts.Green(list)
	}
	var faults acts.Faults
	if errors.As(tried, &faults) {
		m.Faults = faultMap(faults)
	}
	if tried != nil {
		m.Alert = sentenceOf(tried)
	}
	return render(w, r, status, views.ActPageView(m))
}

// cabinet reports whether a link of SBIS may be shown as a link.
func cabinet(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && strings.HasPrefix(u.Host, "127.0.0.1"))
}

func actPage(v Visit, a acts.Act, history []store.ActEvent) views.ActPage {
	m := views.ActPage{Frame: frameOf(v, a.Title()), ID: id(a.ID), Back: base(v) + "/deals/" + id(a.Deal), Title: a.Title(), Sum: money(a.Totals.Gross), Status: statusChip(a),
		Delivery: deliveryChip(a), Note: a.DeliveryNote, Turn: turnOf(a), Net: money(a.Totals.Net), Tax: money(a.Totals.Tax),
		Gross: money(a.Totals.Gross), Busy: busy(a), Paper: a.Medium == acts.Paper && a.Status == acts.Draft, Actions: actActions(v, a)}
	m.Facts = []views.Fact{
		{Name: "Сделка", Link: dealLink(v, a.Deal, a.DealTitle)},
		{Name: "Тип", Value: typeLabel(a)},
		{Name: "Исполнитель", Value: a.Seller.FullName() + ", " + partyDetails(a.Seller)},
		{Name: "Заказчик", Value: a.Buyer.FullName() + ", " + partyDetails(a.Buyer)},
		{Name: "Основание", Value: a.Basis.Label()},
		{Name: "Подписант", Value: strings.Trim(a.Signer.FullName()+", "+a.Signer.Position, ", ")},
	}
	if !a.From.IsZero() {
		m.Facts = append(m.Facts, views.Fact{Name: "Период", Value: views.Date(a.From) + " – " + views.Date(a.To)})
	}
	if a.Medium == acts.Electronic {
		o, known := acts.OperatorByPrefix(a.Operator)
		if !known {
			o.Name = a.Operator
		}
		m.Facts = append(m.Facts, views.Fact{Name: "ЭДО контрагента", Value: strings.Trim(o.Name+", "+a.Buyer.Participant, ", ")})
	} else {
		m.Facts = append(m.Facts, views.Fact{Name: "Способ отправки", Value: a.Channel.Label()})
	}
	if a.Comment != "" {
		m.Facts = append(m.Facts, views.Fact{Name: "Примечание", Value: a.Comment})
	}
	for _, l := range a.Lines {
		tax := money(l.Tax)
		if l.Rate == acts.NoVAT {
			tax = "—"
		}
		m.Lines = append(m.Lines, views.Line{N: id(int64(l.N)), Name: l.Name, Quantity: views.Number(l.Quantity.String()) + " " + l.Unit.Name,
			Price: views.Money(l.Price.StringFixed(2)), Rate: l.Rate.Label(), Net: money(l.Net), Tax: tax, Gross: money(l.Gross)})
	}
	for _, e := range history {
		who := e.UserName
		if e.Actor == string(acts.ByOperator) {
			who = "СБИС"
		}
		m.History = append(m.History, views.Event{At: views.Moment(e.At, zoneOf(v)), Who: who, Text: e.Text})
	}
	return m
}

// personActions are the events that a person may cause from this page.
var personActions = map[acts.Event]views.Action{
	acts.AcceptUnsigned: {TestID: "mark-accept", Reason: true, Explain: "Контрагент принял работу, но подписывать сейчас не будет."},
	acts.Refusal:        {TestID: "mark-refusal", Reason: true, Danger: true, Explain: "Сделка перейдёт на стадию «Услуга оказана, есть замечания»."},
	acts.Annulment:      {TestID: "mark-annul", Reason: true, Danger: true, Explain: "Акт перестанет занимать позиции сделки. Вернуть его нельзя, можно сформировать новый."},
}

func actActions(v Visit, a acts.Act) []views.Action {
	at := base(v) + "/acts/" + id(a.ID)
	var list []views.Action
	if a.MayHandOver() == nil {
		list = append(list, views.Action{Href: at + "/send", Label: "Передать в СБИС", TestID: "send-act", Primary: true})
	}
	if a.MayTakeBack() == nil {
		list = append(list, views.Action{Href: at + "/take-back", Label: "Отозвать из СБИС", TestID: "take-back",
			Explain: "Документ будет удалён из кабинета, акт можно будет изменить."})
	}
	for _, e := range a.Allowed(acts.ByPerson) {
		action, ok := personActions[e]
		if !ok || e == acts.Annulment && a.Delivery.WithOperator() && a.Status != acts.StatusRefused {
			continue
		}
		action.Href, action.Label, action.Event = at+"/mark", e.Label(), string(e)
		list = append(list, action)
	}
	return list
}
