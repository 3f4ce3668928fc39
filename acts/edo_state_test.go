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
		"a draft is in the SBIS account":                       {electronic(StatusDraft), DocumentState{Code: 0}, DeliveryWaitingSignature, nil, false, false},
		"the document waits for our signer":                    {waiting, DocumentState{Code: 23}, DeliveryWaitingSignature, nil, false, false},
		"a report older than our withdrawal":                   {withdrawing, DocumentState{Code: 0}, DeliveryWithdrawing, nil, false, false},
		"our signer refuses":                                   {waiting, DocumentState{Code: 0, Returned: true, Comment: "не та сумма"}, DeliveryNone, []Event{EventRecall}, true, false},
		"the document was deleted in SBIS":                     {waiting, DocumentState{Code: 20, Deleted: true}, DeliveryNone, []Event{EventRecall}, true, false},
		"the counterparty must connect first":                  {waiting, DocumentState{Code: 2}, DeliveryWaitingConnection, []Event{EventOurSignature}, false, false},
		"we signed and the document was sent":                  {waiting, DocumentState{Code: 3}, DeliverySent, []Event{EventOurSignature, EventDispatch}, false, false},
		"the invitation was accepted":                          {electronic(StatusSignedByUs), DocumentState{Code: 4}, DeliveryDelivered, []Event{EventDispatch}, false, false},
		"delivered after sent":                                 {electronic(StatusSent), DocumentState{Code: 4}, DeliveryDelivered, nil, false, false},
		"signed between two polls":                             {waiting, DocumentState{Code: 7}, DeliveryCompleted, []Event{EventOurSignature, EventDispatch, EventCountersignature}, false, false},
		"signed, the buyer's title is not readable":            {electronic(StatusSent), DocumentState{Code: 7, Verdict: -1}, DeliveryDelivered, nil, false, true},
		"the title accepts":                                    {electronic(StatusSent), DocumentState{Code: 7, Verdict: 1}, DeliveryCompleted, []Event{EventCountersignature}, false, false},
		"the title accepts with remarks":                       {electronic(StatusSent), DocumentState{Code: 7, Verdict: 2}, DeliveryCompleted, []Event{EventCountersignature}, false, false},
		"the title refuses although it is signed":              {electronic(StatusSent), DocumentState{Code: 7, Verdict: 3}, DeliveryCompleted, []Event{EventRefusal}, false, false},
		"state 9 is a refusal, whatever its name is":           {electronic(StatusSent), DocumentState{Code: 9, Dispatched: true}, DeliveryCompleted, []Event{EventRefusal}, false, false},
		"sent and refused between two polls":                   {waiting, DocumentState{Code: 9, Dispatched: true}, DeliveryCompleted, []Event{EventOurSignature, EventDispatch, EventRefusal}, false, false},
		"the delivery failed":                                  {electronic(StatusSent), DocumentState{Code: 6}, DeliveryFailed, []Event{EventDeliveryError}, true, false},
		"withdrawn by us, recognised by the name of the state": {electronic(StatusSent), DocumentState{Code: -1, Name: "Отозван мной", Recalled: true}, DeliveryNone, []Event{EventRecall}, true, false},
		"annulled by both parties after the signature":         {electronic(StatusSigned), DocumentState{Code: 20}, DeliveryCompleted, []Event{EventAnnulment}, true, false},
		"withdrawn after it was accepted unsigned":             {electronic(StatusAcceptedUnsigned), DocumentState{Code: 20, Deleted: true}, DeliveryNone, nil, true, false},
		"an unknown state changes nothing":                     {electronic(StatusSent), DocumentState{Code: 77, Name: "Нечто"}, "", nil, false, false},
		"a late draft state does not return a sent act":        {electronic(StatusSent), DocumentState{Code: 0}, "", nil, false, false},
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
	if got := act.Interpret(DocumentState{Code: 6, Comment: "нет роуминга"}).Note; got != "Ошибка доставки: нет роуминга" {
		t.Errorf("Note = %q", got)
	}
	if got := act.Interpret(DocumentState{Code: 9, Dispatched: true, Comment: "неверная сумма"}).Note; got != "неверная сумма" {
		t.Errorf("Note = %q", got)
	}
}
