package acts

import (
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
		"no acts ask for nothing":                           {nil, covered, false, NoStage},
		"a draft asks for nothing":                          {[]Act{electronic(Draft)}, covered, false, NoStage},
		"one act is with the counterparty":                  {[]Act{electronic(Sent), electronic(Draft)}, covered, false, StageSent},
		"all signed, something is not covered yet":          {[]Act{electronic(Signed)}, uncovered, false, StageSent},
		"all signed and covered":                            {[]Act{electronic(Signed), paper(AcceptedUnsigned)}, covered, false, StageDone},
		"the setting: all formed acts are enough":           {[]Act{electronic(Signed)}, uncovered, true, StageDone},
		"an annulled act does not count":                    {[]Act{electronic(Signed), electronic(Annulled)}, covered, false, StageDone},
		"a refusal wins over everything":                    {[]Act{electronic(Signed), electronic(StatusRefused)}, covered, false, StageRemarks},
		"while a correction is on its way":                  {[]Act{replaced, electronic(Draft)}, covered, false, StageRemarks},
		"the correction is signed":                          {[]Act{replaced, electronic(Signed)}, covered, false, StageDone},
		"a deal without rows is done by its signed act":     {[]Act{electronic(Signed)}, nil, false, StageDone},
		"a closed remainder counts as covered":              {[]Act{electronic(Signed)}, []ProductRow{{NeedsAct: true, Quantity: dec("2"), InActs: dec("1"), Closed: true}}, false, StageDone},
		"sent and signed together stay with the sent stage": {[]Act{electronic(Signed), electronic(Sent)}, covered, false, StageSent},
	} {
		t.Run(name, func(t *testing.T) {
			if got := TargetStage(tt.acts, tt.rows, tt.formed); got != tt.want {
				t.Errorf("TargetStage = %q, want %q", got.Name(), tt.want.Name())
			}
		})
	}
}

func TestMove(t *testing.T) {
	p := Pipeline{StagePreparing: "P", StageApproved: "A", StageSent: "S", StageDone: "D", StageRemarks: "R"}
	for name, tt := range map[string]struct {
		at     DealPlace
		target Stage
		to     string
		left   bool // a reason is given
	}{
		"from an ordinary stage to sent":                     {DealPlace{StageID: "NEW"}, StageSent, "S", false},
		"already there":                                      {DealPlace{StageID: "S"}, StageSent, "", false},
		"the rank is never lowered":                          {DealPlace{StageID: "D"}, StageSent, "", false},
		"between the two of rank 4":                          {DealPlace{StageID: "D", Final: true, LastSet: "D", LastFor: StageDone}, StageRemarks, "R", false},
		"and back":                                           {DealPlace{StageID: "R", LastSet: "R", LastFor: StageRemarks}, StageDone, "D", false},
		"a lost deal is left alone":                          {DealPlace{StageID: "LOSE", Final: true}, StageDone, "", true},
		"a person moved it back after us":                    {DealPlace{StageID: "A", LastSet: "S", LastFor: StageSent}, StageSent, "", true},
		"a person moved it elsewhere, later acts are signed": {DealPlace{StageID: "OTHER", LastSet: "S", LastFor: StageSent}, StageDone, "", true},
		"a person moved it back, the acts went on":           {DealPlace{StageID: "A", LastSet: "S", LastFor: StageSent}, StageDone, "D", false},
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
		t.Error("stages are matched without case, ё and spaces")
	}
	if StageDone.Rank() != StageRemarks.Rank() || StageSent.Rank() >= StageDone.Rank() {
		t.Error("ranks")
	}
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }
