package workflow

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
)

// Admin reports whether the visitor administers the portal. It asks the portal again when the answer is older than five
// minutes. While the portal is known to be unreachable its last answer counts: the state page is needed exactly then.
func (s *People) Admin(ctx context.Context, v Visit) (bool, error) {
	if !v.Admin || v.AdminFresh {
		return v.Admin, nil
	}
	if !v.TokenLives {
		return false, fmt.Errorf("%w: %w", ErrTokenExpired, acts.Errorf(acts.Forbidden, "Сеанс закончился. Откройте приложение из портала ещё раз."))
	}
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return false, err
	}
	token, err := v.Token()
	if err != nil {
		return false, err
	}
	sight, err := s.crm.FetchViewer(ctx, p, token, Object{})
	if err != nil {
		silent, _ := queue.Breakers(ctx, s.db.Scope(v.Portal))
		if errors.Is(err, acts.Unavailable) && silent[queue.PortalItself].Opened != nil {
			return true, nil
		}
		return false, err
	}
	return sight.Admin, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.People().SetAdministrator(ctx, sight.User, sight.UserName, sight.Admin); err != nil {
			return err
		}
		return tx.Visits().RefreshAdmin(ctx, v.ID, sight.Admin)
	})
}
