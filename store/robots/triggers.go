package robots

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store/internal/pg"
)

// TriggerRun is a trigger that is to be executed for a deal. Triggers of one deal are executed one after another: two at once could move it in the wrong
// order, and the move of one would look like that of the other.
type TriggerRun struct {
	ID       int64
	Deal     acts.DealID
	Code     automation.Trigger
	LastMove *int64 // newest entry of the deal's history of stages before our call, nil until it was read
}

const addTrigger = `INSERT INTO trigger_runs (portal_id, deal_id, code) VALUES (:portal, :deal, :code) RETURNING id`

// AddTrigger stores that a trigger is to be executed.
func (tx Tx) AddTrigger(ctx context.Context, deal acts.DealID, code automation.Trigger) (id int64, err error) {
	if err := pg.Get(ctx, tx, &id, addTrigger, pg.Args{"deal": deal, "code": string(code)}); err != nil {
		return 0, fmt.Errorf("add trigger: %w", err)
	}
	return id, nil
}

// triggersOfDeal begins with the trigger whose call may have been made (last_move is set): a trigger with a smaller id can be committed after that
// call, and must not be executed before its outcome is known.
const triggersOfDeal = `SELECT id, deal_id AS deal, code, last_move FROM trigger_runs WHERE portal_id = :portal AND deal_id = :deal
	ORDER BY last_move IS NULL, id`

// Triggers lists the triggers that a deal waits for, in the order in which they are to be executed.
func (s Scope) Triggers(ctx context.Context, deal acts.DealID) (runs []TriggerRun, err error) {
	if err := pg.Select(ctx, s, &runs, triggersOfDeal, pg.Args{"deal": deal}); err != nil {
		return nil, fmt.Errorf("triggers: %w", err)
	}
	return runs, nil
}

const setLastMove = `UPDATE trigger_runs SET last_move = :move WHERE portal_id = :portal AND id = :id`

// SetLastMove stores the newest entry of the history of stages before the call.
func (tx Tx) SetLastMove(ctx context.Context, id, move int64) error {
	if _, err := pg.Exec(ctx, tx, setLastMove, pg.Args{"id": id, "move": move}); err != nil {
		return fmt.Errorf("set last move: %w", err)
	}
	return nil
}

const dropTrigger = `DELETE FROM trigger_runs WHERE portal_id = :portal AND id = :id`

// DropTrigger deletes a trigger that the CRM has taken, or that is not needed any more.
func (tx Tx) DropTrigger(ctx context.Context, id int64) error {
	if _, err := pg.Exec(ctx, tx, dropTrigger, pg.Args{"id": id}); err != nil {
		return fmt.Errorf("drop trigger: %w", err)
	}
	return nil
}
