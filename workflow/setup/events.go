package setup

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// handleEvent stores an event and enqueues the reading of its object.
func (s *Service) handleEvent(ctx context.Context, tx store.Tx, p store.Portal, e workflow.PortalEvent) error {
	if err := queue.AddPortalEvent(ctx, tx, e.Name, e.Object); err != nil {
		return err
	}
	switch e.About {
	case workflow.AboutDeal:
		return queue.EnqueueWithin(ctx, tx, task.ReadDeal(acts.DealID(e.Object)), workflow.ReadDelay)
	case workflow.AboutItem:
		if e.EntityType != p.EntityTypeID {
			return nil
		}
		return queue.EnqueueWithin(ctx, tx, task.ReadItem(acts.ItemID(e.Object)), workflow.ReadDelay)
	case workflow.AboutTask:
		_, ours, err := tx.Reminders().OfTask(ctx, e.Object)
		if err != nil || !ours {
			return err
		}
		return queue.EnqueueWithin(ctx, tx, task.ReadStatusTask(e.Object), workflow.ReadDelay)
	case workflow.AboutCompany, workflow.AboutContact:
		return s.handlePartyEvent(ctx, tx, e)
	}
	return nil
}

// handlePartyEvent enqueues the reading of the deals with drafts for a company or contact.
func (s *Service) handlePartyEvent(ctx context.Context, tx store.Tx, e workflow.PortalEvent) error {
	var company acts.CompanyID
	var contact acts.ContactID
	if e.About == workflow.AboutCompany {
		company = acts.CompanyID(e.Object)
	} else {
		contact = acts.ContactID(e.Object)
	}
	deals, err := tx.Deals().OfParty(ctx, company, contact)
	if err != nil {
		return err
	}
	for _, deal := range deals {
		if err := queue.EnqueueWithin(ctx, tx, task.ReadDeal(acts.DealID(deal)), workflow.ReadDelay); err != nil {
			return err
		}
	}
	return nil
}
