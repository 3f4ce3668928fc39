package robots

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store/internal/pg"
)

// Badge is the badge of a deal in the kanban and the activity that carries it.
type Badge struct {
	Activity int64            `db:"activity_id"` // of the CRM, 0 when none was created
	Badge    automation.Badge `db:"badge"`       // shown now, "" for none
	Text     string           `db:"text"`        // of the activity
}

const badgeOfDeal = `SELECT activity_id, badge, text FROM deal_badges WHERE portal_id = :portal AND deal_id = :deal`

// Badge returns the badge of a deal as we wrote it last.
func (s Scope) Badge(ctx context.Context, deal acts.DealID) (b Badge, err error) {
	if _, err = pg.Find(ctx, s, &b, badgeOfDeal, pg.Args{"deal": deal}); err != nil {
		return b, fmt.Errorf("badge of deal %d: %w", deal, err)
	}
	return b, nil
}

const setDealBadge = `
	INSERT INTO deal_badges (portal_id, deal_id, activity_id, badge, text) VALUES (:portal, :deal, :activity, :badge, :text)
	ON CONFLICT (portal_id, deal_id) DO UPDATE SET activity_id = EXCLUDED.activity_id, badge = EXCLUDED.badge, text = EXCLUDED.text`

// SetBadge stores the badge of a deal after it was written to the CRM.
func (tx Tx) SetBadge(ctx context.Context, deal acts.DealID, b Badge) error {
	if _, err := pg.Exec(ctx, tx, setDealBadge, pg.Args{"deal": deal, "activity": b.Activity, "badge": string(b.Badge), "text": b.Text}); err != nil {
		return fmt.Errorf("set badge of deal %d: %w", deal, err)
	}
	return nil
}
