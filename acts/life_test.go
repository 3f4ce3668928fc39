package acts

import (
	"errors"
	"testing"
)

func electronic(s Status) Act { return Act{Medium: Electronic, Status: s} }
func paper(s Status) Act      { return Act{Medium: Paper, Status: s} }

func marked(a Act) Act { a.MarkedByPerson = true; return a }

func TestApply(t *testing.T) {
	for name, tt := range map[string]struct {
		act   Act
		event Event
		by    Actor
		to    Status
		err   error
	}{
		"the operator reports our signature":           {electronic(Draft), OurSignature, ByOperator, SignedByUs, nil},
		"a person cannot sign in SBIS for us":          {electronic(Draft), OurSignature, ByPerson, Draft, Conflict},
		"a signed paper copy is uploaded":              {paper(Draft), OurSignature, ByPerson, SignedByUs, nil},
		"the operator sends it":                        {electronic(SignedByUs), Dispatch, ByOperator, Sent, nil},
		"a person cannot send an electronic act":       {electronic(SignedByUs), Dispatch, ByPerson, SignedByUs, Conflict},
		"a lost letter is sent again":                  {paper(Sent), Redispatch, ByPerson, Sent, nil},
		"the delivery fails":                           {electronic(Sent), DeliveryError, ByOperator, Draft, nil},
		"the counterparty signs in its cabinet":        {electronic(Sent), Countersignature, ByOperator, Signed, nil},
		"a person cannot sign for the counterparty":    {electronic(Sent), Countersignature, ByPerson, Sent, Conflict},
		"a manager is told it is accepted":             {electronic(Sent), AcceptUnsigned, ByPerson, AcceptedUnsigned, nil},
		"the signature arrives after all":              {electronic(AcceptedUnsigned), Countersignature, ByOperator, Signed, nil},
		"a manager marks a refusal":                    {electronic(Sent), Refusal, ByPerson, StatusRefused, nil},
		"the operator reports a refusal":               {electronic(Sent), Refusal, ByOperator, StatusRefused, nil},
		"SBIS does not overrule its own refusal":       {electronic(StatusRefused), Countersignature, ByOperator, StatusRefused, Conflict},
		"SBIS overrules a person's mark":               {marked(electronic(StatusRefused)), Countersignature, ByOperator, Signed, nil},
		"a late refusal changes nothing":               {paper(Signed), Refusal, ByPerson, Signed, Conflict},
		"a signed electronic act needs both to annul":  {electronic(Signed), Annulment, ByPerson, Signed, Conflict},
		"both agreed to annul":                         {electronic(Signed), Annulment, ByOperator, Annulled, nil},
		"a draft is annulled":                          {electronic(Draft), Annulment, ByPerson, Annulled, nil},
		"an annulled act stays annulled":               {electronic(Annulled), Countersignature, ByOperator, Annulled, Conflict},
		"our signer refused: the act is a draft again": {electronic(SignedByUs), Recall, ByOperator, Draft, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if to, err := tt.act.Apply(tt.event, tt.by); to != tt.to || !errors.Is(err, tt.err) {
				t.Errorf("Apply(%s, %s) = %s, %v; want %s, %v", tt.event, tt.by, to, err, tt.to, tt.err)
			}
		})
	}
}

// Every status but annulled has an exit that a manager can take without an administrator.
func TestNoDeadEnds(t *testing.T) {
	for _, s := range Statuses {
		for _, a := range []Act{paper(s), electronic(s), marked(electronic(s))} {
			exits := len(a.Allowed(ByPerson))
			if a.Medium == Electronic && s == Signed { // annulled through SBIS, where both sides agree
				exits = len(a.Allowed(ByOperator))
			}
			if exits == 0 && s != Annulled {
				t.Errorf("%s, %s: no way out", a.Medium, s)
			}
			if a.WaysOut(ByPerson) == "" {
				t.Errorf("%s, %s: a conflict would not say what to do", a.Medium, s)
			}
		}
	}
}

// What is not in the table is a conflict with a sentence, never a silent change.
func TestEveryOtherPairIsConflict(t *testing.T) {
	events := []Event{OurSignature, ReturnToDraft, Dispatch, Redispatch, DeliveryError, Recall, Countersignature, AcceptUnsigned, Refusal, Annulment}
	for _, s := range Statuses {
		for _, e := range events {
			for _, by := range []Actor{ByPerson, ByOperator} {
				for _, a := range []Act{paper(s), electronic(s)} {
					to, err := a.Apply(e, by)
					if err != nil && (to != s || !errors.Is(err, Conflict) || Sentence(err) == "") {
						t.Errorf("%s %s %s %s: %s, %v", a.Medium, s, e, by, to, err)
					}
				}
			}
		}
	}
}

func TestLabelsAreComplete(t *testing.T) {
	for _, s := range Statuses {
		if s.Label() == "" {
			t.Errorf("status %s has no label", s)
		}
	}
	for _, s := range steps {
		if s.event.Label() == "" {
			t.Errorf("event %s has no label", s.event)
		}
	}
}
