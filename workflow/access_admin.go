package workflow

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// ErrSessionOver is returned when the visitor's token has expired, so that the page fetches a new one from the portal.
var ErrSessionOver = fmt.Errorf("%w: %w", ErrTokenExpired, acts.Errorf(acts.Forbidden, "Сеанс закончился. Откройте приложение из портала ещё раз."))

// ErrPortalUnreachable refuses a change while the portal cannot confirm that the visitor may still make it.
var ErrPortalUnreachable = acts.Errorf(acts.Unavailable, "Битрикс24 не отвечает, а перед изменением у него проверяется ваш доступ. Ничего не изменено, повторите через минуту.")

// Confirm fetches the visitor's rights from the portal when the stored ones are older than ten minutes, and returns the visit with his
// current rights. While the portal does not answer, he may only read.
func (s *People) Confirm(ctx context.Context, v Visit) (Visit, error) {
	switch {
	case v.Confirmed:
		return v, nil
	case !v.TokenLives:
		return v, ErrSessionOver
	case v.JustTried && v.Reading:
		v.PortalUnreachable = true
		return v, nil
	}
	_, err := s.fetchAdmin(ctx, v)
	if acts.KindOf(err) == acts.Unavailable {
		v.PortalUnreachable = true
		if !v.Reading {
			return v, fmt.Errorf("%w (%w)", ErrPortalUnreachable, err)
		}
		return v, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Visits().NoteSilence(ctx, v.ID) })
	}
	if err != nil {
		return v, err
	}
	v.Visit, err = s.db.Scope(v.Portal).Visits().Get(ctx, v.ID) // what he sees depends on the answer
	return v, err
}

// Admin reports whether the visitor administers the portal. What is stored is fetched again when it is older than five minutes. While the
// portal does not answer, what is stored counts for reading: the state page is needed exactly then.
func (s *People) Admin(ctx context.Context, v Visit) (bool, error) {
	switch {
	case !v.Admin || v.AdminFresh:
		return v.Admin, nil
	case !v.TokenLives:
		return false, ErrSessionOver
	case v.PortalUnreachable && v.Reading:
		return true, nil
	}
	admin, err := s.fetchAdmin(ctx, v)
	if acts.KindOf(err) == acts.Unavailable && v.Reading {
		return true, nil
	}
	return admin, err
}

// fetchAdmin fetches from the portal who the visitor is, with his own token, and stores whether he administers it.
func (s *People) fetchAdmin(ctx context.Context, v Visit) (admin bool, err error) {
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return false, err
	}
	token, err := v.Token()
	if err != nil {
		return false, err
	}
	seen, err := s.crm.FetchViewer(ctx, p, token, Object{})
	if err != nil {
		return false, err
	}
	if seen.User != v.User {
		return false, fmt.Errorf("%w: it belongs to another user", ErrTokenRefused)
	}
	return seen.Admin, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.People().SetAdministrator(ctx, seen.User, seen.UserName, seen.Admin); err != nil {
			return err
		}
		return tx.Visits().RefreshAdmin(ctx, v.ID, seen.Admin)
	})
}

// EndVisit ends a visit whose token the portal has refused.
func (s *People) EndVisit(ctx context.Context, v Visit) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Visits().End(ctx, v.ID) })
}
