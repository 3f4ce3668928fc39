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

// exchangeView draws what was asked of the counterparty and what it answered.
func exchangeView(v Visit, sheet store.DealSheet, p dealPage) *views.Exchange {
	d := sheet.Deal
	m := &views.Exchange{At: base(v) + "/deals/" + id(d.ID), Ask: "Отправить вопрос", Address: d.Email, Link: p.link, Faults: faultMap(p.exchange)}
	m.State = views.Chip{Text: "не отправлено", Tone: "neutral"}
	if q := sheet.Question; q != nil {
		questionView(m, v, d, *q)
	}
	answerView(m, v, sheet, p)
	if len(sheet.Answers) == 0 && sheet.Stored != nil {
		m.Stored = "В прошлой сделке контрагент выбрал: " + sheet.Stored.Words() + " (" + views.Date(sheet.Stored.At.In(zoneOf(v))) + ")"
	}
	if seen := sheet.Seen; seen.Asked && !seen.Known && len(sheet.Answers) > 0 && sheet.Answers[0].Channel == acts.ByEDO {
		m.CanInvite = !seen.Invited()
		text := "СБИС пока не знает этого контрагента."
		if !seen.InvitedAt.IsZero() {
			text = "Приглашение в СБИС отправлено " + views.Date(seen.InvitedAt.In(zoneOf(v))) + ", контрагент ещё не подключился."
		}
		m.Times = append(m.Times, views.Fact{Name: "СБИС", Value: text})
	}
	return m
}

// questionStates word a question that nobody has answered.
var questionStates = map[store.QuestionState]views.Chip{
	store.QuestionNoAddress: {Text: "некуда отправить", Tone: "attention"}, store.QuestionQueued: {Text: "отправляется", Tone: "progress"},
	store.QuestionSent: {Text: "отправлено", Tone: "progress"}, store.QuestionFailed: {Text: "не ушло", Tone: "problem"},
	store.QuestionLink: {Text: "ссылка у менеджера", Tone: "progress"}, store.QuestionWithdrawn: {Text: "отозвано", Tone: "neutral"},
}

func questionView(m *views.Exchange, v Visit, d store.Deal, q store.Question) {
	m.State = questionStates[q.State]
	m.CanWithdraw = q.State != store.QuestionWithdrawn
	if q.Address != "" {
		m.Address, m.Ask = q.Address, "Отправить ещё раз"
		m.Times = append(m.Times, views.Fact{Name: "Кому", Value: q.Address})
	}
	if q.SentAt != nil {
		m.Times = append(m.Times, views.Fact{Name: "Отправлено", Value: views.Moment(*q.SentAt, zoneOf(v))})
	}
	if q.Opened != nil {
		if q.State == store.QuestionSent || q.State == store.QuestionLink {
			m.State = views.Chip{Text: "открыто", Tone: "progress"}
		}
		m.Times = append(m.Times, views.Fact{Name: "Открыто", Value: views.Moment(*q.Opened, zoneOf(v))})
	}
	if q.Answered != nil {
		m.State, m.Ask = views.Chip{Text: "получен ответ", Tone: "success"}, "Спросить заново"
		if q.State == store.QuestionWithdrawn {
			m.State.Text = "получен ответ, ссылка отозвана"
		}
		m.Times = append(m.Times, views.Fact{Name: "Ответ", Value: views.Moment(*q.Answered, zoneOf(v))})
	}
	switch q.State {
	case store.QuestionNoAddress:
		m.Problem, m.ProblemLink = "У контрагента не указан e-mail. Добавьте его в карточку, и письмо уйдёт само. ", buyerLink(v, d.Company, d.Contact, d.ID)
	case store.QuestionFailed:
		m.Problem = "Письмо не ушло: " + q.Problem
	}
}

var sources = map[string]string{store.FromForm: "ответ контрагента", store.FromManager: "указал сотрудник", store.FromCRM: "из полей сделки"}

