package act

import (
	"net/http"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/handlers/web"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

// annulmentActions are the test ids of the actions on an annulment.
var annulmentActions = map[acts.AnnulmentStep]string{
	acts.StepRecall: "recall-act", acts.StepPropose: "annul-act", acts.StepAgree: "annulment-agree", acts.StepDecline: "annulment-decline", acts.StepWithdraw: "annulment-withdraw",
}

// annul handles POST /p/{portal}/acts/{act}/annulment: recalls or annuls the document of the act, or answers a proposal.
func (h *Handler) annul(w http.ResponseWriter, r *http.Request, v web.Visit) error {
	return h.onAct(w, r, v, func(act acts.ActID) error {
		get := r.PostForm.Get
		switch step := acts.AnnulmentStep(get("step")); {
		case step.Known():
			return withAction(annulmentActions[step], h.Service.Acts.Annul(r.Context(), v, act, step, get("reason")))
		case step == "forget":
			return h.Service.Acts.ForgetAnnulment(r.Context(), v, act)
		case step == "remind":
			return withAction("annulment-remind", h.Service.Acts.RemindAnnulment(r.Context(), v, act, get("address")))
		}
		return acts.Errorf(acts.Invalid, "Такого действия нет.")
	})
}

var publicReason = views.Field{Name: "reason", Label: "Причина, её прочитает контрагент", Type: "text", MaxLength: "500", Required: true, TestID: "reason"}

// recallActions returns the actions that begin a recall or an annulment.
func recallActions(at string, a acts.Act) []views.Action {
	if a.Annulment.Step != acts.NoStep { // the block above already shows what to do
		return nil
	}
	var list []views.Action
	add := appender(&list)
	href := at + "/annulment"
	add(a.MayRecall(), views.Action{Href: href, Step: string(acts.StepRecall), Label: "Отозвать", TestID: "recall-act", Confirm: "Отозвать документ", Fields: []views.Field{publicReason}, Danger: true,
		Explain: "Документ перестанет действовать у контрагента. Запрос подписываем мы в СБИС, согласие контрагента не нужно. Когда СБИС сообщит об отзыве, акт вернётся в подготовку: " +
			"его можно исправить и передать заново или аннулировать."})
	add(a.MayPropose(), views.Action{Href: href, Step: string(acts.StepPropose), Label: "Предложить аннулирование", TestID: "annul-act", Confirm: "Предложить аннулирование", Fields: []views.Field{publicReason}, Danger: true,
		Explain: "Акт подписан обеими сторонами, поэтому нужны две подписи под соглашением: наша в СБИС и контрагента (" + a.Buyer.FullName() + ") " + theirSystem(a) +
			". Пока контрагент не подписал, акт действует и занимает позиции сделки."})
	return list
}

// theirSystem returns where the counterparty signs.
func theirSystem(a acts.Act) string {
	if o, ok := acts.OperatorByPrefix(a.Operator); ok {
		return "в системе «" + o.Name + "»"
	}
	return "в его системе ЭДО"
}

// annulmentView formats the progress of a recall or an annulment, nil when there is none. answerBy is the last day for the
// answer to a proposal; overdue is true after it.
func annulmentView(v web.Visit, details store.ActDetails, answerBy time.Time, overdue bool) *views.AnnulmentState {
	a, n := details.Act, details.Act.Annulment
	if a.Medium != acts.MediumElectronic || !n.IsOpen() && (n.Declined == "" || a.Status != acts.StatusSigned) {
		return nil
	}
	at := web.Base(v) + "/acts/" + web.ID(a.ID) + "/annulment"
	m := &views.AnnulmentState{Tone: "attention", Href: at}
	add := appender(&m.Actions)
	switch {
	case n.Step != acts.NoStep:
		stepView(m, details)
		add(a.MayForget(), views.Action{Href: at, Step: "forget", Label: forgetLabel(n), TestID: "annulment-forget"})
	case n.Proposed == acts.SideTheirs:
		m.Title = "Контрагент предлагает аннулировать акт"
		m.Facts = reasonFact(n.Reason)
		m.Text = "Предложение от " + views.Date(n.ProposedAt.In(web.Zone(v))) + ". Если согласитесь, акт станет недействительным, а его позиции вернутся в сделку. Соглашение подписываем мы в СБИС. " +
			"Пока ответа нет, акт действует."
		m.Answer = true
	case n.Proposed == acts.SideOurs:
		m.Tone, m.Title = "neutral", "Предложено аннулировать акт, ждём контрагента"
		m.Facts = reasonFact(n.Reason)
		m.Text = "Предложение от " + views.Date(n.ProposedAt.In(web.Zone(v))) + ". Подписать его должен контрагент (" + a.Buyer.FullName() + ") " + theirSystem(a) +
			". До его подписи акт действует и занимает позиции сделки."
		if overdue {
			m.Tone, m.Title = "attention", "Контрагент не ответил на предложение аннулировать акт"
			m.Text += " Ответа ждали до " + views.Date(answerBy) + "."
			add(a.MayWithdraw(), views.Action{Href: at, Step: "remind", Label: "Напомнить", TestID: "annulment-remind", Fields: []views.Field{
				{Name: "address", Label: "Адрес контрагента", Type: "email", Value: a.Buyer.Email, MaxLength: "254", Required: true}},
				Explain: "Уйдёт письмо: что мы предложили, когда, почему и где ответить."})
		}
		add(a.MayWithdraw(), views.Action{Href: at, Step: string(acts.StepWithdraw), Label: "Отозвать предложение", TestID: annulmentActions[acts.StepWithdraw]})
	default:
		m.Tone, m.Title, m.Text = "neutral", n.Declined, "Акт остаётся в силе."
	}
	return m
}

// stepView adds what SBIS is doing, or what a person has to do there.
func stepView(m *views.AnnulmentState, details store.ActDetails) {
	a, n := details.Act, details.Act.Annulment
	m.Title = n.Step.Label()
	m.Facts = reasonFact(n.Why)
	if n.By != "" {
		m.Facts = append(m.Facts, views.Fact{Name: "Кто", Value: n.By})
	}
	switch {
	case n.Manual:
		m.Title = "Нужно действие в СБИС: " + strings.ToLower(string([]rune(n.Step.Label())[:1])) + string([]rune(n.Step.Label())[1:])
		m.Text = strings.TrimSpace(n.Note + " Откройте документ в СБИС и " + n.Step.Instruction() + ". " + outcomeOfStep(a, n.Step))
		if doc := details.Document; doc != nil && workflow.IsOperatorLink(doc.Link) {
			m.SBISLink = doc.Link
		}
	case n.Executed:
		m.Tone, m.Text = "neutral", "СБИС принял запрос, результата ещё нет. "+outcomeOfStep(a, n.Step)
	default:
		m.Tone, m.Text = "neutral", "Запрос выполняется. "+outcomeOfStep(a, n.Step)
	}
}

// outcomeOfStep returns what will happen after a step, as users read it.
func outcomeOfStep(a acts.Act, step acts.AnnulmentStep) string {
	switch step {
	case acts.StepRecall:
		return "Когда СБИС сообщит об отзыве, акт вернётся в подготовку. До этого он действует."
	case acts.StepPropose:
		return "Затем соглашение подписывает контрагент " + theirSystem(a) + ". До его подписи акт действует и занимает позиции сделки."
	case acts.StepAgree:
		return "Когда СБИС сообщит об аннулировании, позиции вернутся в сделку."
	}
	return "Ответ СБИС появится здесь."
}

func forgetLabel(n acts.Annulment) string {
	if n.Step == acts.StepRecall {
		return "Не отзывать"
	}
	if n.Executed {
		return "Больше не ждать"
	}
	return "Отменить"
}

func reasonFact(reason string) []views.Fact {
	if reason == "" {
		return nil
	}
	return []views.Fact{{Name: "Причина", Value: reason}}
}

// answerDay returns the last day in time for the answer to a proposal, zero when none is awaited, and whether it has passed.
func answerDay(n acts.Annulment, settings store.Settings, now time.Time) (day time.Time, overdue bool) {
	if n.Proposed == "" {
		return time.Time{}, false
	}
	day, moment := workday.New(settings.Calendar).Due(n.ProposedAt, settings.ReminderTerms().Annulment, now.Location())
	return day, !now.Before(moment)
}
