package workflow

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/store"
)

// Admin reports whether the visitor administers the portal, asking it again when the answer is older than five minutes. While the portal is
// known to answer nobody its last word counts: the state page is for just that time.
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
		silent, _ := s.db.Scope(v.Portal).Breakers(ctx)
		if errors.Is(err, acts.Unavailable) && silent[store.PortalItself].Opened != nil {
			return true, nil
		}
		return false, err
	}
	return sight.Admin, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.SetAdministrator(ctx, sight.User, sight.UserName, sight.Admin); err != nil {
			return err
		}
		return tx.RefreshAdmin(ctx, v.ID, sight.Admin)
	})
}
