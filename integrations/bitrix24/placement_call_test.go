package bitrix24

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func openingQuery() url.Values {
	return url.Values{"DOMAIN": {"Portal.bitrix24.ru"}, "PROTOCOL": {"1"}, "LANG": {"ru"}, "APP_SID": {"dd8cec11e347088f"}}
}

func openingForm() url.Values {
	return url.Values{
		"AUTH_ID": {"9d4c7166007e9c94"}, "AUTH_EXPIRES": {"3600"}, "REFRESH_ID": {"8c3b9966007e9c94"},
		"SERVER_ENDPOINT": {"https://oauth.bitrix24.tech/rest/"}, "APPLICATION_TOKEN": {"ec1b2074a9d3f5c8"},
		"APPLICATION_SCOPE": {"crm,placement"}, "member_id": {"d897063e1ce7c5eb9f04b9751eef5915"}, "status": {"L"},
		"PLACEMENT": {"CRM_DEAL_DETAIL_TAB"}, "PLACEMENT_OPTIONS": {`{"ID":"8061","URI":"\/crm\/deal\/details\/8061\/?any=1"}`},
	}
}

func TestDecodePlacementCall(t *testing.T) {
	o, err := DecodePlacementCall(openingQuery(), openingForm())
	if err != nil {
		t.Fatal(err)
	}
	if o.Domain != "portal.bitrix24.ru" || !o.Secure || o.Lang != "ru" || o.SID == "" || o.AccessToken != "9d4c7166007e9c94" ||
		o.ExpiresIn != time.Hour || o.RefreshToken == "" || o.ApplicationToken == "" || o.Status != "L" || len(o.Scope) != 2 {
		t.Errorf("opening %#v", fmt.Sprint(o.Domain, o.Secure, o.Lang, o.ExpiresIn, o.Status, o.Scope))
	}
	if o.Placement != DealTabPlace || o.Options.ID != 8061 || o.Options.URI != "/crm/deal/details/8061/?any=1" {
		t.Errorf("opened %s of %v at %q", o.Placement, o.Options.ID, o.Options.URI)
	}
}

func TestOpeningsOfOlderPortals(t *testing.T) {
	form := openingForm()
	for _, name := range []string{"SERVER_ENDPOINT", "APPLICATION_TOKEN", "APPLICATION_SCOPE", "PLACEMENT_OPTIONS", "PLACEMENT", "REFRESH_ID"} {
		form.Del(name)
	}
	for name, value := range openingQuery() { // our own re-entry page posts everything in the form
		form[name] = value
	}
	o, err := DecodePlacementCall(nil, form)
	if err != nil || o.Placement != DefaultPlace || o.Domain != "portal.bitrix24.ru" || o.ApplicationToken != "" {
		t.Errorf("DecodePlacementCall = %s, %v", o, err)
	}
}

func TestOpeningsRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		field  string
		values []string // none: the field is removed
		blame  string
	}{
		"no member":            {"member_id", nil, "member_id"},
		"no token":             {"AUTH_ID", nil, "AUTH_ID"},
		"member twice":         {"member_id", []string{"a", "b"}, "member_id"},
		"token twice":          {"APPLICATION_TOKEN", []string{"a", "b"}, "APPLICATION_TOKEN"},
		"token as an array":    {"APPLICATION_TOKEN[]", []string{"a"}, "APPLICATION_TOKEN"},
		"member as a map":      {"member_id[x]", []string{"a"}, "member_id"},
		"options as an array":  {"PLACEMENT_OPTIONS[ID]", []string{"1"}, "PLACEMENT_OPTIONS"},
		"a line break":         {"AUTH_ID", []string{"a\r\nX: y"}, "AUTH_ID"},
		"a zero byte":          {"member_id", []string{"a\x00b"}, "member_id"},
		"letters of Cyrillic":  {"member_id", []string{"порталы"}, "member_id"},
		"a quote in member":    {"member_id", []string{"a'; DROP"}, "member_id"},
		"a long token":         {"AUTH_ID", []string{strings.Repeat("a", 513)}, "AUTH_ID"},
		"a life that is words": {"AUTH_EXPIRES", []string{"soon"}, "AUTH_EXPIRES"},
		"a place with a space": {"PLACEMENT", []string{"A B"}, "PLACEMENT"},
		"options not JSON":     {"PLACEMENT_OPTIONS", []string{"{ID:1}"}, "PLACEMENT_OPTIONS"},
		"options a list":       {"PLACEMENT_OPTIONS", []string{"[1]"}, "PLACEMENT_OPTIONS"},
		"options too long":     {"PLACEMENT_OPTIONS", []string{`{"a":"` + strings.Repeat("x", 9000) + `"}`}, "PLACEMENT_OPTIONS"},
		"an id of SQL":         {"PLACEMENT_OPTIONS", []string{`{"ID":"1 OR 1=1"}`}, "PLACEMENT_OPTIONS"},
		"a negative id":        {"PLACEMENT_OPTIONS", []string{`{"ID":-1}`}, "PLACEMENT_OPTIONS"},
		"an id of a list":      {"PLACEMENT_OPTIONS", []string{`{"ID":[1]}`}, "PLACEMENT_OPTIONS"},
		"a huge id":            {"PLACEMENT_OPTIONS", []string{`{"ID":9999999999999999999}`}, "PLACEMENT_OPTIONS"},
		"controls in a value":  {"PLACEMENT_OPTIONS", []string{`{"act":"4\u0000"}`}, "PLACEMENT_OPTIONS"},
		"deep nesting":         {"PLACEMENT_OPTIONS", []string{strings.Repeat("[", 8000)}, "PLACEMENT_OPTIONS"},
	} {
		t.Run(name, func(t *testing.T) {
			form := openingForm()
			form.Del(tt.field)
			if tt.values != nil {
				form[tt.field] = tt.values
			}
			_, err := DecodePlacementCall(openingQuery(), form)
			var wrong *FormError
			if !errors.As(err, &wrong) || wrong.Field != tt.blame {
				t.Errorf("error %v; want one about %s", err, tt.blame)
			}
		})
	}
}

func TestOpeningsFromOddDomains(t *testing.T) {
	for host, want := range hosts {
		query := openingQuery()
		query.Set("DOMAIN", host)
		if _, err := DecodePlacementCall(query, openingForm()); (err == nil) != want.valid {
			t.Errorf("DOMAIN=%q: %v", host, err)
		}
	}
	query := openingQuery()
	query.Set("PROTOCOL", "0")
	if o, err := DecodePlacementCall(query, openingForm()); err != nil || o.Secure {
		t.Errorf("PROTOCOL=0: %v, secure %v", err, o.Secure)
	}
	query.Add("DOMAIN", "other.bitrix24.ru")
	if _, err := DecodePlacementCall(query, openingForm()); err == nil {
		t.Error("two domains are accepted")
	}
	flood := openingForm()
	for i := range maxFields {
		flood.Set(fmt.Sprint("x", i), "")
	}
	if _, err := DecodePlacementCall(openingQuery(), flood); err == nil {
		t.Error("a flood of fields is accepted")
	}
}

func TestOptions(t *testing.T) {
	for text, want := range map[string]string{
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
		form := openingForm()
		form.Set("PLACEMENT_OPTIONS", text)
		o, err := DecodePlacementCall(openingQuery(), form)
		if got := fmt.Sprint(o.Options.ID, " ", o.Options.URI, " ", o.Options.Params); err != nil || got != want {
			t.Errorf("options %s are %s, %v; want %s", text, got, err, want)
		}
	}
}
