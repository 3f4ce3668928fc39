package web

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/roles"
	"acts24/acts/workday"
	"acts24/store"
	"acts24/views"
	"acts24/workflow"
)

var statusTones = map[acts.Status]string{
	acts.StatusDraft: "neutral", acts.StatusAnnulled: "neutral", acts.StatusSignedByUs: "progress", acts.StatusSent: "progress",
	acts.StatusAcceptedUnsigned: "attention", acts.StatusSigned: "success", acts.StatusRefused: "problem",
}

// StatusChip returns the label of a status in its colour.
func StatusChip(s acts.Status) views.Chip {
	return views.Chip{Text: s.Label(), Tone: statusTones[s]}
}

var deliveryTones = map[acts.Delivery]string{
	acts.DeliveryQueued: "progress", acts.DeliveryWaitingSignature: "attention", acts.DeliveryWaitingConnection: "attention", acts.DeliverySent: "progress",
	acts.DeliveryDelivered: "progress", acts.DeliveryCompleted: "success", acts.DeliveryFailed: "problem", acts.DeliveryWithdrawing: "progress",
}

// DeliveryChip returns the label of a delivery; it is empty for paper, which is not at SBIS.
func DeliveryChip(m acts.Medium, s acts.Status, d acts.Delivery) views.Chip {
	if m == acts.MediumPaper {
		return views.Chip{}
	}
	tone := deliveryTones[d]
	if tone == "" || s == acts.StatusRefused || s == acts.StatusAnnulled {
		tone = "neutral"
	}
	return views.Chip{Text: d.Label(), Tone: tone}
}

// AnnulmentChip returns the label of a recall or an annulment under way; it is empty when there is none.
func AnnulmentChip(n acts.Annulment) views.Chip {
	switch {
	case n.Step == acts.StepRecall:
		return views.Chip{Text: "Отзывается", Tone: "attention"}
	case n.Step == acts.StepPropose, n.Step == acts.StepAgree:
		return views.Chip{Text: "Аннулируется", Tone: "attention"}
	case n.Proposed == acts.SideTheirs:
		return views.Chip{Text: "Контрагент просит аннулировать", Tone: "attention"}
	case n.Proposed == acts.SideOurs:
		return views.Chip{Text: "Предложено аннулирование", Tone: "attention"}
	}
	return views.Chip{}
}

// NextStep returns what happens next with an act and by whom: «Ваше действие: …» or «Ждём …», "" when nothing is expected.
func NextStep(a acts.Act) string {
	switch {
	case a.Replaced() && a.Status == acts.StatusSigned && !a.Annulment.IsOpen():
		return "Ваше действие: подписан и этот акт, и есть исправленный — оставьте один"
	case a.Replaced():
		return "Вместо него сформирован исправленный акт"
	case !a.CountsTowardDeal():
		return ""
	case a.Annulment.Manual:
		return "Ваше действие: нажмите кнопку в СБИС"
	case a.Annulment.Proposed == acts.SideTheirs:
		return "Ваше действие: ответьте на предложение аннулировать акт"
	case a.Annulment.Proposed == acts.SideOurs:
		return "Ждём ответа контрагента об аннулировании"
	case a.Status == acts.StatusRefused:
		return "Ваше действие: сформируйте исправленный акт или договоритесь"
	case a.Medium == acts.MediumPaper && a.Status == acts.StatusDraft && a.Number == "":
		return "Ваше действие: присвойте номер и распечатайте акт"
	case a.Medium == acts.MediumPaper && a.Status == acts.StatusDraft:
		return "Ваше действие: подпишите акт и загрузите скан"
	case a.Medium == acts.MediumPaper && a.Status == acts.StatusSignedByUs:
		return "Ваше действие: направьте акт заявителю"
	case a.Status == acts.StatusAcceptedUnsigned:
		return "Ждём подписи контрагента"
	case a.Delivery == acts.DeliveryWaitingSignature:
		return "Ваше действие: подпишите акт в СБИС"
	case a.Delivery == acts.DeliveryWaitingConnection:
		return "Ждём, когда контрагент примет приглашение к обмену"
	case a.Status == acts.StatusSent:
		return "Ждём подписи контрагента"
	case a.Status == acts.StatusDraft && !a.Delivery.WithOperator():
		return "Ваше действие: передайте акт в СБИС"
	}
	return ""
}

// Busy reports whether the act is about to change, so that the page refreshes soon.
func Busy(a acts.Act) bool {
	if a.Annulment.IsOpen() {
		return a.CountsTowardDeal()
	}
	switch a.Delivery {
	case acts.DeliveryQueued, acts.DeliveryWithdrawing, acts.DeliveryWaitingSignature, acts.DeliverySent, acts.DeliveryDelivered, acts.DeliveryWaitingConnection:
		return a.CountsTowardDeal()
	}
	return false
}

// TypeLabel returns the medium of an act and the kind of its counterparty.
func TypeLabel(m acts.Medium, k acts.PartyKind) string {
	if k == acts.PartyPerson {
		return m.Label() + ", ИП"
	}
	return m.Label() + ", юрлицо"
}

// Note returns the reason of a status: that of a person, otherwise the message of the operator.
func Note(reason, operatorNote string) string { return cmp.Or(reason, operatorNote) }

// reasonNames are the names of the reason of a status, where it is not the message of the operator.
var reasonNames = map[acts.Status]string{acts.StatusRefused: "Причина отказа: ", acts.StatusAcceptedUnsigned: "Комментарий: ", acts.StatusAnnulled: "Причина: "}

