package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
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
	m.Due, m.News = dueChip(sheet.Due, s.now().In(zoneOf(v))), actNews(v, sheet)
	m.Busy = m.Busy || sheet.Letter != nil && sheet.Letter.State == store.LetterQueued
	m.Print = printForm(v, a)
	m.Print.Open = r.URL.Query().Get("print") != ""
	m.Faults = tryFaults(tried)
	if a.Medium == acts.Paper {
		s.paperSide(&m, v, sheet)
	}
	m.Actions, m.Rare = actActions(v, a, views.InputDate(s.now().In(zoneOf(v)))), rareActions(v, a)
	if sheet.Own.Manual && a.Number == "" && a.Status == acts.Draft {
		if err := s.askNumber(r, v, &m, a); err != nil {
			return err
		}
	}
	if awaitsUs(a) {
		m.Turn, m.Signs = whoSigns(a, sheet.Own, signingOf(sheet))
		m.Facts = append(m.Facts, views.Fact{Name: "Подпись", Value: m.Signs})
	}
	if tried != nil {
		keepTyped(&m, r.PostForm)
	}
	if doc := sheet.Document; doc != nil {
		m.XML = base(v) + "/acts/" + id(a.ID) + "/xml"
		if doc.Live && cabinet(doc.Link) {
			m.Cabinet = doc.Link
		}
		if doc.Live && doc.Written {
			m.CheckNow = base(v) + "/acts/" + id(a.ID) + "/check"
		}
	}
	if list := checksOf(sheet, s.now().In(zoneOf(v))); len(list) > 0 {
		m.Checks = checkViews(v, list, store.Deal{ID: a.Deal, Company: a.Company, Contact: a.Contact}, a.OwnCompany)
		m.Green, m.ChecksFor = acts.Green(list), "Проверка перед отправкой"
		if a.Medium == acts.Paper {
			m.ChecksFor = "Проверка перед печатью"
		}
	}
	if tried != nil {
		m.Alert = sentenceOf(tried)
	}
	if m.ReadOnly {
		actToRead(&m)
	}
	return render(w, r, status, views.ActPageView(m))
}

// keepTyped puts what was typed back into the forms of the page.
func keepTyped(m *views.ActPage, typed url.Values) {
	for _, list := range [][]views.Action{m.Actions, m.Rare} {
		for i, a := range list {
			if m.Faults["action"] != a.TestID {
				continue
			}
			list[i].Fields = slices.Clone(a.Fields)
			for n, f := range list[i].Fields {
				list[i].Fields[n].Value = typed.Get(f.Name)
			}
		}
	}
	if m.Send != nil && typed.Has("channel") {
		m.Send.Email = typed.Get("channel") == string(acts.ByEmail) && m.Send.CannotEmail == ""
		m.Send.Address, m.Send.On, m.Send.Track = typed.Get("address"), typed.Get("on"), typed.Get("track")
	}
}

// checksOf is the check of a draft before it gets its document.
func checksOf(sheet store.ActSheet, today time.Time) []acts.Check {
	a := sheet.Act
	if a.Status != acts.Draft {
		return nil
	}
	a.Seller = sheet.Own.Party
	if a.Medium == acts.Paper {
		return a.PrintCheck()
	}
	if a.MayHandOver() != nil {
		return nil
	}
	return workflow.ReadinessOf(a, sheet.Own, sheet.Seen, today).Check()
}

// tryFaults are the mistakes of what was just tried, by field.
func tryFaults(tried error) map[string]string {
	var faults acts.Faults
	if !errors.As(tried, &faults) {
		return nil
	}
	m := faultMap(faults)
	var named *tryError
	if errors.As(tried, &named) {
		m["action"] = named.action
	}
	return m
}

// cabinet reports whether a link of SBIS may be shown as a link.
func cabinet(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && strings.HasPrefix(u.Host, "127.0.0.1"))
}

func actPage(v Visit, a acts.Act, history []store.ActEvent) views.ActPage {
	m := views.ActPage{Frame: frameOf(v, a.Title()), ID: id(a.ID), Back: base(v) + "/deals/" + id(a.Deal), Title: a.Title(), Sum: money(a.Totals.Gross), Status: statusChip(a.Status),
		Delivery: deliveryChip(a.Medium, a.Status, a.Delivery), Note: a.DeliveryNote, Turn: turnOf(a), Net: money(a.Totals.Net), Tax: money(a.Totals.Tax),
		Gross: money(a.Totals.Gross), Busy: busy(a)}
	m.Facts = []views.Fact{
		{Name: "Сделка", Link: dealLink(v, a.Deal, a.DealTitle)},
		{Name: "Тип", Value: typeLabel(a.Medium, a.PartyKind)},
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
		m.Facts = append(m.Facts, paperFacts(v, a)...)
	}
	if a.Reason != "" {
		m.Facts = append(m.Facts, views.Fact{Name: "Причина / замечания", Value: a.Reason})
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
		switch e.Actor {
		case string(acts.ByOperator):
			who = "СБИС"
		case string(acts.ByClock):
			who = "напоминание"
		}
		m.History = append(m.History, views.Event{At: views.Moment(e.At, zoneOf(v)), Who: who, Text: e.Text})
	}
	return m
}
