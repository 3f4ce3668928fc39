package crm

import (
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
	dealStages map[int64][]bitrix24.Status // by pipeline
	itemEntity string                      // dictionary of the stages of the smart process
	itemPrefix string                      // of its stage ids
	fresh      bool                        // the smart process is new to us: its stages have the names that every new one has

	plan map[workflow.InstallPart][]bitrix24.Command
	said map[workflow.InstallPart][]string // what each command of the plan makes, in Russian
}

func (a *Adapter) installer(client *bitrix24.Client, p store.Portal) *installer {
	return &installer{client: client, public: a.cfg.PublicURL, portal: p, made: workflow.Installed{Portal: p, Made: map[workflow.InstallPart][]string{}},
		dealStages: map[int64][]bitrix24.Status{}, plan: map[workflow.InstallPart][]bitrix24.Command{}, said: map[workflow.InstallPart][]string{}}
}

// Plan reads what a portal has of ours and tells what an installation would make there.
func (a *Adapter) Plan(ctx context.Context, p store.Portal) (workflow.Planned, error) {
	client, err := a.atOnce(p)
	if err != nil {
		return workflow.Planned{}, err
	}
	i := a.installer(client, p)
	found, err := i.survey(ctx)
	if err != nil {
		return workflow.Planned{}, reading(err)
	}
	if i.findProcess() == nil {
		i.said[workflow.PartProcess] = []string{madeProcess}
	}
	if err := i.readDetails(ctx, found); err != nil {
		return workflow.Planned{}, reading(err)
	}
	return workflow.Planned{Installed: i.made, Missing: i.said, Named: i.named()}, nil
}

// Install makes or repairs what we need on the portal, with the portal's own token. It reads first, so that it may be
// cut off and begun anew at any moment.
func (a *Adapter) Install(ctx context.Context, p store.Portal, w workflow.InstallWish) (workflow.Installed, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return workflow.Installed{}, err
	}
	i := a.installer(client, p)
	if err := i.install(ctx, w); err != nil {
		return i.made, writing(err)
	}
	return i.made, nil
}

func (i *installer) install(ctx context.Context, w workflow.InstallWish) error {
	found, err := i.survey(ctx)
	if err != nil {
		return err
	}
	if err := i.process(ctx); err != nil {
		return err
	}
	if err := i.readDetails(ctx, found); err != nil {
		return err
	}
	i.wantDealStages(w.Stages(i.made.Pipelines))
	for _, part := range workflow.InstallParts {
		if err := i.write(ctx, part); err != nil {
			return err
		}
		if part == workflow.PartNames {
			if err := i.learn(ctx); err != nil {
				return err
			}
		}
		i.made.Made[part] = i.said[part]
		if err := w.Report(ctx, part, i.said[part]); err != nil {
			return err
		}
	}
	return nil
}

// want plans a command and says what it makes.
func (i *installer) want(part workflow.InstallPart, c bitrix24.Command, what string, values ...any) {
	i.plan[part] = append(i.plan[part], c.As(fmt.Sprintf("w%d", len(i.plan[part]))))
	i.said[part] = append(i.said[part], fmt.Sprintf(what, values...))
}

// write runs a part of the plan. What another installer has made meanwhile is no error.
func (i *installer) write(ctx context.Context, part workflow.InstallPart) error {
	res, err := i.run(ctx, i.plan[part])
	if err != nil {
		return err
	}
	for _, c := range i.plan[part] {
		if err := res[c.Key].Err(c.Key); err != nil && !bitrix24.IsDuplicateHandler(err) {
			return fmt.Errorf("%s: %w", c.Method, err)
		}
	}
	return nil
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
