package workflow

import (
	"context"

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
		settings.DoneByFormed, settings.WithoutFiles = rules.DoneByFormed, rules.WithoutFiles
		for i, p := range settings.Pipelines {
			for _, f := range forms {
				if f.ID == p.ID {
					settings.Pipelines[i].Mapped = mapped(p, f)
					if f.Await != nil {
						settings.Pipelines[i].SetAwaiting(f.Await)
					}
				}
			}
		}
		return tx.SaveSettings(ctx, settings)
	})
}

// mapped takes only stages that the pipeline has.
func mapped(p store.Pipeline, f PipelineForm) acts.Pipeline {
	out := acts.Pipeline{}
	for _, stage := range acts.MappedStages {
		for _, known := range p.Stages {
			if known.ID == f.Mapped[stage.Key()] {
				out[stage] = known.ID
			}
		}
	}
	return out
}

// Admin reports whether the visitor administers the portal, asking it again when the answer is older than five minutes.
func (s *Service) Admin(ctx context.Context, v Visit) (bool, error) {
	if !v.Admin || v.AdminFresh {
		return v.Admin, nil
	}
	if !v.TokenLives {
		return false, acts.Errorf(acts.Forbidden, "Сеанс закончился. Откройте приложение из портала ещё раз.")
	}
	p, err := s.db.Scope(v.Portal).PortalInfo(ctx)
	if err != nil {
		return false, err
	}
	token, err := v.Token()
	if err != nil {
		return false, err
	}
	sight, err := s.crm.Look(ctx, p, token, Object{})
	if err != nil {
		return false, err
	}
	return sight.Admin, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.RefreshAdmin(ctx, v.ID, sight.Admin) })
}
