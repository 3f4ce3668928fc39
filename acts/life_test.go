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
		"a manager is shown a signature after all":     {electronic(AcceptedUnsigned), Countersignature, ByPerson, Signed, nil},
		"our signature is recalled in SBIS only":       {electronic(SignedByUs), Recall, ByPerson, SignedByUs, Conflict},
		"the clock refuses nothing":                    {electronic(Sent), Refusal, ByClock, Sent, Conflict},
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

func TestLabelsAreComplete(t *testing.T) {
	for _, s := range Statuses {
		if s.Label() == "" {
			t.Errorf("status %s has no label", s)
		}
	}
	for _, e := range allEvents {
		if e.Label() == "" {
			t.Errorf("event %s has no label", e)
		}
	}
}
