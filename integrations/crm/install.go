package crm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"acts24/acts/workday"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// installer makes or repairs what we need on one portal, in few calls: it reads what is there, plans what is
// missing, and writes the plan in batches.
type installer struct {
	client *bitrix24.Client
	public string // our own address
	portal store.Portal
	made   workflow.Installed

	placements []bitrix24.Placement
	events     []bitrix24.EventHandler
	categories []bitrix24.Category // deal pipelines
	own        []bitrix24.Company
	itemEntity string // dictionary of the stages of the smart process
	itemPrefix string // of its stage ids

	plan []bitrix24.Command
}

// Install makes or repairs what we need on the portal; access is an administrator's token.
func (a *Adapter) Install(ctx context.Context, p store.Portal, access string) (workflow.Installed, error) {
	client, err := a.asUser(p, access)
	if err != nil {
		return workflow.Installed{}, err
	}
	i := &installer{client: client, public: a.cfg.PublicURL, portal: p, made: workflow.Installed{Portal: p}}
	for _, step := range []func(context.Context) error{i.survey, i.readDetails, i.readStages, i.write, i.names} {
		if err := step(ctx); err != nil {
			return i.made, writing(err)
		}
	}
	return i.made, nil
}

func (i *installer) did(what string, values ...any) {
	i.made.Changes = append(i.made.Changes, fmt.Sprintf(what, values...))
}

// want plans a command and says what it will have done.
func (i *installer) want(c bitrix24.Command, what string, values ...any) {
	i.plan = append(i.plan, c.As(fmt.Sprintf("w%d", len(i.plan))))
	i.did(what, values...)
}

// processTitle is the name of the smart process; it is found by it at a second install.
const processTitle = "Акты"

// survey reads what the portal has of ours and finds or creates the smart process «Акты».
func (i *installer) survey(ctx context.Context) error {
	mine := bitrix24.ItemQuery{Type: bitrix24.CompanyType, Select: []string{"id", "title", "isMyCompany"}, Filter: bitrix24.Params{"=isMyCompany": "Y"}}
	res, err := i.client.Batch(ctx, []bitrix24.Command{
		bitrix24.ListTypes(bitrix24.Params{"title": processTitle}).As("types"),
		bitrix24.GetPlacements().As("placements"),
		bitrix24.GetEvents().As("events"),
		bitrix24.ListCategories(bitrix24.DealType).As("categories"),
		bitrix24.ListItems(mine).As("own"),
		bitrix24.GetCalendarSettings().As("calendar"),
	}, false)
	if err != nil {
		return fmt.Errorf("survey the portal: %w", err)
	}
	var types bitrix24.TypesResult
	var placements bitrix24.List[bitrix24.Placement]
	var events bitrix24.List[bitrix24.EventHandler]
	var categories bitrix24.CategoriesResult
	var own bitrix24.ItemsResult[bitrix24.Company]
	err = errors.Join(res.Get("types", &types), res.Get("placements", &placements), res.Get("events", &events),
		res.Get("categories", &categories), res.Get("own", &own))
	if err != nil {
		return fmt.Errorf("survey the portal: %w", err)
	}
	i.readCalendar(res)
	i.placements, i.events, i.categories, i.own = placements, events, categories.Categories, own.Items
	return i.process(ctx, types.Types)
}

// readCalendar reads the portal's working days; without the right to them the usual ones count.
func (i *installer) readCalendar(res *bitrix24.BatchResult) {
	var got bitrix24.CalendarSettings
	if err := res.Get("calendar", &got); err != nil {
		return
	}
	days := workday.ParsePortal(strings.Join(got.YearHolidays, ","), strings.Join(got.YearWorkdays, ","), got.WeekHolidays)
	days.WorkStart = string(got.WorkTimeStart)
	i.made.Calendar = days
}

func (i *installer) process(ctx context.Context, found []bitrix24.Type) error {
	var t bitrix24.Type
	for _, one := range found {
		if t.ID == 0 || int64(one.ID) == i.portal.TypeID {
			t = one
		}
	}
	if t.ID == 0 {
		var err error
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

func (i *installer) itemEntityID() string { return fmt.Sprintf("CRM_%d", i.portal.TypeID) }

// readDetails reads pipelines with their stages, our companies with their requisites, and which fields there are,
// and plans the missing fields, places and events.
func (i *installer) readDetails(ctx context.Context) error {
	commands := []bitrix24.Command{
		bitrix24.ListCategories(i.itemType()).As("pipelines"),
		bitrix24.ListUserFields(i.itemEntityID()).As("itemfields"),
		bitrix24.ListUserFields("CRM_DEAL").As("dealfields"),
		bitrix24.ListUserFields("CRM_COMPANY").As("companyfields"),
		bitrix24.ListUserFields("CRM_CONTACT").As("contactfields"),
	}
	for _, c := range i.categories {
		commands = append(commands, bitrix24.ListStatuses(bitrix24.StageEntity(bitrix24.DealType, c.ID)).As("stages"+c.ID.String()))
	}
	for _, c := range i.own {
		commands = append(commands, companyCommands(c.ID)...)
	}
	res, err := i.run(ctx, commands)
	if err != nil {
		return err
	}
	if err := i.pipelines(res); err != nil {
		return err
	}
	if err := i.companies(res); err != nil {
		return err
	}
	if err := i.fields(res); err != nil {
		return err
	}
	i.wantPlacements()
	i.wantEvents()
	return i.itemPipeline(res)
}

// run runs commands fifty at a time and finds each result by its key.
func (i *installer) run(ctx context.Context, commands []bitrix24.Command) (results, error) {
	found := results{}
	for len(commands) > 0 {
		n := min(len(commands), bitrix24.MaxBatch)
		res, err := i.client.Batch(ctx, commands[:n], false)
		if err != nil {
			return nil, err
		}
		for _, c := range commands[:n] {
			found[c.Key] = res
		}
		commands = commands[n:]
	}
	return found, nil
}

// results are the answers of several batches, by the keys of their commands.
type results map[string]*bitrix24.BatchResult

func (r results) get(key string, out any) error { return r[key].Get(key, out) }

// write runs the plan. What another installer has made meanwhile is no error.
func (i *installer) write(ctx context.Context) error {
	res, err := i.run(ctx, i.plan)
	if err != nil {
		return err
	}
	for _, c := range i.plan {
		if err := res[c.Key].Err(c.Key); err != nil && !bitrix24.IsDuplicateHandler(err) {
			return fmt.Errorf("%s: %w", c.Method, err)
		}
	}
	return nil
}
