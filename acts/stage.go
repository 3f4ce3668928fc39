package acts

import (
	"slices"
	"strings"
)

// Stage is a stage of a deal that its acts may require.
type Stage int

// The stages that can be mapped, ordered by rank; the two stages of rank 4 are equal.
const (
	NoStage Stage = iota
	StagePreparing
	StageApproved
	StageSent
	StageDone
	StageRemarks
)

// MappedStages lists the stages that a pipeline maps, in the order in which a deal passes them.
var MappedStages = []Stage{StagePreparing, StageApproved, StageSent, StageDone, StageRemarks}

// Name returns the usual name of the stage, by which it is found during installation.
func (s Stage) Name() string {
	return [...]string{"", "Подготовка акта", "Одобрено комиссией", "Акт направлен заявителю",
		"Услуга оказана", "Услуга оказана, есть замечания"}[s]
}

// Key returns the name of the stage in settings and forms.
func (s Stage) Key() string {
	return [...]string{"", "preparing", "approved", "sent", "done", "remarks"}[s]
}

// Rank returns the position of the stage for comparisons; see Pipeline.Move.
func (s Stage) Rank() int { return min(int(s), 4) }

// SameStageName compares names of stages, ignoring case, ё and spaces.
func SameStageName(a, b string) bool { return foldName(a) == foldName(b) }

func foldName(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "ё", "е")
	return strings.Join(strings.Fields(s), " ")
}

// StagePolicy is what an administrator decides about the stages of deals.
type StagePolicy struct {
	DoneByFormed bool // «достаточно всех сформированных актов»: rows without acts are ignored
	RemarksOpen  bool // a signature with remarks is «есть замечания» until the remarks are settled, else «Услуга оказана»
}

// TargetStage returns the stage that the acts of a deal require, or NoStage.
func TargetStage(all []Act, rows []ProductRow, policy StagePolicy) Stage {
	formed, done, sent := 0, 0, 0
	for _, a := range all {
		if !a.CountsTowardDeal() {
			continue
		}
		formed++
		if policy.RemarksOpen && a.Status == StatusSigned && a.Remarks != "" {
			return StageRemarks
		}
		switch a.Status {
		case StatusRefused:
			return StageRemarks
		case StatusSigned, StatusAcceptedUnsigned:
			done++
			sent++
		case StatusSent:
			sent++
		}
	}
	switch {
	case correcting(all):
		return StageRemarks
	case formed > 0 && done == formed && (policy.DoneByFormed || AllCovered(rows)):
		return StageDone
	case sent > 0:
		return StageSent
	}
	return NoStage
}

// StageByActs returns TargetStage, or StagePreparing when the acts require no stage and one of them was
// annulled after it had been sent: the deal then needs an act again.
func StageByActs(all []Act, rows []ProductRow, policy StagePolicy) Stage {
	target := TargetStage(all, rows, policy)
	gone := func(a Act) bool { return a.Status == StatusAnnulled && !a.SentAt.IsZero() }
	if target == NoStage && slices.ContainsFunc(all, gone) {
		return StagePreparing
	}
	return target
}

// correcting reports whether a refused act is replaced and its correction is not sent yet.
func correcting(all []Act) bool {
	refused, open := false, false
	for _, a := range all {
		if a.Status == StatusRefused && a.Replaced() {
			refused = true
		}
		if a.CountsTowardDeal() && (a.Status == StatusDraft || a.Status == StatusSignedByUs) {
			open = true
		}
	}
	return refused && open
}

// Pipeline maps our stages to the stage ids of one deal pipeline.
type Pipeline map[Stage]string

// StageOf returns the mapped stage of an id, or NoStage. When the id is mapped to several stages, it returns the last one.
func (p Pipeline) StageOf(id string) (found Stage) {
	for _, s := range MappedStages {
		if p[s] == id && id != "" {
			found = s
		}
	}
	return found
}

// DealPlace is the stage of a deal in the CRM and our last change of it.
type DealPlace struct {
	StageID string
	Final   bool   // the stage's semantics are success or failure
	LastSet string // the stage id that we set last, "" if we have never moved the deal
	LastFor Stage  // the target for which it was set
	Forced  bool   // a person requested the move, so manual changes are ignored
}

