package acts

import "strings"

// Event is something that happens to an act and may change its status.
type Event string

// The events of the lifecycle.
const (
	EventOurSignature     Event = "our_signature"
	EventReturnToDraft    Event = "return_to_draft"
	EventDispatch         Event = "dispatch"
	EventRedispatch       Event = "redispatch"
	EventDeliveryError    Event = "delivery_error"
	EventRecall           Event = "recall"
	EventCountersignature Event = "countersignature"
	EventAcceptUnsigned   Event = "accept_unsigned"
	EventRefusal          Event = "refusal"
	EventAnnulment        Event = "annulment"
)

var eventLabels = map[Event]string{
	EventOurSignature:     "Подписать с нашей стороны",
	EventReturnToDraft:    "Вернуть в подготовку",
	EventDispatch:         "Направить заявителю",
	EventRedispatch:       "Направить повторно",
	EventDeliveryError:    "Ошибка отправки",
	EventRecall:           "Отозвать",
	EventCountersignature: "Отметить подписание контрагентом",
	EventAcceptUnsigned:   "Принят, но не подписан",
	EventRefusal:          "Отметить отказ",
	EventAnnulment:        "Аннулировать",
}

// Label returns the event as an action that users read.
func (e Event) Label() string { return eventLabels[e] }

// inList returns the event as an action in a list, whose parts are separated by commas.
func (e Event) inList() string {
	if e == EventAcceptUnsigned {
		return "принять без подписи" // its label contains a comma
	}
	return strings.ToLower(e.Label())
}

// Actor is who causes an event.
type Actor string

// The actors.
const (
	ActorAny      Actor = ""         // a person or the operator
	ActorPerson   Actor = "person"   // an employee of the portal
	ActorOperator Actor = "operator" // the EDO operator: what SBIS reports
	ActorClock    Actor = "clock"    // a deadline; never changes a status
)

type transition struct {
	from   Status
	event  Event
	medium Medium
	by     Actor
	to     Status
}

// transitions lists every allowed change of status. Any other pair of status and event is a Conflict.
var transitions = []transition{
	{StatusDraft, EventOurSignature, MediumPaper, ActorPerson, StatusSignedByUs},
	{StatusDraft, EventOurSignature, MediumElectronic, ActorOperator, StatusSignedByUs},
	{StatusDraft, EventRecall, MediumElectronic, ActorAny, StatusDraft},
	{StatusDraft, EventDeliveryError, MediumElectronic, ActorOperator, StatusDraft},
	{StatusDraft, EventAnnulment, MediumAny, ActorPerson, StatusAnnulled},

	{StatusSignedByUs, EventReturnToDraft, MediumPaper, ActorPerson, StatusDraft},
	{StatusSignedByUs, EventRecall, MediumElectronic, ActorOperator, StatusDraft}, // a person recalled it in SBIS
	{StatusSignedByUs, EventDeliveryError, MediumElectronic, ActorOperator, StatusDraft},
	{StatusSignedByUs, EventDispatch, MediumPaper, ActorPerson, StatusSent},
	{StatusSignedByUs, EventDispatch, MediumElectronic, ActorOperator, StatusSent},
	{StatusSignedByUs, EventAnnulment, MediumAny, ActorPerson, StatusAnnulled},

	{StatusSent, EventRedispatch, MediumPaper, ActorPerson, StatusSent},
	{StatusSent, EventDeliveryError, MediumElectronic, ActorOperator, StatusDraft},
	{StatusSent, EventRecall, MediumElectronic, ActorOperator, StatusDraft},
	{StatusSent, EventCountersignature, MediumPaper, ActorPerson, StatusSigned},
	{StatusSent, EventCountersignature, MediumElectronic, ActorOperator, StatusSigned},
	{StatusSent, EventAcceptUnsigned, MediumAny, ActorPerson, StatusAcceptedUnsigned},
	{StatusSent, EventRefusal, MediumPaper, ActorPerson, StatusRefused},
	{StatusSent, EventRefusal, MediumElectronic, ActorAny, StatusRefused},
	{StatusSent, EventAnnulment, MediumAny, ActorPerson, StatusAnnulled},

	{StatusAcceptedUnsigned, EventCountersignature, MediumPaper, ActorPerson, StatusSigned},
	{StatusAcceptedUnsigned, EventCountersignature, MediumElectronic, ActorAny, StatusSigned},
	{StatusAcceptedUnsigned, EventRefusal, MediumPaper, ActorPerson, StatusRefused},
	{StatusAcceptedUnsigned, EventRefusal, MediumElectronic, ActorAny, StatusRefused},
	{StatusAcceptedUnsigned, EventAnnulment, MediumAny, ActorPerson, StatusAnnulled},

	{StatusRefused, EventCountersignature, MediumAny, ActorPerson, StatusSigned},
	{StatusRefused, EventCountersignature, MediumElectronic, ActorOperator, StatusSigned}, // only after a mark set by a person, see matches
	{StatusRefused, EventAcceptUnsigned, MediumAny, ActorPerson, StatusAcceptedUnsigned},
	{StatusRefused, EventAnnulment, MediumAny, ActorPerson, StatusAnnulled},

	{StatusSigned, EventAnnulment, MediumPaper, ActorPerson, StatusAnnulled},
	{StatusSigned, EventAnnulment, MediumElectronic, ActorOperator, StatusAnnulled},
}

