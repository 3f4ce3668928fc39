package crm

import (
	"context"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// isDealEcho reports that our own change of a deal raised the event.
func isDealEcho(ctx context.Context, tx store.Tx, t queue.Task) (bool, error) {
	return tx.Deals().IsEcho(ctx, acts.DealID(t.Subject), t.Version, t.Created)
}

// isDealBusy reports that we are moving the deal just now: the portal sends the event of a change before the answer to its batch.
func isDealBusy(ctx context.Context, scope store.Scope, t queue.Task, _ time.Time) (bool, error) {
	return queue.DealBusy(ctx, scope, acts.DealID(t.Subject), task.KindMoveDeal)
}

// isItemEcho reports that our own change of an item raised the event.
func isItemEcho(ctx context.Context, tx store.Tx, t queue.Task) (bool, error) {
	return tx.Acts().IsItemEcho(ctx, acts.ItemID(t.Subject), t.Version, t.Created)
}

// isItemBusy reports that we are writing the item just now.
func isItemBusy(ctx context.Context, scope store.Scope, t queue.Task, now time.Time) (bool, error) {
	return queue.ItemBusy(ctx, scope, acts.ItemID(t.Subject), itemWriteKinds, now)
}
