package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
)

// walkAnew is how long after one walk over a portal's deals the next begins; it finds what events and the sweep have missed.
const walkAnew = 24 * time.Hour

// mostPages is how many pages of deals one call reads.
const mostPages = 50

// Load reads the next batch of a portal's deals: new ones are copied, and those that are not as our copies say are read
// as if the CRM had hinted at them. What one call brought is kept at once, so a walk that was cut off goes on from there.
func (s *Service) Load(ctx context.Context, l store.Load) error {
	err := s.load(ctx, l)
	if err == nil || errors.Is(err, acts.Conflict) {
		return nil
	}
	s.log.WarnContext(ctx, "deals not read", "portal", l.Portal, "err", err)
	l.Pages = max(l.Pages/2, 1) // the portal may be too slow for so many
	if l.Problem = acts.Sentence(err); l.Problem == "" {
		l.Problem = "Сделки портала не прочитаны."
	}
	return s.db.InTx(ctx, l.Portal, func(tx store.Tx) error { return tx.AdvanceLoad(ctx, l, s.timing.Retry) })
}

func (s *Service) load(ctx context.Context, l store.Load) error {
	p, err := s.db.Scope(l.Portal).PortalInfo(ctx)
	if err != nil {
		return err
	}
	page, err := s.crm.NextDeals(ctx, p, l.After, l.Total-l.Seen, l.Pages)
	if err != nil {
		return err
	}
	ids := make([]acts.DealID, len(page.Heads))
	for i, h := range page.Heads {
		ids[i] = h.ID
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := s.compare(ctx, tx, l, page, ids); err != nil {
			return err
		}
		next, wait := advance(l, page)
		return tx.AdvanceLoad(ctx, next, wait)
	})
	s.wake()
	if err != nil || page.More {
		return err
	}
	return s.learnNames(ctx, p)
}

// advance is where the walk stands after a page, and how long it rests.
func advance(l store.Load, page DealPage) (store.Load, time.Duration) {
	l.Problem, l.Pages = "", min(2*l.Pages, mostPages)
	if l.After == 0 {
		l.Total = page.Total
	}
	if n := len(page.Heads); n > 0 {
		l.After, l.Seen = page.Heads[n-1].ID, l.Seen+n
	}
	if page.More {
		return l, 0
	}
	return store.Load{Portal: l.Portal, Total: l.Seen, Done: true, Pages: l.Pages, Fence: l.Fence}, walkAnew
}

// compare copies the deals of a page that are new to us, and has those read that differ from their copies or are missing.
func (s *Service) compare(ctx context.Context, tx store.Tx, l store.Load, page DealPage, ids []acts.DealID) error {
	kept, err := tx.DealHeads(ctx, ids)
	if err != nil {
		return err
	}
	var fresh []store.DealHead
	var doubtful []acts.DealID
	for _, h := range page.Heads {
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
	missing, err := tx.DealsBetween(ctx, l.After, until, ids)
	if err != nil {
		return err
	}
	for _, id := range append(doubtful, missing...) {
		if err := tx.EnqueueTogether(ctx, TaskDeal, int64(id), readTogether); err != nil {
			return err
		}
	}
	return tx.AddHeads(ctx, fresh)
}

// learnNames reads the names of who is responsible for deals without acts. Who is not told of has none: a bot, or somebody deleted.
func (s *Service) learnNames(ctx context.Context, p store.Portal) error {
	ids, err := s.db.Scope(p.ID).Nameless(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	known, err := s.users(ctx, p, ids...)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		for _, id := range ids {
			if _, told := known[id]; told {
				continue
			}
			if err := tx.SaveUser(ctx, store.User{ID: id}); err != nil {
				return err
			}
		}
		return nil
	})
}
