package setup

import (
	"context"
	"errors"
	"net/url"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// HandleEvent verifies and stores an event of a portal; the object is fetched later.
func (s *Service) HandleEvent(ctx context.Context, form url.Values) error {
	e, err := s.crm.ParseEvent(form)
	if err != nil {
		return acts.Errorf(acts.Invalid, "Непонятное событие.")
	}
	if e.About == workflow.AboutSetup {
		return s.handleInstalled(ctx, e)
	}
	p, err := s.db.PortalByMember(ctx, e.Member)
	if errors.Is(err, acts.NotFound) {
		return errNotProven
	}
	if err != nil {
		return err
	}
	ok, err := s.db.Scope(p.ID).Portals().HasApplicationToken(ctx, e.Application)
	if err != nil {
		return err
	}
	if !ok {
		return errNotProven
	}
	switch inTime, err := s.db.Scope(p.ID).Portals().IsEventInTime(ctx, e.SentAt, maxEventSkew); {
	case err != nil:
		return err
	case !inTime:
		s.log.WarnContext(ctx, "an event that is not of now is refused", "portal", p.ID, "event", e.Name, "sent", e.SentAt)
		return errNotProven
	}
	if e.About == workflow.AboutApp {
		return s.handleRemoved(ctx, p, e)
	}
	// No worker is woken: the object is read when its window ends, and waking for each event of a burst is useless.
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return s.handleEvent(ctx, tx, p, e) })
}

// maxEventSkew is the largest difference between the clocks of a portal and ours at which its events are taken. What is refused by mistake is
// found by the next reconcile.
const maxEventSkew = 5 * time.Minute

// handleRemoved handles the removal of the app. Its event carries no token that could be verified, so the portal is asked: one that still
// answers our token has not removed the app; one that gives no answer is frozen, and its data stay for their term. The data of a removal
// with CLEAN=1 are erased within 30 days, and the next installation is a new portal (docs/contracts/bitrix24.md, "Life-cycle events").
func (s *Service) handleRemoved(ctx context.Context, p store.Portal, e workflow.PortalEvent) error {
	removed, err := s.crm.IsRemoved(ctx, p)
	if err != nil {
		s.log.WarnContext(ctx, "a removal is not confirmed, the portal is frozen", "portal", p.ID, "err", err)
	} else if !removed {
		s.log.WarnContext(ctx, "the portal answers our token, its removal is ignored", "portal", p.ID)
		return nil
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := queue.AddPortalEvent(ctx, tx, e.Name, e.Object); err != nil {
			return err
		}
		clean := removed && e.WithData
		if err := tx.Portals().RecordRemoval(ctx, clean, s.now()); err != nil {
			return err
		}
		if err := tx.Portals().Freeze(ctx, s.now()); err != nil || !clean {
			return err
		}
		return tx.Portals().Abandon(ctx)
	})
}

// IsInstallation reports whether a posted event is about an installation, which only the token server can confirm.
func (s *Service) IsInstallation(form url.Values) bool {
	e, err := s.crm.ParseEvent(form)
	return err == nil && e.About == workflow.AboutSetup
}

// handleInstalled accepts an app that was installed without a page, or updated: only when the token server confirms the
// portal and the portal confirms that an administrator did it is the renewed application token stored. Event handlers
// vanish with an update, so what is missing is recreated without asking (docs/contracts/bitrix24.md, "Life-cycle events").
func (s *Service) handleInstalled(ctx context.Context, e workflow.PortalEvent) error {
	if e.Refresh == "" {
		return errNotProven
	}
	o := workflow.PlacementCall{Member: e.Member, Access: e.Access, AccessLifetime: time.Hour, Refresh: e.Refresh, Application: e.Application}
	who, err := s.crm.Identify(ctx, o)
	if err != nil {
		return err
	}
	if who.Member != e.Member {
		return errNotProven
	}
	entry, err := s.adoptPortal(ctx, o, who)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, entry.Portal.ID, func(tx store.Tx) error {
		if err := queue.AddPortalEvent(ctx, tx, e.Name, 0); err != nil {
			return err
		}
		if entry.Portal.State == acts.PortalActive {
			return queue.AddInstall(ctx, tx, true)
		}
		if err := tx.Installs().Request(ctx, entry.viewer.UserName, store.InstallPlan{}); err != nil {
			return err
		}
		err := s.beginInstall(ctx, tx, nil)
		if errors.Is(err, acts.Conflict) { // it is already running
			return nil
		}
		return err
	})
	s.wake()
	return err
}
