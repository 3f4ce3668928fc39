package workflow

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// lead tells where an administrator is needed first, and has the jobs look once an hour whether something of ours was lost.
func (s *Service) lead(ctx context.Context, tx store.Tx, p store.Portal, o Opening) (Lead, error) {
	if p.State == store.Installing {
		return LeadInstall, nil
	}
	if _, err := tx.WantRepair(ctx, s.now()); err != nil {
		return LeadNowhere, err
	}
	if o.Placement != defaultPlace {
		return LeadNowhere, nil
	}
	first, err := tx.Welcome(ctx)
	if err != nil || !first {
		return LeadNowhere, err
	}
	return LeadToDo, nil
}

// defaultPlace is the page of the app itself, which the portal opens after an installation.
const defaultPlace = "DEFAULT"

// notReady says to a person whom to ask while the installation is not over.
func (s *Service) notReady(ctx context.Context, p store.Portal) error {
	in, err := s.db.Scope(p.ID).Install(ctx)
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

// ErrNotReady tells that the installation on the portal is not over.
var ErrNotReady = errors.New("the app is being installed")

// NotReady is what notReady says of a visit's portal.
func (s *Service) NotReady(ctx context.Context, v Visit) error {
	return s.notReady(ctx, store.Portal{ID: v.Portal})
}

// Restored gives what repairs have made since an administrator was last told.
func (s *Service) Restored(ctx context.Context, v Visit) (made []string, err error) {
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		made, err = tx.TakeRestored(ctx)
		return err
	})
	return made, err
}

// MarkDone keeps that an administrator has done something that we cannot see.
func (s *Service) MarkDone(ctx context.Context, v Visit, item string) error {
	if item != "rights" && item != "people" {
		return acts.Errorf(acts.NotFound, "Такого пункта нет.")
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		settings, err := tx.Settings(ctx)
		if err != nil || settings.Marked(item) {
			return err
		}
		settings.Done = append(settings.Done, item)
		return tx.SaveSettings(ctx, settings)
	})
}

// look is who opened us and what. A portal that sends us elsewhere was renamed: its new address is believed only when the token
// server gives it for the person who opened us, and only then does a token go there (contracts/bitrix24.md 1.6).
func (s *Service) look(ctx context.Context, p store.Portal, o Opening, what Object) (store.Portal, Opening, Sight, error) {
	sight, err := s.crm.Look(ctx, p, o.Access, what)
	if !errors.Is(err, ErrMoved) {
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
		_, err := tx.MovePortal(ctx, who.Endpoint, who.Origin)
		return err
	})
	if err != nil {
		return p, o, sight, fmt.Errorf("follow a renamed portal: %w", err)
	}
	s.log.InfoContext(ctx, "portal renamed", "portal", p.ID, "origin", who.Origin)
	p.Endpoint, p.Origin, o.Access, o.Refresh = who.Endpoint, who.Origin, who.Access, who.Refresh
	sight, err = s.crm.Look(ctx, p, o.Access, what)
	return p, o, sight, err
}

// heal replaces a dead pair, or the pair of a portal that does not answer to it, by that of an administrator who has just opened us: the pair
// dies with the dismissal of its person (contracts/bitrix24.md 1.5).
func (s *Service) heal(ctx context.Context, p store.Portal, o Opening) {
	tokens, err := s.db.Scope(p.ID).Tokens(ctx)
	if err != nil {
		return
	}
	silent, err := s.db.Scope(p.ID).Breakers(ctx)
	if err != nil || !tokens.Dead && silent[store.PortalItself].Opened == nil {
		return
	}
	who, err := s.crm.Identify(ctx, o)
	if err != nil || who.Member != p.MemberID {
		s.log.WarnContext(ctx, "a dead token pair was not healed", "portal", p.ID, "err", err)
		return
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		err := errors.Join(tx.SaveTokens(ctx, who.Access, who.Refresh, ""), tx.ProbeNow(ctx, store.PortalItself))
		if err != nil || p.State != store.Active {
			return err
		}
		return tx.AddInstallTurn(ctx, true) // what was lost meanwhile was not looked for
	})
	if err != nil {
		s.log.ErrorContext(ctx, "save healed tokens", "portal", p.ID, "err", err)
	}
	s.wake()
}
