package acts

import (
	"slices"
	"testing"
)

func TestRead(t *testing.T) {
	waiting := electronic(Draft)
	waiting.Delivery = WaitingSignature
	withdrawing := electronic(Draft)
	withdrawing.Delivery = Withdrawing
	for name, tt := range map[string]struct {
		act      Act
		report   Report
		delivery Delivery
		events   []Event
		over     bool
		wait     bool
	}{
		"a draft lies in the cabinet":                  {electronic(Draft), Report{Code: 0}, WaitingSignature, nil, false, false},
		"it waits for our signer":                      {waiting, Report{Code: 23}, WaitingSignature, nil, false, false},
		"a report older than our taking back":          {withdrawing, Report{Code: 0}, Withdrawing, nil, false, false},
		"our signer refuses":                           {waiting, Report{Code: 0, Returned: true, Comment: "не та сумма"}, NotHanded, []Event{Recall}, true, false},
		"it is deleted in the cabinet":                 {waiting, Report{Code: 20, Deleted: true}, NotHanded, []Event{Recall}, true, false},
		"the counterparty must connect first":          {waiting, Report{Code: 2}, WaitingConnection, []Event{OurSignature}, false, false},
		"we signed and it left":                        {waiting, Report{Code: 3}, OnItsWay, []Event{OurSignature, Dispatch}, false, false},
		"the invitation was accepted":                  {electronic(SignedByUs), Report{Code: 4}, Delivered, []Event{Dispatch}, false, false},
		"delivered after sent":                         {electronic(Sent), Report{Code: 4}, Delivered, nil, false, false},
		"signed between two polls":                     {waiting, Report{Code: 7}, Completed, []Event{OurSignature, Dispatch, Countersignature}, false, false},
		"signed, the buyer's title is not readable":    {electronic(Sent), Report{Code: 7, Verdict: -1}, Delivered, nil, false, true},
		"the title accepts":                            {electronic(Sent), Report{Code: 7, Verdict: 1}, Completed, []Event{Countersignature}, false, false},
		"the title accepts with remarks":               {electronic(Sent), Report{Code: 7, Verdict: 2}, Completed, []Event{Countersignature}, false, false},
		"the title refuses although it is signed":      {electronic(Sent), Report{Code: 7, Verdict: 3}, Completed, []Event{Refusal}, false, false},
		"nine is a refusal, whatever its name says":    {electronic(Sent), Report{Code: 9, Dispatched: true}, Completed, []Event{Refusal}, false, false},
		"sent and refused between two polls":           {waiting, Report{Code: 9, Dispatched: true}, Completed, []Event{OurSignature, Dispatch, Refusal}, false, false},
		"the delivery failed":                          {electronic(Sent), Report{Code: 6}, DeliveryFailed, []Event{DeliveryError}, true, false},
		"recalled by us, known by its name only":       {electronic(Sent), Report{Code: -1, Name: "Отозван мной"}, NotHanded, []Event{Recall}, true, false},
		"annulled by both after the signature":         {electronic(Signed), Report{Code: 20}, Completed, []Event{Annulment}, true, false},
		"recalled after it was accepted unsigned":      {electronic(AcceptedUnsigned), Report{Code: 20, Deleted: true}, NotHanded, nil, true, false},
		"an unknown state moves nothing":               {electronic(Sent), Report{Code: 77, Name: "Нечто"}, "", nil, false, false},
		"a late draft state does not bring a sent act": {electronic(Sent), Report{Code: 0}, "", nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			got := tt.act.Read(tt.report)
			if got.Delivery != tt.delivery || !slices.Equal(got.Events, tt.events) || got.Over != tt.over || got.Wait != tt.wait {
				t.Errorf("Read = %+v", got)
			}
			for _, e := range got.Events {
				to, err := tt.act.Apply(e, ByOperator)
				if err != nil {
					t.Errorf("%s has no place in the life of a %s act: %v", e, tt.act.Status, err)
				}
				tt.act.Status = to
			}
		})
	}
}

func TestReasonIsShown(t *testing.T) {
	act := electronic(Sent)
	if got := act.Read(Report{Code: 6, Comment: "нет роуминга"}).Note; got != "Ошибка доставки: нет роуминга" {
		t.Errorf("Note = %q", got)
	}
	if got := act.Read(Report{Code: 9, Dispatched: true, Comment: "неверная сумма"}).Note; got != "неверная сумма" {
		t.Errorf("Note = %q", got)
	}
}
