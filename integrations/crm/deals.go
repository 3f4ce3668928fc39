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

// headFields are what tells whether our copy of a deal is still true.
var headFields = []string{"id", "title", "categoryId", "stageId", "stageSemanticId", "companyId", "contactId", "assignedById", "opportunity",
	"currencyId", "movedTime", "updatedTime"}

var headQuery = bitrix24.ItemQuery{Type: bitrix24.DealType, Select: headFields}

// DealHeads reads deals briefly, many in one call; a deal that is gone is left out.
func (a *Adapter) DealHeads(ctx context.Context, p store.Portal, ids []acts.DealID) ([]store.DealHead, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	found, err := bitrix24.ItemsOf[bitrix24.Deal](ctx, client, headQuery, plainIDs(ids))
	if err != nil {
		return nil, reading(err)
	}
	return dealHeads(p, found), nil
}

// NextDeals reads the heads of deals after one, by id, as many as one call gives. left is how many are expected.
// The first call, after 0, brings one page and the number of all deals.
func (a *Adapter) NextDeals(ctx context.Context, p store.Portal, after acts.DealID, left int) (workflow.DealPage, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return workflow.DealPage{}, err
	}
	if after == 0 {
		found, total, err := bitrix24.FirstPage[bitrix24.Deal](ctx, client, headQuery)
		if err != nil {
			return workflow.DealPage{}, reading(err)
		}
		return workflow.DealPage{Heads: dealHeads(p, found), Total: total, More: len(found) == pageSize}, nil
	}
	pages := left/pageSize + 1
	if left <= 0 { // more than there were when the walk began
		pages = 10
	}
	found, more, err := bitrix24.Stride[bitrix24.Deal](ctx, client, headQuery, bitrix24.ID(after), pages)
	if err != nil {
		return workflow.DealPage{}, reading(err)
	}
	return workflow.DealPage{Heads: dealHeads(p, found), More: more}, nil
}

func dealHeads(p store.Portal, deals []bitrix24.Deal) []store.DealHead {
	heads := make([]store.DealHead, len(deals))
	for i, d := range deals {
		at := d.UpdatedTime.Time
		heads[i] = store.DealHead{ID: acts.DealID(d.ID), Title: string(d.Title), Category: int64(d.CategoryID), StageID: string(d.StageID),
			Semantics: semanticsOf(d), Company: acts.CompanyID(d.CompanyID), Contact: acts.ContactID(d.ContactID), Responsible: acts.UserID(d.AssignedByID),
			Amount: acts.Round(d.Opportunity.Decimal), Currency: string(d.CurrencyID), UpdatedAt: &at, StageSince: stageSince(p, d)}
	}
	return heads
}

// semanticsOf is S for success, F for failure and "" for a deal on its way.
func semanticsOf(d bitrix24.Deal) string {
	if d.StageSemantics == "S" || d.StageSemantics == "F" {
		return string(d.StageSemantics)
	}
	return ""
}

// stageSince is the day on which a deal came to its stage, in the portal's zone.
func stageSince(p store.Portal, d bitrix24.Deal) time.Time {
	at := d.MovedTime.Time
	if at.IsZero() {
		at = d.UpdatedTime.Time
	}
	at = at.In(workflow.ZoneOf(p.Zone))
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
}

// DealRows reads the product rows of deals, fifty deals in a call; a deal that is gone is left out.
func (a *Adapter) DealRows(ctx context.Context, p store.Portal, ids []acts.DealID) (map[acts.DealID][]acts.ProductRow, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	rows := map[acts.DealID][]acts.ProductRow{}
	for part := range slices.Chunk(ids, bitrix24.MaxBatch) {
		var commands []bitrix24.Command
		for _, id := range part {
			commands = append(commands, bitrix24.ListProductRows(bitrix24.DealType, bitrix24.ID(id)).As(dealKey(id)+"rows"))
		}
		res, err := client.Batch(ctx, commands, false)
		if err != nil {
			return nil, reading(err)
		}
		for _, id := range part {
			list, err := readRows(ctx, client, res, dealKey(id), bitrix24.ID(id))
			if acts.KindOf(err) == acts.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			rows[id] = list
		}
	}
	return rows, nil
}
