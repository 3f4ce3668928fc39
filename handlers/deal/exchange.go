package deal

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// askForm is the typed form of the question to the counterparty.
type askForm struct {
	address string
	letter  *letters.TypedQuestion // nil for the portal's
}

// exchangeView formats the question to the counterparty and its answers.
func exchangeView(v web.Visit, details store.DealDetails, p dealPage, now time.Time) *views.Exchange {
	d := details.Deal
	m := &views.Exchange{At: web.Base(v) + "/deals/" + web.ID(d.ID), Ask: "Запросить способ обмена", Address: d.Email, Link: p.link, Faults: web.FaultMap(p.exchange)}
	m.State = views.Chip{Text: "не уточнён", Tone: "neutral"}
	if q := details.Question; q != nil {
		questionView(m, v, d, *q)
	}
	letter := workflow.QuestionLetter(d, details.Own, details.Settings.Question, workflow.LinksValidUntil(details.Settings.Question, now))
	m.Subject, m.Letter = letter.Subject(), letter.Text()
	if p.asked != nil {
		m.AskOpen, m.Address = true, p.asked.address
		if typed := p.asked.letter; typed != nil {
			m.Subject, m.Letter = typed.Subject, typed.Text
		}
	}
	answerView(m, v, details, p)
	if len(details.Answers) == 0 && details.Stored != nil {
		m.Stored = "В прошлой сделке контрагент выбрал: " + details.Stored.Words() + " (" + views.Date(details.Stored.At.In(web.Zone(v))) + ")"
	}
	if seen := details.Seen; seen.Asked && !seen.Known && len(details.Answers) > 0 && details.Answers[0].Channel == acts.ChannelEDO {
		m.CanInvite = !seen.Invited()
		text := "СБИС пока не знает этого контрагента."
		if !seen.InvitedAt.IsZero() {
			text = "Приглашение в СБИС отправлено " + views.Date(seen.InvitedAt.In(web.Zone(v))) + ", контрагент ещё не подключился."
		}
		m.Times = append(m.Times, views.Fact{Name: "СБИС", Value: text})
	}
	return m
}

// questionStates are the labels of a question that is not answered yet.
var questionStates = map[store.QuestionState]views.Chip{
	store.QuestionNoAddress: {Text: "некуда отправить", Tone: "attention"}, store.QuestionQueued: {Text: "отправляется", Tone: "progress"},
	store.QuestionSent: {Text: "отправлено", Tone: "progress"}, store.QuestionFailed: {Text: "не ушло", Tone: "problem"},
	store.QuestionLink: {Text: "ссылка создана, не отправлена", Tone: "progress"}, store.QuestionWithdrawn: {Text: "запрос отменён", Tone: "neutral"},
}

// questionView formats the state of a question.
func questionView(m *views.Exchange, v web.Visit, d store.Deal, q store.Question) {
	m.State = questionStates[q.State]
	m.CanWithdraw = q.State != store.QuestionWithdrawn
	if q.Address != "" {
		m.Address, m.Ask = q.Address, "Запросить ещё раз"
		m.Times = append(m.Times, views.Fact{Name: "Кому", Value: q.Address})
	}
	if q.SentAt != nil {
		m.Times = append(m.Times, views.Fact{Name: "Отправлено", Value: views.Moment(*q.SentAt, web.Zone(v))})
	}
	if q.Opened != nil {
		if q.State == store.QuestionSent || q.State == store.QuestionLink {
			m.State = views.Chip{Text: "открыто", Tone: "progress"}
		}
		m.Times = append(m.Times, views.Fact{Name: "Открыто", Value: views.Moment(*q.Opened, web.Zone(v))})
	}
	if q.Answered != nil {
		m.State, m.Ask = views.Chip{Text: "получен ответ", Tone: "success"}, "Запросить ещё раз"
		if q.State == store.QuestionWithdrawn {
			m.State.Text = "получен ответ, запрос отменён"
		}
		m.Times = append(m.Times, views.Fact{Name: "Ответ", Value: views.Moment(*q.Answered, web.Zone(v))})
	}
	switch q.State {
	case store.QuestionNoAddress:
		m.Problem, m.ProblemLink = "У контрагента не указан e-mail. Добавьте его в карточку, и письмо уйдёт само. ", web.BuyerLink(v, d.Company, d.Contact, d.ID)
	case store.QuestionFailed:
		m.Problem = "Письмо не ушло: " + q.Problem
	}
}

