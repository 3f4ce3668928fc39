package workflow

import (
	"context"
	"errors"
	"slices"
	"time"

	"acts24/acts"
	"acts24/store"
)

// StartInstall begins what the administrator agreed to: our own things, and stages of deals in the pipelines that he named.
// An installation that could not go on is tried again the same way.
func (s *Service) StartInstall(ctx context.Context, v Visit, pipelines []int64) error {
	in, err := s.db.Scope(v.Portal).Install(ctx)
	if err != nil {
		return err
	}
	for _, c := range in.Plan.Checks {
		if c.Bars {
			return acts.Errorf(acts.Conflict, "%s: %s", c.Title, c.Text)
		}
	}
	if in.State == store.InstallFailed {
		pipelines = in.Pipelines
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return s.beginInstall(ctx, tx, pipelines) })
	s.wake()
	return err
}

func (s *Service) beginInstall(ctx context.Context, tx store.Tx, pipelines []int64) error {
	parts := make([]string, len(InstallParts))
	for i, part := range InstallParts {
		parts[i] = string(part)
	}
	if err := tx.RunInstall(ctx, parts, pipelines); err != nil {
		return err
	}
	return tx.AddInstallTurn(ctx, false)
}

// RunInstall goes on with an installation, or repairs what a portal has lost of ours. Cut off anywhere, it is begun anew and
// finds what was made.
func (s *Service) RunInstall(ctx context.Context, t store.InstallTurn) error {
	scope := s.db.Scope(t.Portal)
	p, err := scope.PortalInfo(ctx)
	if err != nil {
		return err
	}
	in, err := scope.Install(ctx)
	if err != nil && !errors.Is(err, acts.NotFound) {
		return err
	}
	kept, err := scope.Settings(ctx)
	if err != nil {
		return err
	}
	made, err := s.crm.Install(ctx, p, InstallWish{
		Stages: func(found []store.Pipeline) []StageDraft {
			if t.Repair {
				return nil
			}
			return slices.DeleteFunc(lacking(mergePipelines(kept.Pipelines, slices.Clone(found))), func(d StageDraft) bool {
				return !slices.Contains(in.Pipelines, d.Pipeline)
			})
		},
		Report: func(ctx context.Context, part InstallPart, made []string) error {
			return s.reportInstall(ctx, t, part, made)
		},
	})
	for part, things := range made.Made {
		for _, what := range things {
			s.log.InfoContext(ctx, "installed", "portal", p.ID, "part", part, "what", what)
		}
	}
	if err != nil {
		return s.installFailed(ctx, t, made, err)
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := tx.EndInstallTurn(ctx, t); err != nil {
			return err
		}
		if err := s.keepInstalled(ctx, tx, made); err != nil {
			return err
		}
		if words := made.restored(); t.Repair && len(words) > 0 {
			if err := tx.AddRestored(ctx, words); err != nil {
				return err
			}
		}
		return tx.SetInstall(ctx, store.InstallDone, "", s.now())
	})
	if errors.Is(err, acts.Conflict) {
		return nil
	}
	s.wake()
	return err
}

// reportInstall keeps that a part is there. Nobody looks at a repair, so only its lease is held.
func (s *Service) reportInstall(ctx context.Context, t store.InstallTurn, part InstallPart, made []string) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := tx.HoldInstall(ctx, t, s.installLease()); err != nil || t.Repair {
			return err
		}
		return tx.DoneStep(ctx, string(part), made)
	})
}

// installLease is longer than the calls that are made between two reports.
func (s *Service) installLease() time.Duration { return 3 * s.timing.Lease }

// LeaseInstall takes the installation whose turn it is.
func (s *Service) LeaseInstall(ctx context.Context) (store.InstallTurn, bool, error) {
	return s.db.LeaseInstall(ctx, s.installLease())
}

// installFailed tries again what the portal did not refuse, and has a person look at what it did.
func (s *Service) installFailed(ctx context.Context, t store.InstallTurn, made Installed, cause error) error {
	if errors.Is(cause, acts.Conflict) {
		return nil
	}
	s.log.WarnContext(ctx, "portal not installed", "portal", t.Portal, "repair", t.Repair, "err", cause)
	again := errors.Is(cause, acts.Unavailable) || errors.Is(cause, ErrUnclear)
	problem := acts.Sentence(cause)
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if words := made.restored(); t.Repair && len(words) > 0 {
			if err := tx.AddRestored(ctx, words); err != nil {
				return err
			}
		}
		state := store.InstallFailed
		if t.Repair {
			state = store.InstallDone
		}
		if again {
			if !t.Repair {
				state = store.InstallRunning
			}
			wait := min(time.Duration(t.Tries)*5*time.Second, s.timing.Retry)
			return errors.Join(tx.YieldInstall(ctx, t, wait), tx.SetInstall(ctx, state, problem, s.now()))
		}
		return errors.Join(tx.EndInstallTurn(ctx, t), tx.SetInstall(ctx, state, problem, s.now()))
	})
}

// keepInstalled keeps the names that the CRM gave, what it says of our companies and pipelines, and makes the portal active.
func (s *Service) keepInstalled(ctx context.Context, tx store.Tx, made Installed) error {
	if err := errors.Join(tx.AddSweep(ctx), tx.AddLoad(ctx)); err != nil {
		return err
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	made.Calendar.DaysOff, made.Calendar.DaysOn = settings.Calendar.DaysOff, settings.Calendar.DaysOn
	settings.Calendar = made.Calendar
	settings.Pipelines = mergePipelines(settings.Pipelines, made.Pipelines)
	if err := tx.SaveSettings(ctx, settings); err != nil {
		return err
	}
	for _, c := range made.Companies {
		if err := tx.MergeOwnCompany(ctx, c); err != nil {
			return err
		}
	}
	return tx.SavePortalNames(ctx, made.Portal)
}

// mergePipelines keeps what an administrator mapped, and maps the rest by the stages' names. A stage that stood for ours and
// is gone stays known by the name it had, until another stands in its place.
func mergePipelines(kept, found []store.Pipeline) []store.Pipeline {
	for i := range found {
		p := &found[i]
		p.Mapped = acts.Pipeline{}
		for _, old := range kept {
			if old.ID == p.ID {
				p.Follow(old)
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
