package acts

import (
	"cmp"
	"strings"
	"time"
)

// AnnulmentStep is a step that a person requests from SBIS for a document that was sent to the counterparty
// (docs/contracts/sbis.md, "Recall and annulment").
type AnnulmentStep string

// The steps.
const (
	NoStep       AnnulmentStep = ""
	StepRecall   AnnulmentStep = "recall"   // take the document back before the countersignature
	StepPropose  AnnulmentStep = "propose"  // ask the counterparty to annul a document that both have signed
	StepAgree    AnnulmentStep = "agree"    // to the counterparty's proposal
	StepDecline  AnnulmentStep = "decline"  // the counterparty's proposal
	StepWithdraw AnnulmentStep = "withdraw" // our own proposal
)

var stepLabels = map[AnnulmentStep]string{
	StepRecall:   "Документ отзывается из СБИС",
	StepPropose:  "Контрагенту предлагается аннулировать акт",
	StepAgree:    "Мы соглашаемся аннулировать акт",
	StepDecline:  "Мы отказываемся аннулировать акт",
	StepWithdraw: "Наше предложение аннулировать акт отзывается",
}

// Label returns what is being done as users read it.
func (s AnnulmentStep) Label() string { return stepLabels[s] }

// Known reports whether the step exists.
func (s AnnulmentStep) Known() bool { return stepLabels[s] != "" }

var stepButtons = map[AnnulmentStep]string{
	StepRecall:   "нажмите «Аннулировать», в поле «Комментарий» укажите причину",
	StepPropose:  "нажмите «Аннулировать», в поле «Комментарий» укажите причину",
	StepAgree:    "нажмите «Аннулирование» и подтвердите аннулирование",
	StepDecline:  "нажмите «Аннулирование» и отклоните аннулирование",
	StepWithdraw: "отзовите запрос на аннулирование. Если кабинет этого не предлагает, попросите контрагента отклонить запрос",
}

// Instruction returns what a person has to do in the account at SBIS.
func (s AnnulmentStep) Instruction() string { return stepButtons[s] }

// Annulment is the progress of a recall or an annulment of an act's document. Its result at SBIS is the status of the act.
type Annulment struct {
	Proposed   Side      `json:"proposed,omitempty"` // whose proposal awaits an answer, "" for none
	ProposedAt time.Time `json:"proposed_at,omitzero"`
	Reason     string    `json:"reason,omitempty"`   // of the proposal, as its author wrote it
	Declined   string    `json:"declined,omitempty"` // how the last unsuccessful proposal ended

	Step     AnnulmentStep `json:"step,omitempty"` // the requested step, "" when SBIS has executed it
	Why      string        `json:"why,omitempty"`
	By       string        `json:"by,omitempty"` // who requested it
	At       time.Time     `json:"at,omitzero"`
	Manual   bool          `json:"manual,omitempty"`   // a person has to do it in the account, because the service cannot
	Executed bool          `json:"executed,omitempty"` // SBIS has done it and does not show the result yet
	Note     string        `json:"note,omitempty"`     // why the service did not do it

	LastEvent string `json:"last_event,omitempty"` // the last event of SBIS that was applied
}

// IsOpen reports whether a proposal awaits an answer or a requested step is not finished.
func (n Annulment) IsOpen() bool { return n.Proposed != "" || n.Step != NoStep }

// isBusy reports whether the service is carrying out a step.
func (n Annulment) isBusy() bool { return n.Step != NoStep && !n.Manual }

// AwaitsUs reports whether one of us has to answer the counterparty's proposal, or to press a button in the account at SBIS.
func (n Annulment) AwaitsUs() bool {
	return !n.isBusy() && (n.Proposed == SideTheirs || n.Step != NoStep)
}

// IsQueued reports whether a call to SBIS is to be made.
func (n Annulment) IsQueued() bool { return n.isBusy() && !n.Executed }

// AnnulmentEventKind is the kind of an SBIS event about an annulment.
type AnnulmentEventKind string

// The kinds of events.
const (
	AnnulmentProposedByUs   AnnulmentEventKind = "ours"
	AnnulmentProposedByThem AnnulmentEventKind = "theirs"
	AnnulmentDeclined       AnnulmentEventKind = "declined"
	AnnulmentWithdrawn      AnnulmentEventKind = "withdrawn"
)

// AnnulmentEvent is one event of SBIS about an annulment.
type AnnulmentEvent struct {
	Event   string
	Kind    AnnulmentEventKind
	Comment string
	Person  string
	At      time.Time
}

