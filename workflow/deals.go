package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
)

// dealChanged re-reads the deal before its act is handed over, and tells what no longer fits.
func (s *Service) dealChanged(ctx context.Context, portal acts.PortalID, act acts.Act) (string, error) {
	if err := s.copyDeals(ctx, portal, act.Deal); err != nil {
		return "", err
	}
	deal, err := s.db.Scope(portal).Deal(ctx, act.Deal)
	if err != nil {
		return "", err
	}
	if deal.Deleted {
		return "Сделка удалена в Битрикс24.", nil
	}
	if deal.Buyer.INN != act.Buyer.INN || deal.Buyer.KPP != act.Buyer.KPP {
		return "В сделке теперь другой контрагент: ИНН " + deal.Buyer.INN + ". Аннулируйте акт и сформируйте новый.", nil
	}
	there := map[acts.RowID]bool{0: true}
	for _, row := range deal.Rows {
		there[row.ID] = true
		if row.InActs.GreaterThan(row.Quantity) {
			return "В сделке уменьшено количество «" + row.Name + "»: в актах больше, чем в сделке. Аннулируйте акт и сформируйте новый.", nil
		}
	}
	for _, line := range act.Lines {
		if !there[line.Row] {
			return "Из сделки удалена позиция «" + line.Name + "». Аннулируйте акт и сформируйте новый.", nil
		}
	}
	return "", nil
}

// copyDeals reads deals with the portal's own token and replaces our copies.
func (s *Service) copyDeals(ctx context.Context, portal acts.PortalID, ids ...acts.DealID) error {
	p, err := s.db.Scope(portal).PortalInfo(ctx)
	if err != nil {
		return err
	}
	cards, err := s.crm.Deals(ctx, p, ids)
	if err != nil {
		return err
	}
	found := map[acts.DealID]bool{}
	for _, card := range cards {
		found[card.ID] = true
		if err := s.db.InTx(ctx, portal, func(tx store.Tx) error { return s.saveCard(ctx, tx, card) }); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !found[id] {
			if err := s.db.InTx(ctx, portal, func(tx store.Tx) error { return tx.DealDeleted(ctx, id) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// readDeal refreshes our copy after the portal hinted at a change, and lets the stage rule look again.
func (s *Service) readDeal(ctx context.Context, t store.Task) error {
	if err := s.copyDeals(ctx, t.Portal, acts.DealID(t.Subject)); err != nil {
		return err
	}
	s.finish(ctx, t, delivery{keep: func(ctx context.Context, tx store.Tx, _ Result) error {
		deal, err := tx.Deal(ctx, acts.DealID(t.Subject))
		if err != nil || deal.StageNote == "" {
			return err
		}
		return tx.Enqueue(ctx, TaskStage, t.Subject)
	}}, Result{})
	return nil
}
