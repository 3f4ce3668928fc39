package accounts

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Counterparties reads what SBIS reported about counterparties, and their invitations.
type Counterparties struct{ reads }

// CounterpartiesTx reads and writes what SBIS reported about counterparties, and their invitations.
type CounterpartiesTx struct {
	Counterparties
	writes
}

// CounterpartiesOf returns the counterparties of a portal.
func CounterpartiesOf(s pg.Scope) Counterparties { return Counterparties{s} }

// CounterpartiesTxOf returns the counterparties of a portal in a transaction.
func CounterpartiesTxOf(s pg.Scope, w pg.Writing) CounterpartiesTx {
	return CounterpartiesTx{Counterparties{s}, w}
}

const lookup = `
	SELECT true AS asked, known, boxes, codes, alive, note, invitation, invited_at FROM edo_lookups
	WHERE portal_id = :portal AND inn = :inn AND kpp = :kpp AND asked_at > clock_timestamp() - interval '1 day'`

// Lookup reads what SBIS reported about a counterparty in the last day.
func (s Counterparties) Lookup(ctx context.Context, inn, kpp string) (acts.Connection, error) {
	var c acts.Connection
	if _, err := pg.Find(ctx, s, &c, lookup, pg.Args{"inn": inn, "kpp": kpp}); err != nil {
		return c, fmt.Errorf("lookup: %w", err)
	}
	return c, nil
}

const saveInvitation = `UPDATE edo_lookups SET invitation = :invitation, invited_at = :now WHERE portal_id = :portal AND inn = :inn AND kpp = :kpp`

// SaveInvitation stores our invitation of a counterparty to SBIS. now is business time.
func (tx CounterpartiesTx) SaveInvitation(ctx context.Context, inn, kpp, invitation string, now time.Time) error {
	return pg.ExecOne(ctx, tx, "save invitation", saveInvitation, pg.Args{"inn": inn, "kpp": kpp, "invitation": invitation, "now": now},
		acts.Errorf(acts.NotFound, "Контрагент ещё не проверен в СБИС."))
}

const saveLookup = `
	INSERT INTO edo_lookups (portal_id, inn, kpp, known, boxes, codes, alive, note)
	SELECT :portal, :inn, :kpp, :known, :boxes, CAST(:codes AS jsonb), (
		SELECT coalesce(jsonb_agg(n.key), '[]') FROM jsonb_each_text(CAST(:codes AS jsonb)) n WHERE n.value IN (
			SELECT o.value FROM edo_lookups l CROSS JOIN jsonb_each_text(l.codes) o WHERE l.portal_id = :portal AND jsonb_exists(l.alive, o.key))), :note
	ON CONFLICT (portal_id, inn, kpp) DO UPDATE SET known = EXCLUDED.known, boxes = EXCLUDED.boxes, codes = EXCLUDED.codes, alive = EXCLUDED.alive,
		note = EXCLUDED.note, asked_at = clock_timestamp()`

// SaveLookup stores what SBIS reported about a counterparty. A box counts as alive when an exchange with a box of the same code has
// succeeded before.
func (tx CounterpartiesTx) SaveLookup(ctx context.Context, inn, kpp string, c acts.Connection) error {
	codes := c.Codes
	if codes == nil {
		codes = map[string]string{}
	}
	_, err := pg.Exec(ctx, tx, saveLookup, pg.Args{"inn": inn, "kpp": kpp, "known": c.Known, "boxes": pg.AsJSON(c.Boxes), "codes": pg.AsJSON(codes), "note": c.Note})
	if err != nil {
		return fmt.Errorf("save lookup: %w", err)
	}
	return nil
}

const boxAlive = `
	UPDATE edo_lookups SET alive = alive || to_jsonb(CAST(:box AS text))
	WHERE portal_id = :portal AND inn = :inn AND kpp = :kpp AND jsonb_exists(codes, :box) AND NOT jsonb_exists(alive, :box)`

// SetBoxAlive stores that one of our documents has arrived at a box of a counterparty.
func (tx CounterpartiesTx) SetBoxAlive(ctx context.Context, inn, kpp, box string) error {
	if _, err := pg.Exec(ctx, tx, boxAlive, pg.Args{"inn": inn, "kpp": kpp, "box": box}); err != nil {
		return fmt.Errorf("set box alive: %w", err)
	}
	return nil
}