// giverOf says who gave an answer.
func giverOf(a store.Answer) string { return strings.Trim(sources[a.Source]+" "+a.UserName, " ") }

func answerView(m *views.Exchange, v Visit, sheet store.DealSheet, p dealPage) {
	given := acts.Answer{Channel: acts.ByEDO, Participant: sheet.Deal.Participant, Operator: acts.OperatorOf(sheet.Deal.Participant), Address: sheet.Deal.Buyer.Address, Email: sheet.Deal.Email}
	for i, a := range sheet.Answers {
		who := giverOf(a)
		if i == 0 {
			m.Answer, m.From, given = a.Words(), who+", "+views.Moment(a.At, zoneOf(v)), a.Answer
			if sheet.Question == nil {
				m.State = views.Chip{Text: "известен", Tone: "success"}
			}
			continue
		}
		m.Earlier = append(m.Earlier, views.Event{At: views.Moment(a.At, zoneOf(v)), Who: who, Text: a.Words()})
	}
	if p.answer != nil {
		given, m.FaultInAnswer = *p.answer, true
	}
	m.Channels = options(string(given.Channel), string(acts.ByEDO), "ЭДО", string(acts.ByEmail), "На бумаге, e-mail", string(acts.ByPost), "На бумаге, почта")
	m.Operators, _ = operatorChoice(workflow.ActForm{Operator: given.Operator, Participant: given.Participant})
	m.Participant, m.Email, m.Post = given.Participant, given.Email, given.Address
}

// ask sends the question to an address.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onExchange(w, r, v, dealPage{}, func(deal acts.DealID) error { return s.service.Ask(r.Context(), v, deal, r.PostForm.Get("address")) })
}

// withdraw makes the links of the question void.
func (s *Server) withdraw(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onExchange(w, r, v, dealPage{}, func(deal acts.DealID) error { return s.service.WithdrawQuestion(r.Context(), v, deal) })
}

// inviteAgain invites the counterparty to SBIS.
func (s *Server) inviteAgain(w http.ResponseWriter, r *http.Request, v Visit) error {
	return s.onExchange(w, r, v, dealPage{}, func(deal acts.DealID) error { return s.service.Invite(r.Context(), v, deal) })
}

// questionLink shows a link of the question, once: it is kept nowhere and stands in no address.
func (s *Server) questionLink(w http.ResponseWriter, r *http.Request, v Visit) error {
	deal, err := pathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	link, err := s.service.QuestionLink(r.Context(), v, deal)
	if err != nil {
		return err
	}
	return s.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK, link: link})
}

// answerFor keeps what a manager fills in himself.
func (s *Server) answerFor(w http.ResponseWriter, r *http.Request, v Visit) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	a := acts.Answer{Channel: acts.Channel(get("channel")), Operator: get("operator"), Participant: get("participant"), Email: get("email"),
		Address: get("post"), Comment: get("comment")}
	return s.onExchange(w, r, v, dealPage{answer: &a}, func(deal acts.DealID) error { return s.service.AnswerFor(r.Context(), v, deal, a) })
}

// onExchange runs a change of the block, then shows the tab, with what was typed and the reasons when it could not be done.
func (s *Server) onExchange(w http.ResponseWriter, r *http.Request, v Visit, p dealPage, do func(acts.DealID) error) error {
	deal, err := pathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	err = do(deal)
	if err == nil {
		http.Redirect(w, r, base(v)+"/deals/"+id(deal), http.StatusSeeOther)
		return nil
	}
	p.status = statusOf(err)
	if p.status != http.StatusConflict && p.status != http.StatusUnprocessableEntity {
		return err
	}
	p.alert = sentenceOf(err)
	var faults acts.Faults
	if errors.As(err, &faults) {
		for i, f := range faults {
			if f.Field == "address" && p.answer != nil {
				faults[i].Field = "post"
			}
		}
		p.exchange = faults
	}
	return s.renderDeal(w, r, v, deal, p)
}
