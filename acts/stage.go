package acts

import "strings"

// Stage is a place of the deal that its acts may ask for.
type Stage int

// The mapped stages, by rank; the two of rank 4 are equals.
const (
	NoStage Stage = iota
	StagePreparing
	StageApproved
	StageSent
	StageDone
	StageRemarks
)

// MappedStages are the stages that a pipeline maps, in the order of a deal's way.
var MappedStages = []Stage{StagePreparing, StageApproved, StageSent, StageDone, StageRemarks}

// Name is the stage's usual name, by which it is found at install.
func (s Stage) Name() string {
	return [...]string{"", "Подготовка акта", "Одобрено комиссией", "Акт направлен заявителю",
		"Услуга оказана", "Услуга оказана, есть замечания"}[s]
}

// Key is the stage's name in settings and forms.
func (s Stage) Key() string {
	return [...]string{"", "preparing", "approved", "sent", "done", "remarks"}[s]
}

// Rank orders stages; we never lower it.
func (s Stage) Rank() int { return min(int(s), 4) }

// SameStageName compares names of stages, ignoring case, ё and spaces.
func SameStageName(a, b string) bool { return foldName(a) == foldName(b) }

func foldName(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "ё", "е")
	return strings.Join(strings.Fields(s), " ")
}

// TargetStage says where the deal should be by its acts. doneByFormed is the setting
// «достаточно всех сформированных актов»: what is covered then does not matter.
func TargetStage(all []Act, rows []ProductRow, doneByFormed bool) Stage {
	formed, done, sent := 0, 0, 0
	for _, a := range all {
		if !a.Counts() {
			continue
		}
		formed++
		switch a.Status {
		case StatusRefused:
			return StageRemarks
		case Signed, AcceptedUnsigned:
			done++
			sent++
		case Sent:
			sent++
		}
	}
	switch {
	case correcting(all):
		return StageRemarks
	case formed > 0 && done == formed && (doneByFormed || AllCovered(rows)):
		return StageDone
	case sent > 0:
		return StageSent
	}
	return NoStage
}

// correcting reports a refused act whose correction is still on its way.
func correcting(all []Act) bool {
	refused, open := false, false
	for _, a := range all {
		if a.Status == StatusRefused && a.Replaced() {
			refused = true
		}
		if a.Counts() && (a.Status == Draft || a.Status == SignedByUs) {
			open = true
		}
	}
	return refused && open
}

// Pipeline maps our stages to the stage ids of one deal pipeline.
type Pipeline map[Stage]string

// StageOf is the mapped stage behind an id, or NoStage; the last one when it stands for several.
func (p Pipeline) StageOf(id string) (found Stage) {
	for _, s := range MappedStages {
		if p[s] == id && id != "" {
			found = s
		}
	}
	return found
}

// DealPlace is where the CRM says a deal is, and what we did to it last.
type DealPlace struct {
	StageID string
	Final   bool   // the stage's semantics are success or failure
	LastSet string // the stage id that we set last, "" if we never moved the deal
	LastFor Stage  // the target for which we set it
	Forced  bool   // a person asked to move it whatever was moved by hand
}

// Move decides whether the deal goes to target. A stage id means "move there"; a reason means
// "leave it", in words for the person; both empty means there is nothing to do.
func (p Pipeline) Move(at DealPlace, target Stage) (stageID, reason string) {
	want := p[target]
	current := p.StageOf(at.StageID)
	switch {
	case target == NoStage || at.StageID == want && want != "":
		return "", ""
	case want == "":
		return "", "Стадия «" + target.Name() + "» не сопоставлена в настройках воронки."
	case at.Forced:
		return want, ""
	case at.Final && current == NoStage:
		return "", "Сделка уже закрыта."
	case current.Rank() > target.Rank():
		return "", ""
	case at.LastSet != "" && at.StageID != at.LastSet && (at.LastFor == target || current == NoStage):
		return "", "Стадию сделки после нас изменил человек."
	}
	return want, ""
}
