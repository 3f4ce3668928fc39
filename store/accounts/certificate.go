package accounts

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Certificate is a signing certificate with the SBIS account that has it.
type Certificate struct {
	acts.Certificate
	Account     int64
	AccountName string
}

const certificates = `
	SELECT c.account_id AS account, e.name AS account_name, c.thumbprint, c.owner, c.inn, c.position, c.valid_from AS "from", c.valid_to AS "to",
		c.key_type, c.activated
	FROM certificates c JOIN edo_accounts e ON e.portal_id = c.portal_id AND e.id = c.account_id
	WHERE c.portal_id = :portal ORDER BY c.account_id, c.key_type DESC, c.owner, c.valid_to DESC, c.thumbprint`

// Certificates lists the signing certificates of all accounts of the portal, as SBIS reported them last.
func (s Scope) Certificates(ctx context.Context) ([]Certificate, error) {
	found := []Certificate{}
	if err := pg.Select(ctx, s, &found, certificates, nil); err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	return found, nil
}

const (
	dropCertificates = `DELETE FROM certificates WHERE portal_id = :portal AND account_id = :account AND NOT thumbprint = ANY (
		SELECT jsonb_array_elements_text(CAST(:kept AS jsonb)))`
	saveCertificate = `
		INSERT INTO certificates (portal_id, account_id, thumbprint, owner, inn, position, valid_from, valid_to, key_type, activated)
		VALUES (:portal, :account, :thumbprint, :owner, :inn, :position, :from, :to, :key, :activated)
		ON CONFLICT (portal_id, account_id, thumbprint) DO UPDATE SET owner = EXCLUDED.owner, inn = EXCLUDED.inn, position = EXCLUDED.position,
			valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to, key_type = EXCLUDED.key_type, activated = EXCLUDED.activated`
)

// SaveCertificates replaces the certificates of an account.
func (tx Tx) SaveCertificates(ctx context.Context, account int64, list []acts.Certificate) error {
	kept := []string{}
	for _, c := range list {
		kept = append(kept, c.Thumbprint)
	}
	if _, err := pg.Exec(ctx, tx, dropCertificates, pg.Args{"account": account, "kept": pg.AsJSON(kept)}); err != nil {
		return fmt.Errorf("drop certificates: %w", err)
	}
	for _, c := range list {
		_, err := pg.Exec(ctx, tx, saveCertificate, pg.Args{"account": account, "thumbprint": c.Thumbprint, "owner": c.Owner, "inn": c.INN, "position": c.Position,
			"from": pg.NullTime(c.From), "to": pg.NullTime(c.To), "key": c.KeyType, "activated": c.Activated})
		if err != nil {
			return fmt.Errorf("save certificate: %w", err)
		}
	}
	return nil
}

const requestCode = `
	UPDATE certificates SET code_at = clock_timestamp()
	WHERE portal_id = :portal AND account_id = :account AND thumbprint = :thumbprint AND code_at < clock_timestamp() - interval '10 seconds'`

// RequestCode obtains the right to request an activation code: SBIS sends one at most every ten seconds
// (docs/contracts/sbis.md, "Certificates").
func (tx Tx) RequestCode(ctx context.Context, account int64, thumbprint string) error {
	return pg.ExecOne(ctx, tx, "request code", requestCode, pg.Args{"account": account, "thumbprint": thumbprint},
		acts.Errorf(acts.Conflict, "Код можно запрашивать раз в 10 секунд. Подождите и нажмите ещё раз."))
}

const warnOnce = `
	INSERT INTO term_warnings (portal_id, kind, subject, until, days, warned_at) VALUES (:portal, :kind, :subject, :until, :days, :now)
	ON CONFLICT DO NOTHING`

// WarnOnce stores that administrators are warned of an expiry date; first is false when they were warned before. now is business time.
func (tx Tx) WarnOnce(ctx context.Context, kind, subject string, until time.Time, days int, now time.Time) (first bool, err error) {
	n, err := pg.Exec(ctx, tx, warnOnce, pg.Args{"kind": kind, "subject": subject, "until": until, "days": days, "now": now})
	if err != nil {
		return false, fmt.Errorf("warn of expiry: %w", err)
	}
	return n > 0, nil
}
