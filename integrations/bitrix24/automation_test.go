package bitrix24

import (
	"errors"
	"net/url"
	"testing"
)

// robotForm is the call of a robot as a portal posts it.
func robotForm() url.Values {
	return url.Values{
		"workflow_id": {"65f0000000000001.00000005"}, "code": {"acts24_form"}, "event_token": {"55c1dc1c.78875596|A51601_82584|hsyUws.47dd"},
		"document_id[0]": {"crm"}, "document_id[1]": {"CCrmDocumentDeal"}, "document_id[2]": {"DEAL_123"},
		"properties[act]": {"17"}, "properties[note]": {"Два слова"}, "ts": {"1700000000"},
		"auth[member_id]": {"m1"}, "auth[access_token]": {"a"}, "auth[application_token]": {"t"},
	}
}

func TestDecodeRobotCall(t *testing.T) {
	got, err := DecodeRobotCall(robotForm())
	if err != nil || got.Code != "acts24_form" || got.Deal != 123 || got.Token == "" || got.Properties["act"] != "17" ||
		got.Properties["note"] != "Два слова" || got.Auth.MemberID != "m1" || got.Auth.AccessToken != "a" || got.Auth.ApplicationToken != "t" {
		t.Errorf("%#v, %v", got, err)
	}
	for name, change := range map[string]struct{ field, value, blame string }{
		"no token":           {"event_token", "", "event_token"},
		"a lead":             {"document_id[2]", "LEAD_5", "document_id.2"},
		"an id of SQL":       {"document_id[2]", "DEAL_1 OR 1=1", "document_id.2"},
		"a strange code":     {"code", "a b", "code"},
		"no member":          {"auth[member_id]", "", "auth.member_id"},
		"a token with a gap": {"event_token", "a b", "event_token"},
	} {
		form := robotForm()
		form.Set(change.field, change.value)
		var fault *FormError
		if _, err := DecodeRobotCall(form); !errors.As(err, &fault) || fault.Field != change.blame {
			t.Errorf("%s: %v", name, err)
		}
	}
}
