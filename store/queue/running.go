package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/pg"
)

// itemBusy finds a running write by its task: sent_at is committed before the call, the end of the task together with the result.
const itemBusy = `
	SELECT EXISTS (
		SELECT FROM acts a JOIN tasks t ON t.portal_id = a.portal_id AND t.subject = a.id AND t.kind = ANY (CAST(:kinds AS text[]))
		WHERE a.portal_id = :portal AND a.item_id = :item AND t.sent_at IS NOT NULL AND NOT t.dead
	) OR EXISTS (SELECT FROM acts WHERE portal_id = :portal AND item_id = :item AND item_wrote >= :since)`

// ItemBusy reports whether tasks of these kinds have, or may have, written the item after since, a moment before it was
// read: its content at that time does not show what people did.
func ItemBusy(ctx context.Context, s store.Scope, item acts.ItemID, kinds []string, since time.Time) (bool, error) {
	var busy bool
	if err := pg.Get(ctx, s, &busy, itemBusy, pg.Args{"item": item, "kinds": pq.Array(kinds), "since": since}); err != nil {
		return false, fmt.Errorf("item busy: %w", err)
	}
	return busy, nil
}

const dealBusy = `SELECT EXISTS (SELECT FROM tasks WHERE portal_id = :portal AND kind = :kind AND subject = :deal AND lease_until > clock_timestamp())`

// DealBusy reports whether a task of this kind, which writes the deal, is under way.
func DealBusy(ctx context.Context, s store.Scope, deal acts.DealID, kind string) (bool, error) {
	var busy bool
	if err := pg.Get(ctx, s, &busy, dealBusy, pg.Args{"deal": deal, "kind": kind}); err != nil {
		return false, fmt.Errorf("deal busy: %w", err)
	}
	return busy, nil
}

// itemComing holds until the creation of an item has ended: its id is stored in the transaction that ends its task. One statement
// sees either both or neither.
const itemComing = `
	SELECT EXISTS (SELECT FROM acts WHERE portal_id = :portal AND item_id = :item) OR EXISTS (
		SELECT FROM acts a JOIN tasks t ON t.portal_id = a.portal_id AND t.subject = a.id AND t.kind = :kind
		WHERE a.portal_id = :portal AND a.deal_id = :deal AND a.item_id = 0 AND t.sent_at IS NOT NULL AND NOT t.dead
	)`

// ItemComing reports whether an item of a deal that was unknown when it was read may be one that a task of this kind creates: the CRM sends
// the event of a creation before its answer.
func ItemComing(ctx context.Context, s store.Scope, item acts.ItemID, deal acts.DealID, kind string) (bool, error) {
	var coming bool
	if err := pg.Get(ctx, s, &coming, itemComing, pg.Args{"item": item, "deal": deal, "kind": kind}); err != nil {
		return false, fmt.Errorf("item coming: %w", err)
	}
	return coming, nil
}

// answerUnderWay finds a running write by its task, which is created with the answer and ends together with the result.
const answerUnderWay = `
	SELECT EXISTS (
		SELECT FROM answers n JOIN tasks t ON t.portal_id = n.portal_id AND t.kind = :kind AND t.subject = n.id
		WHERE n.portal_id = :portal AND n.deal_id = :deal AND NOT t.dead
	) OR EXISTS (SELECT FROM deals WHERE portal_id = :portal AND id = :deal AND wrote >= :since)`

// AnswerUnderWay reports whether an answer about the deal is still to be shown on its card by a task of this kind, or the card was written
// after since: the values read then may be an earlier answer.
func AnswerUnderWay(ctx context.Context, s store.Scope, deal acts.DealID, kind string, since time.Time) (bool, error) {
	var is bool
	if err := pg.Get(ctx, s, &is, answerUnderWay, pg.Args{"deal": deal, "kind": kind, "since": since}); err != nil {
		return false, fmt.Errorf("answer under way: %w", err)
	}
	return is, nil
}
