package act

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/store/queue"
	"acts24/views"
)

// operatorSide adds the block of an electronic document: its state, the failed call about it and when that is repeated. The actions that take the
// document back move from the actions of the act into this block.
func operatorSide(m *views.ActPage, v web.Visit, details store.ActDetails, call *queue.FailedCall) {
	a := details.Act
	if a.Medium != acts.MediumElectronic || details.Document == nil && !a.Delivery.WithOperator() && call == nil {
		return
	}
	o := &views.OperatorState{State: m.Delivery}
	m.Actions = slices.DeleteFunc(m.Actions, func(one views.Action) bool {
		back := slices.Contains([]string{"take-back", annulmentActions[acts.StepRecall], annulmentActions[acts.StepPropose]}, one.TestID)
		if back {
			o.Actions = append(o.Actions, one)
		}
		return back
	})
	if c := call; c != nil {
		o.Problem, o.Stopped = c.Problem, c.Dead
		if o.Next = nextTry(*c); c.Repeatable() {
			o.Repeat = web.Base(v) + "/acts/" + web.ID(a.ID) + "/repeat"
		}
	}
	m.Operator = o
	m.SignHere = m.SBISLink != "" && web.AwaitsOurSignature(a) && m.NextStep != ""
}

// nextTry returns when a failed call is tried again.
func nextTry(c queue.FailedCall) string {
	switch {
	case c.Dead:
		return "Сами больше не повторяем: исправьте причину и нажмите «Повторить»."
	case c.Wait <= 0:
		return "Повторяем сейчас."
	case c.Wait < time.Minute:
		return "Повторим через " + views.Plural(int((c.Wait+time.Second-1)/time.Second), "секунду", "секунды", "секунд") + "."
	}
	return "Повторим через " + views.Plural(int((c.Wait+time.Minute-1)/time.Minute), "минуту", "минуты", "минут") + "."
}

// repeat handles POST /p/{portal}/acts/{act}/repeat: calls SBIS again for the act at once.
func (h *Handler) repeat(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error { return h.Service.EDO.RepeatCall(r.Context(), v, act) })
}

// offerFirst puts the two marks that end an overdue act before its other actions, and adds how to reach the counterparty.
func offerFirst(m *views.ActPage, details store.ActDetails) {
	first := []string{personActions[acts.EventAcceptUnsigned].TestID, personActions[acts.EventRefusal].TestID}
	slices.SortStableFunc(m.Actions, func(x, y views.Action) int { return offerRank(first, x) - offerRank(first, y) })
	if len(m.Actions) > 0 && m.Actions[0].TestID == first[0] {
		m.Actions[0].Primary = true
		for i := range m.Copies {
			m.Copies[i].First = false
		}
	}
	m.Overdue = &views.Overdue{Text: m.Due.Text, Email: details.DealEmail}
	if m.Overdue.Email == "" {
		m.Overdue.Email = details.Act.Buyer.Email
	}
	for _, phone := range strings.Split(details.DealPhones, ",") {
		if number := dialled(phone); number != "" {
			m.Overdue.Phones = append(m.Overdue.Phones, views.Link{Text: strings.TrimSpace(phone), Href: number})
		}
	}
}

// offerRank returns the place of an action: those with the ids first are before the others.
func offerRank(first []string, a views.Action) int {
	if i := slices.Index(first, a.TestID); i >= 0 {
		return i
	}
	return len(first)
}

// dialled returns the digits of a phone number with its plus.
func dialled(phone string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
}

// buyerLink returns the name of the counterparty as a link to its card.
func buyerLink(v web.Visit, a acts.Act) views.Link {
	switch {
	case a.Company != 0:
		return web.CompanyLink(v, a.Company, a.Buyer.Name)
	case a.Contact != 0:
		return web.ContactLink(v, a.Contact, a.Buyer.Name)
	}
	return views.Link{Text: a.Buyer.Name}
}
