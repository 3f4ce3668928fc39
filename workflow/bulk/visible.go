package bulk

import (
	"context"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// mustBeVisible refuses a change when the CRM hides one of the deals from the visitor. What is not stored is fetched with his own token.
func (s *Service) mustBeVisible(ctx context.Context, v workflow.Visit, ids []acts.DealID) error {
	if v.Admin {
		return nil
	}
	known, err := s.db.Scope(v.Portal).Visits().Deals(ctx, v.ID, ids...)
	if err != nil {
		return err
	}
	var unknown []acts.DealID
	for _, id := range ids {
		if _, found := known[id]; !found {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) > 0 {
		if err := s.fetchVisible(ctx, v, unknown, known); err != nil {
			return err
		}
	}
	hidden := 0
	for _, id := range ids {
		if !known[id] {
			hidden++
		}
	}
	if hidden > 0 {
		return acts.Errorf(acts.Invalid, "Битрикс24 не показывает вам часть отмеченных сделок (%d из %d). Обновите страницу и отметьте другие или попросите доступ у администратора CRM.", hidden, len(ids))
	}
	return nil
}

// fetchVisible fetches in one call which of some deals the CRM shows to the visitor, stores it and adds it to known.
func (s *Service) fetchVisible(ctx context.Context, v workflow.Visit, ids []acts.DealID, known map[acts.DealID]bool) error {
	if !v.TokenLives {
		return workflow.ErrSessionOver
	}
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	token, err := v.Token()
	if err != nil {
		return err
	}
	visible, err := s.crm.VisibleDeals(ctx, p, token, ids)
	if acts.KindOf(err) == acts.Unavailable {
		return fmt.Errorf("%w (%w)", workflow.ErrPortalUnreachable, err)
	}
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		for _, id := range ids {
			known[id] = slices.Contains(visible, id)
			if err := tx.Visits().SaveDeal(ctx, v.ID, id, known[id]); err != nil {
				return err
			}
		}
		return nil
	})
}