// unread returns the events after the last applied one, or all of them when the list does not contain it.
func (n Annulment) unread(all []AnnulmentEvent) []AnnulmentEvent {
	for i, one := range all {
		if one.Event == n.LastEvent && one.Event != "" {
			return all[i+1:]
		}
	}
	return all
}

// AnnulmentChange is one line that a report of SBIS adds to the history of an act.
type AnnulmentChange struct {
	Kind   string // of the history line
	Text   string
	Notify bool // the responsible is notified
}

// FollowAnnulment returns the progress of the annulment after a report of SBIS, and the changes to record. now is business time.
func (a Act) FollowAnnulment(r DocumentState, now time.Time) (Annulment, []AnnulmentChange) {
	n := a.Annulment
	var changes []AnnulmentChange
	for _, one := range n.unread(r.Annulment) {
		n.LastEvent = one.Event
		if c := n.apply(one, now); c.Text != "" {
			changes = append(changes, c)
		}
	}
	switch {
	case r.Phase == PhaseCancelled || r.Deleted || r.Recalled || r.Unsigned() || r.Phase == PhaseFailed: // it is done, or there is nothing left to annul
		n = Annulment{LastEvent: n.LastEvent}
	case n.Step == StepRecall && r.Phase == PhaseDecided && r.Verdict != VerdictPending:
		n = Annulment{LastEvent: n.LastEvent, Proposed: n.Proposed, ProposedAt: n.ProposedAt, Reason: n.Reason}
		changes = append(changes, AnnulmentChange{"recall_late", "Документ не отозван: контрагент успел ответить. Если он подписал акт, можно предложить аннулирование", true})
	case n.Step == StepRecall && r.Phase == PhaseRefused:
		n = Annulment{LastEvent: n.LastEvent}
		changes = append(changes, AnnulmentChange{"recall_late", "Отзыв не нужен: контрагент отказался подписать документ", false})
	}
	return n, changes
}

// apply applies one event.
func (n *Annulment) apply(one AnnulmentEvent, now time.Time) AnnulmentChange {
	at := one.At
	if at.IsZero() {
		at = now
	}
	open := Annulment{LastEvent: n.LastEvent, ProposedAt: at, Reason: one.Comment}
	switch one.Kind {
	case AnnulmentProposedByUs:
		if open.Proposed = SideOurs; n.Step == StepPropose || n.Step == StepRecall {
			open.Reason = cmp.Or(open.Reason, n.Why)
		}
		*n = open
		return AnnulmentChange{"annulment_proposed", withText("Контрагенту предложено аннулировать акт, ждём его подписи", open.Reason), false}
	case AnnulmentProposedByThem:
		open.Proposed = SideTheirs
		*n = open
		return AnnulmentChange{"annulment_proposed", withText("Контрагент предлагает аннулировать акт", open.Reason) + " Ответьте на странице акта", true}
	}
	was, byUs := n.Proposed, n.Step == StepDecline || n.Step == StepWithdraw
	open = Annulment{LastEvent: n.LastEvent}
	if !byUs && (n.Step == StepRecall || n.Step == StepPropose) && was == "" { // the outcome of an earlier proposal
		return AnnulmentChange{}
	}
	*n = open
	switch {
	case one.Kind == AnnulmentWithdrawn && was == SideTheirs:
		n.Declined = "Контрагент отозвал своё предложение аннулировать акт."
	case one.Kind == AnnulmentWithdrawn:
		n.Declined = "Наше предложение аннулировать акт отозвано."
	case was == SideTheirs:
		n.Declined = withText("Мы не согласились аннулировать акт", one.Comment)
	default:
		n.Declined = withText("Контрагент не согласился аннулировать акт", one.Comment)
	}
	return AnnulmentChange{"annulment_declined", n.Declined + " Акт остаётся в силе", !byUs && (was != SideTheirs || one.Kind == AnnulmentWithdrawn)}
}

// withText returns «what: why.».
func withText(what, why string) string {
	if why = strings.TrimRight(strings.TrimSpace(why), "."); why == "" {
		return what + "."
	}
	return what + ": " + why + "."
}

// awaitsCounterparty reports whether SBIS has sent the document and the counterparty has not answered there.
func (d Delivery) awaitsCounterparty() bool {
	return d == DeliveryWaitingConnection || d == DeliverySent || d == DeliveryDelivered
}

