package crm

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/integrations/bitrix24"
)

// itemStage is how a status stands among the stages of the smart process: the code of a stage that every new
// process has, or of one of our own; process stages come before success, and success before failure.
type itemStage struct {
	status    acts.Status
	code      string
	standard  bool
	sort      int
	semantics string
	color     string
}

var itemStages = []itemStage{
	{acts.Draft, "NEW", true, 10, "", "#CED4DC"},
	{acts.SignedByUs, "PREPARATION", true, 20, "", "#9DCFFF"},
	{acts.Sent, "CLIENT", true, 30, "", "#55D0E0"},
	{acts.AcceptedUnsigned, "ACTS_ACCEPTED", false, 35, "", "#FFCC66"},
	{acts.Signed, "SUCCESS", true, 40, "S", "#7BD500"},
	{acts.StatusRefused, "FAIL", true, 50, "F", "#FF5752"},
	{acts.Annulled, "ACTS_ANNULLED", false, 60, "F", "#A8ADB4"},
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
	i.itemEntity = bitrix24.StageEntity(i.itemType(), chosen.ID)
	i.itemPrefix = fmt.Sprintf("DT%d_%d:", i.portal.EntityTypeID, chosen.ID)
	return nil
}

// readStages plans the missing stages of the smart process, and names the standard ones by our statuses.
func (i *installer) readStages(ctx context.Context) error {
	have, err := i.client.Statuses(ctx, i.itemEntity)
	if err != nil {
		return fmt.Errorf("stages of the smart process: %w", err)
	}
	for _, want := range itemStages {
		i.wantStage(want, have)
	}
	return nil
}

func (i *installer) wantStage(want itemStage, have []bitrix24.Status) {
	label := want.status.Label()
	for _, s := range have {
		if string(s.StatusID) != i.itemPrefix+want.code && string(s.StatusID) != want.code {
			continue
		}
		if want.standard && !acts.SameStageName(string(s.Name), label) {
			i.want(bitrix24.UpdateStatus(s.ID, bitrix24.StatusDraft{Name: label, Color: want.color}), "стадия «%s» названа «%s»", s.Name, label)
		}
		return
	}
	i.want(bitrix24.AddStatus(bitrix24.StatusDraft{EntityID: i.itemEntity, StatusID: want.code, Name: label,
		Sort: want.sort, Semantics: want.semantics, Color: want.color}), "добавлена стадия «%s»", label)
}

// stages are the stage ids of our statuses.
func (i *installer) stages() map[string]string {
	ids := map[string]string{}
	for _, s := range itemStages {
		ids[string(s.status)] = i.itemPrefix + s.code
	}
	return ids
}
