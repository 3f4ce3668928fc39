package workflow

import (
	"context"
	"errors"
	"net/url"
	"time"

	"acts24/acts"
	"acts24/store"
)

// PortalEvent keeps what a portal told us; it is a hint, the object is read later.
func (s *Service) PortalEvent(ctx context.Context, form url.Values) error {
	e, err := s.crm.ReadEvent(form)
	if err != nil {
		return acts.Errorf(acts.Invalid, "Непонятное событие.")
	}
	if e.About == AboutSetup {
		return s.setUp(ctx, e)
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

// setUp takes over an app that was installed without a page, or updated: the token server confirms the portal and the portal
// says that an administrator did it, only then is the renewed application token kept. Handlers vanish with an update, so what
// is missing is made without asking (contracts/bitrix24.md 1.4).
func (s *Service) setUp(ctx context.Context, e PortalEvent) error {
	if e.Refresh == "" {
		return errNotProven
	}
	o := Opening{Member: e.Member, Access: e.Access, AccessFor: time.Hour, Refresh: e.Refresh, Application: e.Application}
	who, err := s.crm.Identify(ctx, o)
	if err != nil {
		return err
	}
	if who.Member != e.Member {
		return errNotProven
	}
	entry, err := s.takeOver(ctx, o, who)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, entry.Portal.ID, func(tx store.Tx) error {
		if err := tx.AddPortalEvent(ctx, e.Name, 0); err != nil {
			return err
		}
		if entry.Portal.State == store.Active {
			return tx.AddInstallTurn(ctx, true)
		}
		if err := tx.AskInstall(ctx, entry.user.UserName, store.InstallPlan{}); err != nil {
			return err
		}
		err := s.beginInstall(ctx, tx, nil)
		if errors.Is(err, acts.Conflict) { // it is running already
			return nil
		}
		return err
	})
	s.wake()
	return err
}
