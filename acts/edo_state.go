package acts

import "strings"

// DocumentPhase is how far a document has come at the operator. The numbers are stored in the database.
type DocumentPhase int

// The phases of a document.
const (
	PhaseNone              DocumentPhase = -1 // not reported yet, or reported without a known phase
	PhaseDraft             DocumentPhase = 0
	PhaseWaitingConnection DocumentPhase = 2 // the counterparty was invited to connect
	PhaseSent              DocumentPhase = 3
	PhaseDelivered         DocumentPhase = 4
	PhaseFailed            DocumentPhase = 6 // the delivery failed
	PhaseDecided           DocumentPhase = 7 // signed by the counterparty; Verdict is the result
	PhaseRefused           DocumentPhase = 9
	PhaseCancelled         DocumentPhase = 20 // deleted or annulled
	PhaseWaitingSignature  DocumentPhase = 23 // submitted to our signer
	PhaseUnknown           DocumentPhase = 99 // a state of the operator that we do not know
)

// Verdict is the result of the counterparty's title.
type Verdict int

// The verdicts.
const (
	VerdictPending  Verdict = -1 // the title exists and cannot be read yet
	VerdictNone     Verdict = 0  // there is no title
	VerdictAccepted Verdict = 1
	VerdictRemarks  Verdict = 2 // accepted with discrepancies
	VerdictRefused  Verdict = 3
)

// DocumentState is the state of one document at the operator.
type DocumentState struct {
	Phase      DocumentPhase
	Name       string // as the operator names the state
	Recalled   bool   // we withdrew the document
	Comment    string // the reason, as typed by whoever acted
	Deleted    bool
	Returned   bool // our signer refused, or the document was returned for changes
	Dispatched bool // the document carries our signature, or had already been sent
	Verdict    Verdict
	Remarks    string // discrepancies named in the buyer's title
	Person     string // who acted last
	Annulment  []AnnulmentEvent
}

// Unsigned reports whether the document is in the SBIS account and we have not signed it yet.
func (r DocumentState) Unsigned() bool {
	return r.Phase == PhaseDraft || r.Phase == PhaseWaitingSignature
}

// IsDraft reports whether the document is still a draft, which proves that no command to send it was executed
// (docs/contracts/sbis.md, "Sending").
func (r DocumentState) IsDraft() bool { return r.Phase == PhaseDraft }

// StateOutcome is what a report changes in an act.
type StateOutcome struct {
	Delivery Delivery
	Events   []Event // in the order of application, without those that the status has already passed
	Note     string  // the reason shown to users
	Over     bool    // this document is finished: the act can be handed over again with a new one
	Wait     bool    // the result is not known yet, the document must be read again
}

// Interpret translates a report into changes of the act. A report without news changes nothing.
func (a Act) Interpret(r DocumentState) StateOutcome {
	switch {
	case r.Phase == PhaseCancelled || r.Deleted:
		return a.interpretGone(r, r.goneWords())
	case r.Recalled:
		return a.interpretGone(r, "Документ отозван в СБИС")
	case r.Unsigned():
		return a.interpretWaiting(r)
	case r.Phase == PhaseWaitingConnection:
		return StateOutcome{Delivery: DeliveryWaitingConnection, Events: a.eventsUpTo(StatusSignedByUs)}
	case r.Phase == PhaseSent:
		return StateOutcome{Delivery: DeliverySent, Events: a.eventsUpTo(StatusSent)}
	case r.Phase == PhaseDelivered:
		return StateOutcome{Delivery: DeliveryDelivered, Events: a.eventsUpTo(StatusSent)}
	case r.Phase == PhaseFailed:
		return StateOutcome{Delivery: DeliveryFailed, Events: []Event{EventDeliveryError}, Note: withComment("Ошибка доставки", r), Over: true}
	case r.Phase == PhaseDecided:
		return a.interpretDecided(r)
	case r.Phase == PhaseRefused && !r.Dispatched && (a.Status == StatusDraft || a.Status == StatusSignedByUs):
		return StateOutcome{Delivery: DeliveryNone, Events: []Event{EventRecall}, Note: withComment("Подписание отклонено с нашей стороны", r), Over: true}
	case r.Phase == PhaseRefused:
		return StateOutcome{Delivery: DeliveryCompleted, Events: append(a.eventsUpTo(StatusSent), EventRefusal), Note: withComment("", r)}
	}
	return StateOutcome{Delivery: a.Delivery, Note: "СБИС сообщил неизвестное состояние «" + r.Name + "»."}
}

