package edo

import (
	"testing"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

func TestSignedReplacedDocuments(t *testing.T) {
	for name, tt := range map[string]struct {
		code             acts.DocumentPhase
		gone, dispatched bool
		want             bool
	}{
		"nobody has signed it":                       {0, false, false, false},
		"it is on its way":                           {3, false, false, true},
		"the counterparty has signed":                {7, false, true, true},
		"it was refused after our signature":         {9, false, true, true},
		"it was refused without our signature":       {9, false, false, false},
		"it was deleted, whatever the list contains": {7, true, true, false},
		"it is with the signer, without signature":   {20, false, false, false},
	} {
		r := workflow.Report{DocumentState: acts.DocumentState{Phase: tt.code}}
		if got := isSigned(store.EDODocument{Gone: tt.gone, Dispatched: tt.dispatched}, r); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}

func TestLateAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		last, seenBefore string
		events           []string
		whole            bool
		want             bool
	}{
		"nothing came during the call":           {"e1", "e1", nil, true, false},
		"an event came that the answer contains": {"e2", "e1", []string{"e1", "e2"}, true, false},
		"an event came that the answer lacks":    {"e2", "e1", []string{"e1"}, true, true},
		"a line of the list is never late":       {"e2", "e1", nil, false, false},
	} {
		if got := isLate(store.EDODocument{LastEvent: tt.last}, workflow.Report{Whole: tt.whole, SeenBefore: tt.seenBefore, Events: tt.events}); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}
