package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

func TestAutomationSettings(t *testing.T) {
	v := newVisitor(t)
	if _, page := v.see(t, "/crm/deal/automation/0/"); !strings.Contains(page, `data-testid="automation-empty"`) {
		t.Error("the page does not show that nothing is registered")
	}
	for method, in := range map[string]bitrix24test.Fields{
		"bizproc.robot.add": {"CODE": "form", "HANDLER": "https://app.example/robots/form", "NAME": "Сформировать акт",
			"PROPERTIES": bitrix24test.Fields{"send": bitrix24test.Fields{"Name": "Сразу передать", "Type": "bool", "Default": "N"}}},
		"crm.automation.trigger.add": {"CODE": "signed", "NAME": "Акт подписан"},
	} {
		if out, err := v.portal.Call(v.portal.Admin(), method, in); err != nil || out.Failed() {
			t.Fatal(method, out.Body, err)
		}
	}
	category := v.portal.Categories(bitrix24test.Deal)[0].ID
	stage := v.portal.Stages(bitrix24test.Deal, category)[1].StatusID
	from := "/crm/deal/automation/0/"
	v.send(t, from, "/_portal/automation/attach", url.Values{"stage": {stage}, "robot": {"form"}, "send": {"Y"}})
	v.send(t, from, "/_portal/automation/attach", url.Values{"stage": {stage}, "trigger": {"signed"}})
	rules := v.portal.Automation.Snapshot().Rules
	if len(rules) != 2 || rules[0].Properties["send"] != "Y" {
		t.Fatalf("rules = %v", rules)
	}
	if status, page := v.see(t, from); status != http.StatusOK || !strings.Contains(page, "send: Y") || !strings.Contains(page, "Акт подписан") {
		t.Errorf("%d: the page does not show the rules", status)
	}
	v.portal.UpdateApp(v.portal.Admin())
	if _, page := v.see(t, from); !strings.Contains(page, "больше не предлагает") {
		t.Error("the page does not show a blocked robot")
	}
	v.send(t, from, "/_portal/automation/detach", url.Values{"rule": {"1"}})
	if rules := v.portal.Automation.Snapshot().Rules; len(rules) != 1 {
		t.Errorf("rules = %v", rules)
	}
}
