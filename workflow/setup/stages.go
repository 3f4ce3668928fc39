package setup

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// missingStages returns the stages that are missing in pipelines, except those that the administrator does not want.
func missingStages(pipelines []store.Pipeline) (drafts []workflow.StageDraft) {
	for _, p := range pipelines {
		d := workflow.StageDraft{Pipeline: p.ID, Mapped: p.Mapped}
		for _, stage := range acts.MappedStages {
			if p.Mapped[stage] == "" && !slices.Contains(p.Unmapped, stage) {
				d.Missing = append(d.Missing, stage)
			}
		}
		if len(d.Missing) > 0 {
			drafts = append(drafts, d)
		}
	}
	return drafts
}

// mergePipelines keeps what an administrator mapped, and maps the rest by the names of stages. The name of a deleted
// stage is kept until another takes its place.
func mergePipelines(kept, found []store.Pipeline) []store.Pipeline {
	for i := range found {
		p := &found[i]
		p.Mapped = acts.Pipeline{}
		for _, old := range kept {
			if old.ID == p.ID {
				p.InheritMapping(old)
			}
		}
		for _, want := range acts.MappedStages {
			for _, stage := range p.Stages {
				if _, done := p.Mapped[want]; !done && !slices.Contains(p.Unmapped, want) && acts.SameStageName(stage.Name, want.Name()) {
					p.Mapped[want] = stage.ID
				}
			}
			if p.Mapped[want] != "" {
				delete(p.Lost, want)
			}
		}
	}
	return found
}

// PipelineForm maps our stages to those of one pipeline, by the stages' keys.
type PipelineForm struct {
	ID     int64
	Mapped map[string]string
	Await  []string // stages whose deals wait for an act, nil when unchanged
}

// Rules are the switches of the settings page.
type Rules struct{ DoneByFormed, RemarksOpen, WithoutFiles, PortalMoves bool }

// SavePipelines stores the mapping of our stages to those of the pipelines, and the switches.
func (s *Service) SavePipelines(ctx context.Context, v workflow.Visit, forms []PipelineForm, rules Rules) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil {
			return err
		}
		var faults acts.Faults
		settings.DoneByFormed, settings.RemarksOpen, settings.WithoutFiles = rules.DoneByFormed, rules.RemarksOpen, rules.WithoutFiles
		settings.PortalMoves = rules.PortalMoves
		for i := range settings.Pipelines {
			for _, f := range forms {
				if f.ID == settings.Pipelines[i].ID {
					applyForm(&settings.Pipelines[i], f, &faults)
				}
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		if err := queue.RepeatBackfill(ctx, tx); err != nil { // other deals wait for acts now, with counterparties that were not read
			return err
		}
		return tx.Portals().SaveSettings(ctx, settings)
	})
}

// applyForm applies the form to a pipeline. A stage of ours that is left empty stays unmapped: no repair maps it again.
func applyForm(p *store.Pipeline, f PipelineForm, faults *acts.Faults) {
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
		p.SetStagesNeedingActs(f.Await)
	}
}

// RefreshPipelines fetches the pipelines and their stages from the portal.
func (s *Service) RefreshPipelines(ctx context.Context, v workflow.Visit) error {
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	found, err := s.crm.Plan(ctx, p)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil {
			return err
		}
		settings.Pipelines = mergePipelines(settings.Pipelines, found.Pipelines)
		return tx.Portals().SaveSettings(ctx, settings)
	})
}

// CreateStages adds the missing stages to a pipeline of deals. The administrator has agreed to it.
func (s *Service) CreateStages(ctx context.Context, v workflow.Visit, pipeline int64, agreed bool) error {
	var faults acts.Faults
	if !agreed {
		faults.Add(fmt.Sprintf("agree-%d", pipeline), "Отметьте согласие: стадии появятся в воронке для всех сотрудников.")
	}
	if err := faults.Err(); err != nil {
		return err
	}
	scope := s.db.Scope(v.Portal)
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return err
	}
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	kept := requireStagesIn(settings.Pipelines, pipeline)
	made, err := s.crm.Install(ctx, p, workflow.InstallOptions{
		Stages: func(found []store.Pipeline) []workflow.StageDraft {
			return slices.DeleteFunc(missingStages(mergePipelines(kept, slices.Clone(found))), func(d workflow.StageDraft) bool { return d.Pipeline != pipeline })
		},
		Report: func(context.Context, workflow.InstallPart, []string) error { return nil },
	})
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil {
			return err
		}
		settings.Pipelines = requireStagesIn(settings.Pipelines, pipeline)
		if err := tx.Portals().SaveSettings(ctx, settings); err != nil {
			return err
		}
		return s.saveInstalled(ctx, tx, made)
	})
}

// requireStagesIn returns the pipelines with all stages required in one of them.
func requireStagesIn(pipelines []store.Pipeline, pipeline int64) []store.Pipeline {
	out := slices.Clone(pipelines)
	for i := range out {
		if out[i].ID == pipeline {
			out[i].Unmapped = nil
		}
	}
	return out
}
