package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
)

// An event that our own write raised tells us nothing. Every write says how many events it will raise; that many hints
// are passed over while the write is fresh. A hint passed over wrongly is made good by the next sweep.
const (
	itemEcho = `
		UPDATE acts SET item_echoes = CASE WHEN item_echoes >= :hints AND item_wrote > clock_timestamp() - interval '5 seconds' THEN item_echoes - :hints ELSE -1 END
		WHERE portal_id = :portal AND item_id = :id RETURNING item_echoes >= 0`
	dealEcho = `
		UPDATE deals SET echoes = CASE WHEN echoes >= :hints AND wrote > clock_timestamp() - interval '5 seconds' THEN echoes - :hints ELSE -1 END
		WHERE portal_id = :portal AND id = :id RETURNING echoes >= 0`
	itemWrote = `
		UPDATE acts SET item_echoes = :events + CASE WHEN item_wrote > clock_timestamp() - interval '5 seconds' THEN greatest(item_echoes, 0) ELSE 0 END,
			item_wrote = clock_timestamp()
		WHERE portal_id = :portal AND id = :id`
	dealWrote = `UPDATE deals SET echoes = :events, wrote = clock_timestamp() WHERE portal_id = :portal AND id = :id`
)

// ItemEcho reports whether so many hints about an item are the echo of our own writes.
func (tx Tx) ItemEcho(ctx context.Context, item acts.ItemID, hints int) (bool, error) {
	return tx.echo(ctx, itemEcho, int64(item), hints)
}

// DealEcho reports whether so many hints about a deal are the echo of our own writes.
func (tx Tx) DealEcho(ctx context.Context, deal acts.DealID, hints int) (bool, error) {
	return tx.echo(ctx, dealEcho, int64(deal), hints)
}

// echo counts hints down; where they are more than echoes the object is read, and what was expected no longer counts.
func (tx Tx) echo(ctx context.Context, query string, id int64, hints int) (bool, error) {
	var echo bool
	err := tx.get(ctx, &echo, query, args{"id": id, "hints": hints})
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("echo: %w", err)
	}
	return echo, nil
}

// itemBusy knows a write by its task: the intent is committed before the call, its end together with what was written.
const itemBusy = `
	SELECT EXISTS (
		SELECT FROM acts a JOIN tasks t ON t.portal_id = a.portal_id AND t.subject = a.id AND t.kind = ANY (CAST(:kinds AS text[]))
		WHERE a.portal_id = :portal AND a.item_id = :item AND t.sent_at IS NOT NULL AND NOT t.dead
	) OR EXISTS (SELECT FROM acts WHERE portal_id = :portal AND item_id = :item AND item_wrote >= :since)`

// ItemBusy reports whether tasks of these kinds have, or may have, written the item after since, a moment before it was
// read: what it held then says nothing about what people did.
func (s Scope) ItemBusy(ctx context.Context, item acts.ItemID, kinds []string, since time.Time) (bool, error) {
	var busy bool
	if err := s.get(ctx, &busy, itemBusy, args{"item": int64(item), "kinds": pq.Array(kinds), "since": since}); err != nil {
		return false, fmt.Errorf("item busy: %w", err)
	}
	return busy, nil
}

// Moment is the machine time of all processes: the database's.
func (db *DB) Moment(ctx context.Context) (at time.Time, err error) {
	if err := db.pool.GetContext(ctx, &at, `SELECT clock_timestamp()`); err != nil {
		return at, fmt.Errorf("machine time: %w", err)
	}
	return at, nil
}

// ItemWrote keeps that we have written the item of an act and how many events this will raise.
func (tx Tx) ItemWrote(ctx context.Context, act acts.ActID, events int) error {
	return tx.one(ctx, "item wrote", itemWrote, args{"id": int64(act), "events": events}, errChanged)
}

// DealWrote keeps that we have written a deal and how many events this will raise.
func (tx Tx) DealWrote(ctx context.Context, deal acts.DealID, events int) error {
	return tx.one(ctx, "deal wrote", dealWrote, args{"id": int64(deal), "events": events}, acts.Errorf(acts.NotFound, "Сделка не найдена."))
}

// putBack counts anew after ten minutes.
const putBack = `
	UPDATE acts SET put_backs = CASE WHEN put_back_at > CAST(:now AS timestamptz) - interval '10 minutes' THEN put_backs + 1 ELSE 1 END,
		put_back_at = CASE WHEN put_back_at > CAST(:now AS timestamptz) - interval '10 minutes' THEN put_back_at ELSE CAST(:now AS timestamptz) END
	WHERE portal_id = :portal AND id = :id RETURNING put_backs`

// PutBack counts that a change of the item was undone; it returns how often within ten minutes. now is business time.
func (tx Tx) PutBack(ctx context.Context, act acts.ActID, now time.Time) (int, error) {
	var n int
	if err := tx.get(ctx, &n, putBack, args{"id": int64(act), "now": now}); err != nil {
		return 0, fmt.Errorf("put back: %w", err)
	}
	return n, nil
}

const itemGone = `UPDATE acts SET item_gone = true, item_base = '{}' WHERE portal_id = :portal AND id = :id AND NOT item_gone`
const filesAnew = `UPDATE act_files SET crm_file_id = 0 WHERE portal_id = :portal AND act_id = :act AND crm_file_id > 0`
const itemAnew = `UPDATE acts SET item_gone = false, item_id = 0, item_base = '{}' WHERE portal_id = :portal AND id = :id AND item_gone`

// ItemGone keeps that the item was deleted in the CRM; ok is false when we knew.
func (tx Tx) ItemGone(ctx context.Context, act acts.ActID) (ok bool, err error) {
	n, err := tx.exec(ctx, itemGone, args{"id": int64(act)})
	if err != nil {
		return false, fmt.Errorf("item gone: %w", err)
	}
	return n > 0, nil
}

// ItemAnew has a deleted item made again. The files of the old one went with it: ours are to be put into the new one.
func (tx Tx) ItemAnew(ctx context.Context, act acts.ActID) error {
	if err := tx.one(ctx, "item anew", itemAnew, args{"id": int64(act)}, acts.Errorf(acts.Conflict, "Карточка акта в CRM на месте.")); err != nil {
		return err
	}
	if _, err := tx.exec(ctx, filesAnew, args{"act": int64(act)}); err != nil {
		return fmt.Errorf("files anew: %w", err)
	}
	return nil
}

const stageNote = `UPDATE deals SET stage_note = :note WHERE portal_id = :portal AND id = :id`

// StageNote keeps why the deal is not where its acts say.
func (tx Tx) StageNote(ctx context.Context, deal acts.DealID, note string) error {
	return tx.one(ctx, "stage note", stageNote, args{"id": int64(deal), "note": note}, acts.Errorf(acts.NotFound, "Сделка не найдена."))
}
