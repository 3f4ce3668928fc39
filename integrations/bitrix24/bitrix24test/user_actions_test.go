package bitrix24test

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

func TestARobotFights(t *testing.T) {
	box := newInbox(t, 200)
	p := Start(t, unlimited)
	p.FinishInstall(true)
	p.mustCall(t, 1, "event.bind", Fields{"event": "ONCRMDEALUPDATE", "handler": box.url})
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.Automation.AddMover(automation.Mover{EntityType: Deal, When: "WON", Then: "EXECUTING", Times: 2})
	move := Fields{"entityTypeId": Deal, "id": deal, "fields": Fields{"stageId": "WON"}}
	for i := range 3 {
		if got := p.mustCall(t, 2, "crm.item.update", move).item()["stageId"]; got != "WON" {
			t.Errorf("the answer comes before the robot: %v", got)
		}
		events, want := box.takeEvents(p), []bool{true, false}
		if i == 2 {
			want = want[:1] // the robot is tired
		}
		for n, e := range events {
			if token := php.Map(e["auth"])["access_token"] != nil; n >= len(want) || token != want[n] {
				t.Errorf("move %d, event %d has a token: %v", i, n, token)
			}
		}
		item := p.Item(Deal, deal)
		if fought := item["stageId"] == "EXECUTING"; fought != (i < 2) || fought && (item["movedBy"] != 0.0 || item["updatedBy"] != 0.0) {
			t.Errorf("move %d: the deal stands on %v, moved by %v", i, item["stageId"], item["movedBy"])
		}
	}
}

func TestRobotsAgainstEachOtherEnd(t *testing.T) {
	p := Start(t, unlimited)
	p.Automation.AddMover(automation.Mover{EntityType: Deal, When: "NEW", Then: "EXECUTING"})
	p.Automation.AddMover(automation.Mover{EntityType: Deal, When: "EXECUTING", Then: "NEW"})
	id, err := p.Create(2, Deal, Fields{"title": "A"})
	if err != nil {
		t.Fatal(err)
	}
	if steps := p.StageHistory(Deal, id); len(steps) != 1+2*10 {
		t.Errorf("%d steps", len(steps))
	}
	p.Automation.ClearMovers()
	if err := p.Move(2, Deal, id, "EXECUTING"); err != nil || p.Item(Deal, id)["stageId"] != "EXECUTING" {
		t.Errorf("a robot acts after the end: %v", err)
	}
}
