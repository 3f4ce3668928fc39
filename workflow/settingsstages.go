package workflow

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store"
)

// PipelineForm maps our stages to those of one pipeline, by the stages' keys.
type PipelineForm struct {
	ID     int64
	Mapped map[string]string
	Await  []string // stages whose deals wait for an act, nil when nothing was said of them
}

// Rules are the switches of the settings page.
type Rules struct{ DoneByFormed, WithoutFiles bool }

// SavePipelines keeps which stages of the pipelines stand for ours, and the switches.
func (s *Service) SavePipelines(ctx context.Context, v Visit, forms []PipelineForm, rules Rules) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		var faults acts.Faults
		settings.DoneByFormed, settings.WithoutFiles = rules.DoneByFormed, rules.WithoutFiles
		for i := range settings.Pipelines {
			for _, f := range forms {
				if f.ID == settings.Pipelines[i].ID {
					take(&settings.Pipelines[i], f, &faults)
				}
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		return tx.SaveSettings(ctx, settings)
	})
}

// take maps what the form says. A stage of ours without one of the pipeline's is wanted so, and no repair maps it again.
func take(p *store.Pipeline, f PipelineForm, faults *acts.Faults) {
	p.Mapped, p.Unmapped, p.Lost = acts.Pipeline{}, nil, nil
	for _, stage := range acts.MappedStages {
		chosen := f.Mapped[stage.Key()]
		switch {
		case chosen == "":
			p.Unmapped = append(p.Unmapped, stage)
		case slices.ContainsFunc(p.Stages, func(s store.DealStage) bool { return s.ID == chosen }):
			p.Mapped[stage] = chosen
		default:
			faults.Add(fmt.Sprintf("stage-%d-%s", p.ID, stage.Key()), "Этой стадии в воронке больше нет: выберите другую.")
		}
	}
	if f.Await != nil {
		p.SetAwaiting(f.Await)
	}
}

// RefreshPipelines reads the pipelines and their stages from the portal anew.
func (s *Service) RefreshPipelines(ctx context.Context, v Visit) error {
	p, err := s.db.Scope(v.Portal).PortalInfo(ctx)
	if err != nil {
		return err
	}
	found, err := s.crm.Plan(ctx, p)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		settings, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		settings.Pipelines = mergePipelines(settings.Pipelines, found.Pipelines)
		return tx.SaveSettings(ctx, settings)
	})
}

// CreateStages adds to a pipeline of deals the stages that none of its own stands for. The administrator has agreed to it.
func (s *Service) CreateStages(ctx context.Context, v Visit, pipeline int64, agreed bool) error {
	var faults acts.Faults
	if !agreed {
		faults.Add(fmt.Sprintf("agree-%d", pipeline), "Отметьте согласие: стадии появятся в воронке для всех сотрудников.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	scope := s.db.Scope(v.Portal)
	p, err := scope.PortalInfo(ctx)
	if err != nil {
		return err
	}
	settings, err := scope.Settings(ctx)
	if err != nil {
		return err
	}
	kept := wanting(settings.Pipelines, pipeline)
	made, err := s.crm.Install(ctx, p, InstallWish{
		Stages: func(found []store.Pipeline) []StageDraft {
			return slices.DeleteFunc(lacking(mergePipelines(kept, slices.Clone(found))), func(d StageDraft) bool { return d.Pipeline != pipeline })
		},
		Report: func(context.Context, InstallPart, []string) error { return nil },
	})
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Settings(ctx)
		if err != nil {
			return err
		}
		settings.Pipelines = wanting(settings.Pipelines, pipeline)
		if err := tx.SaveSettings(ctx, settings); err != nil {
			return err
		}
		return s.keepInstalled(ctx, tx, made)
	})
}

// wanting are the pipelines, one of them without what the administrator wanted no stage for.
func wanting(pipelines []store.Pipeline, pipeline int64) []store.Pipeline {
	out := slices.Clone(pipelines)
	for i := range out {
		if out[i].ID == pipeline {
			out[i].Unmapped = nil
		}
	}
	return out
}
