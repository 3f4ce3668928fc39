package crm

import (
	"context"
	"iter"
	"time"

	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// Changes reads the items and deals changed since two times, the earliest first, page by page. Up to a page of each takes one call.
func (a *Adapter) Changes(ctx context.Context, p store.Portal, items, deals time.Time,
	apply func(context.Context, workflow.Changes) error) error {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return err
	}
	res, err := client.Batch(ctx, []bitrix24.Command{
		bitrix24.ItemsChangedSince(itemQuery(p), items).As("items"),
		bitrix24.ItemsChangedSince(summaryQuery, deals).As("deals"),
	}, false)
	if err != nil {
		return readError(err)
	}
	var gotItems bitrix24.ItemsResult[bitrix24.Item]
	var gotDeals bitrix24.ItemsResult[bitrix24.Deal]
	if err := res.Get("items", &gotItems); err != nil {
		return readError(err)
	}
	if err := res.Get("deals", &gotDeals); err != nil {
		return readError(err)
	}
	if err := apply(ctx, changesPage(p, gotItems.Items, gotDeals.Items)); err != nil {
		return err
	}
	if len(gotItems.Items) == pageSize {
		if err := applyPages(bitrix24.Changes[bitrix24.Item](ctx, client, itemQuery(p), items), func(rows []bitrix24.Item) error {
			return apply(ctx, changesPage(p, rows, nil))
		}); err != nil {
			return err
		}
	}
	if len(gotDeals.Items) < pageSize {
		return nil
	}
	return applyPages(bitrix24.Changes[bitrix24.Deal](ctx, client, summaryQuery, deals), func(rows []bitrix24.Deal) error {
		return apply(ctx, changesPage(p, nil, rows))
	})
}

// pageSize is the number of rows in a page of a list.
const pageSize = 50

func applyPages[T any](pages iter.Seq2[[]T, error], apply func([]T) error) error {
	for rows, err := range pages {
		if err != nil {
			return readError(err)
		}
		if err := apply(rows); err != nil {
			return err
		}
	}
	return nil
}

// changesPage converts rows of both lists, with the time of the last change of each; an empty list has none.
func changesPage(p store.Portal, items []bitrix24.Item, deals []bitrix24.Deal) workflow.Changes {
	page := workflow.Changes{Items: itemCards(p, items), Deals: dealSummaries(p, deals)}
	if n := len(items); n > 0 {
		page.ItemsUntil = items[n-1].ChangedAt()
	}
	if n := len(deals); n > 0 {
		page.DealsUntil = deals[n-1].ChangedAt()
	}
	return page
}
