package crm

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// statusStage maps a status to a stage of the smart process: a standard stage of every new process or one of ours. Stages in
// progress come before the successful ones, and those before the failed ones.
type statusStage struct {
	status    acts.Status
	code      string
	standard  bool
	sort      int
	semantics string
	color     string
}

var itemStages = []statusStage{
	{acts.StatusDraft, "NEW", true, 10, "", "#CED4DC"},
	{acts.StatusSignedByUs, "PREPARATION", true, 20, "", "#9DCFFF"},
	{acts.StatusSent, "CLIENT", true, 30, "", "#55D0E0"},
	{acts.StatusAcceptedUnsigned, "ACTS_ACCEPTED", false, 35, "", "#FFCC66"},
	{acts.StatusSigned, "SUCCESS", true, 40, "S", "#7BD500"},
	{acts.StatusRefused, "FAIL", true, 50, "F", "#FF5752"},
	{acts.StatusAnnulled, "ACTS_ANNULLED", false, 60, "F", "#A8ADB4"},
}

// knownStageEntity returns the dictionary of the stages according to the stored stage ids: DYNAMIC_1030_STAGE_7 for "DT1030_7:NEW".
func (i *installer) knownStageEntity() string {
	pipe, _, _ := strings.Cut(i.portal.ItemStage(acts.StatusDraft), ":")
	_, category, _ := strings.Cut(pipe, "_")
	id, _ := strconv.ParseInt(category, 10, 64) // 0 finds nothing, and the stages are read again
	return bitrix24.StageEntity(i.itemType(), bitrix24.ID(id))
}

// itemPipeline finds the pipeline of the smart process.
func (i *installer) itemPipeline(res results) error {
	var got bitrix24.CategoriesResult
	if err := res.get("pipelines", &got); err != nil {
		return fmt.Errorf("pipeline of the smart process: %w", err)
	}
	if len(got.Categories) == 0 {
		return fmt.Errorf("the smart process %d has no pipeline", i.portal.EntityTypeID)
	}
	chosen := got.Categories[0]
	for _, c := range got.Categories {
		if c.IsDefault {
			chosen = c
		}
	}
	i.itemStageEntity = bitrix24.StageEntity(i.itemType(), chosen.ID)
	i.itemStagePrefix = fmt.Sprintf("DT%d_%d:", i.portal.EntityTypeID, chosen.ID)
	return nil
}

// planStages plans the missing stages of the smart process, and new names for the standard stages of a new one after our statuses. Stages are
// found by their ids, so those renamed by people keep their names.
func (i *installer) planStages(ctx context.Context, res results) error {
	have, err := i.itemStages(ctx, res)
	if err != nil {
		return fmt.Errorf("stages of the smart process: %w", err)
	}
	for _, want := range itemStages {
		i.planStage(want, have)
	}
	return nil
}

// itemStages returns the stages of the smart process, none when it does not exist yet.
func (i *installer) itemStages(ctx context.Context, res results) ([]bitrix24.Status, error) {
	if i.portal.TypeID == 0 {
		return nil, nil
	}
	if err := i.itemPipeline(res); err != nil {
		return nil, err
	}
	if i.newProcess || i.itemStageEntity != i.knownStageEntity() {
		return i.client.Statuses(ctx, i.itemStageEntity)
	}
	var have bitrix24.List[bitrix24.Status]
	err := res.get("itemstages", &have)
	return have, err
}

func (i *installer) planStage(want statusStage, have []bitrix24.Status) {
	label := want.status.Label()
	for _, s := range have {
		if string(s.StatusID) != i.itemStagePrefix+want.code && string(s.StatusID) != want.code {
			continue
		}
		if want.standard && i.newProcess && !acts.SameStageName(string(s.Name), label) {
			i.planCommand(workflow.PartStages, bitrix24.UpdateStatus(s.ID, bitrix24.StatusDraft{Name: label, Color: want.color}), "стадия актов «%s»", label)
		}
		return
	}
	i.planCommand(workflow.PartStages, bitrix24.AddStatus(bitrix24.StatusDraft{EntityID: i.itemStageEntity, StatusID: want.code, Name: label,
		Sort: want.sort, Semantics: want.semantics, Color: want.color}), "стадия актов «%s»", label)
}

// stageIDs returns the stage ids by status.
func (i *installer) stageIDs() map[string]string {
	ids := map[string]string{}
	for _, s := range itemStages {
		ids[string(s.status)] = i.itemStagePrefix + s.code
	}
	return ids
}
