package crm

import (
	"context"
	"slices"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// summaryFields are the fields that show whether our copy of a deal is current.
var summaryFields = []string{"id", "title", "categoryId", "stageId", "stageSemanticId", "companyId", "contactId", "assignedById", "opportunity",
	"currencyId", "movedTime", "updatedTime"}

var summaryQuery = bitrix24.ItemQuery{Type: bitrix24.DealType, Select: summaryFields}

// VisibleDeals reads with a user's own token which of some deals the portal shows to him.
func (a *Adapter) VisibleDeals(ctx context.Context, p store.Portal, access string, ids []acts.DealID) (visible []acts.DealID, err error) {
	client, err := a.asUser(p, access)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(ids, bitrix24.MaxBatch) {
		query := bitrix24.ItemQuery{Type: bitrix24.DealType, Select: []string{"id"}}
		res, err := client.Batch(ctx, []bitrix24.Command{bitrix24.ItemsByID(query, plainIDs(part)).As("deals")}, false)
		if err != nil {
			return nil, visitError(err)
		}
		var page bitrix24.ItemsResult[bitrix24.Deal]
		if err := res.Get("deals", &page); err != nil {
			return nil, visitError(err)
		}
		for _, d := range page.Items {
			visible = append(visible, acts.DealID(d.ID))
		}
	}
	return visible, nil
}

// DealSummaries reads summaries of deals, and the rows of some of them, many in one call; deleted deals are missing.
func (a *Adapter) DealSummaries(ctx context.Context, p store.Portal, ids, withRows []acts.DealID) ([]store.DealSummary, map[acts.DealID][]acts.ProductRow, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, nil, err
	}
	var summaries []store.DealSummary
	rows := map[acts.DealID][]acts.ProductRow{}
	for part := range slices.Chunk(ids, bitrix24.MaxBatch-1) { // one command reads the summaries, each other one the rows of a deal
		commands := []bitrix24.Command{bitrix24.ItemsByID(summaryQuery, plainIDs(part)).As("summaries")}
		var needRows []acts.DealID
		for _, id := range part {
			if slices.Contains(withRows, id) {
				needRows = append(needRows, id)
			}
		}
		res, err := client.Batch(ctx, append(commands, rowCommands(needRows)...), false)
		if err != nil {
			return nil, nil, readError(err)
		}
		var page bitrix24.ItemsResult[bitrix24.Deal]
		if err := res.Get("summaries", &page); err != nil {
			return nil, nil, readError(err)
		}
		summaries = append(summaries, dealSummaries(p, page.Items)...)
		if err := readRowsOf(ctx, client, res, needRows, rows); err != nil {
			return nil, nil, err
		}
	}
	return summaries, rows, nil
}

func rowCommands(ids []acts.DealID) (commands []bitrix24.Command) {
	for _, id := range ids {
		commands = append(commands, bitrix24.ListProductRows(bitrix24.DealType, bitrix24.ID(id)).As(dealKey(id)+"rows"))
	}
	return commands
}

// readRowsOf adds the rows of deals from the results of a batch; deleted deals are skipped.
func readRowsOf(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult, ids []acts.DealID, rows map[acts.DealID][]acts.ProductRow) error {
	for _, id := range ids {
		list, err := readRows(ctx, client, res, dealKey(id), bitrix24.ID(id))
		switch kind := acts.KindOf(err); {
		case kind == acts.NotFound || kind == acts.Forbidden:
		case err != nil:
			return err
		default:
			rows[id] = list
		}
	}
	return nil
}

// NextDeals reads summaries of deals with ids after a given one, at most maxPages pages of fifty in one call. left is the expected number of
// further deals. The first call, after 0, returns one page and the number of all deals.
func (a *Adapter) NextDeals(ctx context.Context, p store.Portal, after acts.DealID, left, maxPages int) (workflow.DealPage, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return workflow.DealPage{}, err
	}
	if after == 0 {
		found, total, err := bitrix24.FirstPage[bitrix24.Deal](ctx, client, summaryQuery)
		if err != nil {
			return workflow.DealPage{}, readError(err)
		}
		return workflow.DealPage{Deals: dealSummaries(p, found), Total: total, More: len(found) == pageSize}, nil
	}
	pages := left/pageSize + 1
	if left <= 0 { // more deals than at the beginning
		pages = 10
	}
	found, more, err := bitrix24.PagesAfter[bitrix24.Deal](ctx, client, summaryQuery, bitrix24.ID(after), min(pages, maxPages))
	if err != nil {
		return workflow.DealPage{}, readError(err)
	}
	return workflow.DealPage{Deals: dealSummaries(p, found), More: more}, nil
}

func dealSummaries(p store.Portal, deals []bitrix24.Deal) []store.DealSummary {
	summaries := make([]store.DealSummary, len(deals))
	for i, d := range deals {
		at := d.UpdatedTime.Time
		summaries[i] = store.DealSummary{ID: acts.DealID(d.ID), Title: string(d.Title), Category: int64(d.CategoryID), StageID: string(d.StageID),
			Semantics: semanticsOf(d), Company: acts.CompanyID(d.CompanyID), Contact: acts.ContactID(d.ContactID), Responsible: acts.UserID(d.AssignedByID),
			Amount: acts.Round(d.Opportunity.Decimal), Currency: string(d.CurrencyID), UpdatedAt: &at, StageSince: stageSince(p, d)}
	}
	return summaries
}

// semanticsOf is S for success, F for failure and "" for a deal in progress.
func semanticsOf(d bitrix24.Deal) string {
	if d.StageSemantics == "S" || d.StageSemantics == "F" {
		return string(d.StageSemantics)
	}
	return ""
}

// stageSince returns the day on which a deal was moved to its stage, in the portal's zone.
func stageSince(p store.Portal, d bitrix24.Deal) time.Time {
	at := d.MovedTime.Time
	if at.IsZero() {
		at = d.UpdatedTime.Time
	}
	at = at.In(workflow.ZoneOf(p.Zone))
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// DealRows reads the product rows of deals, fifty deals in a call; deleted deals are missing.
func (a *Adapter) DealRows(ctx context.Context, p store.Portal, ids []acts.DealID) (map[acts.DealID][]acts.ProductRow, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	rows := map[acts.DealID][]acts.ProductRow{}
	for part := range slices.Chunk(ids, bitrix24.MaxBatch) {
		res, err := client.Batch(ctx, rowCommands(part), false)
		if err != nil {
			return nil, readError(err)
		}
		if err := readRowsOf(ctx, client, res, part, rows); err != nil {
			return nil, err
		}
	}
	return rows, nil
}
