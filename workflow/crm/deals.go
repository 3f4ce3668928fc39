package crm

import (
	"context"
	"slices"

	"acts24/acts"
	"acts24/store"
)

// readDeals compares deals with our copies, in one call, and fetches in full those whose acts or sums may be affected.
func (s *Service) readDeals(ctx context.Context, p store.Portal, ids []acts.DealID) error {
	kept, err := s.db.Scope(p.ID).Deals().Summaries(ctx, ids)
	if err != nil {
		return err
	}
	var withRows []acts.DealID
	for id, k := range kept {
		if k.Whole && !k.HasActs { // those with acts are fetched whole
			withRows = append(withRows, id)
		}
	}
	summaries, rows, err := s.crm.DealSummaries(ctx, p, ids, withRows)
	if err != nil {
		return err
	}
	there := map[acts.DealID]bool{}
	for _, h := range summaries {
		there[h.ID] = true
	}
	for _, id := range ids {
		if !there[id] {
			if err := s.deals.MarkDeleted(ctx, p.ID, id); err != nil {
				return err
			}
		}
	}
	return s.syncDeals(ctx, p, summaries, rows)
}

// syncDeals updates our copies from summaries of deals. rows come with events and are nil in a reconcile: after an
// event a deal has certainly changed, although the CRM's times are whole seconds and two changes may share one.
func (s *Service) syncDeals(ctx context.Context, p store.Portal, summaries []store.DealSummary, rows map[acts.DealID][]acts.ProductRow) error {
	ids := make([]acts.DealID, len(summaries))
	for i, h := range summaries {
		ids[i] = h.ID
	}
	kept, err := s.db.Scope(p.ID).Deals().Summaries(ctx, ids)
	if err != nil {
		return err
	}
	settings, err := s.db.Scope(p.ID).Portals().Settings(ctx)
	if err != nil {
		return err
	}
	var news []store.DealSummary
	var whole, rowed []acts.DealID
	for _, h := range summaries {
		k, known := kept[h.ID]
		switch {
		case known && rows == nil && k.Same(h):
		case known && (k.NeedsFullRead(h) || k.StageID != h.StageID && settings.IsApprovedStage(h.StageID)):
			whole = append(whole, h.ID)
		default:
			news = append(news, h)
			if known && k.Whole {
				rowed = append(rowed, h.ID)
			}
		}
	}
	if err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.Deals().SaveSummaries(ctx, news) }); err != nil {
		return err
	}
	if err := s.copyRows(ctx, p, rowed, rows); err != nil {
		return err
	}
	if slices.ContainsFunc(news, func(h store.DealSummary) bool {
		return !kept[h.ID].Whole && slices.Contains(settings.StagesNeedingActs(), h.StageID)
	}) {
		if err := s.fetchBuyerNames(ctx, p); err != nil {
			return err
		}
	}
	if len(whole) == 0 {
		return nil
	}
	return s.deals.FetchDeals(ctx, p.ID, whole...)
}

// copyRows replaces the rows of deals of which nothing else is needed; they are fetched unless they are given.
func (s *Service) copyRows(ctx context.Context, p store.Portal, deals []acts.DealID, found map[acts.DealID][]acts.ProductRow) (err error) {
	if len(deals) == 0 {
		return nil
	}
	if found == nil {
		if found, err = s.crm.DealRows(ctx, p, deals); err != nil {
			return err
		}
	}
	for _, id := range deals {
		rows, ok := found[id]
		if !ok {
			continue
		}
		if err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.Deals().SaveRows(ctx, id, rows) }); err != nil {
			return err
		}
	}
	return nil
}
