package acts

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
)

func TestTargetStage(t *testing.T) {
	uncovered := []ProductRow{{NeedsAct: true, Quantity: dec("2"), InActs: dec("1")}}
	covered := []ProductRow{{NeedsAct: true, Quantity: dec("2"), InActs: dec("2")}, {NeedsAct: false, Quantity: dec("5")}}
	replaced := electronic(StatusRefused)
	replaced.ReplacedBy = 2
	for name, tt := range map[string]struct {
		acts   []Act
		rows   []ProductRow
		formed bool
		want   Stage
	}{
		"no acts require no stage":                           {nil, covered, false, NoStage},
		"a draft requires no stage":                          {[]Act{electronic(StatusDraft)}, covered, false, NoStage},
		"one act is with the counterparty":                   {[]Act{electronic(StatusSent), electronic(StatusDraft)}, covered, false, StageSent},
		"all acts are signed, some rows are not covered":     {[]Act{electronic(StatusSigned)}, uncovered, false, StageSent},
		"all acts are signed and all rows covered":           {[]Act{electronic(StatusSigned), paper(StatusAcceptedUnsigned)}, covered, false, StageDone},
		"the setting: all formed acts are enough":            {[]Act{electronic(StatusSigned)}, uncovered, true, StageDone},
		"an annulled act does not count":                     {[]Act{electronic(StatusSigned), electronic(StatusAnnulled)}, covered, false, StageDone},
		"a refusal has priority":                             {[]Act{electronic(StatusSigned), electronic(StatusRefused)}, covered, false, StageRemarks},
		"while a correction is not sent yet":                 {[]Act{replaced, electronic(StatusDraft)}, covered, false, StageRemarks},
		"the correction is signed":                           {[]Act{replaced, electronic(StatusSigned)}, covered, false, StageDone},
		"a deal without rows is done by its signed act":      {[]Act{electronic(StatusSigned)}, nil, false, StageDone},
		"a closed remainder counts as covered":               {[]Act{electronic(StatusSigned)}, []ProductRow{{NeedsAct: true, Quantity: dec("2"), InActs: dec("1"), Closed: dec("1")}}, false, StageDone},
		"one sent and one signed act require the sent stage": {[]Act{electronic(StatusSigned), electronic(StatusSent)}, covered, false, StageSent},
	} {
		t.Run(name, func(t *testing.T) {
			if got := TargetStage(tt.acts, tt.rows, StagePolicy{DoneByFormed: tt.formed}); got != tt.want {
				t.Errorf("TargetStage = %q, want %q", got.Name(), tt.want.Name())
			}
		})
	}
}

// A signature with remarks counts by the policy until the remarks are settled.
func TestSignedWithRemarks(t *testing.T) {
	act := electronic(StatusSigned)
	act.Remarks = "Нет отчёта"
	for policy, want := range map[StagePolicy]Stage{{}: StageDone, {RemarksOpen: true}: StageRemarks} {
		if got := TargetStage([]Act{act}, nil, policy); got != want {
			t.Errorf("%+v: %s", policy, got.Name())
		}
		if got := TargetStage([]Act{electronic(StatusSigned)}, nil, policy); got != StageDone {
			t.Errorf("%+v, settled: %s", policy, got.Name())
		}
	}
}

