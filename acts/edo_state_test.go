package acts

import (
	"slices"
	"testing"
)

func TestRead(t *testing.T) {
	waiting := electronic(StatusDraft)
	waiting.Delivery = DeliveryWaitingSignature
	withdrawing := electronic(StatusDraft)
	withdrawing.Delivery = DeliveryWithdrawing
	for name, tt := range map[string]struct {
		act      Act
		report   DocumentState
		delivery Delivery
		events   []Event
		over     bool
		wait     bool
	}{
		"a draft is in the SBIS account":                       {electronic(StatusDraft), DocumentState{Phase: PhaseDraft}, DeliveryWaitingSignature, nil, false, false},
		"the document waits for our signer":                    {waiting, DocumentState{Phase: PhaseWaitingSignature}, DeliveryWaitingSignature, nil, false, false},
		"a report older than our withdrawal":                   {withdrawing, DocumentState{Phase: PhaseDraft}, DeliveryWithdrawing, nil, false, false},
		"our signer refuses":                                   {waiting, DocumentState{Phase: PhaseDraft, Returned: true, Comment: "не та сумма"}, DeliveryNone, []Event{EventRecall}, true, false},
		"the document was deleted in SBIS":                     {waiting, DocumentState{Phase: PhaseCancelled, Deleted: true}, DeliveryNone, []Event{EventRecall}, true, false},
		"the counterparty must connect first":                  {waiting, DocumentState{Phase: PhaseWaitingConnection}, DeliveryWaitingConnection, []Event{EventOurSignature}, false, false},
		"we signed and the document was sent":                  {waiting, DocumentState{Phase: PhaseSent}, DeliverySent, []Event{EventOurSignature, EventDispatch}, false, false},
		"the invitation was accepted":                          {electronic(StatusSignedByUs), DocumentState{Phase: PhaseDelivered}, DeliveryDelivered, []Event{EventDispatch}, false, false},
		"delivered after sent":                                 {electronic(StatusSent), DocumentState{Phase: PhaseDelivered}, DeliveryDelivered, nil, false, false},
		"signed between two polls":                             {waiting, DocumentState{Phase: PhaseDecided}, DeliveryCompleted, []Event{EventOurSignature, EventDispatch, EventCountersignature}, false, false},
		"signed, the buyer's title is not readable":            {electronic(StatusSent), DocumentState{Phase: PhaseDecided, Verdict: VerdictPending}, DeliveryDelivered, nil, false, true},
		"signed before, the title is not read again":           {at(electronic(StatusSigned), DeliveryCompleted), DocumentState{Phase: PhaseDecided, Verdict: VerdictPending}, DeliveryCompleted, nil, false, true},
		"the title accepts":                                    {electronic(StatusSent), DocumentState{Phase: PhaseDecided, Verdict: VerdictAccepted}, DeliveryCompleted, []Event{EventCountersignature}, false, false},
		"the title accepts with remarks":                       {electronic(StatusSent), DocumentState{Phase: PhaseDecided, Verdict: VerdictRemarks}, DeliveryCompleted, []Event{EventCountersignature}, false, false},
		"the title refuses although it is signed":              {electronic(StatusSent), DocumentState{Phase: PhaseDecided, Verdict: VerdictRefused}, DeliveryCompleted, []Event{EventRefusal}, false, false},
		"state 9 is a refusal, whatever its name is":           {electronic(StatusSent), DocumentState{Phase: PhaseRefused, Dispatched: true}, DeliveryCompleted, []Event{EventRefusal}, false, false},
		"sent and refused between two polls":                   {waiting, DocumentState{Phase: PhaseRefused, Dispatched: true}, DeliveryCompleted, []Event{EventOurSignature, EventDispatch, EventRefusal}, false, false},
		"the delivery failed":                                  {electronic(StatusSent), DocumentState{Phase: PhaseFailed}, DeliveryFailed, []Event{EventDeliveryError}, true, false},
		"withdrawn by us, recognised by the name of the state": {electronic(StatusSent), DocumentState{Phase: PhaseNone, Name: "Отозван мной", Recalled: true}, DeliveryNone, []Event{EventRecall}, true, false},
		"annulled by both parties after the signature":         {electronic(StatusSigned), DocumentState{Phase: PhaseCancelled}, DeliveryCompleted, []Event{EventAnnulment}, true, false},
		"withdrawn after it was accepted unsigned":             {electronic(StatusAcceptedUnsigned), DocumentState{Phase: PhaseCancelled, Deleted: true}, DeliveryNone, nil, true, false},
		"an unknown state changes nothing":                     {electronic(StatusSent), DocumentState{Phase: PhaseUnknown, Name: "Нечто"}, "", nil, false, false},
		"a late draft state does not return a sent act":        {electronic(StatusSent), DocumentState{Phase: PhaseDraft}, "", nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := tt.act.Interpret(tt.report)
			if got.Delivery != tt.delivery || !slices.Equal(got.Events, tt.events) || got.Over != tt.over || got.Wait != tt.wait {
				t.Errorf("Read = %+v", got)
			}
			for _, e := range got.Events {
				to, err := tt.act.Apply(e, ActorOperator)
				if err != nil {
					t.Errorf("%s has no place in the life of a %s act: %v", e, tt.act.Status, err)
				}
				tt.act.Status = to
			}
		})
	}
}

func TestReasonIsShown(t *testing.T) {
	act := electronic(StatusSent)
	if got := act.Interpret(DocumentState{Phase: PhaseFailed, Comment: "нет роуминга"}).Note; got != "Ошибка доставки: нет роуминга" {
		t.Errorf("Note = %q", got)
	}
	if got := act.Interpret(DocumentState{Phase: PhaseRefused, Dispatched: true, Comment: "неверная сумма"}).Note; got != "неверная сумма" {
		t.Errorf("Note = %q", got)
	}
}
