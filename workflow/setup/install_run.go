package setup

import (
	"context"
	"errors"
	"slices"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// StartInstall begins what the administrator agreed to: creating our own objects, and stages of deals in the chosen
// pipelines. A failed installation is repeated the same way.
func (s *Service) StartInstall(ctx context.Context, v workflow.Visit, pipelines []int64) error {
	in, err := s.db.Scope(v.Portal).Installs().Get(ctx)
	if err != nil {
		return err
	}
	for _, c := range in.Plan.Checks {
		if c.Required {
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
	parts := make([]string, len(workflow.InstallParts))
	for i, part := range workflow.InstallParts {
		parts[i] = string(part)
	}
	if err := tx.Installs().Start(ctx, parts, pipelines); err != nil {
		return err
	}
	return queue.AddInstall(ctx, tx, false)
}

// RunInstall continues an installation, or recreates our objects that a portal has lost. After an interruption it
// starts again and finds what exists.
func (s *Service) RunInstall(ctx context.Context, t queue.InstallLease) error {
	scope := s.db.Scope(t.Portal)
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return err
	}
	in, err := scope.Installs().Get(ctx)
	if err != nil && !errors.Is(err, acts.NotFound) {
		return err
	}
	kept, err := scope.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	made, err := s.crm.Install(ctx, p, workflow.InstallOptions{
		Stages: func(found []store.Pipeline) []workflow.StageDraft {
			if t.Repair {
				return nil
			}
			return slices.DeleteFunc(missingStages(mergePipelines(kept.Pipelines, slices.Clone(found))), func(d workflow.StageDraft) bool {
				return !slices.Contains(in.Pipelines, d.Pipeline)
			})
		},
		Report: func(ctx context.Context, part workflow.InstallPart, made []string) error {
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
		if err := queue.EndInstall(ctx, tx, t); err != nil {
			return err
		}
		if err := s.saveInstalled(ctx, tx, made); err != nil {
			return err
		}
		if words := made.Restored(); t.Repair && len(words) > 0 {
			if err := tx.Installs().AddRestored(ctx, words); err != nil {
				return err
			}
		}
		return tx.Installs().Set(ctx, store.InstallDone, "", s.now())
	})
	if errors.Is(err, acts.Conflict) {
		return nil
	}
	s.wake()
	return err
}

// reportInstall records that a part is complete. For a repair only the lease is extended.
func (s *Service) reportInstall(ctx context.Context, t queue.InstallLease, part workflow.InstallPart, made []string) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := queue.HoldInstall(ctx, tx, t, s.installLease()); err != nil || t.Repair {
			return err
		}
		return tx.Installs().EndStep(ctx, string(part), made)
	})
}

// installLease is longer than the calls that are made between two reports.
func (s *Service) installLease() time.Duration { return 3 * s.timing.Lease }

// LeaseInstall leases the next installation.
func (s *Service) LeaseInstall(ctx context.Context) (queue.InstallLease, bool, error) {
	return queue.LeaseInstall(ctx, s.db, s.installLease())
}

// installFailed schedules a retry, or stops when the portal refused.
func (s *Service) installFailed(ctx context.Context, t queue.InstallLease, made workflow.Installed, cause error) error {
	if errors.Is(cause, acts.Conflict) {
		return nil
	}
	s.log.WarnContext(ctx, "portal not installed", "portal", t.Portal, "repair", t.Repair, "err", cause)
	again := errors.Is(cause, acts.Unavailable) || errors.Is(cause, workflow.ErrUnclear)
	problem := acts.Message(cause)
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if words := made.Restored(); t.Repair && len(words) > 0 {
			if err := tx.Installs().AddRestored(ctx, words); err != nil {
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
			return errors.Join(queue.YieldInstall(ctx, tx, t, wait), tx.Installs().Set(ctx, state, problem, s.now()))
		}
		return errors.Join(queue.EndInstall(ctx, tx, t), tx.Installs().Set(ctx, state, problem, s.now()))
	})
}

// saveInstalled stores the names in the CRM, our companies and pipelines, and makes the portal active.
func (s *Service) saveInstalled(ctx context.Context, tx store.Tx, made workflow.Installed) error {
	if err := errors.Join(queue.AddReconcile(ctx, tx), queue.AddBackfill(ctx, tx)); err != nil {
		return err
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	made.Calendar.DaysOff, made.Calendar.DaysOn = settings.Calendar.DaysOff, settings.Calendar.DaysOn
	settings.Calendar = made.Calendar
	settings.Pipelines = mergePipelines(settings.Pipelines, made.Pipelines)
	if err := tx.Portals().SaveSettings(ctx, settings); err != nil {
		return err
	}
	if err := keepCompanies(ctx, tx, made.Companies); err != nil {
		return err
	}
	if err := keepAutomation(ctx, tx, made.Automation); err != nil {
		return err
	}
	return tx.Portals().SaveNames(ctx, made.Portal)
}

// keepAutomation stores which parts of our automation work on the portal. When badges or triggers work again, it enqueues the badges of all deals
// or the triggers that were refused.
func keepAutomation(ctx context.Context, tx store.Tx, a store.Automation) error {
	p, err := tx.Portals().Get(ctx)
	if err != nil {
		return err
	}
	was := p.Automation.V
	troubled := len(was.Problems) > 0
	if a.Badges && (!was.Badges || troubled) {
		if err := queue.EnqueueBadges(ctx, tx); err != nil {
			return err
		}
	}
	if a.Triggers && (!was.Triggers || troubled) {
		if err := queue.EnqueueTriggers(ctx, tx); err != nil {
			return err
		}
	}
	return tx.Portals().SaveAutomation(ctx, a)
}
