package acts

import (
	"slices"
	"testing"
)

func TestDoubts(t *testing.T) {
	order := []string{"NEW", "P", "A", "S", "R", "WON", "LOSE"}
	final := func(id string) bool { return id == "WON" || id == "LOSE" }
	for name, tt := range map[string]struct {
		mapped Pipeline
		want   []Stage
	}{
		"the usual way":                {Pipeline{StagePreparing: "P", StageApproved: "A", StageSent: "S", StageDone: "WON", StageRemarks: "R"}, nil},
		"nothing is mapped":            {Pipeline{}, nil},
		"a part is mapped":             {Pipeline{StageSent: "S"}, nil},
		"one stage stands for two":     {Pipeline{StageApproved: "A", StageSent: "A"}, []Stage{StageSent}},
		"the way goes back":            {Pipeline{StageApproved: "S", StageSent: "A"}, []Stage{StageSent}},
		"the two of rank 4 have none":  {Pipeline{StageDone: "R", StageRemarks: "S"}, nil},
		"both last stages end a deal":  {Pipeline{StageDone: "WON", StageRemarks: "LOSE"}, []Stage{StageRemarks}},
		"the same last stage for both": {Pipeline{StageDone: "WON", StageRemarks: "WON"}, []Stage{StageRemarks}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []Stage
			for _, d := range tt.mapped.Doubts(order, final) {
				got = append(got, d.Stage)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("doubts about %v, want %v", got, tt.want)
			}
		})
	}
}

// Every stage has its rule, and what the rules say is what TargetStage does.
func TestStageRules(t *testing.T) {
	open := []ProductRow{{NeedsAct: true, Quantity: dec("2"), InActs: dec("1")}}
	for _, formed := range []bool{false, true} {
		var stages []Stage
		for _, r := range StageRules(formed) {
			stages = append(stages, r.Stage)
		}
		slices.Sort(stages)
		if !slices.Equal(stages, MappedStages) {
			t.Errorf("rules of %v", stages)
		}
		if got := TargetStage([]Act{electronic(Signed)}, open, formed) == StageDone; got != formed {
			t.Errorf("signed but not covered is done: %v, the rule says %v", got, formed)
		}
	}
}