// StatusNote returns why an act has its status: the reason that a person gave, otherwise the message of the operator; for a refused act with
// who refused and when.
func StatusNote(v Visit, s acts.Status, reason, operatorNote, by string, at time.Time) string {
	if s != acts.StatusRefused {
		if reason == "" {
			return operatorNote
		}
		return cmp.Or(reasonNames[s], "Причина: ") + reason
	}
	note := "не указана"
	if text := Note(reason, operatorNote); text != "" {
		note = text
	}
	if !at.IsZero() {
		note += " (" + strings.TrimPrefix(by+", "+views.Date(at.In(Zone(v))), ", ") + ")"
	}
	return reasonNames[s] + note
}

// PartyDetails returns the requisites in one line.
func PartyDetails(p acts.Party) string {
	var parts []string
	if p.INN != "" {
		parts = append(parts, "ИНН "+p.INN)
	}
	if p.KPP != "" {
		parts = append(parts, "КПП "+p.KPP)
	}
	if p.OGRN != "" {
		name := "ОГРН "
		if p.Kind == acts.PartyPerson {
			name = "ОГРНИП "
		}
		parts = append(parts, name+p.OGRN)
	}
	if p.Address != "" {
		parts = append(parts, p.Address)
	}
	if len(parts) == 0 {
		return "реквизиты не заполнены"
	}
	return strings.Join(parts, ", ")
}

// Checks formats the pre-send checks; a failed one links to where it is fixed.
func Checks(v Visit, list []acts.Check, d store.Deal, own acts.CompanyID) []views.Check {
	out := make([]views.Check, len(list))
	for i, c := range list {
		state := "bad"
		switch {
		case c.OK:
			state = "ok"
		case c.Open:
			state = "open"
		}
		out[i] = views.Check{Title: c.Title, State: state, Text: c.Text, By: string(c.By)}
		switch c.Place {
		case acts.FixAtBuyer:
			out[i].Link = BuyerLink(v, d.Company, d.Contact, d.ID)
		case acts.FixAtSeller:
			out[i].Link = PortalLink(v, "Открыть карточку организации", "/crm/company/details/"+ID(own)+"/")
		case acts.FixAtSettings:
			if v.May(roles.RightAdminister) {
				out[i].Link = views.Link{Text: "Открыть настройки", Href: Base(v) + "/settings/companies/" + ID(own)}
			}
		}
	}
	return out
}

// DueChip formats the day until which the counterparty should sign.
func DueChip(due, today time.Time, days workday.Calendar) views.Chip {
	if due.IsZero() {
		return views.Chip{}
	}
	if !DayOf(today).After(due) {
		return views.Chip{Text: "Ждём подпись до " + views.Date(due), Tone: "progress"}
	}
	late, tone := days.DaysPassed(due, today), "attention"
	if late > 5 {
		tone = "problem"
	}
	if late == 0 { // only days off have passed
		return views.Chip{Text: "Просрочен (срок " + views.Date(due) + ")", Tone: tone}
	}
	return views.Chip{Text: "Просрочен на " + views.Plural(late, "раб. день", "раб. дня", "раб. дней") + " (срок " + views.Date(due) + ")", Tone: tone}
}

// ActTypes are the four types of acts with their test ids.
var ActTypes = []views.ActType{
	{Value: "electronic-company", TestID: "act-type-electronic-company", Label: "Электронный, юрлицо", Hint: "УПД 5.03 через СБИС"},
	{Value: "electronic-person", TestID: "act-type-electronic-person", Label: "Электронный, ИП", Hint: "УПД 5.03 через СБИС"},
	{Value: "paper-company", TestID: "act-type-paper-company", Label: "Бумажный, юрлицо", Hint: "e-mail, почта, курьер или лично"},
	{Value: "paper-person", TestID: "act-type-paper-person", Label: "Бумажный, ИП", Hint: "e-mail, почта, курьер или лично"},
}

// ParticipantQuestion returns the confirmation of an unusual participant id, nil if the id is usual.
func ParticipantQuestion(p acts.Party, confirmed []string, faults acts.Faults) *views.Question {
	q, ok := workflow.ParticipantQuestion(p.WithParticipant(acts.TrimParticipant(p.Participant), ""))
	if !ok {
		return nil
	}
	return &views.Question{Field: q.Field, Token: q.Token, Text: q.Text, AgreeLabel: q.Agree, Agreed: slices.Contains(confirmed, q.Token), HasFault: faults.At(q.Field) != ""}
}

var answerSources = map[string]string{store.FromForm: "ответ контрагента", store.FromManager: "указал сотрудник", store.FromCRM: "из полей сделки"}

// AnswerSource returns who gave an answer.
func AnswerSource(a store.Answer) string {
	return strings.Trim(answerSources[a.Source]+" "+a.UserName, " ")
}

// WithoutButtons returns the banners without their buttons, for a visitor who may only view.
func WithoutButtons(list []views.Banner) []views.Banner {
	list = slices.Clone(list)
	for i := range list {
		list[i].Buttons = nil
	}
	return list
}

// AwaitsOurSignature reports whether our signature in SBIS is missing.
func AwaitsOurSignature(a acts.Act) bool {
	return a.Medium == acts.MediumElectronic && a.Status == acts.StatusDraft && (a.Delivery == acts.DeliveryQueued || a.Delivery == acts.DeliveryWaitingSignature)
}

// WhoSigns returns the next step of an act without our signature, "" while SBIS signs it, and who must sign. A document that SBIS could not sign is
// signed by a person.
func WhoSigns(a acts.Act, own store.OwnCompany, way acts.Signing) (nextStep, signer string) {
	nextStep = NextStep(a)
	switch {
	case way == acts.SigningServer && a.DeliveryNote != "":
		way = acts.SigningManual
	case way == acts.SigningServer:
		nextStep = ""
	}
	return nextStep, acts.WhoSigns(way, a.Signer, own.Key.Certificate)
}
