package bitrix24

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

// eventForm is the POST of an update of deal 759.
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
	entityType, id, isObject := e.Object()
	if e.Name != EventDealUpdate || e.HandlerID != 201 || e.SentAt != 1736405807 || entityType != DealType || id != 759 || !isObject {
		t.Errorf("event %s of handler %v at %v about %v %v, %v; want an update of deal 759", e.Name, e.HandlerID, e.SentAt, entityType, id, isObject)
	}
	type printable EventAuth // an EventAuth hides its tokens
	want := printable{MemberID: "a223c6b3710f85df", Domain: "some-domain.bitrix24.com", ClientEndpoint: "https://some-domain.bitrix24.com/rest/",
		AccessToken: "s6p6eclrvim6", ExpiresIn: time.Hour, Scope: []string{"crm", "im"}, ApplicationToken: "51856fefc120"}
	if got := printable(e.Auth); !reflect.DeepEqual(got, want) {
		t.Errorf("auth is %+v, want %+v", got, want)
	}
}

// An event that a robot has caused carries no token (docs/contracts/bitrix24.md, "Event format").
func TestEventWithoutToken(t *testing.T) {
	form := eventForm()
	form.Del("auth[access_token]")
	form.Del("auth[expires_in]")
	if e, err := DecodeEvent(form); err != nil || e.Auth.AccessToken != "" {
		t.Errorf("DecodeEvent = %v, %v; want an event without an access token", e, err)
	}
}

func TestEventObjects(t *testing.T) {
	for name, want := range map[string]string{ // want: the results of Object
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
		entityType, id, isObject := e.Object()
		if got := fmt.Sprintf("%d %d %v", entityType, id, isObject); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestTaskEvents(t *testing.T) {
	for name, tt := range map[string]struct {
		event, after, before string // ids in FIELDS_AFTER and FIELDS_BEFORE, the word undefined, or "" for none
		want                 string // the results of Task
	}{
		"changed":             {EventTaskUpdated, "5", "5", "5 true"},
		"added":               {"ONTASKADD", "5", "undefined", "5 true"},
		"deleted":             {EventTaskDeleted, "", "5", "5 true"},
		"deleted, undefined":  {EventTaskDeleted, "undefined", "5", "5 true"},
		"without a number":    {EventTaskUpdated, "x", "", "0 false"},
		"a comment of a task": {"ONTASKCOMMENTADD", "5", "", "0 false"},
		"a deal":              {EventDealUpdate, "5", "5", "0 false"},
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
		id, isTask := e.Task()
		if got := fmt.Sprint(id, isTask); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, tt.want)
		}
	}
}

func TestDecodeEventRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		field, value string
		errorField   string
	}{
		"SQL in an id":          {"data[FIELDS][ID]", "1 OR 1=1", "data.FIELDS.ID"},
		"a negative id":         {"data[FIELDS][ID]", "-5", "data.FIELDS.ID"},
		"a type in words":       {"data[FIELDS][ENTITY_TYPE_ID]", "x", "data.FIELDS.ENTITY_TYPE_ID"},
		"an array without keys": {"data[FIELDS][ID][]", "5", "(body)"},
		"a value and a branch":  {"data[FIELDS]", "5", "data"},
		"an id and its branch":  {"data[FIELDS][ID][x]", "5", "data"},
		"too many levels":       {"data" + strings.Repeat("[a]", maxEventDepth+1), "5", "(body)"},
		"too long a name":       {"data[" + strings.Repeat("a", maxEventName) + "]", "5", "(body)"},
		"an open bracket":       {"data[FIELDS", "5", "(body)"},
		"text after a bracket":  {"data[FIELDS]ID", "5", "(body)"},
		"crossed brackets":      {"data[[FIELDS]]", "5", "(body)"},
		"a zero byte":           {"data[a\x00b]", "5", "(body)"},
		"no name":               {"event", "", "event"},
		"a strange name":        {"event", "ON CRM", "event"},
		"SQL in a member":       {"auth[member_id]", "x' OR '1", "auth.member_id"},
		"no member":             {"auth[member_id]", "", "auth.member_id"},
		"an odd domain":         {"auth[domain]", "a@b", "auth.domain"},
		"a token with a break":  {"auth[application_token]", "a\nb", "auth.application_token"},
		"a time in words":       {"ts", "now", "ts"},
		"64 KiB":                {"data[TEXT]", strings.Repeat("x", maxEventSize), "(body)"},
	} {
		t.Run(name, func(t *testing.T) {
			form := eventForm()
			form.Set(tt.field, tt.value)
			_, err := DecodeEvent(form)
			var wrong *FormError
			if !errors.As(err, &wrong) || wrong.Field != tt.errorField || strings.Contains(err.Error(), "\x00") {
				t.Errorf("error %q; want one that names the field %s", err, tt.errorField)
			}
		})
	}
	twice := eventForm()
	twice.Add("auth[member_id]", "other")
	if _, err := DecodeEvent(twice); err == nil {
		t.Error("two values of auth[member_id] are accepted")
	}
}

// A dot in a name must not stand for a bracket.
func TestDotsAreNotBrackets(t *testing.T) {
	form := eventForm()
	form.Set("data[FIELDS.ID]", "666")
	form.Set("auth.member_id", "other")
	e, err := DecodeEvent(form)
	if _, id, _ := e.Object(); err != nil || id != 759 || e.Auth.MemberID != "a223c6b3710f85df" {
		t.Errorf("id %v of member %s, %v; want 759 of a223c6b3710f85df", id, e.Auth.MemberID, err)
	}
}

func TestEventsWithTooManyFieldsAreRefused(t *testing.T) {
	form := eventForm()
	for len(form) < maxEventFields {
		form.Set(fmt.Sprintf("data[k%d]", len(form)), "")
	}
	if _, err := DecodeEvent(form); err != nil {
		t.Errorf("%d fields: %v, want them accepted", len(form), err)
	}
	form.Set("data[more]", "")
	var wrong *FormError
	if _, err := DecodeEvent(form); !errors.As(err, &wrong) || wrong.Reason != "too many fields" {
		t.Errorf("%d fields: %v, want too many fields", len(form), err)
	}
}
