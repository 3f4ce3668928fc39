package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
	"acts24/store/internal/seal"
)

// Tokens is the pair of OAuth tokens that the installer obtained for a portal.
type Tokens struct {
	Access  string
	Refresh string
	Dead    bool // the refresh token is used up, or its person has left: an administrator must open the app

	fence int64
}

const readTokens = `SELECT access, refresh, dead, fence FROM tokens WHERE portal_id = :portal`

// Tokens reads the pair of the portal.
func (s Portals) Tokens(ctx context.Context) (Tokens, error) {
	var row struct {
		Access, Refresh []byte
		Dead            bool
		Fence           int64
	}
	if err := pg.Get(ctx, s, &row, readTokens, nil); err != nil {
		return Tokens{}, pg.NotFound(err, "tokens", "Приложение не установлено на этом портале.")
	}
	access, err := s.Keys().Open(seal.Cell{Portal: s.Portal(), Column: "access"}, row.Access)
	if err != nil {
		return Tokens{}, err
	}
	refresh, err := s.Keys().Open(seal.Cell{Portal: s.Portal(), Column: "refresh"}, row.Refresh)
	return Tokens{Access: access, Refresh: refresh, Dead: row.Dead, fence: row.Fence}, err
}

const saveTokens = `
	INSERT INTO tokens (portal_id, access, refresh, application)
	VALUES (:portal, :access, :refresh, :application)
	ON CONFLICT (portal_id) DO UPDATE SET access = EXCLUDED.access, refresh = EXCLUDED.refresh, dead = false,
		application = CASE WHEN EXCLUDED.application = '' THEN tokens.application ELSE EXCLUDED.application END,
		fence = tokens.fence + 1, renewing_until = '-infinity', renewed_at = clock_timestamp()`

// SaveTokens stores a pair that the token server has just confirmed; an empty application token leaves the stored one unchanged.
func (tx PortalsTx) SaveTokens(ctx context.Context, access, refresh, application string) error {
	keys := tx.Keys()
	_, err := pg.Exec(ctx, tx, saveTokens, pg.Args{
		"access":      keys.Seal(seal.Cell{Portal: tx.Portal(), Column: "access"}, access),
		"refresh":     keys.Seal(seal.Cell{Portal: tx.Portal(), Column: "refresh"}, refresh),
		"application": keys.Seal(seal.Cell{Portal: tx.Portal(), Column: "application"}, application),
	})
	if err != nil {
		return fmt.Errorf("save tokens: %w", err)
	}
	return nil
}

const leaseRenewal = `
	UPDATE tokens SET renewing_until = clock_timestamp() + make_interval(secs => :term), fence = fence + 1
	WHERE portal_id = :portal AND renewing_until < clock_timestamp() AND NOT dead
	RETURNING fence`

// LeaseRenewal obtains the right to renew the pair for a term; ok is false when another replica has it.
func (s Portals) LeaseRenewal(ctx context.Context, term time.Duration) (fence int64, ok bool, err error) {
	ok, err = pg.Find(ctx, s, &fence, leaseRenewal, pg.Args{"term": term.Seconds()})
	return fence, ok, pg.Wrap("lease renewal", err)
}

const storeRenewed = `
	UPDATE tokens SET access = :access, refresh = :refresh, renewing_until = '-infinity', renewed_at = clock_timestamp()
	WHERE portal_id = :portal AND fence = :fence`

// SaveRenewedTokens stores the renewed pair if the lease is still ours; otherwise Conflict.
func (tx PortalsTx) SaveRenewedTokens(ctx context.Context, fence int64, access, refresh string) error {
	return pg.ExecOne(ctx, tx, "store renewed tokens", storeRenewed, pg.Args{"fence": fence,
		"access":  tx.Keys().Seal(seal.Cell{Portal: tx.Portal(), Column: "access"}, access),
		"refresh": tx.Keys().Seal(seal.Cell{Portal: tx.Portal(), Column: "refresh"}, refresh),
	}, acts.Errorf(acts.Conflict, "Ключ портала уже обновлён."))
}

const endRenewal = `
	UPDATE tokens SET renewing_until = '-infinity', dead = dead OR :dead
	WHERE portal_id = :portal AND fence = :fence`

// EndRenewal gives the lease back without a new pair; dead means that the refresh token cannot be used any more.
func (tx PortalsTx) EndRenewal(ctx context.Context, fence int64, dead bool) error {
	if _, err := pg.Exec(ctx, tx, endRenewal, pg.Args{"fence": fence, "dead": dead}); err != nil {
		return fmt.Errorf("end renewal: %w", err)
	}
	return nil
}

const tokensFresh = `SELECT renewed_at > clock_timestamp() - interval '5 minutes' FROM tokens WHERE portal_id = :portal`

// TokensFresh reports whether the pair was renewed within the last five minutes.
func (s Portals) TokensFresh(ctx context.Context) (fresh bool, err error) {
	if err := pg.Get(ctx, s, &fresh, tokensFresh, nil); err != nil {
		return false, pg.NotFound(err, "tokens", "Приложение не установлено на этом портале.")
	}
	return fresh, nil
}

const giveUpTokens = `UPDATE tokens SET dead = true WHERE portal_id = :portal AND fence = :fence`

// SetTokensDead stores that the person of a pair has left: an administrator must open the app.
func (tx PortalsTx) SetTokensDead(ctx context.Context, t Tokens) error {
	if _, err := pg.Exec(ctx, tx, giveUpTokens, pg.Args{"fence": t.fence}); err != nil {
		return fmt.Errorf("set tokens dead: %w", err)
	}
	return nil
}
