package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestLifeOfTheApp(t *testing.T) {
	box := newInbox(t, 200)
	p := NewCloud(App{Install: box.url}).Start(t, unlimited)
	p.SendInstall(1)
	got := box.takeEvents(p)
	if len(got) != 1 || got[0]["event"] != "ONAPPINSTALL" || php.Map(got[0]["auth"])["refresh_token"] == nil {
		t.Fatalf("install = %v", got)
	}
	p.FinishInstall(true)
	p.mustCall(t, 1, "event.bind", Fields{"event": "ONAPPUPDATE", "handler": box.url})
	old := p.ApplicationToken()
	p.UpdateApp(1)
	got = box.takeEvents(p)
	if len(got) != 1 || php.Map(got[0]["auth"])["application_token"] != p.ApplicationToken() || p.ApplicationToken() == old {
		t.Errorf("update = %v", got)
	}
	if left := php.List(p.mustCall(t, 1, "event.get", nil).Result()); len(left) != 0 {
		t.Errorf("handlers survived the update: %v", left)
	}
	p.mustCall(t, 1, "event.bind", Fields{"event": "ONAPPUNINSTALL", "handler": box.url})
	p.Uninstall(true)
	got = box.takeEvents(p)
	if len(got) != 1 || php.Map(got[0]["auth"])["access_token"] != nil || php.Map(got[0]["data"])["CLEAN"] != "1" {
		t.Errorf("uninstall = %v", got)
	}
	p.Reinstall()
	if info := p.mustCall(t, 1, "app.info", nil).Map(); info["INSTALLED"] != false || info["LICENSE_FAMILY"] != "std" {
		t.Errorf("app.info = %v", info)
	}
}
