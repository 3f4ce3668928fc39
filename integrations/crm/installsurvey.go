package crm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"acts24/acts"
	"acts24/acts/workday"
	"acts24/integrations/bitrix24"
	"acts24/integrations/bitrix24/robots"
	"acts24/workflow"
)

// processTitle is the name of the smart process, by which it is found when the app is installed again on an unknown portal.
const processTitle = "Акты"

// processText describes the smart process in the plan of an installation.
const processText = "смарт-процесс «" + processTitle + "»"

// survey reads what exists of ours on the portal, including the known smart process, in one call.
func (i *installer) survey(ctx context.Context) (results, error) {
	res, err := i.run(ctx, singleGroups(i.surveyCommands()...)...)
	if err != nil {
		return nil, fmt.Errorf("survey the portal: %w", err)
	}
	i.readScope(res)
	own, err := allRows(res, "own", func(page bitrix24.ItemsResult[bitrix24.Company]) []bitrix24.Company { return page.Items })
	if err != nil {
		return nil, fmt.Errorf("our companies: %w", err)
	}
	presetRows, err := allRows(res, presetsKey, func(page bitrix24.List[bitrix24.Preset]) []bitrix24.Preset { return page })
	if err != nil {
		return nil, fmt.Errorf("presets of requisites: %w", err)
	}
	i.presets = presetsOf(presetRows)
	var types, known bitrix24.TypesResult
	var placements bitrix24.List[bitrix24.Placement]
	var events bitrix24.List[bitrix24.EventHandler]
	var categories bitrix24.CategoriesResult
	err = errors.Join(res.get("types", &types), res.get("placements", &placements), res.get("events", &events),
		res.get("categories", &categories))
	if err == nil && i.portal.TypeID != 0 {
		err = res.get("known", &known)
	}
	if err != nil {
		return nil, fmt.Errorf("survey the portal: %w", err)
	}
	i.readCalendar(res)
	i.types = append(known.Types, types.Types...)
	i.placements, i.events, i.categories, i.own = placements, events, categories.Categories, own
	return res, nil
}

// surveyCommands returns the commands of the survey; those about the smart process are missing when its id is not known.
func (i *installer) surveyCommands() []bitrix24.Command {
	mine := bitrix24.ItemQuery{Type: bitrix24.CompanyType, Select: []string{"id", "title", "isMyCompany"}, Filter: bitrix24.Params{"=isMyCompany": "Y"},
		Order: bitrix24.Params{"id": "ASC"}}
	commands := []bitrix24.Command{
		bitrix24.ListTypes(bitrix24.Params{"title": processTitle}).As("types"),
		bitrix24.GetScope().As("scope"),
		bitrix24.GetPlacements().As("placements"),
		bitrix24.GetEvents().As("events"),
		bitrix24.ListCategories(bitrix24.DealType).As("categories"),
		bitrix24.ListItems(mine).As("own"),
		bitrix24.ListPresets().As(presetsKey),
		bitrix24.GetCalendarSettings().As("calendar"),
		bitrix24.ListUserFields("CRM_DEAL").As("dealfields"),
		bitrix24.ListUserFields("CRM_COMPANY").As("companyfields"),
		bitrix24.ListUserFields("CRM_CONTACT").As("contactfields"),
		bitrix24.ListBadges().As("badges"),
		robots.List().As("robots"),
		bitrix24.ListTriggers().As("triggers"),
	}
	if i.portal.TypeID != 0 {
		commands = append(commands, bitrix24.ListTypes(bitrix24.Params{"id": i.portal.TypeID}).As("known"))
		commands = append(commands, i.processCommands()...)
		commands = append(commands, bitrix24.ListStatuses(i.knownStageEntity()).As("itemstages"))
	}
	return commands
}

// processCommands returns the commands that read the pipelines and fields of the smart process.
func (i *installer) processCommands() []bitrix24.Command {
	return []bitrix24.Command{
		bitrix24.ListCategories(i.itemType()).As("pipelines"),
		bitrix24.ListUserFields(i.itemEntityID()).As("itemfields"),
	}
}

// readScope reads the rights of the app; the installation continues when they are not readable.
func (i *installer) readScope(res results) {
	var rights bitrix24.List[bitrix24.Text]
	if err := res.get("scope", &rights); err != nil {
		return
	}
	for _, right := range rights {
		i.scope = append(i.scope, string(right))
	}
}

