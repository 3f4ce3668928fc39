package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// The CRM sends events also for our own writes. A write stores how many events it will cause, and so many events that arrive within five
// seconds are ignored, however late they are processed (docs/decisions/0005-hints-echoes-reconciliation.md). A foreign change that is ignored by mistake is found by the next reconcile.
const (
	itemEcho = `
		UPDATE acts SET item_echoes = CASE WHEN item_echoes >= :events AND item_wrote > CAST(:arrived AS timestamptz) - interval '5 seconds' THEN item_echoes - :events ELSE -1 END
		WHERE portal_id = :portal AND item_id = :id RETURNING item_echoes >= 0`
	dealEcho = `
		UPDATE deals SET echoes = CASE WHEN echoes >= :events AND wrote > CAST(:arrived AS timestamptz) - interval '5 seconds' THEN echoes - :events ELSE -1 END
		WHERE portal_id = :portal AND id = :id RETURNING echoes >= 0`
	itemWrote = `
		UPDATE acts SET item_echoes = :events + CASE WHEN item_wrote > clock_timestamp() - interval '5 seconds' THEN greatest(item_echoes, 0) ELSE 0 END,
			item_wrote = clock_timestamp()
		WHERE portal_id = :portal AND id = :id`
	dealWrote = `UPDATE deals SET echoes = :events, wrote = clock_timestamp() WHERE portal_id = :portal AND id = :id`
)

// IsItemEcho reports whether a number of events about an item were caused by our own writes, and counts them as received. arrived is the time of
// the database at which the first one came.
func (tx ActsTx) IsItemEcho(ctx context.Context, item acts.ItemID, events int, arrived time.Time) (bool, error) {
	return echo(ctx, tx, itemEcho, int64(item), events, arrived)
}

// IsEcho reports whether a number of events about a deal were caused by our own writes, like IsItemEcho.
func (tx DealsTx) IsEcho(ctx context.Context, deal acts.DealID, events int, arrived time.Time) (bool, error) {
	return echo(ctx, tx, dealEcho, int64(deal), events, arrived)
}

// echo subtracts the events from those that are expected. When there are more events than expected, the object has to be read and
// no further event is expected.
func echo(ctx context.Context, w pg.Writer, query string, id int64, events int, arrived time.Time) (bool, error) {
	var is bool
	_, err := pg.Find(ctx, w, &is, query, pg.Args{"id": id, "events": events, "arrived": arrived})
	return is, pg.Wrap("echo", err)
}

// SetItemWritten stores that we have written the item of an act and how many events this causes.
func (tx ActsTx) SetItemWritten(ctx context.Context, act acts.ActID, events int) error {
	return pg.ExecOne(ctx, tx, "item wrote", itemWrote, pg.Args{"id": act, "events": events}, errChanged)
}

// SetWritten stores that we have written a deal and how many events this causes.
func (tx DealsTx) SetWritten(ctx context.Context, deal acts.DealID, events int) error {
	return pg.ExecOne(ctx, tx, "deal wrote", dealWrote, pg.Args{"id": deal, "events": events}, acts.Errorf(acts.NotFound, "Сделка не найдена."))
}

// countPutBack begins again with one after ten minutes.
const countPutBack = `
	UPDATE acts SET put_backs = CASE WHEN put_back_at > CAST(:now AS timestamptz) - interval '10 minutes' THEN put_backs + 1 ELSE 1 END,
		put_back_at = CASE WHEN put_back_at > CAST(:now AS timestamptz) - interval '10 minutes' THEN put_back_at ELSE CAST(:now AS timestamptz) END
	WHERE portal_id = :portal AND id = :id RETURNING put_backs`

// CountPutBack counts that we have undone a change of the item, and returns how often within ten minutes. now is business time.
func (tx ActsTx) CountPutBack(ctx context.Context, act acts.ActID, now time.Time) (int, error) {
	var n int
	if err := pg.Get(ctx, tx, &n, countPutBack, pg.Args{"id": act, "now": now}); err != nil {
		return 0, fmt.Errorf("put back: %w", err)
	}
	return n, nil
}

const itemGone = `UPDATE acts SET item_gone = true, item_base = '{}' WHERE portal_id = :portal AND id = :id AND NOT item_gone`
const resetFiles = `UPDATE act_files SET crm_file_id = 0 WHERE portal_id = :portal AND act_id = :act AND crm_file_id > 0`
const recreateItem = `UPDATE acts SET item_gone = false, item_id = 0, item_base = '{}' WHERE portal_id = :portal AND id = :id AND item_gone`

// SetItemGone stores that the item was deleted in the CRM; ok is false when this was stored before.
func (tx ActsTx) SetItemGone(ctx context.Context, act acts.ActID) (ok bool, err error) {
	n, err := pg.Exec(ctx, tx, itemGone, pg.Args{"id": act})
	if err != nil {
		return false, fmt.Errorf("item gone: %w", err)
	}
	return n > 0, nil
}

// RecreateItem prepares the creation of a deleted item. Its files were deleted with it, so they are uploaded again.
func (tx ActsTx) RecreateItem(ctx context.Context, act acts.ActID) error {
	if err := pg.ExecOne(ctx, tx, "recreate item", recreateItem, pg.Args{"id": act}, acts.Errorf(acts.Conflict, "Карточка акта в CRM на месте.")); err != nil {
		return err
	}
	if _, err := pg.Exec(ctx, tx, resetFiles, pg.Args{"act": act}); err != nil {
		return fmt.Errorf("reset files: %w", err)
	}
	return nil
}

const stageNote = `UPDATE deals SET stage_note = :note WHERE portal_id = :portal AND id = :id`

// SetStageNote stores why the deal is not at the stage that follows from its acts.
func (tx DealsTx) SetStageNote(ctx context.Context, deal acts.DealID, note string) error {
	return pg.ExecOne(ctx, tx, "stage note", stageNote, pg.Args{"id": deal, "note": note}, acts.Errorf(acts.NotFound, "Сделка не найдена."))
}
