package acts

import (
	"errors"
	"testing"
)

// A move in the kanban has the same effect as the corresponding button; "" where there is none.
func TestRoad(t *testing.T) {
	for name, tt := range map[string]struct {
		act  Act
		to   Status
		road Event
	}{
		"our copy is signed":                         {paper(StatusDraft), StatusSignedByUs, EventOurSignature},
		"no step is left out":                        {paper(StatusDraft), StatusSent, ""},
		"back to preparation":                        {paper(StatusSignedByUs), StatusDraft, EventReturnToDraft},
		"sent by post":                               {paper(StatusSignedByUs), StatusSent, EventDispatch},
		"already sent":                               {paper(StatusSent), StatusSent, ""},
		"a sent letter cannot be returned":           {paper(StatusSent), StatusSignedByUs, ""},
		"the countersigned copy has arrived":         {paper(StatusSent), StatusSigned, EventCountersignature},
		"accepted":                                   {paper(StatusSent), StatusAcceptedUnsigned, EventAcceptUnsigned},
		"refused":                                    {paper(StatusSent), StatusRefused, EventRefusal},
		"signed after a refusal":                     {paper(StatusRefused), StatusSigned, EventCountersignature},
		"annulled":                                   {paper(StatusSigned), StatusAnnulled, EventAnnulment},
		"an annulled act is not reopened":            {paper(StatusAnnulled), StatusDraft, ""},
		"SBIS signs for us":                          {electronic(StatusDraft), StatusSignedByUs, ""},
		"the same status":                            {electronic(StatusDraft), StatusDraft, ""},
		"only SBIS returns a signed document":        {electronic(StatusSignedByUs), StatusDraft, ""},
		"SBIS sends":                                 {electronic(StatusSignedByUs), StatusSent, ""},
		"the counterparty signs in its SBIS account": {electronic(StatusSent), StatusSigned, ""},
		"a manager marks a refusal":                  {electronic(StatusSent), StatusRefused, EventRefusal},
		"a manager marks a signature after all":      {electronic(StatusAcceptedUnsigned), StatusSigned, EventCountersignature},
		"both parties annul in SBIS":                 {electronic(StatusSigned), StatusAnnulled, ""},
		"a stage that is not mapped":                 {paper(StatusSent), "", ""},
	} {
		if road, ok := tt.act.EventTo(tt.to); road != tt.road || ok != (tt.road != "") {
			t.Errorf("%s: %q, %v; want %q", name, road, ok, tt.road)
		}
	}
}

func TestMayUpload(t *testing.T) {
	for _, tt := range []struct {
		status       Status
		ours, theirs bool
	}{
		{StatusDraft, true, false},
		{StatusSignedByUs, true, false},
		{StatusSent, true, true},
		{StatusAcceptedUnsigned, true, true},
		{StatusRefused, true, true},
		{StatusSigned, true, true},
		{StatusAnnulled, false, false},
	} {
		for side, may := range map[Side]bool{SideOurs: tt.ours, SideTheirs: tt.theirs} {
			if err := paper(tt.status).MayUpload(side); (err == nil) != may || err != nil && !errors.Is(err, Conflict) {
				t.Errorf("«%s» of an act in %s: %v; may be uploaded: %v", side.Label(), tt.status, err, may)
			}
			if err := electronic(tt.status).MayUpload(side); !errors.Is(err, Conflict) {
				t.Errorf("«%s» of an electronic act in %s: %v", side.Label(), tt.status, err)
			}
		}
	}
	if err := replaced(paper(StatusRefused)).MayUpload(SideOurs); !errors.Is(err, Conflict) {
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
		"a paper act, even a signed one":                         {paper(StatusSigned), now},
		"twice":                                                  {paper(StatusAnnulled), not},
		"a draft that was never handed over":                     {electronic(StatusDraft), now},
		"a draft whose hand-over failed":                         {at(electronic(StatusDraft), DeliveryFailed), now},
		"a draft queued for SBIS":                                {at(electronic(StatusDraft), DeliveryQueued), not},
		"a draft that waits for our signature":                   {at(electronic(StatusDraft), DeliveryWaitingSignature), later},
		"a draft that is being withdrawn":                        {at(electronic(StatusDraft), DeliveryWithdrawing), not},
		"the counterparty has not connected":                     {at(electronic(StatusSignedByUs), DeliveryWaitingConnection), not},
		"the document is with the counterparty":                  {at(electronic(StatusSent), DeliveryDelivered), not},
		"accepted, and still signable in SBIS":                   {at(electronic(StatusAcceptedUnsigned), DeliveryDelivered), not},
		"accepted, and then withdrawn in SBIS":                   {at(electronic(StatusAcceptedUnsigned), DeliveryNone), now},
		"refused in SBIS: it cannot be signed there any more":    {at(electronic(StatusRefused), DeliveryCompleted), now},
		"signed by both parties in SBIS: both must agree":        {at(electronic(StatusSigned), DeliveryCompleted), not},
		"marked as signed by a person: the mark is undone first": {marked(electronic(StatusSigned)), not},
	} {
		when := now
		isLater, err := tt.act.MayAnnul()
		switch {
		case err != nil:
			when = not
		case isLater:
			when = later
		}
		if when != tt.when || err != nil && (!errors.Is(err, Conflict) || Message(err) == "") {
			t.Errorf("%s: %s, %v; want %s", name, when, err, tt.when)
		}
	}
}