// readCalendar reads the portal's working days; without the right to read them the default calendar is used.
func (i *installer) readCalendar(res results) {
	var got bitrix24.CalendarSettings
	if err := res.get("calendar", &got); err != nil {
		return
	}
	days := workday.ParsePortal(strings.Join(got.YearHolidays, ","), strings.Join(got.YearWorkdays, ","), got.WeekHolidays)
	days.WorkStart = string(got.WorkTimeStart)
	i.made.Calendar = days
}

// findProcess returns the smart process with the stored id, else one with our title; nil when there is none.
func (i *installer) findProcess() *bitrix24.Type {
	if len(i.types) == 0 {
		i.portal.TypeID, i.portal.EntityTypeID, i.newProcess = 0, 0, true
		return nil
	}
	t := i.types[0]
	i.newProcess = int64(t.ID) != i.portal.TypeID || len(i.portal.Stages.V) == 0
	i.portal.TypeID, i.portal.EntityTypeID = int64(t.ID), int64(t.EntityTypeID)
	return &t
}

// ensureProcess finds or creates the smart process «Акты».
func (i *installer) ensureProcess(ctx context.Context) error {
	if i.findProcess() != nil {
		return nil
	}
	t, err := i.client.AddType(ctx, bitrix24.TypeDraft{Title: processTitle,
		Flags: map[string]bool{"isStagesEnabled": true, "isClientEnabled": true, "isMycompanyEnabled": true, "isLinkWithProductsEnabled": true,
			"isAutomationEnabled": true, "isBizProcEnabled": true, "isObserversEnabled": true, "isUseInUserfieldEnabled": true},
		Parents:  []bitrix24.Relation{{Type: bitrix24.DealType, ListOnIt: true}},
		InFields: []string{"TASKS_TASK|UF_CRM_TASK"}})
	if err != nil {
		return fmt.Errorf("create the smart process: %w", err)
	}
	i.portal.TypeID, i.portal.EntityTypeID = int64(t.ID), int64(t.EntityTypeID)
	i.planText[workflow.PartProcess] = []string{processText}
	return nil
}

func (i *installer) itemType() bitrix24.EntityType { return bitrix24.EntityType(i.portal.EntityTypeID) }

func (i *installer) itemEntityID() string { return fmt.Sprintf("CRM_%d", i.portal.TypeID) }

// readDetails reads the stages of the deals' pipelines, our companies with their requisites, and what the survey could not
// read about the smart process, then plans everything that is missing.
func (i *installer) readDetails(ctx context.Context, found results) error {
	var groups [][]bitrix24.Command
	for _, c := range i.categories {
		groups = append(groups, singleGroups(bitrix24.ListStatuses(bitrix24.StageEntity(bitrix24.DealType, c.ID)).As("stages"+c.ID.String()))...)
	}
	for _, c := range i.own {
		groups = append(groups, singleGroups(bitrix24.ListRequisites(bitrix24.CompanyType, c.ID).As("req"+c.ID.String()))...)
	}
	if i.portal.TypeID != 0 && (i.newProcess || found["itemfields"] == nil) {
		groups = append(groups, singleGroups(i.processCommands()...)...)
	}
	details, err := i.run(ctx, groups...)
	if err != nil {
		return err
	}
	maps.Copy(found, details)
	if err := errors.Join(i.readPipelines(found), i.readCompanies(ctx, found), i.planFields(found), i.planStages(ctx, found)); err != nil {
		return err
	}
	i.planPlacements()
	i.planEvents()
	i.planAutomation(found)
	return nil
}

// namesKnown reports whether all names of our objects in the CRM are known.
func (i *installer) namesKnown() bool {
	p := i.portal
	for _, f := range itemFields {
		if p.ItemField(f.name) == "" {
			return false
		}
		for _, o := range f.options {
			if p.Option(o.name) == "" {
				return false
			}
		}
	}
	for _, f := range dealFields {
		if p.DealField(f.name) == "" {
			return false
		}
	}
	for _, f := range partyFields {
		if p.CompanyField(f.name) == "" || p.ContactField(f.name) == "" {
			return false
		}
	}
	return !i.newProcess && p.ItemStage(acts.StatusDraft) != ""
}