// interpretWaiting handles a document that is in the SBIS account unsigned. An act that was already sent keeps its
// status: only a recall, which SBIS reports by name, returns it to draft.
func (a Act) interpretWaiting(r DocumentState) StateOutcome {
	switch a.Status {
	case StatusDraft:
		if r.Returned {
			return StateOutcome{Delivery: DeliveryNone, Events: []Event{EventRecall}, Note: withComment("Подписание отклонено с нашей стороны", r), Over: true}
		}
		if a.Delivery == DeliveryWithdrawing { // our withdrawal is in progress, this report is older
			return StateOutcome{Delivery: DeliveryWithdrawing}
		}
		return StateOutcome{Delivery: DeliveryWaitingSignature, Note: withComment("", r)}
	case StatusSignedByUs:
		return StateOutcome{Delivery: DeliveryWaitingSignature, Events: []Event{EventRecall}, Note: withComment("", r)}
	}
	return StateOutcome{Delivery: a.Delivery}
}

func (a Act) interpretGone(r DocumentState, what string) StateOutcome {
	switch a.Status {
	case StatusDraft, StatusSignedByUs, StatusSent:
		return StateOutcome{Delivery: DeliveryNone, Events: []Event{EventRecall}, Note: withComment(what, r), Over: true}
	case StatusSigned:
		return StateOutcome{Delivery: DeliveryCompleted, Events: []Event{EventAnnulment}, Note: withComment("Документ аннулирован обеими сторонами", r), Over: true}
	case StatusAcceptedUnsigned: // nothing is left to recall, the act can only be annulled
		return StateOutcome{Delivery: DeliveryNone, Note: withComment(what, r), Over: true}
	}
	return StateOutcome{Delivery: DeliveryCompleted, Note: withComment(what, r), Over: true}
}

// goneWords describes why a document is deleted or annulled. An unapproved document is deleted as soon as the counterparty asks to
// annul it (docs/contracts/sbis.md, "Recall and annulment").
func (r DocumentState) goneWords() string {
	name := strings.ToLower(r.Name)
	switch {
	case strings.Contains(name, "контрагентом"):
		return "Контрагент удалил документ в СБИС"
	case strings.HasPrefix(name, "аннулирован"):
		return "Документ аннулирован в СБИС"
	}
	return "Документ удалён в СБИС"
}

func (a Act) interpretDecided(r DocumentState) StateOutcome {
	if r.Verdict == VerdictPending && (a.Status == StatusSigned || a.Status == StatusRefused) { // decided before; only the title is not read again
		return StateOutcome{Delivery: a.Delivery, Note: a.DeliveryNote, Wait: true}
	}
	switch r.Verdict {
	case VerdictPending:
		return StateOutcome{Delivery: DeliveryDelivered, Events: a.eventsUpTo(StatusSent), Wait: true}
	case VerdictRefused:
		return StateOutcome{Delivery: DeliveryCompleted, Events: append(a.eventsUpTo(StatusSent), EventRefusal), Note: withComment("", r)}
	case VerdictRemarks:
		return StateOutcome{Delivery: DeliveryCompleted, Events: append(a.eventsUpTo(StatusSent), EventCountersignature), Note: withComment("Принят с расхождениями", r)}
	}
	return StateOutcome{Delivery: DeliveryCompleted, Events: append(a.eventsUpTo(StatusSent), EventCountersignature), Note: withComment("", r)}
}

// eventsUpTo returns the events that bring the act to target, SignedByUs or Sent, without those already passed.
func (a Act) eventsUpTo(target Status) []Event {
	switch {
	case a.Status == StatusDraft && target == StatusSignedByUs:
		return []Event{EventOurSignature}
	case a.Status == StatusDraft:
		return []Event{EventOurSignature, EventDispatch}
	case a.Status == StatusSignedByUs && target == StatusSent:
		return []Event{EventDispatch}
	}
	return nil
}

// withComment returns what happened, followed by the comment of whoever acted.
func withComment(what string, r DocumentState) string {
	switch {
	case r.Comment == "" && what == "":
		return ""
	case r.Comment == "":
		return what + "."
	case what == "":
		return r.Comment
	}
	return what + ": " + r.Comment
}