func TestMove(t *testing.T) {
	p := Pipeline{StagePreparing: "P", StageApproved: "A", StageSent: "S", StageDone: "D", StageRemarks: "R"}
	for name, tt := range map[string]struct {
		at     DealPlace
		target Stage
		to     string
		left   bool // a reason is returned
	}{
		"from an ordinary stage to sent":                           {DealPlace{StageID: "NEW"}, StageSent, "S", false},
		"already at the target":                                    {DealPlace{StageID: "S"}, StageSent, "", false},
		"the rank is never lowered":                                {DealPlace{StageID: "D"}, StageSent, "", false},
		"we had set the stage, and an act is annulled":             {DealPlace{StageID: "D", Final: true, LastSet: "D", LastFor: StageDone}, StageSent, "", true},
		"we had set the stage, and no act is left":                 {DealPlace{StageID: "S", LastSet: "S", LastFor: StageSent}, StagePreparing, "", true},
		"a person requests the first stage":                        {DealPlace{StageID: "S", LastSet: "S", LastFor: StageSent, Forced: true}, StagePreparing, "P", false},
		"a deal is not moved back to the beginning":                {DealPlace{StageID: "NEW", LastSet: "S", LastFor: StageSent}, StagePreparing, "", false},
		"remarks stay while the correction is sent":                {DealPlace{StageID: "R", LastSet: "R", LastFor: StageRemarks}, StageSent, "", false},
		"between the two stages of rank 4":                         {DealPlace{StageID: "D", Final: true, LastSet: "D", LastFor: StageDone}, StageRemarks, "R", false},
		"between the two stages of rank 4, in the other direction": {DealPlace{StageID: "R", LastSet: "R", LastFor: StageRemarks}, StageDone, "D", false},
		"a lost deal is not moved":                                 {DealPlace{StageID: "LOSE", Final: true}, StageDone, "", true},
		"a person moved the deal back after us":                    {DealPlace{StageID: "A", LastSet: "S", LastFor: StageSent}, StageSent, "", true},
		"a person moved the deal elsewhere, later acts are signed": {DealPlace{StageID: "OTHER", LastSet: "S", LastFor: StageSent}, StageDone, "", true},
		"a person moved the deal back, the acts advanced":          {DealPlace{StageID: "A", LastSet: "S", LastFor: StageSent}, StageDone, "D", false},
	} {
		t.Run(name, func(t *testing.T) {
			to, reason := p.Move(tt.at, tt.target)
			if to != tt.to || (reason != "") != tt.left {
				t.Errorf("Move = %q, %q; want %q, reason %v", to, reason, tt.to, tt.left)
			}
		})
	}
	if to, reason := (Pipeline{}).Move(DealPlace{StageID: "NEW"}, StageSent); to != "" || reason == "" {
		t.Errorf("an unmapped stage: %q, %q", to, reason)
	}
}

func TestStageNames(t *testing.T) {
	if !SameStageName(" УСЛУГА  оказана, есть замечания", "Услуга оказана, есть замечания") || !SameStageName("Учёт", "учет") {
		t.Error("names that differ in case, ё or spaces are different names")
	}
	if StageDone.Rank() != StageRemarks.Rank() || StageSent.Rank() >= StageDone.Rank() {
		t.Error("the ranks do not order StageSent before StageDone and StageRemarks, which have one rank")
	}
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func TestDoubts(t *testing.T) {
	order := []string{"NEW", "P", "A", "S", "R", "WON", "LOSE"}
	final := func(id string) bool { return id == "WON" || id == "LOSE" }
	for name, tt := range map[string]struct {
		mapped Pipeline
		want   []Stage
	}{
		"the usual order":                        {Pipeline{StagePreparing: "P", StageApproved: "A", StageSent: "S", StageDone: "WON", StageRemarks: "R"}, nil},
		"nothing is mapped":                      {Pipeline{}, nil},
		"a part of the stages is mapped":         {Pipeline{StageSent: "S"}, nil},
		"one stage is mapped twice":              {Pipeline{StageApproved: "A", StageSent: "A"}, []Stage{StageSent}},
		"the order is reversed":                  {Pipeline{StageApproved: "S", StageSent: "A"}, []Stage{StageSent}},
		"the two stages of rank 4 have no order": {Pipeline{StageDone: "R", StageRemarks: "S"}, nil},
		"both last stages close the deal":        {Pipeline{StageDone: "WON", StageRemarks: "LOSE"}, []Stage{StageRemarks}},
		"the same last stage for both":           {Pipeline{StageDone: "WON", StageRemarks: "WON"}, []Stage{StageRemarks}},
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

// Every stage has a rule, and every rule describes what TargetStage does.
func TestStageRules(t *testing.T) {
	open := []ProductRow{{NeedsAct: true, Quantity: dec("2"), InActs: dec("1")}}
	for _, formed := range []bool{false, true} {
		var stages []Stage
		for _, r := range StageRules(StagePolicy{DoneByFormed: formed}) {
			stages = append(stages, r.Stage)
		}
		slices.Sort(stages)
		if !slices.Equal(stages, MappedStages) {
			t.Errorf("rules of %v", stages)
		}
		if got := TargetStage([]Act{electronic(StatusSigned)}, open, StagePolicy{DoneByFormed: formed}) == StageDone; got != formed {
			t.Errorf("signed but not covered is done: %v, the rule shows %v", got, formed)
		}
	}
}