// Move decides whether the deal goes to target. It returns either the stage id to set, or a reason for the
// user why the deal stays, or neither when there is nothing to do.
func (p Pipeline) Move(at DealPlace, target Stage) (stageID, reason string) {
	want := p[target]
	current := p.StageOf(at.StageID)
	switch {
	case target == NoStage || at.StageID == want && want != "":
		return "", ""
	case target == StagePreparing && (want == "" || current.Rank() < StageSent.Rank()): // a deal that has not reached «Акт направлен» needs no move back
		return "", ""
	case want == "":
		return "", "Стадия «" + target.Name() + "» не сопоставлена в настройках воронки."
	case at.Forced:
		return want, ""
	case at.Final && current == NoStage:
		return "", "Сделка уже закрыта."
	case current.Rank() > target.Rank() && (at.StageID != at.LastSet || current == StageRemarks && target == StageSent):
		return "", ""
	case current.Rank() > target.Rank():
		return "", "Сделка стоит дальше, чем её акты: один из них аннулирован или ещё не подписан."
	case at.LastSet != "" && at.StageID != at.LastSet && (at.LastFor == target || current == NoStage):
		return "", "Стадию сделки после нас изменил человек."
	}
	return want, ""
}

// After returns the place of a deal after Move: moved is the stage to which it was moved, "" when it stayed; final reports whether that stage ends the
// deal. target is stored also for a deal that stayed: a later move by a person is then taken for his decision.
func (p Pipeline) After(at DealPlace, target Stage, moved string, final bool) DealPlace {
	switch {
	case moved != "":
		return DealPlace{StageID: moved, Final: final, LastSet: moved, LastFor: target}
	case at.StageID == p[target]: // even if a person moved it there
		at.LastSet, at.LastFor = at.StageID, target
	case at.LastSet != "":
		at.LastFor = target
	}
	return at
}

// StageRule describes for users when a deal moves to a stage, or what happens at it.
type StageRule struct {
	Stage Stage
	When  string // the condition
	Then  string // the consequence; "" when the deal moves to the stage
}

// StageRules returns the rules of TargetStage and of the question in words, for the administrator who maps the stages.
func StageRules(policy StagePolicy) []StageRule {
	done := "Все позиции сделки в актах, и все акты подписаны или приняты"
	if policy.DoneByFormed {
		done = "Все сформированные акты подписаны или приняты"
	}
	remarks := "Заявитель отказался подписать акт, или исправленный акт ещё не направлен"
	if policy.RemarksOpen {
		remarks = "Заявитель отказался подписать акт или подписал с замечаниями, которые ещё не сняты, или исправленный акт ещё не направлен"
	}
	return []StageRule{
		{Stage: StagePreparing, When: "Сделка стоит на этой стадии или дальше", Then: "без акта она видна в разделе «Сделки без актов»"},
		{Stage: StageApproved, When: "Сделка на этой стадии, и акт сформирован", Then: "контрагенту уходит вопрос о способе обмена"},
		{Stage: StageSent, When: "Хотя бы один акт направлен заявителю"},
		{Stage: StageRemarks, When: remarks},
		{Stage: StageDone, When: done},
	}
}

// StageDoubt is a suspicious part of a mapping.
type StageDoubt struct {
	Stage Stage
	Text  string
}

// Doubts returns the suspicious parts of a mapping. order lists the pipeline's stages in their order; final
// reports whether a stage ends the deal.
func (p Pipeline) Doubts(order []string, final func(id string) bool) (doubts []StageDoubt) {
	doubt := func(s Stage, text string) { doubts = append(doubts, StageDoubt{s, text}) }
	for i, s := range MappedStages {
		for _, before := range MappedStages[:i] {
			a, b := p[before], p[s]
			switch {
			case a == "" || b == "":
			case a == b:
				doubt(s, "Эта же стадия выбрана для «"+before.Name()+"»: мы не отличим их друг от друга.")
			case before.Rank() < s.Rank() && slices.Index(order, b) < slices.Index(order, a):
				doubt(s, "В воронке эта стадия стоит раньше, чем «"+before.Name()+"»: сделка пойдёт назад.")
			}
		}
	}
	done, remarks := p[StageDone], p[StageRemarks]
	if done != "" && remarks != "" && done != remarks && final(done) && final(remarks) {
		doubt(StageRemarks, "Обе итоговые стадии закрывают сделку: после замечаний она закроется, и подпись исправленного акта закроет её ещё раз. Выберите для замечаний стадию в работе.")
	}
	return doubts
}