// answerView formats the answers and the form of a new one.
func answerView(m *views.Exchange, v web.Visit, details store.DealDetails, p dealPage) {
	given := acts.Answer{Channel: acts.ChannelEDO, Participant: details.Deal.Participant, Operator: acts.OperatorOf(details.Deal.Participant), Address: details.Deal.Buyer.Address, Email: details.Deal.Email}
	for i, a := range details.Answers {
		who := web.AnswerSource(a)
		if i == 0 {
			m.Answer, m.From, given = a.Words(), who+", "+views.Moment(a.At, web.Zone(v)), a.Answer
			if details.Question == nil {
				m.State = views.Chip{Text: "известен", Tone: "success"}
			}
			continue
		}
		m.Earlier = append(m.Earlier, views.Event{At: views.Moment(a.At, web.Zone(v)), Who: who, Text: a.Words()})
	}
	if p.answer != nil {
		given, m.FaultInAnswer = *p.answer, true
	}
	m.Channels = web.Options(string(given.Channel), string(acts.ChannelEDO), "ЭДО", string(acts.ChannelEmail), "На бумаге, e-mail", string(acts.ChannelPost), "На бумаге, почта")
	m.Operators, _ = operatorChoice(workflow.ActForm{Operator: given.Operator, Participant: given.Participant})
	m.Participant, m.Email, m.Post = given.Participant, given.Email, given.Address
	m.Confirm = web.ParticipantQuestion(details.Deal.Buyer.WithParticipant(given.Participant, ""), []string{given.Seen}, p.exchange)
}

// ask handles POST /p/{portal}/deals/{deal}/question: sends the question to an address.
func (h *Handler) ask(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	get := r.PostForm.Get
	p := dealPage{asked: &askForm{address: get("address")}}
	if r.PostForm.Has("text") { // without a text the letter is the portal's
		p.asked.letter = &letters.TypedQuestion{Subject: get("subject"), Text: get("text")}
	}
	return h.onExchange(w, r, v, p, func(deal acts.DealID) error {
		return h.Service.Question.Ask(r.Context(), v, deal, p.asked.address, p.asked.letter)
	})
}

// withdraw handles POST /p/{portal}/deals/{deal}/question/withdraw: makes the links of the question invalid.
func (h *Handler) withdraw(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onExchange(w, r, v, dealPage{}, func(deal acts.DealID) error { return h.Service.Question.WithdrawQuestion(r.Context(), v, deal) })
}

// inviteAgain handles POST /p/{portal}/deals/{deal}/invite: invites the counterparty to SBIS.
func (h *Handler) inviteAgain(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onExchange(w, r, v, dealPage{}, func(deal acts.DealID) error { return h.Service.Setup.InviteCounterparty(r.Context(), v, deal) })
}

// questionLink handles POST /p/{portal}/deals/{deal}/question/link: shows a link of the question once. The link is not stored and is never
// part of one of our URLs.
func (h *Handler) questionLink(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	link, err := h.Service.Question.QuestionLink(r.Context(), v, deal)
	if err != nil {
		return err
	}
	return h.renderDeal(w, r, v, deal, dealPage{status: http.StatusOK, link: link})
}

// answerFor handles POST /p/{portal}/deals/{deal}/answer: stores the answer that a manager typed.
func (h *Handler) answerFor(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	a := acts.Answer{Channel: acts.Channel(get("channel")), Operator: get("operator"), Participant: get("participant"), Email: get("email"),
		Address: get("post"), Comment: get("comment")}
	return h.onExchange(w, r, v, dealPage{answer: &a}, func(deal acts.DealID) error {
		return h.Service.Question.RecordAnswerOfPerson(r.Context(), v, deal, a, r.PostForm["confirm"])
	})
}

// onExchange runs an action of the exchange block and redirects to the tab, or shows the tab with typed values and faults.
func (h *Handler) onExchange(w http.ResponseWriter, r *http.Request, v web.Visit, p dealPage, do func(acts.DealID) error) error {
	deal, err := web.PathID[acts.DealID](r, "deal")
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return web.BadForm(err)
	}
	err = do(deal)
	if err == nil {
		http.Redirect(w, r, web.Base(v)+"/deals/"+web.ID(deal), http.StatusSeeOther)
		return nil
	}
	p.status = web.Status(err)
	if p.status != http.StatusConflict && p.status != http.StatusUnprocessableEntity {
		return err
	}
	var faults acts.Faults
	if p.alert = web.Message(err); errors.As(err, &faults) {
		p.alert = ""
		for i, f := range faults {
			if f.Field == "address" && p.answer != nil {
				faults[i].Field = "post"
			}
		}
		p.exchange = faults
	}
	return h.renderDeal(w, r, v, deal, p)
}
