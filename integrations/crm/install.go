package crm

import (
	"cmp"
	"context"
	"fmt"

	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// installer creates or repairs what we need on one portal in few calls: it reads what exists, plans what is missing, and writes the plan
// part by part.
type installer struct {
	client *bitrix24.Client
	public string // our own address
	portal store.Portal
	made   workflow.Installed

	types           []bitrix24.Type
	placements      []bitrix24.Placement
	events          []bitrix24.EventHandler
	categories      []bitrix24.Category // deal pipelines
	own             []bitrix24.Company
	presets         presets
	dealStages      map[int64][]bitrix24.Status // by pipeline
	scope           []string                    // rights of the app, none when they are not readable
	itemStageEntity string                      // dictionary of the stages of the smart process
	itemStagePrefix string                      // prefix of their ids
	newProcess      bool                        // the smart process was not ours before: its stages have the default names

	plan     map[workflow.InstallPart][]bitrix24.Command
	planText map[workflow.InstallPart][]string // what each command of the plan creates, in Russian

	robotUsers []bitrix24.Command // give complete robots to the present administrator
}

func (a *Adapter) installer(client *bitrix24.Client, p store.Portal) *installer {
	return &installer{client: client, public: a.cfg.PublicURL, portal: p, made: workflow.Installed{Portal: p, Made: map[workflow.InstallPart][]string{}},
		dealStages: map[int64][]bitrix24.Status{}, plan: map[workflow.InstallPart][]bitrix24.Command{}, planText: map[workflow.InstallPart][]string{}}
}

// Plan reads what exists of ours on a portal and returns what an installation would create.
func (a *Adapter) Plan(ctx context.Context, p store.Portal) (workflow.Planned, error) {
	client, err := a.asPortalForPage(p)
	if err != nil {
		return workflow.Planned{}, err
	}
	i := a.installer(client, p)
	found, err := i.survey(ctx)
	if err == nil {
		if i.findProcess() == nil {
			i.planText[workflow.PartProcess] = []string{processText}
		}
		err = i.readDetails(ctx, found)
	}
	if err != nil {
		return workflow.Planned{Scope: i.scope}, readError(err)
	}
	return workflow.Planned{Installed: i.made, Missing: i.planText, Named: i.namesKnown(), Scope: i.scope}, nil
}

// Install creates or repairs what we need on the portal with the portal's own token. It reads first, so it may be interrupted and
// restarted at any time.
func (a *Adapter) Install(ctx context.Context, p store.Portal, w workflow.InstallOptions) (workflow.Installed, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return workflow.Installed{}, err
	}
	i := a.installer(client, p)
	if err := i.install(ctx, w); err != nil {
		return i.made, writeError(err)
	}
	return i.made, nil
}

func (i *installer) install(ctx context.Context, w workflow.InstallOptions) error {
	found, err := i.survey(ctx)
	if err != nil {
		return err
	}
	if err := i.ensureProcess(ctx); err != nil {
		return err
	}
	if err := i.readDetails(ctx, found); err != nil {
		return err
	}
	i.planDealStages(w.Stages(i.made.Pipelines))
	var firstRefusal error
	for _, part := range workflow.InstallParts {
		var refusal, err error
		if part == workflow.PartAutomation {
			err = i.writeAutomation(ctx)
		} else {
			refusal, err = i.write(ctx, part)
		}
		if err == nil && part == workflow.PartNames {
			err = i.readNames(ctx)
		}
		if err != nil {
			return err
		}
		if refusal != nil { // continue: tabs and subscriptions do not need fields
			firstRefusal = cmp.Or(firstRefusal, refusal)
			continue
		}
		i.made.Made[part] = i.planText[part]
		if err := w.Report(ctx, part, i.planText[part]); err != nil {
			return err
		}
	}
	return firstRefusal
}

// planCommand adds a command to the plan with a description of what it creates.
func (i *installer) planCommand(part workflow.InstallPart, c bitrix24.Command, what string, values ...any) {
	i.plan[part] = append(i.plan[part], c.As(fmt.Sprintf("w%d", len(i.plan[part]))))
	i.planText[part] = append(i.planText[part], fmt.Sprintf(what, values...))
}

// write executes a part of the plan. It returns the first refusal of the portal separately from an error that ends the installation.
// Objects that exist already, created by another installer, are no error.
func (i *installer) write(ctx context.Context, part workflow.InstallPart) (refused, err error) {
	res, err := i.run(ctx, singleGroups(i.plan[part]...)...)
	if err != nil {
		return nil, err
	}
	for _, c := range i.plan[part] {
		err := res.get(c.Key, nil)
		switch {
		case err == nil || alreadyExists(c.Method, err):
		case !bitrix24.Refused(err):
			return nil, fmt.Errorf("%s: %w", c.Method, err)
		case refused == nil:
			refused = fmt.Errorf("%s: %w", c.Method, err)
		}
	}
	return refused, nil
}

// alreadyExists reports whether the portal refuses to create an existing object.
func alreadyExists(method string, err error) bool {
	if method == "userfieldconfig.add" {
		return bitrix24.IsDuplicateField(err)
	}
	return bitrix24.IsDuplicateHandler(err)
}
