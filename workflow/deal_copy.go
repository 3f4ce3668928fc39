package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// FetchDeals fetches deals with the portal's own token and replaces our copies.
func (s *Deals) FetchDeals(ctx context.Context, portal acts.PortalID, ids ...acts.DealID) error {
	return s.fetchWith(ctx, s.crm.Deals, portal, ids)
}

// fetchDealForPage is FetchDeals of one deal for a user who waits: the call has priority over background work.
func (s *Deals) fetchDealForPage(ctx context.Context, portal acts.PortalID, id acts.DealID) error {
	return s.fetchWith(ctx, s.crm.DealsForPage, portal, []acts.DealID{id})
}

func (s *Deals) fetchWith(ctx context.Context, read func(context.Context, store.Portal, []acts.DealID) ([]DealCard, error), portal acts.PortalID, ids []acts.DealID) error {
	p, err := s.db.Scope(portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	since, err := s.db.MachineTime(ctx)
	if err != nil {
		return err
	}
	cards, err := read(ctx, p, ids)
	if err != nil {
		return err
	}
	found := map[acts.DealID]bool{}
	for _, card := range cards {
		found[card.ID] = true
		if err := s.db.InTx(ctx, portal, func(tx store.Tx) error { return s.SaveFetched(ctx, tx, card, since) }); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !found[id] {
			if err := s.MarkDeleted(ctx, portal, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// MarkDeleted records that a deal was deleted in the CRM: its acts and their documents stay, reminders pause.
func (s *Deals) MarkDeleted(ctx context.Context, portal acts.PortalID, id acts.DealID) error {
	return s.db.InTx(ctx, portal, func(tx store.Tx) error {
		if err := tx.Deals().SetDeleted(ctx, id); err != nil {
			return err
		}
		return tx.Reminders().Pause(ctx, id, true)
	})
}

// applyDealChanges applies a change of a deal to its acts.
func (s *Deals) applyDealChanges(ctx context.Context, tx store.Tx, before, after store.Deal) error {
	if before.Deleted {
		if err := tx.Reminders().Pause(ctx, after.ID, false); err != nil {
			return err
		}
	}
	if after.Company != before.Company || after.Contact != before.Contact {
		if err := tx.Acts().FollowParties(ctx, after); err != nil {
			return err
		}
	}
	if after.Responsible != before.Responsible {
		if err := s.people.followDealResponsible(ctx, tx, after); err != nil {
			return err
		}
	}
	if err := s.questions.answerFromFields(ctx, tx, before, after); err != nil {
		return err
	}
	if after.StageID != before.StageID || after.Email != before.Email {
		if err := s.questions.askAutomatically(ctx, tx, after.ID, after.StageID != before.StageID); err != nil {
			return err
		}
	}
	covered, err := becameCovered(ctx, tx, before)
	if err != nil {
		return err
	}
	moved := after.StageID != before.StageID && after.StageID != before.LastSet
	if before.StageNote != "" || moved || covered {
		if err := queue.Enqueue(ctx, tx, task.MoveDeal(after.ID)); err != nil {
			return err
		}
	}
	if !moved {
		return nil
	}
	return s.askAboutManualMove(ctx, tx, after)
}

// becameCovered reports whether a change of its rows has made the acts of a deal cover all of it. Then the deal may have to move, because
// its last act may be signed already.
func becameCovered(ctx context.Context, tx store.Tx, before store.Deal) (bool, error) {
	if before.ActSum == 0 || acts.AllCovered(before.Rows) {
		return false, nil
	}
	now, err := tx.Deals().Get(ctx, before.ID)
	return acts.AllCovered(now.Rows), err
}

// askAboutManualMove notifies the responsible, when a person has moved the deal to «есть замечания», that a refusal may have to be marked.
func (s *Deals) askAboutManualMove(ctx context.Context, tx store.Tx, deal store.Deal) error {
	settings, err := tx.Portals().Settings(ctx)
	if err != nil || settings.Pipeline(deal.Category).Mapped.StageOf(deal.StageID) != acts.StageRemarks {
		return err
	}
	all, err := tx.Acts().OfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Status == acts.StatusRefused {
			return nil
		}
	}
	for _, a := range all {
		if !a.CountsTowardDeal() || a.Status != acts.StatusSent && a.Status != acts.StatusAcceptedUnsigned {
			continue
		}
		e := store.ActEvent{Act: a.ID, Actor: string(acts.ActorPerson), Source: history.SourceCRM, Kind: "ask_refusal",
			Text: "Сделку перевели на «есть замечания». Если контрагент отказался подписывать, отметьте отказ с причиной в акте"}
		if err := s.history.RecordEvent(ctx, tx, e, deal.ID, true); err != nil {
			return err
		}
	}
	return nil
}

// MoveDeal moves a deal to the stage of its acts although a person moved it elsewhere: the button of the deal tab.
func (s *Deals) MoveDeal(ctx context.Context, v Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.Deals().ForceStage(ctx, deal); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.MoveDeal(deal))
	})
	s.wake()
	return err
}

// SaveFetched replaces our copy of a deal, and enqueues the first lookup of its counterparty at SBIS. since is a
// moment before the deal was fetched.
func (s *Deals) SaveFetched(ctx context.Context, tx store.Tx, card DealCard, since time.Time) error {
	own, err := tx.Companies().List(ctx)
	if err != nil {
		return err
	}
	before, err := tx.Deals().Lock(ctx, card.ID) // it must not change while it is compared
	known := err == nil
	if err != nil && !errors.Is(err, acts.NotFound) {
		return err
	}
	if known && before.Whole {
		if err := s.questions.dropStaleFields(ctx, tx, before, &card.Deal, since); err != nil {
			return err
		}
	}
	if err := tx.Deals().Save(ctx, card.Deal); err != nil {
		return err
	}
	switch {
	case known && before.Whole:
		err = s.applyDealChanges(ctx, tx, before, card.Deal)
	case known && before.StageID != card.StageID:
		err = s.questions.askAutomatically(ctx, tx, card.ID, true)
	default:
		err = nil
	}
	if err != nil {
		return err
	}
	if acts.CheckINN(card.Buyer.INN) != "" {
		return nil
	}
	seen, err := tx.Counterparties().Lookup(ctx, card.Buyer.INN, card.Buyer.KPP)
	if err != nil || seen.Asked || !AnyAccount(own) {
		return err
	}
	return queue.Enqueue(ctx, tx, task.LookUpCounterparty(card.ID))
}

// AnyAccount reports whether any of our companies has an account at SBIS.
func AnyAccount(own []store.OwnCompany) bool {
	for _, c := range own {
		if c.AccountID != 0 {
			return true
		}
	}
	return false
}
