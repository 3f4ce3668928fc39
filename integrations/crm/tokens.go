package crm

import (
	"context"
	"errors"
	"net/url"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
)

// portalTokens holds the token pair of an administrator of the portal. One replica at a time renews it, under a lease with a fence. No call
// is made inside a transaction.
type portalTokens struct {
	db         *store.DB
	portal     acts.PortalID
	member     string
	auth       bitrix24.AuthServer
	lease      time.Duration
	checkLease func(context.Context) error // nil, or called after a renewal: an error means that the lease of the task is lost
}

var errTokensDead = acts.Errorf(acts.Unavailable, "Ключ портала больше не действует: администратор должен открыть приложение в Битрикс24.")

// Access returns the stored access token.
func (t *portalTokens) Access(ctx context.Context) (string, error) {
	tokens, err := t.db.Scope(t.portal).Portals().Tokens(ctx)
	if err == nil && tokens.Dead {
		return "", errTokensDead
	}
	return tokens.Access, err
}

// Renew returns a token other than stale, renewed by another replica or now.
func (t *portalTokens) Renew(ctx context.Context, stale string) (string, error) {
	token, err := t.newerToken(ctx, stale)
	if err == nil && t.checkLease != nil {
		err = t.checkLease(ctx)
	}
	return token, err
}

func (t *portalTokens) newerToken(ctx context.Context, stale string) (string, error) {
	for {
		tokens, err := t.db.Scope(t.portal).Portals().Tokens(ctx)
		if err != nil {
			return "", err
		}
		if tokens.Access != stale {
			return tokens.Access, nil
		}
		if tokens.Dead {
			return "", errTokensDead
		}
		fence, ok, err := t.db.Scope(t.portal).Portals().LeaseRenewal(ctx, t.lease)
		if err != nil {
			return "", err
		}
		if ok {
			return t.renew(ctx, fence, stale)
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// renew is called while the lease is held. It reads the pair again, because another replica may have renewed it before.
func (t *portalTokens) renew(ctx context.Context, fence int64, stale string) (string, error) {
	tokens, err := t.db.Scope(t.portal).Portals().Tokens(ctx)
	if err != nil {
		return "", err
	}
	if tokens.Access != stale {
		return tokens.Access, t.endRenewal(ctx, fence, false)
	}
	pair, err := t.auth.Renew(ctx, tokens.Refresh)
	if err != nil {
		dead := bitrix24.IsInvalidGrant(err)
		if endErr := t.endRenewal(ctx, fence, dead); endErr != nil {
			return "", errors.Join(err, endErr)
		}
		if dead {
			return "", errTokensDead
		}
		return "", err
	}
	if pair.MemberID != "" && pair.MemberID != t.member {
		return "", errors.Join(t.endRenewal(ctx, fence, true), errors.New("the token server renewed a pair of another portal"))
	}
	err = t.db.InTx(ctx, t.portal, func(tx store.Tx) error {
		if err := t.updateAddress(ctx, tx, pair.ClientEndpoint); err != nil {
			return err
		}
		return tx.Portals().SaveRenewedTokens(ctx, fence, pair.Access, pair.Refresh)
	})
	return pair.Access, err
}

// updateAddress stores the address of the portal that the token server returned. A renamed portal has a new one, and no other source is
// trusted (docs/contracts/bitrix24.md, "Verifying a request").
func (t *portalTokens) updateAddress(ctx context.Context, tx store.Tx, address string) error {
	endpoint, err := bitrix24.ParseEndpoint(address, t.auth.AllowPlain)
	if err != nil {
		return nil // the address may be missing
	}
	u, err := url.Parse(endpoint)
	if err != nil {
		return err
	}
	_, err = tx.Portals().Move(ctx, endpoint, u.Scheme+"://"+u.Host)
	return err
}

// Invalidate marks the pair of a dismissed administrator as dead, so that the next administrator who opens the app provides a new one. When
// the portal redirects, it fetches the new address from the token server, at most once in five minutes.
func (t *portalTokens) Invalidate(ctx context.Context, token string, err error) {
	if bitrix24.RedirectHost(err) != "" {
		if recent, err := t.db.Scope(t.portal).Portals().TokensFresh(ctx); err == nil && !recent {
			_, _ = t.Renew(ctx, token) // the redirected call is repeated by its task
		}
		return
	}
	tokens, err := t.db.Scope(t.portal).Portals().Tokens(ctx)
	if err == nil && tokens.Access == token {
		_ = t.db.InTx(ctx, t.portal, func(tx store.Tx) error { return tx.Portals().SetTokensDead(ctx, tokens) }) // if this fails, the next call tries again
	}
}

// IsRemoved reports whether the portal refuses our own token, as it does after the app was removed. An error means that it gave no answer.
func (a *Adapter) IsRemoved(ctx context.Context, p store.Portal) (bool, error) {
	tokens, err := a.db.Scope(p.ID).Portals().Tokens(ctx)
	if err == nil && tokens.Dead { // its owner was dismissed: that it is refused proves nothing
		err = errTokensDead
	}
	if err != nil {
		return false, err
	}
	client, err := a.asUser(p, tokens.Access)
	if err != nil {
		return false, err
	}
	_, err = client.Batch(ctx, []bitrix24.Command{bitrix24.GetProfile().As("me")}, false)
	if bitrix24.IsExpired(err) || bitrix24.IsBadToken(err) {
		own := &portalTokens{db: a.db, portal: p.ID, member: p.MemberID, auth: a.auth, lease: a.cfg.RenewalLease}
		_, err = own.Renew(ctx, tokens.Access)
	}
	if bitrix24.IsGone(err) || errors.Is(err, errTokensDead) {
		return true, nil
	}
	return false, err
}

func (t *portalTokens) endRenewal(ctx context.Context, fence int64, dead bool) error {
	return t.db.InTx(ctx, t.portal, func(tx store.Tx) error { return tx.Portals().EndRenewal(ctx, fence, dead) })
}
