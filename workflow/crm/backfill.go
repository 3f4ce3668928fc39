package crm

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// backfillInterval is the time between two backfills of a portal's deals; a backfill finds what events and the
// reconcile have missed.
const backfillInterval = 24 * time.Hour

// maxPages is how many pages of deals one call reads.
const maxPages = 50

// Backfill fetches the next batch of a portal's deals: new ones are copied, and those that differ from our copies are
// enqueued for reading. The result of each call is stored at once, so an interrupted backfill continues from there.
func (s *Service) Backfill(ctx context.Context, l queue.Backfill) error {
	err := s.backfillPage(ctx, l)
	if err == nil || errors.Is(err, acts.Conflict) {
		return nil
	}
	s.log.WarnContext(ctx, "deals not read", "portal", l.Portal, "err", err)
	l.Pages = max(l.Pages/2, 1) // smaller pages for a slow portal
	if l.Problem = acts.Message(err); l.Problem == "" {
		l.Problem = "Сделки портала не прочитаны."
	}
	return s.db.InTx(ctx, l.Portal, func(tx store.Tx) error { return queue.AdvanceBackfill(ctx, tx, l, s.timing.Retry) })
}

func (s *Service) backfillPage(ctx context.Context, l queue.Backfill) error {
	p, err := s.db.Scope(l.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	page, err := s.crm.NextDeals(ctx, p, l.After, l.Total-l.DealsRead, l.Pages)
	if err != nil {
		return err
	}
	ids := make([]acts.DealID, len(page.Deals))
	for i, h := range page.Deals {
		ids[i] = h.ID
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := s.compare(ctx, tx, l, page, ids); err != nil {
			return err
		}
		next, wait := advance(l, page)
		return queue.AdvanceBackfill(ctx, tx, next, wait)
	})
	s.wake()
	if err != nil || page.More {
		return err
	}
	if err := s.fetchMissingNames(ctx, p); err != nil {
		return err
	}
	return s.fetchBuyerNames(ctx, p)
}

// advance returns the position after a page, and the time to the next page.
func advance(l queue.Backfill, page workflow.DealPage) (queue.Backfill, time.Duration) {
	l.Problem, l.Pages = "", min(2*l.Pages, maxPages)
	if l.After == 0 {
		l.Total = page.Total
	}
	if n := len(page.Deals); n > 0 {
		l.After, l.DealsRead = page.Deals[n-1].ID, l.DealsRead+n
	}
	if page.More {
		return l, 0
	}
	return queue.Backfill{Portal: l.Portal, Total: l.DealsRead, Done: true, Pages: l.Pages, Fence: l.Fence}, backfillInterval
}

// compare copies the new deals of a page, and enqueues those that differ from our copies or are missing.
func (s *Service) compare(ctx context.Context, tx store.Tx, l queue.Backfill, page workflow.DealPage, ids []acts.DealID) error {
	kept, err := tx.Deals().Summaries(ctx, ids)
	if err != nil {
		return err
	}
	var fresh []store.DealSummary
	var doubtful []acts.DealID
	for _, h := range page.Deals {
		if k, known := kept[h.ID]; !known {
			fresh = append(fresh, h)
		} else if !k.Same(h) {
			doubtful = append(doubtful, h.ID)
		}
	}
	until := acts.DealID(1 << 62)
	if page.More {
		until = ids[len(ids)-1]
	}
	missing, err := tx.Deals().Between(ctx, l.After, until, ids)
	if err != nil {
		return err
	}
	for _, id := range append(doubtful, missing...) {
		if err := queue.EnqueueWithin(ctx, tx, task.ReadDeal(acts.DealID(id)), workflow.ReadDelay); err != nil {
			return err
		}
	}
	return tx.Deals().AddSummaries(ctx, fresh)
}

// fetchMissingNames fetches the names of those responsible for deals without acts. Users that the portal does not
// return have none: robots and deleted ones.
func (s *Service) fetchMissingNames(ctx context.Context, p store.Portal) error {
	ids, err := s.db.Scope(p.ID).People().Nameless(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	known, err := s.people.Users(ctx, p, ids...)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		for _, id := range ids {
			if _, found := known[id]; found {
				continue
			}
			if err := tx.People().SaveUser(ctx, people.User{ID: id}); err != nil {
				return err
			}
		}
		return nil
	})
}

// fetchBuyerNames fetches the names of counterparties of deals without acts that nobody has opened. Those that the portal does not return stay
// nameless: they are deleted.
func (s *Service) fetchBuyerNames(ctx context.Context, p store.Portal) error {
	scope := s.db.Scope(p.ID)
	settings, err := scope.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	for after, more := (store.Buyer{}), true; more; {
		list, err := scope.Deals().Nameless(ctx, settings.StagesNeedingActs(), after)
		if err != nil || len(list) == 0 {
			return err
		}
		named, err := s.crm.BuyerNames(ctx, p, list)
		if err != nil {
			return err
		}
		if err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.Deals().NameBuyers(ctx, named) }); err != nil {
			return err
		}
		after, more = list[len(list)-1], len(list) == store.NamelessPage
	}
	return nil
}
