package bitrix24

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
)

func TestPlacementCallsOfSamples(t *testing.T) {
	wanted := func(name string, _ sample) bool { return strings.HasPrefix(name, "placement.post/") }
	eachSample(t, wanted, func(t *testing.T, _ string, s sample) {
		var post struct{ Query, Form map[string]string }
		if err := json.Unmarshal(s.Request, &post); err != nil {
			t.Fatal(err)
		}
		call, err := DecodePlacementCall(formOf(post.Query), formOf(post.Form))
		if err != nil || call.Placement != post.Form["PLACEMENT"] || call.MemberID != post.Form["member_id"] {
			t.Errorf("DecodePlacementCall = %s of %s, %v; want %s of %s", call, call.MemberID, err, post.Form["PLACEMENT"], post.Form["member_id"])
		}
	})
}

func TestEventsOfSamples(t *testing.T) {
	wanted := func(name string, _ sample) bool { return strings.HasPrefix(name, "event.ON") }
	eachSample(t, wanted, func(t *testing.T, _ string, s sample) {
		var post struct{ Form string }
		if err := json.Unmarshal(s.Request, &post); err != nil {
			t.Fatal(err)
		}
		form, err := url.ParseQuery(post.Form)
		if err != nil {
			t.Fatal(err)
		}
		e, err := DecodeEvent(form)
		if err != nil || "event."+e.Name != s.Method || e.Auth.ApplicationToken == "" {
			t.Errorf("DecodeEvent = %s, %v; want %s with an application token", e, err, s.Method)
		}
	})
}

func formOf(fields map[string]string) url.Values {
	form := url.Values{}
	for name, value := range fields {
		form.Set(name, value)
	}
	return form
}
