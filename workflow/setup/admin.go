package setup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// How long after a repair another one is due: when an administrator opens the app itself, and when he opens one of its tabs in the CRM, as he does
// all day.
const (
	repairAfterOpening = 10 * time.Second
	repairAfterTab     = time.Hour
)

// redirectOf returns the page that an administrator needs first, and schedules a repair.
func (s *Service) redirectOf(ctx context.Context, tx store.Tx, p store.Portal, o workflow.PlacementCall) (Redirect, error) {
	if p.State == acts.PortalInstalling {
		return RedirectInstall, nil
	}
	since := repairAfterOpening
	if o.Object != 0 {
		since = repairAfterTab
	}
	if _, err := queue.RequestRepair(ctx, tx, s.now(), since); err != nil {
		return RedirectNowhere, err
	}
	if o.Placement != defaultPlacement {
		return RedirectNowhere, nil
	}
	first, err := tx.Installs().TakeWelcome(ctx)
	if err != nil || !first {
		return RedirectNowhere, err
	}
	return RedirectSettings, nil
}

// defaultPlacement is the page of the app itself, which the portal opens after an installation.
const defaultPlacement = "DEFAULT"

// notReady returns the message about an unfinished installation and whom to ask.
func (s *Service) notReady(ctx context.Context, p store.Portal) error {
	in, err := s.db.Scope(p.ID).Installs().Get(ctx)
	if err != nil && !errors.Is(err, acts.NotFound) {
		return err
	}
	who := "Администратор портала"
	if in.UserName != "" {
		who += " (" + in.UserName + ")"
	}
	return fmt.Errorf("%w: %w", ErrNotReady, acts.Errorf(acts.Unavailable,
		"%s завершает установку. Вкладка заработает сама, как только она закончится.", who))
}

// ErrNotReady means that the installation on the portal is not finished.
var ErrNotReady = errors.New("the app is being installed")

// NotReady returns the message about an unfinished installation on the visit's portal.
func (s *Service) NotReady(ctx context.Context, v workflow.Visit) error {
	return s.notReady(ctx, store.Portal{ID: v.Portal})
}

// Restored returns what repairs have created since an administrator last saw it.
func (s *Service) Restored(ctx context.Context, v workflow.Visit) (made []string, err error) {
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		made, err = tx.Installs().TakeRestored(ctx)
		return err
	})
	return made, err
}

// MarkDone records that an administrator has done something that we cannot check.
func (s *Service) MarkDone(ctx context.Context, v workflow.Visit, item string) error {
	if item != "rights" && item != "people" {
		return acts.Errorf(acts.NotFound, "Такого пункта нет.")
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Portals().Settings(ctx)
		if err != nil || settings.Marked(item) {
			return err
		}
		settings.Done = append(settings.Done, item)
		return tx.Portals().SaveSettings(ctx, settings)
	})
}

// fetchViewer fetches who opened us and what. A portal that redirects elsewhere was renamed: its new address is trusted
// only when the token server returns it for the person who opened us, and only then is a token sent there
// (docs/contracts/bitrix24.md, "Verifying a request").
func (s *Service) fetchViewer(ctx context.Context, p store.Portal, o workflow.PlacementCall, what workflow.Object) (store.Portal, workflow.PlacementCall, workflow.Viewer, error) {
	sight, err := s.crm.FetchViewer(ctx, p, o.Access, what)
	if !errors.Is(err, workflow.ErrPortalMoved) {
		return p, o, sight, err
	}
	who, idErr := s.crm.Identify(ctx, o)
	if idErr != nil {
		return p, o, sight, idErr
	}
	if who.Member != p.MemberID || who.Endpoint == p.Endpoint {
		return p, o, sight, err
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		_, err := tx.Portals().Move(ctx, who.Endpoint, who.Origin)
		return err
	})
	if err != nil {
		return p, o, sight, fmt.Errorf("follow a renamed portal: %w", err)
	}
	s.log.InfoContext(ctx, "portal renamed", "portal", p.ID, "origin", who.Origin)
	p.Endpoint, p.Origin, o.Access, o.Refresh = who.Endpoint, who.Origin, who.Access, who.Refresh
	sight, err = s.crm.FetchViewer(ctx, p, o.Access, what)
	return p, o, sight, err
}

// replaceDeadTokens replaces a rejected token pair, the pair of a portal that does not answer to it, or one without the rights of an
// administrator, by that of an administrator who has just opened us: a pair becomes invalid with the dismissal of its person
// (docs/contracts/bitrix24.md, "Tokens").
func (s *Service) replaceDeadTokens(ctx context.Context, p store.Portal, o workflow.PlacementCall) {
	tokens, err := s.db.Scope(p.ID).Portals().Tokens(ctx)
	if err != nil {
		return
	}
	silent, err := queue.Breakers(ctx, s.db.Scope(p.ID))
	if err != nil || !tokens.Dead && !p.Automation.V.NoAdmin && silent[queue.PortalItself].Opened == nil {
		return
	}
	who, err := s.crm.Identify(ctx, o)
	if err != nil || who.Member != p.MemberID {
		s.log.WarnContext(ctx, "rejected token pair not replaced", "portal", p.ID, "err", err)
		return
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		err := errors.Join(tx.Portals().SaveTokens(ctx, who.Access, who.Refresh, ""), queue.ProbeNow(ctx, tx, queue.PortalItself))
		if err != nil || p.State != acts.PortalActive {
			return err
		}
		return queue.AddInstall(ctx, tx, true) // no repair has run meanwhile
	})
	if err != nil {
		s.log.ErrorContext(ctx, "replaced tokens not saved", "portal", p.ID, "err", err)
	}
	s.wake()
}