func (s transition) matches(a Act, e Event, by Actor) bool {
	if s.from == StatusRefused && by == ActorOperator && !a.MarkedByPerson { // SBIS cannot overrule its own refusal
		return false
	}
	if s.from == StatusRefused && by == ActorPerson && a.Replaced() && e != EventAnnulment { // the corrected act replaces this one
		return false
	}
	return s.from == a.Status && s.event == e &&
		(s.medium == MediumAny || s.medium == a.Medium) &&
		(s.by == by || s.by == ActorAny && by != ActorClock)
}

// Apply returns the status after e, or Conflict with the allowed actions when e is not allowed now.
func (a Act) Apply(e Event, by Actor) (Status, error) {
	for _, s := range transitions {
		if s.matches(a, e, by) {
			return s.to, nil
		}
	}
	return a.Status, a.conflict()
}

// conflict returns a Conflict that lists the actions open to a person.
func (a Act) conflict() error {
	return Errorf(Conflict, "Акт в статусе «%s». Можно: %s.", a.Status.Label(), a.AllowedActions(ActorPerson))
}

// AllowedEvents returns the events that the actor may cause now.
func (a Act) AllowedEvents(by Actor) []Event {
	var events []Event
	for _, s := range transitions {
		if s.matches(a, s.event, by) {
			events = append(events, s.event)
		}
	}
	return events
}

// EventTo returns the event with which a person can set the status to; ok is false when there is none.
func (a Act) EventTo(to Status) (e Event, ok bool) {
	for _, s := range transitions {
		if s.to == to && s.from != to && s.matches(a, s.event, ActorPerson) {
			return s.event, true
		}
	}
	return "", false
}

// AllowedActions describes in words the actions that the actor may take now.
func (a Act) AllowedActions(by Actor) string {
	var words []string
	if by == ActorPerson && a.MayHandOver() == nil {
		words = append(words, "передать в СБИС")
	}
	for _, e := range a.AllowedEvents(by) {
		if by != ActorPerson || a.open(e) {
			words = append(words, e.inList())
		}
	}
	if by == ActorPerson && a.undoable() {
		words = append(words, "отменить отметку")
	}
	if by == ActorPerson && a.MayCorrect() == nil {
		words = append(words, "сформировать исправленный акт")
	}
	if by == ActorPerson && a.MayRecall() == nil {
		words = append(words, "отозвать документ")
	}
	if by == ActorPerson && a.MayPropose() == nil {
		words = append(words, "предложить аннулирование")
	}
	if len(words) == 0 {
		return a.onlyWay()
	}
	return strings.Join(words, ", ")
}

// open reports whether the location of the document allows a person to cause e.
func (a Act) open(e Event) bool {
	switch e {
	case EventRecall:
		return a.MayTakeBack() == nil
	case EventAnnulment:
		return !a.heldBySBIS() || a.MayTakeBack() == nil
	}
	return true
}

// onlyWay describes what a person can do outside the act when no action on the act is allowed.
func (a Act) onlyWay() string {
	switch {
	case a.Status == StatusAnnulled:
		return "создать копию"
	case a.Annulment.Proposed == SideTheirs:
		return "ответить на предложение контрагента аннулировать акт"
	case a.Annulment.IsOpen(), a.Delivery.callPending():
		return "дождаться ответа СБИС"
	}
	return "открыть документ в СБИС"
}

// heldBySBIS reports whether the document must be withdrawn from SBIS before the act is annulled.
func (a Act) heldBySBIS() bool {
	return a.Medium == MediumElectronic && a.Delivery.WithOperator() && a.Status != StatusRefused
}

// callPending reports whether our call to SBIS is in progress.
func (d Delivery) callPending() bool { return d == DeliveryQueued || d == DeliveryWithdrawing }

// Change is one change of status in the history of an act.
type Change struct {
	From, To Status
	By       Actor
	Undo     bool // the change undid a mark
}

// undoable reports whether the status was set by a person and can be undone.
func (a Act) undoable() bool {
	switch a.Status {
	case StatusSent, StatusAcceptedUnsigned, StatusRefused, StatusSigned:
		return a.MarkedByPerson && !a.Replaced()
	}
	return false
}

// MayUndo returns Conflict when the status was not set by a person or cannot be undone.
func (a Act) MayUndo() error {
	switch {
	case a.Replaced():
		return Errorf(Conflict, "Вместо этого акта сформирован исправленный. Аннулируйте его, если отметка ошибочна.")
	case a.undoable():
		return nil
	case a.Status == StatusDraft || a.Status == StatusSignedByUs || a.Status == StatusAnnulled:
		return a.conflict()
	}
	return Errorf(Conflict, "Статус «%s» сообщил СБИС, отменить его отметку нельзя.", a.Status.Label())
}

// Undo returns the status before the last mark of a person and the actor who had set that status. history is ordered oldest
// first.
func (a Act) Undo(history []Change) (before Status, by Actor, err error) {
	if err := a.MayUndo(); err != nil {
		return a.Status, "", err
	}
	way := effective(history)
	last := len(way) - 1
	if last < 0 || way[last].To != a.Status || way[last].By != ActorPerson {
		return a.Status, "", Errorf(Conflict, "В истории акта не видно, какой статус был до отметки.")
	}
	before, by = way[last].From, ActorPerson
	if last > 0 {
		by = way[last-1].By
	}
	return before, by, nil
}

// effective returns the changes that were not undone, so that the next undo reverts the last mark that still applies.
func effective(history []Change) []Change {
	var way []Change
	for _, c := range history {
		last := len(way) - 1
		switch {
		case c.From == c.To:
		case c.Undo && last >= 0 && way[last].From == c.To:
			way = way[:last]
		default:
			way = append(way, c)
		}
	}
	return way
}
