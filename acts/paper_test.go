package acts

import (
	"errors"
	"testing"
)

// A move in the kanban is the click that a person would make; "" where no click leads.
func TestRoad(t *testing.T) {
	for name, tt := range map[string]struct {
		act  Act
		to   Status
		road Event
	}{
		"our copy is signed":                          {paper(Draft), SignedByUs, OurSignature},
		"no step is left out":                         {paper(Draft), Sent, ""},
		"back to preparation":                         {paper(SignedByUs), Draft, ReturnToDraft},
		"it left by post":                             {paper(SignedByUs), Sent, Dispatch},
		"sent is sent":                                {paper(Sent), Sent, ""},
		"a sent letter does not come back":            {paper(Sent), SignedByUs, ""},
		"the countersigned copy came":                 {paper(Sent), Signed, Countersignature},
		"accepted":                                    {paper(Sent), AcceptedUnsigned, AcceptUnsigned},
		"refused":                                     {paper(Sent), StatusRefused, Refusal},
		"signed after a refusal":                      {paper(StatusRefused), Signed, Countersignature},
		"annulled":                                    {paper(Signed), Annulled, Annulment},
		"a copy is another act":                       {paper(Annulled), Draft, ""},
		"SBIS signs for us":                           {electronic(Draft), SignedByUs, ""},
		"a draft is no road to itself":                {electronic(Draft), Draft, ""},
		"only SBIS brings a signed document back":     {electronic(SignedByUs), Draft, ""},
		"SBIS sends":                                  {electronic(SignedByUs), Sent, ""},
		"the counterparty signs in its cabinet":       {electronic(Sent), Signed, ""},
		"a manager is told of a refusal":              {electronic(Sent), StatusRefused, Refusal},
		"a signature after all, shown to the manager": {electronic(AcceptedUnsigned), Signed, Countersignature},
		"both sides annul in SBIS":                    {electronic(Signed), Annulled, ""},
		"a stage that is none of ours":                {paper(Sent), "", ""},
	} {
		if road, ok := tt.act.Road(tt.to); road != tt.road || ok != (tt.road != "") {
			t.Errorf("%s: %q, %v; want %q", name, road, ok, tt.road)
		}
	}
}

func TestMayUpload(t *testing.T) {
	for _, tt := range []struct {
		status       Status
		ours, theirs bool
	}{
		{Draft, true, false},
		{SignedByUs, true, false},
		{Sent, true, true},
		{AcceptedUnsigned, true, true},
		{StatusRefused, true, true},
		{Signed, true, true},
		{Annulled, false, false},
	} {
		for side, may := range map[Side]bool{Ours: tt.ours, Theirs: tt.theirs} {
			if err := paper(tt.status).MayUpload(side); (err == nil) != may || err != nil && !errors.Is(err, Conflict) {
				t.Errorf("«%s» of an act in %s: %v; may be uploaded: %v", side.Label(), tt.status, err, may)
			}
			if err := electronic(tt.status).MayUpload(side); !errors.Is(err, Conflict) {
				t.Errorf("«%s» of an electronic act in %s: %v", side.Label(), tt.status, err)
			}
		}
	}
	if err := replaced(paper(StatusRefused)).MayUpload(Ours); !errors.Is(err, Conflict) {
		t.Errorf("one more page of an act that is replaced: %v", err)
	}
}

func TestMayAnnul(t *testing.T) {
	const (
		now   = "at once"
		later = "out of SBIS first"
		not   = "not now"
	)
	for name, tt := range map[string]struct {
		act  Act
		when string
	}{
		"a paper act, even a signed one":                {paper(Signed), now},
		"twice":                                         {paper(Annulled), not},
		"a draft that never left":                       {electronic(Draft), now},
		"a draft that could not be handed over":         {at(electronic(Draft), DeliveryFailed), now},
		"a draft on its way to SBIS":                    {at(electronic(Draft), Queued), not},
		"a draft that waits for our signature":          {at(electronic(Draft), WaitingSignature), later},
		"a draft that is being taken back":              {at(electronic(Draft), Withdrawing), not},
		"the counterparty has not connected":            {at(electronic(SignedByUs), WaitingConnection), not},
		"it is with the counterparty":                   {at(electronic(Sent), Delivered), not},
		"accepted, and it could be signed in SBIS yet":  {at(electronic(AcceptedUnsigned), Delivered), not},
		"accepted, and then recalled in SBIS":           {at(electronic(AcceptedUnsigned), NotHanded), now},
		"refused in SBIS: nothing can be signed there":  {at(electronic(StatusRefused), Completed), now},
		"signed by both in SBIS: both must agree":       {at(electronic(Signed), Completed), not},
		"signed by a person's mark: take it back first": {marked(electronic(Signed)), not},
	} {
		when := now
		isLater, err := tt.act.MayAnnul()
		switch {
		case err != nil:
			when = not
		case isLater:
			when = later
		}
		if when != tt.when || err != nil && (!errors.Is(err, Conflict) || Sentence(err) == "") {
			t.Errorf("%s: %s, %v; want %s", name, when, err, tt.when)
		}
	}
}
