package bitrix24

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func eventForm() url.Values {
	return url.Values{
		"event": {"onCrmDealUpdate"}, "event_handler_id": {"201"}, "data[FIELDS][ID]": {"759"}, "ts": {"1736405807"},
		"auth[access_token]": {"s6p6eclrvim6"}, "auth[expires_in]": {"3600"}, "auth[scope]": {"crm,im"},
		"auth[domain]": {"Some-domain.bitrix24.com"}, "auth[member_id]": {"a223c6b3710f85df"},
		"auth[client_endpoint]": {"https://some-domain.bitrix24.com/rest/"}, "auth[application_token]": {"51856fefc120"},
	}
}

func TestDecodeEvent(t *testing.T) {
	e, err := DecodeEvent(eventForm())
	if err != nil {
		t.Fatal(err)
	}
	kind, id, about := e.Object()
	if e.Name != EventDealUpdate || e.HandlerID != 201 || e.SentAt != 1736405807 || kind != DealType || id != 759 || !about {
		t.Errorf("event %s %v %v: %v %v %v", e.Name, e.HandlerID, e.SentAt, kind, id, about)
	}
	a := e.Auth
	if a.MemberID != "a223c6b3710f85df" || a.Domain != "some-domain.bitrix24.com" || a.AccessToken == "" || len(a.Scope) != 2 ||
		a.ApplicationToken == "" || a.RefreshToken != "" || a.ClientEndpoint == "" {
		t.Error("the auth part is not read")
	}
}

// An event that a robot has caused carries no token (docs/contracts/bitrix24.md, "Event format").
func TestEventWithoutToken(t *testing.T) {
	form := eventForm()
	form.Del("auth[access_token]")
	form.Del("auth[expires_in]")
	if e, err := DecodeEvent(form); err != nil || e.Auth.AccessToken != "" {
		t.Errorf("DecodeEvent = %v, %v", e, err)
	}
}

func TestEventObjects(t *testing.T) {
	for name, want := range map[string]string{
		"ONCRMDEALADD": "2 5 true", "ONCRMDEALDELETE": "2 5 true", "ONCRMDEALMOVETOCATEGORY": "2 5 true",
		"ONCRMCOMPANYUPDATE": "4 5 true", "ONCRMCONTACTDELETE": "3 5 true",
		"ONCRMDYNAMICITEMADD": "1220 5 true", "ONCRMDYNAMICITEMUPDATE_1220": "1220 5 true",
		"ONCRMDYNAMICITEMDELETE_1220": "1220 5 true", "ONCRMTIMELINECOMMENTADD": "0 0 false",
		"ONCRMDEALUSERFIELDADD": "0 0 false", "ONTASKUPDATE": "0 0 false", "ONAPPINSTALL": "0 0 false",
	} {
		form := eventForm()
		form.Set("event", name)
		form.Set("data[FIELDS][ID]", "5")
		form.Set("data[FIELDS][ENTITY_TYPE_ID]", "1220")
		e, err := DecodeEvent(form)
		kind, id, about := e.Object()
		if got := fmt.Sprintf("%d %d %v", kind, id, about); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestTaskEvents(t *testing.T) {
	for name, tt := range map[string]struct {
		event, after, before string
		want                 string
	}{
		"changed":               {EventTaskUpdated, "5", "5", "5 true"},
		"added":                 {"ONTASKADD", "5", "undefined", "5 true"},
		"deleted":               {EventTaskDeleted, "", "5", "5 true"},
		"deleted, said so":      {EventTaskDeleted, "undefined", "5", "5 true"},
		"without a number":      {EventTaskUpdated, "x", "", "0 false"},
		"a comment has its own": {"ONTASKCOMMENTADD", "5", "", "0 false"},
		"a deal":                {EventDealUpdate, "5", "5", "0 false"},
	} {
		form := eventForm()
		form.Set("event", tt.event)
		form.Del("data[FIELDS][ID]")
		for part, value := range map[string]string{"FIELDS_AFTER": tt.after, "FIELDS_BEFORE": tt.before} {
			switch value {
			case "":
			case "undefined":
				form.Set("data["+part+"]", value)
			default:
				form.Set("data["+part+"][ID]", value)
			}
		}
		e, err := DecodeEvent(form)
		id, task := e.Task()
		if got := fmt.Sprint(id, task); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, tt.want)
		}
	}
}

func TestEventsRefused(t *testing.T) {
	deep := "data" + strings.Repeat("[a]", 1000)
	for name, tt := range map[string]struct {
		field, value string
		blame        string
	}{
		"an id of SQL":          {"data[FIELDS][ID]", "1 OR 1=1", "data.FIELDS.ID"},
		"a negative id":         {"data[FIELDS][ID]", "-5", "data.FIELDS.ID"},
		"a type of words":       {"data[FIELDS][ENTITY_TYPE_ID]", "x", "data.FIELDS.ENTITY_TYPE_ID"},
		"an array without keys": {"data[FIELDS][ID][]", "5", "(body)"},
		"a value and a branch":  {"data[FIELDS]", "5", "data"},
		"an id and its branch":  {"data[FIELDS][ID][x]", "5", "data"},
		"1000 levels":           {deep, "5", "(body)"},
		"an open bracket":       {"data[FIELDS", "5", "(body)"},
		"text after a bracket":  {"data[FIELDS]ID", "5", "(body)"},
		"crossed brackets":      {"data[[FIELDS]]", "5", "(body)"},
		"a zero byte":           {"data[a\x00b]", "5", "(body)"},
		"no name":               {"event", "", "event"},
		"a strange name":        {"event", "ON CRM", "event"},
		"a member of SQL":       {"auth[member_id]", "x' OR '1", "auth.member_id"},
		"no member":             {"auth[member_id]", "", "auth.member_id"},
		"an odd domain":         {"auth[domain]", "a@b", "auth.domain"},
		"a token with a break":  {"auth[application_token]", "a\nb", "auth.application_token"},
		"a time of words":       {"ts", "now", "ts"},
		"64 KiB":                {"data[TEXT]", strings.Repeat("x", maxEventSize), "(body)"},
	} {
		t.Run(name, func(t *testing.T) {
			form := eventForm()
			form.Set(tt.field, tt.value)
			_, err := DecodeEvent(form)
			var wrong *FormError
			if !errors.As(err, &wrong) || wrong.Field != tt.blame || strings.Contains(err.Error(), "\x00") {
				t.Errorf("error %v; want one about %s", err, tt.blame)
			}
		})
	}
	twice := eventForm()
	twice.Add("auth[member_id]", "other")
	if _, err := DecodeEvent(twice); err == nil {
		t.Error("two members are accepted")
	}
}

// A dot in a name must not stand for a bracket.
func TestDotsAreNotBrackets(t *testing.T) {
	form := eventForm()
	form.Set("data[FIELDS.ID]", "666")
	form.Set("auth.member_id", "other")
	e, err := DecodeEvent(form)
	if _, id, _ := e.Object(); err != nil || id != 759 || e.Auth.MemberID != "a223c6b3710f85df" {
		t.Errorf("id %v of %s, %v", id, e.Auth.MemberID, err)
	}
}

func TestFloodsAreRefused(t *testing.T) {
	form := url.Values{}
	for i := range 10_000 {
		form.Set(fmt.Sprintf("data[k%d]", i), "")
	}
	if _, err := DecodeEvent(form); err == nil {
		t.Error("10 000 fields are accepted")
	}
}
