package crm

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// dealColors are the colours of the stages that we add to pipelines of deals.
var dealColors = map[acts.Stage]string{acts.StagePreparing: "#FFD400", acts.StageApproved: "#FFA900", acts.StageSent: "#55D0E0",
	acts.StageDone: "#7BD500", acts.StageRemarks: "#FF9F7A"}

// planDealStages plans the stages that the administrator chose to add to pipelines of deals, in their order. A
// pipeline has one successful stage; ours are added before it as stages in progress.
func (i *installer) planDealStages(drafts []workflow.StageDraft) {
	for _, d := range drafts {
		at := slices.IndexFunc(i.made.Pipelines, func(p store.Pipeline) bool { return p.ID == d.Pipeline })
		mapped := maps.Clone(d.Mapped)
		for _, stage := range d.Missing {
			mapped[stage] = i.planDealStage(&i.made.Pipelines[at], mapped, stage)
		}
	}
}

func (i *installer) planDealStage(pipe *store.Pipeline, mapped acts.Pipeline, stage acts.Stage) (id string) {
	code := "ACTS_" + strings.ToUpper(stage.Key())
	id = stagePrefix(pipe.ID) + code
	place, sort := newStagePosition(i.dealStages[pipe.ID], mapped, stage)
	i.planCommand(workflow.PartDeals, bitrix24.AddStatus(bitrix24.StatusDraft{EntityID: bitrix24.StageEntity(bitrix24.DealType, bitrix24.ID(pipe.ID)),
		StatusID: code, Name: stage.Name(), Sort: sort, Color: dealColors[stage]}), "стадия сделок «%s» в воронке «%s»", stage.Name(), pipe.Name)
	pipe.Stages = slices.Insert(pipe.Stages, place, store.DealStage{ID: id, Name: stage.Name()})
	i.dealStages[pipe.ID] = slices.Insert(i.dealStages[pipe.ID], place, bitrix24.Status{StatusID: bitrix24.Text(id), Sort: bitrix24.ID(sort)})
	return id
}

// newStagePosition returns the position and sort of a new stage among the stages in progress: after our nearest preceding stage, else
// before our nearest following stage, else last.
func newStagePosition(stages []bitrix24.Status, mapped acts.Pipeline, stage acts.Stage) (place, sort int) {
	final := slices.IndexFunc(stages, func(s bitrix24.Status) bool { return s.Semantics != "" })
	if final < 0 {
		final = len(stages)
	}
	place = final
	for _, ours := range acts.MappedStages {
		at := slices.IndexFunc(stages[:final], func(s bitrix24.Status) bool { return string(s.StatusID) == mapped[ours] })
		switch {
		case at < 0 || mapped[ours] == "":
		case ours < stage:
			place = at + 1
		default:
			place = min(place, at)
		}
	}
	if place > 0 {
		sort = int(stages[place-1].Sort)
	}
	if sort++; final < len(stages) {
		sort = min(sort, int(stages[final].Sort)-1)
	}
	return place, sort
}

// stagePrefix returns the prefix of the stage ids of a pipeline (docs/contracts/bitrix24.md, "Pipelines and stages").
func stagePrefix(pipeline int64) string {
	if pipeline == 0 {
		return ""
	}
	return fmt.Sprintf("C%d:", pipeline)
}
