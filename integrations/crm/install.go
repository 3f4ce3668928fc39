package crm

import (
	"cmp"
	"context"
	"fmt"

	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// installer makes or repairs what we need on one portal, in few calls: it reads what is there, plans what is
// missing, and writes the plan part by part.
type installer struct {
	client *bitrix24.Client
	public string // our own address
	portal store.Portal
	made   workflow.Installed

	types      []bitrix24.Type
	placements []bitrix24.Placement
	events     []bitrix24.EventHandler
	categories []bitrix24.Category // deal pipelines
	own        []bitrix24.Company
	presets    presets
	dealStages map[int64][]bitrix24.Status // by pipeline
	scope      []string                    // rights of the app, none when the portal does not tell them
	itemEntity string                      // dictionary of the stages of the smart process
	itemPrefix string                      // of its stage ids
	newProcess bool                        // the smart process is new to us: its stages have the names that every new one has

	plan     map[workflow.InstallPart][]bitrix24.Command
	planText map[workflow.InstallPart][]string // what each command of the plan makes, in Russian
}

func (a *Adapter) installer(client *bitrix24.Client, p store.Portal) *installer {
	return &installer{client: client, public: a.cfg.PublicURL, portal: p, made: workflow.Installed{Portal: p, Made: map[workflow.InstallPart][]string{}},
		dealStages: map[int64][]bitrix24.Status{}, plan: map[workflow.InstallPart][]bitrix24.Command{}, planText: map[workflow.InstallPart][]string{}}
}

// Plan reads what a portal has of ours and tells what an installation would make there.
func (a *Adapter) Plan(ctx context.Context, p store.Portal) (workflow.Planned, error) {
	client, err := a.asPortalForPage(p)
	if err != nil {
		return workflow.Planned{}, err
	}
	i := a.installer(client, p)
	found, err := i.survey(ctx)
	if err == nil {
		if i.findProcess() == nil {
			i.planText[workflow.PartProcess] = []string{madeProcess}
		}
		err = i.readDetails(ctx, found)
	}
	if err != nil {
		return workflow.Planned{Scope: i.scope}, readError(err)
	}
	return workflow.Planned{Installed: i.made, Missing: i.planText, Named: i.namesKnown(), Scope: i.scope}, nil
}

// Install makes or repairs what we need on the portal, with the portal's own token. It reads first, so that it may be
// cut off and restarted at any moment.
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
	var refused error
	for _, part := range workflow.InstallParts {
		no, err := i.write(ctx, part)
		if err == nil && part == workflow.PartNames {
			err = i.readNames(ctx)
		}
		if err != nil {
			return err
		}
		if no != nil { // tabs and subscriptions need no fields: what can be made is made
			refused = cmp.Or(refused, no)
			continue
		}
		i.made.Made[part] = i.planText[part]
		if err := w.Report(ctx, part, i.planText[part]); err != nil {
			return err
		}
	}
	return refused
}

// planCommand plans a command and says what it makes.
func (i *installer) planCommand(part workflow.InstallPart, c bitrix24.Command, what string, values ...any) {
	i.plan[part] = append(i.plan[part], c.As(fmt.Sprintf("w%d", len(i.plan[part]))))
	i.planText[part] = append(i.planText[part], fmt.Sprintf(what, values...))
}

// write runs a part of the plan and returns the first refusal of the portal, apart from what cut the run off. What another installer has
// made meanwhile is no error.
func (i *installer) write(ctx context.Context, part workflow.InstallPart) (refused, err error) {
	res, err := i.run(ctx, eachAlone(i.plan[part]...)...)
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

// alreadyExists reports whether the portal refuses to make what it has already.
func alreadyExists(method string, err error) bool {
	if method == "userfieldconfig.add" {
		return bitrix24.IsDuplicateField(err)
	}
	return bitrix24.IsDuplicateHandler(err)
}
