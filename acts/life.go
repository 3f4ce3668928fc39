package acts

// Event is something that happens to an act and may change its status.
type Event string

// The events of an act's life.
const (
	OurSignature     Event = "our_signature"
	ReturnToDraft    Event = "return_to_draft"
	Dispatch         Event = "dispatch"
	Redispatch       Event = "redispatch"
	DeliveryError    Event = "delivery_error"
	Recall           Event = "recall"
	Countersignature Event = "countersignature"
	AcceptUnsigned   Event = "accept_unsigned"
	Refusal          Event = "refusal"
	Annulment        Event = "annulment"
)

var eventLabels = map[Event]string{
	OurSignature:     "Подписать с нашей стороны",
	ReturnToDraft:    "Вернуть в подготовку",
	Dispatch:         "Направить заявителю",
	Redispatch:       "Направить повторно",
	DeliveryError:    "Ошибка отправки",
	Recall:           "Отозвать",
	Countersignature: "Отметить подписание контрагентом",
	AcceptUnsigned:   "Принят без подписи",
	Refusal:          "Отметить отказ",
	Annulment:        "Аннулировать",
}

// Label is the event as an action that users read.
func (e Event) Label() string { return eventLabels[e] }

// Actor is who causes an event.
type Actor string

// The actors.
const (
	Anyone     Actor = ""         // a person or the operator
	ByPerson   Actor = "person"   // an employee of the portal
	ByOperator Actor = "operator" // what SBIS reports
	ByClock    Actor = "clock"    // what the clock brings; it never changes a status
)

type step struct {
	from   Status
	event  Event
	medium Medium
	by     Actor
	to     Status
}

// steps is the life table of the design, row by row.
var steps = []step{
	{Draft, OurSignature, Paper, ByPerson, SignedByUs},
	{Draft, OurSignature, Electronic, ByOperator, SignedByUs},
	{Draft, Recall, Electronic, Anyone, Draft},
	{Draft, DeliveryError, Electronic, ByOperator, Draft},
	{Draft, Annulment, AnyMedium, ByPerson, Annulled},

	{SignedByUs, ReturnToDraft, Paper, ByPerson, Draft},
	{SignedByUs, Recall, Electronic, ByOperator, Draft}, // a person recalls it in the cabinet
	{SignedByUs, DeliveryError, Electronic, ByOperator, Draft},
	{SignedByUs, Dispatch, Paper, ByPerson, Sent},
	{SignedByUs, Dispatch, Electronic, ByOperator, Sent},
	{SignedByUs, Annulment, AnyMedium, ByPerson, Annulled},

	{Sent, Redispatch, Paper, ByPerson, Sent},
	{Sent, DeliveryError, Electronic, ByOperator, Draft},
	{Sent, Recall, Electronic, ByOperator, Draft},
	{Sent, Countersignature, Paper, ByPerson, Signed},
	{Sent, Countersignature, Electronic, ByOperator, Signed},
	{Sent, AcceptUnsigned, AnyMedium, ByPerson, AcceptedUnsigned},
	{Sent, Refusal, Paper, ByPerson, StatusRefused},
	{Sent, Refusal, Electronic, Anyone, StatusRefused},
	{Sent, Annulment, AnyMedium, ByPerson, Annulled},

	{AcceptedUnsigned, Countersignature, Paper, ByPerson, Signed},
	{AcceptedUnsigned, Countersignature, Electronic, Anyone, Signed},
	{AcceptedUnsigned, Refusal, Paper, ByPerson, StatusRefused},
	{AcceptedUnsigned, Refusal, Electronic, Anyone, StatusRefused},
	{AcceptedUnsigned, Annulment, AnyMedium, ByPerson, Annulled},

	{StatusRefused, Countersignature, AnyMedium, ByPerson, Signed},
	{StatusRefused, Countersignature, Electronic, ByOperator, Signed}, // only after a person's mark, see matches
	{StatusRefused, AcceptUnsigned, AnyMedium, ByPerson, AcceptedUnsigned},
	{StatusRefused, Annulment, AnyMedium, ByPerson, Annulled},

	{Signed, Annulment, Paper, ByPerson, Annulled},
	{Signed, Annulment, Electronic, ByOperator, Annulled},
}

func (s step) matches(a Act, e Event, by Actor) bool {
	if s.from == StatusRefused && by == ByOperator && !a.MarkedByPerson { // SBIS does not overrule its own refusal
		return false
	}
	if s.from == StatusRefused && by == ByPerson && a.Replaced() && e != Annulment { // the corrected act stands in its place
		return false
	}
	return s.from == a.Status && s.event == e &&
		(s.medium == AnyMedium || s.medium == a.Medium) &&
		(s.by == by || s.by == Anyone && by != ByClock)
}

// Apply returns the status after e, or Conflict with the ways out when e has no place there.
func (a Act) Apply(e Event, by Actor) (Status, error) {
	for _, s := range steps {
		if s.matches(a, e, by) {
			return s.to, nil
		}
	}
	return a.Status, a.conflict()
}

// conflict tells people what they can do; nobody reads what another actor could.
func (a Act) conflict() error {
	return Errorf(Conflict, "Акт в статусе «%s». Можно: %s.", a.Status.Label(), a.WaysOut(ByPerson))
}

// Allowed lists the events that by may cause now.
func (a Act) Allowed(by Actor) []Event {
	var events []Event
	for _, s := range steps {
		if s.matches(a, s.event, by) {
			events = append(events, s.event)
		}
	}
	return events
}
