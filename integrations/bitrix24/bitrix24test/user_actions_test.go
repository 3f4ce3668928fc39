package bitrix24test

import (
	"slices"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/automation"
	"acts24/integrations/bitrix24/bitrix24test/php"
)

// A robot moves the deal back twice, as user 0 and with an event without a token.
func TestMoverMovesADealBack(t *testing.T) {
	p, box := startWithInbox(t, "ONCRMDEALUPDATE")
	deal := p.AddItem(Deal, Fields{"title": "A"})
	p.Automation.AddMover(automation.Mover{EntityType: Deal, When: "WON", Then: "EXECUTING", Times: 2})
	move := Fields{"entityTypeId": Deal, "id": deal, "fields": Fields{"stageId": "WON"}}
	for i := range 3 {
		if got := p.mustCall(t, 2, "crm.item.update", move).item()["stageId"]; got != "WON" {
			t.Errorf("the update answers with the stage %v, want WON, because the robot moves the deal later", got)
		}
		wantTokens, wantStage, wantUser := []bool{true, false}, "EXECUTING", 0.0
		if i == 2 { // the robot acts only twice
			wantTokens, wantStage, wantUser = []bool{true}, "WON", 2.0
		}
		var tokens []bool
		for _, e := range box.takeEvents(p) {
			tokens = append(tokens, php.Map(e["auth"])["access_token"] != nil)
		}
		if !slices.Equal(tokens, wantTokens) {
			t.Errorf("move %d: events with a token %v, want %v", i, tokens, wantTokens)
		}
		if item := p.Item(Deal, deal); item["stageId"] != wantStage || item["movedBy"] != wantUser || item["updatedBy"] != wantUser {
			t.Errorf("move %d: the deal is in stage %v, moved by %v, updated by %v; want %s by %v", i, item["stageId"], item["movedBy"], item["updatedBy"], wantStage, wantUser)
		}
	}
}

func TestMoversAgainstEachOtherStop(t *testing.T) {
	p := Start(t, unlimited)
	p.Automation.AddMover(automation.Mover{EntityType: Deal, When: "NEW", Then: "EXECUTING"})
	p.Automation.AddMover(automation.Mover{EntityType: Deal, When: "EXECUTING", Then: "NEW"})
	id, err := p.Create(2, Deal, Fields{"title": "A"})
	if err != nil {
		t.Fatal(err)
	}
	if steps := p.StageHistory(Deal, id); len(steps) != 1+2*10 {
		t.Errorf("%d steps of the deal, want its creation and ten moves of each robot", len(steps))
	}
	p.Automation.ClearMovers()
	if err := p.Move(2, Deal, id, "EXECUTING"); err != nil || p.Item(Deal, id)["stageId"] != "EXECUTING" {
		t.Errorf("without robots the deal is in stage %v, %v; want EXECUTING", p.Item(Deal, id)["stageId"], err)
	}
}
