package bitrix24

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"
)

// placementQuery and placementForm are the two parts of a placement call that opens the tab of deal 8061.
func placementQuery() url.Values {
	return url.Values{"DOMAIN": {"Portal.bitrix24.ru"}, "PROTOCOL": {"1"}, "LANG": {"ru"}, "APP_SID": {"dd8cec11e347088f"}}
}

func placementForm() url.Values {
	return url.Values{
		"AUTH_ID": {"9d4c7166007e9c94"}, "AUTH_EXPIRES": {"3600"}, "REFRESH_ID": {"8c3b9966007e9c94"},
		"SERVER_ENDPOINT": {"https://oauth.bitrix24.tech/rest/"}, "APPLICATION_TOKEN": {"ec1b2074a9d3f5c8"},
		"APPLICATION_SCOPE": {"crm,placement"}, "member_id": {"d897063e1ce7c5eb9f04b9751eef5915"}, "status": {"L"},
		"PLACEMENT": {"CRM_DEAL_DETAIL_TAB"}, "PLACEMENT_OPTIONS": {`{"ID":"8061","URI":"\/crm\/deal\/details\/8061\/?any=1"}`},
	}
}

func TestDecodePlacementCall(t *testing.T) {
	call, err := DecodePlacementCall(placementQuery(), placementForm())
	if err != nil {
		t.Fatal(err)
	}
	type printable PlacementCall // a PlacementCall hides its tokens
	want := printable{
		Domain: "portal.bitrix24.ru", Secure: true, Lang: "ru", SID: "dd8cec11e347088f", AccessToken: "9d4c7166007e9c94", ExpiresIn: time.Hour,
		RefreshToken: "8c3b9966007e9c94", ServerEndpoint: "https://oauth.bitrix24.tech/rest/", ApplicationToken: "ec1b2074a9d3f5c8",
		Scope: []string{"crm", "placement"}, MemberID: "d897063e1ce7c5eb9f04b9751eef5915", Status: "L", Placement: DealTabPlace,
		Options: Options{ID: 8061, URI: "/crm/deal/details/8061/?any=1", Params: map[string]string{}},
	}
	if got := printable(call); !reflect.DeepEqual(got, want) {
		t.Errorf("decoded %+v\nwant %+v", got, want)
	}
}

func TestPlacementCallsOfOlderPortals(t *testing.T) {
	form := placementForm()
	for _, name := range []string{"SERVER_ENDPOINT", "APPLICATION_TOKEN", "APPLICATION_SCOPE", "PLACEMENT_OPTIONS", "PLACEMENT", "REFRESH_ID"} {
		form.Del(name)
	}
	call, err := DecodePlacementCall(placementQuery(), form)
	if err != nil || call.Placement != DefaultPlace || call.ApplicationToken != "" || call.MemberID == "" {
		t.Errorf("DecodePlacementCall = %s of %q, %v; want the default place of the member, without an application token", call, call.MemberID, err)
	}
}

// Our own page for returning users posts the values of the query in the form, too.
func TestPlacementCallWithoutAQuery(t *testing.T) {
	form := placementForm()
	maps.Copy(form, placementQuery())
	call, err := DecodePlacementCall(nil, form)
	if err != nil || call.Domain != "portal.bitrix24.ru" || call.Lang != "ru" || call.SID != "dd8cec11e347088f" {
		t.Errorf("DecodePlacementCall = language %q, frame %q at %q, %v; want the values of the query", call.Lang, call.SID, call.Domain, err)
	}
}

// optionsJSON returns n placement options as JSON.
func optionsJSON(n int) string {
	options := map[string]int{}
	for i := range n {
		options[fmt.Sprint("option", i)] = i
	}
	text, _ := json.Marshal(options)
	return string(text)
}

func TestDecodePlacementCallRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		field      string
		values     []string // none: the field is removed
		errorField string
	}{
		"no member":             {"member_id", nil, "member_id"},
		"no token":              {"AUTH_ID", nil, "AUTH_ID"},
		"member twice":          {"member_id", []string{"a", "b"}, "member_id"},
		"token twice":           {"APPLICATION_TOKEN", []string{"a", "b"}, "APPLICATION_TOKEN"},
		"token as an array":     {"APPLICATION_TOKEN[]", []string{"a"}, "APPLICATION_TOKEN"},
		"member as a map":       {"member_id[x]", []string{"a"}, "member_id"},
		"options as an array":   {"PLACEMENT_OPTIONS[ID]", []string{"1"}, "PLACEMENT_OPTIONS"},
		"a line break":          {"AUTH_ID", []string{"a\r\nX: y"}, "AUTH_ID"},
		"a zero byte":           {"member_id", []string{"a\x00b"}, "member_id"},
		"Cyrillic letters":      {"member_id", []string{"порталы"}, "member_id"},
		"a quote in member":     {"member_id", []string{"a'; DROP"}, "member_id"},
		"a long token":          {"AUTH_ID", []string{strings.Repeat("a", 513)}, "AUTH_ID"},
		"a lifetime in words":   {"AUTH_EXPIRES", []string{"soon"}, "AUTH_EXPIRES"},
		"a place with a space":  {"PLACEMENT", []string{"A B"}, "PLACEMENT"},
		"options not JSON":      {"PLACEMENT_OPTIONS", []string{"{ID:1}"}, "PLACEMENT_OPTIONS"},
		"options a list":        {"PLACEMENT_OPTIONS", []string{"[1]"}, "PLACEMENT_OPTIONS"},
		"options too long":      {"PLACEMENT_OPTIONS", []string{strings.Repeat(" ", maxValue) + "{}"}, "PLACEMENT_OPTIONS"},
		"too many options":      {"PLACEMENT_OPTIONS", []string{optionsJSON(maxOptions + 1)}, "PLACEMENT_OPTIONS"},
		"SQL in an id":          {"PLACEMENT_OPTIONS", []string{`{"ID":"1 OR 1=1"}`}, "PLACEMENT_OPTIONS"},
		"a negative id":         {"PLACEMENT_OPTIONS", []string{`{"ID":-1}`}, "PLACEMENT_OPTIONS"},
		"a list as an id":       {"PLACEMENT_OPTIONS", []string{`{"ID":[1]}`}, "PLACEMENT_OPTIONS"},
		"a huge id":             {"PLACEMENT_OPTIONS", []string{`{"ID":9999999999999999999}`}, "PLACEMENT_OPTIONS"},
		"a control character":   {"PLACEMENT_OPTIONS", []string{`{"act":"4\u0000"}`}, "PLACEMENT_OPTIONS"},
		"a zero byte in a name": {"PLACEMENT_OPTIONS", []string{`{"act\u0000":"4"}`}, "PLACEMENT_OPTIONS"},
		"open brackets":         {"PLACEMENT_OPTIONS", []string{strings.Repeat("[", 8000)}, "PLACEMENT_OPTIONS"},
	} {
		t.Run(name, func(t *testing.T) {
			form := placementForm()
			form.Del(tt.field)
			if tt.values != nil {
				form[tt.field] = tt.values
			}
			_, err := DecodePlacementCall(placementQuery(), form)
			var wrong *FormError
			if !errors.As(err, &wrong) || wrong.Field != tt.errorField {
				t.Errorf("error %v; want one that names the field %s", err, tt.errorField)
			}
		})
	}
}

func TestPlacementCallsAcceptValidHosts(t *testing.T) {
	for host, want := range hostChecks {
		query := placementQuery()
		query.Set("DOMAIN", host)
		if _, err := DecodePlacementCall(query, placementForm()); (err == nil) != want.valid {
			t.Errorf("DOMAIN=%q: error %v; want accepted %v", host, err, want.valid)
		}
	}
}

func TestPlacementCallsOverHTTP(t *testing.T) {
	query := placementQuery()
	query.Set("PROTOCOL", "0")
	if call, err := DecodePlacementCall(query, placementForm()); err != nil || call.Secure {
		t.Errorf("PROTOCOL=0 is decoded as secure %v, %v", call.Secure, err)
	}
}

func TestPlacementCallsWithTooManyValuesAreRefused(t *testing.T) {
	query := placementQuery()
	query.Add("DOMAIN", "other.bitrix24.ru")
	if _, err := DecodePlacementCall(query, placementForm()); err == nil {
		t.Error("two domains are accepted")
	}
	form := placementForm()
	for i := range maxFields {
		form.Set(fmt.Sprint("x", i), "")
	}
	if _, err := DecodePlacementCall(placementQuery(), form); err == nil {
		t.Errorf("%d fields are accepted", len(form))
	}
}

func TestPlacementOptions(t *testing.T) {
	for text, want := range map[string]string{ // want: ID, URI and Params
		``: "0  map[]", `[]`: "0  map[]", `{}`: "0  map[]", `null`: "0  map[]", `""`: "0  map[]",
		`{"ID":7}`:    "7  map[]",
		`{"ID":"0"}`:  "0  map[]",
		`{"ID":""}`:   "0  map[]",
		`{"ID":null}`: "0  map[]",
		`{"test":"y","docId":"42","URI":"\/company\/"}`: "0 /company/ map[docId:42 test:y]",
		`{"actId":42,"flag":true,"deep":{"a":1}}`:       "0  map[actId:42 flag:1]",
		`{"URI":"https:\/\/evil.example\/"}`:            "0  map[]",
		`{"URI":"\/\/evil.example\/"}`:                  "0  map[]",
		`{"URI":"\/\\evil.example"}`:                    "0  map[]",
		`{"имя":"Иван"}`:                                "0  map[имя:Иван]",
	} {
		form := placementForm()
		form.Set("PLACEMENT_OPTIONS", text)
		call, err := DecodePlacementCall(placementQuery(), form)
		if got := fmt.Sprint(call.Options.ID, " ", call.Options.URI, " ", call.Options.Params); err != nil || got != want {
			t.Errorf("options %s are %s, %v; want %s", text, got, err, want)
		}
	}
}
