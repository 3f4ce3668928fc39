package crm

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// installer makes or repairs what we need on one portal. Every step looks first and does only what is missing.
type installer struct {
	client  *bitrix24.Client
	public  string // our own address
	portal  store.Portal
	made    workflow.Installed
	stages  map[string]string
	items   map[string]string
	deals   map[string]string
	options map[string]string
}

// Install makes or repairs what we need on the portal; access is an administrator's token.
func (a *Adapter) Install(ctx context.Context, p store.Portal, access string) (workflow.Installed, error) {
	client, err := a.asUser(p, access)
	if err != nil {
		return workflow.Installed{}, err
	}
	i := &installer{client: client, public: a.cfg.PublicURL, portal: p, made: workflow.Installed{Portal: p},
		stages: map[string]string{}, items: map[string]string{}, deals: map[string]string{}, options: map[string]string{}}
	for _, step := range []func(context.Context) error{i.process, i.itemStages, i.itemFields, i.dealFields, i.pipelines, i.companies, i.handlers} {
		if err := step(ctx); err != nil {
			return i.made, writing(err)
		}
	}
	i.made.Portal = i.portal.WithNames(i.stages, i.items, i.deals, i.options)
	return i.made, nil
}

func (i *installer) did(what string, values ...any) {
	i.made.Changes = append(i.made.Changes, fmt.Sprintf(what, values...))
}

// processTitle is the name of the smart process; it is found by it at a second install.
const processTitle = "Акты"

// process finds or creates the smart process «Акты».
func (i *installer) process(ctx context.Context) error {
	found, err := i.client.Types(ctx, bitrix24.Params{"title": processTitle})
	if err != nil {
		return fmt.Errorf("find the smart process: %w", err)
	}
	var t bitrix24.Type
	for _, one := range found {
		if t.ID == 0 || int64(one.ID) == i.portal.TypeID {
			t = one
		}
	}
	if t.ID == 0 {
		t, err = i.client.AddType(ctx, bitrix24.TypeDraft{Title: processTitle,
			Flags: map[string]bool{"isStagesEnabled": true, "isClientEnabled": true, "isMycompanyEnabled": true, "isLinkWithProductsEnabled": true,
				"isAutomationEnabled": true, "isBizProcEnabled": true, "isObserversEnabled": true, "isUseInUserfieldEnabled": true},
			Parents:  []bitrix24.Relation{{Type: bitrix24.DealType, ListOnIt: true}},
			InFields: []string{"TASKS_TASK|UF_CRM_TASK"}})
		if err != nil {
			return fmt.Errorf("create the smart process: %w", err)
		}
		i.did("создан смарт-процесс «%s»", processTitle)
	}
	i.portal.TypeID, i.portal.EntityTypeID = int64(t.ID), int64(t.EntityTypeID)
	return nil
}

func (i *installer) itemType() bitrix24.EntityType { return bitrix24.EntityType(i.portal.EntityTypeID) }

// itemStage is how a status stands among the stages of the smart process: code of a stage that every new
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

// itemStages names the standard stages of the new process by our statuses and adds the missing ones.
func (i *installer) itemStages(ctx context.Context) error {
	categories, err := i.client.Categories(ctx, i.itemType())
	if err != nil || len(categories) == 0 {
		return fmt.Errorf("pipeline of the smart process: %w", err)
	}
	category := categories[0]
	for _, one := range categories {
		if one.IsDefault {
			category = one
		}
	}
	entity := bitrix24.StageEntity(i.itemType(), category.ID)
	statuses, err := i.client.Statuses(ctx, entity)
	if err != nil {
		return fmt.Errorf("stages of the smart process: %w", err)
	}
	prefix := fmt.Sprintf("DT%d_%d:", i.portal.EntityTypeID, category.ID)
	for _, want := range itemStages {
		if err := i.itemStage(ctx, entity, prefix, want, statuses); err != nil {
			return err
		}
	}
	return nil
}

func (i *installer) itemStage(ctx context.Context, entity, prefix string, want itemStage, have []bitrix24.Status) error {
	i.stages[string(want.status)] = prefix + want.code
	for _, s := range have {
		if string(s.StatusID) != prefix+want.code && string(s.StatusID) != want.code {
			continue
		}
		if acts.SameStageName(string(s.Name), want.status.Label()) || !want.standard {
			return nil
		}
		i.did("стадия «%s» названа «%s»", s.Name, want.status.Label())
		return i.client.Run(ctx, bitrix24.UpdateStatus(s.ID, bitrix24.StatusDraft{Name: want.status.Label(), Color: want.color}), nil)
	}
	i.did("добавлена стадия «%s»", want.status.Label())
	_, err := i.client.AddStatus(ctx, bitrix24.StatusDraft{EntityID: entity, StatusID: want.code, Name: want.status.Label(),
		Sort: want.sort, Semantics: want.semantics, Color: want.color})
	return err
}
