package robots_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/robots"
)

// robotForm returns the call of a robot as a portal posts it.
func robotForm() url.Values {
	return url.Values{
		"workflow_id": {"65f0000000000001.00000005"}, "code": {"acts24_form"}, "event_token": {"55c1dc1c.78875596|A51601_82584|hsyUws.47dd"},
		"document_id[0]": {"crm"}, "document_id[1]": {"CCrmDocumentDeal"}, "document_id[2]": {"DEAL_123"},
		"properties[act]": {"17"}, "properties[note]": {"Два слова"}, "ts": {"1700000000"},
		"auth[member_id]": {"m1"}, "auth[access_token]": {"a"}, "auth[application_token]": {"t"},
	}
}

func TestDecodeCall(t *testing.T) {
	got, err := robots.DecodeCall(robotForm())
	if err != nil || got.Code != "acts24_form" || got.Deal != 123 || got.Token == "" || got.Properties["act"] != "17" ||
		got.Properties["note"] != "Два слова" || got.Auth.MemberID != "m1" || got.Auth.AccessToken != "a" || got.Auth.ApplicationToken != "t" {
		t.Errorf("DecodeCall = %v with deal %d, properties %v, %v; want every field of the form", got, got.Deal, got.Properties, err)
	}
}

func TestDecodeCallRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ field, value, errorField string }{
		"no token":           {"event_token", "", "event_token"},
		"a space in a token": {"event_token", "a b", "event_token"},
		"no code":            {"code", "", "code"},
		"a space in a code":  {"code", "a b", "code"},
		"no member":          {"auth[member_id]", "", "auth.member_id"},
	} {
		form := robotForm()
		form.Set(tt.field, tt.value)
		var formError *bitrix24.FormError
		if _, err := robots.DecodeCall(form); !errors.As(err, &formError) || formError.Field != tt.errorField {
			t.Errorf("%s: error %v, want one that names the field %s", name, err, tt.errorField)
		}
	}
}

// The portal waits for an answer, so the call of another document is accepted, without a deal.
func TestDecodeCallOfOtherDocuments(t *testing.T) {
	for _, document := range []string{"LEAD_5", "DEAL_1 OR 1=1", "DEAL_-3", "DEAL_99999999999999999999", ""} {
		form := robotForm()
		form.Set("document_id[2]", document)
		if got, err := robots.DecodeCall(form); err != nil || got.Deal != 0 || got.Token == "" {
			t.Errorf("document %q: deal %d, %v; want a call without a deal, with its token", document, got.Deal, err)
		}
	}
}

func TestCallHidesItsTokens(t *testing.T) {
	call, err := robots.DecodeCall(robotForm())
	if text := fmt.Sprintf("%v %+v %#v", call, call, call); err != nil || strings.Contains(text, "A51601") {
		t.Errorf("a printed call shows its token: %s, %v", text, err)
	}
}

func TestCommands(t *testing.T) {
	draft := robots.Draft{Code: "acts24_form", Name: "Сформировать акт", Handler: "https://app/robots", User: 7,
		Properties: []robots.Property{{Name: "act", Title: "Акт", About: "Номер"}, {Name: "when", Title: "Когда", Options: [][2]string{{"now", "Сейчас"}}}}, Returns: []robots.Property{{Name: "result", Title: "Результат"}}}
	for method, tt := range map[string]struct {
		command bitrix24.Command
		want    []string
	}{
		"bizproc.robot.add": {robots.Add(draft), []string{`"CODE":"acts24_form"`, `"USE_SUBSCRIPTION":"Y"`, `"AUTH_USER_ID":7`, `"act":{"Description":"Номер","Name":"Акт","Type":"string"}`,
			`"when":{"Name":"Когда","Options":{"now":"Сейчас"},"Type":"select"}`,
			`"RETURN_PROPERTIES":{"result":`, `"INCLUDE":[["crm","CCrmDocumentDeal","DEAL"]]`}},
		"bizproc.robot.update": {robots.Update(draft), []string{`"CODE":"acts24_form","FIELDS":{`, `"HANDLER":"https://app/robots"`}},
		"bizproc.robot.list":   {robots.List(), nil},
		"bizproc.event.send":   {robots.SendResult("t", map[string]string{"result": "да"}, "Готово"), []string{`"EVENT_TOKEN":"t"`, `"RETURN_VALUES":{"result":"да"}`, `"LOG_MESSAGE":"Готово"`}},
	} {
		text, err := json.Marshal(tt.command.Params)
		if err != nil || tt.command.Method != method {
			t.Errorf("the command calls %s, %v; want %s", tt.command.Method, err, method)
		}
		for _, want := range tt.want {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: %s lacks %s", method, text, want)
			}
		}
	}
}

func TestIsDuplicate(t *testing.T) {
	for name, tt := range map[string]struct {
		code, text string
		want       bool
	}{
		"installed":         {"ERROR_ACTIVITY_ALREADY_INSTALLED", "Activity or Robot already installed!", true},
		"added":             {"ERROR_ACTIVITY_ADD_FAILURE", "Activity or Robot already added!", true},
		"the portal failed": {"ERROR_ACTIVITY_ADD_FAILURE", "Activity save error!", false},
		"a wrong handler":   {"ERROR_WRONG_HANDLER_URL", "Wrong handler URL", false},
	} {
		if got := robots.IsDuplicate(fmt.Errorf("add: %w", &bitrix24.Error{Code: tt.code, Text: tt.text})); got != tt.want {
			t.Errorf("%s: IsDuplicate = %t, want %t", name, got, tt.want)
		}
	}
}
