package automation

import (
	"testing"

	"acts24/acts"
)

func TestTriggerOf(t *testing.T) {
	for name, tt := range map[string]struct {
		from, to acts.Status
		want     Trigger
	}{
		"our signature":          {acts.StatusDraft, acts.StatusSignedByUs, ""},
		"dispatch":               {acts.StatusSignedByUs, acts.StatusSent, TriggerSent},
		"the counterparty signs": {acts.StatusSent, acts.StatusSigned, TriggerSigned},
		"signed after all":       {acts.StatusAcceptedUnsigned, acts.StatusSigned, TriggerSigned},
		"a refusal":              {acts.StatusSent, acts.StatusRefused, TriggerRefused},
		"a recall":               {acts.StatusSent, acts.StatusDraft, ""},
		"no change":              {acts.StatusSent, acts.StatusSent, ""},
	} {
		if got := TriggerOf(tt.from, tt.to); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestBadgeOf(t *testing.T) {
	act := func(s acts.Status) acts.Act { return acts.Act{Status: s} }
	for name, tt := range map[string]struct {
		all  []acts.Act
		want Badge
	}{
		"no acts":            {nil, ""},
		"a draft":            {[]acts.Act{act(acts.StatusDraft)}, ""},
		"sent":               {[]acts.Act{act(acts.StatusSent), act(acts.StatusSigned)}, BadgeUnsigned},
		"accepted, unsigned": {[]acts.Act{act(acts.StatusAcceptedUnsigned)}, BadgeUnsigned},
		"refused and sent":   {[]acts.Act{act(acts.StatusSent), act(acts.StatusRefused)}, BadgeRefused},
		"signed":             {[]acts.Act{act(acts.StatusSigned)}, ""},
		"annulled":           {[]acts.Act{act(acts.StatusAnnulled)}, ""},
	} {
		if got := BadgeOf(tt.all); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