// MayRecall returns Conflict when we cannot take the document of the act back from the counterparty.
func (a Act) MayRecall() error {
	switch {
	case a.Medium == MediumPaper:
		return Errorf(Conflict, "Бумажный акт отзывать не из чего: верните его в подготовку или аннулируйте.")
	case a.Annulment.isBusy():
		return Errorf(Conflict, "%s. Дождитесь ответа СБИС.", a.Annulment.Step.Label())
	case a.Annulment.Proposed == SideOurs:
		return a.alreadyProposed()
	case a.Status == StatusDraft && a.Delivery == DeliveryWaitingSignature:
		return Errorf(Conflict, "Документ ещё не подписан нами. Нажмите «Отозвать из СБИС»: он будет удалён из кабинета.")
	case a.Status == StatusDraft:
		return Errorf(Conflict, "Акт не отправлен, отзывать нечего. Его можно изменить или аннулировать.")
	case a.Status == StatusSigned && a.MarkedByPerson && a.Delivery.awaitsCounterparty():
		return Errorf(Conflict, "Подпись контрагента отмечена вручную. Отмените отметку, затем отзовите документ.")
	case a.Status == StatusSigned:
		return Errorf(Conflict, "Акт подписан обеими сторонами, отозвать его нельзя. Можно предложить контрагенту аннулирование.")
	case (a.Status == StatusSignedByUs || a.Status == StatusSent || a.Status == StatusAcceptedUnsigned) && a.Delivery.awaitsCounterparty():
		return nil
	}
	return Errorf(Conflict, "Акт в статусе «%s», документ: «%s». Отозвать его сейчас нельзя.", a.Status.Label(), a.Delivery.Label())
}

// MayPropose returns Conflict when we cannot ask the counterparty to annul the act.
func (a Act) MayPropose() error {
	switch {
	case a.Medium == MediumPaper:
		return Errorf(Conflict, "Бумажный акт аннулируют отметкой «Аннулировать», предложение через СБИС не нужно.")
	case a.Annulment.isBusy():
		return Errorf(Conflict, "%s. Дождитесь ответа СБИС.", a.Annulment.Step.Label())
	case a.Annulment.Proposed == SideOurs:
		return a.alreadyProposed()
	case a.Annulment.Proposed == SideTheirs:
		return Errorf(Conflict, "Контрагент сам предложил аннулировать акт: согласитесь или отклоните его предложение.")
	case a.Status == StatusDraft:
		return Errorf(Conflict, "Акт в подготовке, согласие контрагента не нужно: аннулируйте его сами.")
	case a.Status == StatusSigned && a.Delivery == DeliveryCompleted:
		return nil
	case a.Status == StatusSigned:
		return Errorf(Conflict, "Подпись контрагента отмечена вручную. Отмените отметку, затем отзовите документ.")
	case a.MayRecall() == nil:
		return Errorf(Conflict, "Контрагент ещё не подписал акт, его согласие не нужно: отзовите документ.")
	}
	return Errorf(Conflict, "Акт в статусе «%s»: предлагать аннулирование нечего.", a.Status.Label())
}

func (a Act) alreadyProposed() error {
	return Errorf(Conflict, "Предложение аннулировать акт уже отправлено %s. Дождитесь ответа контрагента или отзовите предложение.", a.Annulment.ProposedAt.Format("02.01.2006"))
}

// MayAnswer returns Conflict when the counterparty has not proposed to annul the act.
func (a Act) MayAnswer() error {
	switch {
	case a.Annulment.isBusy():
		return Errorf(Conflict, "%s. Дождитесь ответа СБИС.", a.Annulment.Step.Label())
	case a.Annulment.Proposed != SideTheirs:
		return Errorf(Conflict, "Контрагент не предлагал аннулировать этот акт, или предложение уже закрыто.")
	}
	return nil
}

// MayWithdraw returns Conflict when we have no proposal that could be withdrawn.
func (a Act) MayWithdraw() error {
	switch {
	case a.Annulment.isBusy():
		return Errorf(Conflict, "%s. Дождитесь ответа СБИС.", a.Annulment.Step.Label())
	case a.Annulment.Proposed != SideOurs:
		return Errorf(Conflict, "Предложения об аннулировании нет, или оно уже закрыто.")
	}
	return nil
}

// MayStep returns Conflict when a person cannot request the step now.
func (a Act) MayStep(s AnnulmentStep) error {
	switch s {
	case StepRecall:
		return a.MayRecall()
	case StepPropose:
		return a.MayPropose()
	case StepAgree, StepDecline:
		return a.MayAnswer()
	case StepWithdraw:
		return a.MayWithdraw()
	}
	return Errorf(Invalid, "Такого действия нет.")
}

// MayForget returns Conflict when there is no step that a person can cancel. A step can be cancelled that he has to do in the account, or whose
// result SBIS does not show.
func (a Act) MayForget() error {
	n := a.Annulment
	if n.Step == NoStep || n.IsQueued() {
		return Errorf(Conflict, "Отменять нечего, обновите страницу.")
	}
	return nil
}
