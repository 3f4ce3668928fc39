package workflow

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"acts24/acts"
	"acts24/store"
)

// Install confirms the portal at the token server, keeps its tokens and makes what we need there.
// It may run any number of times: what is there already stays.
func (s *Service) Install(ctx context.Context, query, form url.Values) (Entry, error) {
	o, err := s.crm.ReadOpening(query, form)
	if err != nil {
		return Entry{}, errNotProven
	}
	who, err := s.crm.Identify(ctx, o)
	if err != nil {
		return Entry{}, err
	}
	sight, err := s.crm.Look(ctx, store.Portal{MemberID: who.Member, Endpoint: who.Endpoint, Origin: who.Origin}, who.Access, Object{})
	if err != nil {
		return Entry{}, err
	}
	if !sight.Admin {
		return Entry{}, acts.Errorf(acts.Forbidden, "Установить приложение может только администратор портала.")
	}
	p, err := s.db.SavePortal(ctx, store.Portal{MemberID: who.Member, Endpoint: who.Endpoint, Origin: who.Origin,
		AppCode: who.AppCode, Family: who.Family})
	if err != nil {
		return Entry{}, err
	}
	entry := Entry{Portal: p}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := tx.SaveTokens(ctx, who.Access, who.Refresh, o.Application); err != nil {
			return err
		}
		if err := errors.Join(tx.AddBudget(ctx), tx.ProbeNow(ctx, store.PortalItself)); err != nil {
			return err
		}
		if err := tx.SetAdmin(ctx, sight.User); err != nil {
			return err
		}
		entry.Visit, err = tx.AddVisit(ctx, store.NewVisit{User: sight.User, UserName: sight.UserName, Admin: true,
			Token: who.Access, TokenFor: o.AccessFor, VisitFor: s.timing.Visit})
		return err
	})
	if err != nil {
		return Entry{}, fmt.Errorf("keep portal: %w", err)
	}
	p.Zone = sight.Zone
	return entry, s.equip(ctx, p, who.Access)
}

// equip makes or repairs what we need on the portal and keeps the names that the CRM gave.
func (s *Service) equip(ctx context.Context, p store.Portal, access string) error {
	made, err := s.crm.Install(ctx, p, access)
	if err != nil {
		return err
	}
	for _, change := range made.Changes {
		s.log.InfoContext(ctx, "installed", "portal", p.ID, "what", change)
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
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
	})
}

// mergePipelines keeps what an administrator mapped, and maps the rest by the stages' names.
func mergePipelines(kept, found []store.Pipeline) []store.Pipeline {
	for i, p := range found {
		mapped := acts.Pipeline{}
		for _, old := range kept {
			if old.ID != p.ID {
				continue
			}
			for stage, id := range old.Mapped {
				if p.StageName(id) != id {
					mapped[stage] = id
				}
			}
		}
		for _, want := range acts.MappedStages {
			for _, stage := range p.Stages {
				if _, done := mapped[want]; !done && acts.SameStageName(stage.Name, want.Name()) {
					mapped[want] = stage.ID
				}
			}
		}
		found[i].Mapped = mapped
	}
	return found
}

// PortalEvent keeps what a portal told us; it is a hint, the object is read later.
func (s *Service) PortalEvent(ctx context.Context, form url.Values) error {
	e, err := s.crm.ReadEvent(form)
	if err != nil {
		return acts.Errorf(acts.Invalid, "Непонятное событие.")
	}
	p, err := s.db.PortalByMember(ctx, e.Member)
	if errors.Is(err, acts.NotFound) {
		return errNotProven
	}
	if err != nil {
		return err
	}
	ok, err := s.db.Scope(p.ID).ApplicationTokenIs(ctx, e.Application)
	if err != nil {
		return err
	}
	if !ok {
		return errNotProven
	}
	// Nobody is woken: what was hinted at is read when its window ends, and a burst of events would only wake in vain.
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return s.hear(ctx, tx, p, e) })
}
