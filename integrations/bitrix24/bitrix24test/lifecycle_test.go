package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestAppLifecycle(t *testing.T) {
	box := newInbox(t, 200)
	p := NewCloud(App{Install: box.url}).Start(t, unlimited)
	p.SendInstall(1)
	got := box.takeEvents(p)
	if len(got) != 1 || got[0]["event"] != "ONAPPINSTALL" || php.Map(got[0]["auth"])["refresh_token"] == nil {
		t.Fatalf("events of the installation = %v, want ONAPPINSTALL with a refresh token", got)
	}
	p.FinishInstall(true)
	p.bindEvents(t, box, "ONAPPUPDATE")
	oldToken := p.ApplicationToken()
	p.UpdateApp(1)
	got = box.takeEvents(p)
	if len(got) != 1 || php.Map(got[0]["auth"])["application_token"] != p.ApplicationToken() || p.ApplicationToken() == oldToken {
		t.Errorf("events of the update = %v, want one with a new application token", got)
	}
	if left := php.List(p.mustCall(t, 1, "event.get", nil).Result()); len(left) != 0 {
		t.Errorf("handlers after the update: %v, want none", left)
	}
	p.bindEvents(t, box, "ONAPPUNINSTALL")
	p.Uninstall(true)
	got = box.takeEvents(p)
	if len(got) != 1 || php.Map(got[0]["auth"])["access_token"] != nil || php.Map(got[0]["data"])["CLEAN"] != "1" {
		t.Errorf("events of the removal = %v, want one without a token, with CLEAN 1", got)
	}
	p.Reinstall()
	if info := p.mustCall(t, 1, "app.info", nil).Map(); info["INSTALLED"] != false || info["LICENSE_FAMILY"] != "std" {
		t.Errorf("app.info after the new installation = %v, want it not finished, license family std", info)
	}
}
