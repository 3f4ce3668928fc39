package workflow

import (
	"context"
	"errors"

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
			return "В сделке уменьшено количество «" + row.Name + "»: в актах больше, чем в сделке. Измените акт.", nil
		}
	}
	for _, line := range act.Lines {
		if !there[line.Row] {
			return "Из сделки удалена позиция «" + line.Name + "». Измените акт.", nil
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
	since, err := s.db.Moment(ctx)
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
		if err := s.db.InTx(ctx, portal, func(tx store.Tx) error { return s.saveCard(ctx, tx, card, since) }); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !found[id] {
			if err := s.dealGone(ctx, portal, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// dealGone keeps that a deal was deleted in the CRM: its acts and their documents stay, reminders pause.
func (s *Service) dealGone(ctx context.Context, portal acts.PortalID, id acts.DealID) error {
	return s.db.InTx(ctx, portal, func(tx store.Tx) error {
		if err := tx.DealDeleted(ctx, id); err != nil {
			return err
		}
		return tx.PauseReminders(ctx, id, true)
	})
}

// readDeals compares deals with our copies, in one call, and reads those anew whose acts or money it may concern.
func (s *Service) readDeals(ctx context.Context, p store.Portal, ids []acts.DealID) error {
	kept, err := s.db.Scope(p.ID).DealHeads(ctx, ids)
	if err != nil {
		return err
	}
	var withRows []acts.DealID
	for id, k := range kept {
		if k.Whole && !k.HasActs { // those with acts are read whole
			withRows = append(withRows, id)
		}
	}
	heads, rows, err := s.crm.DealHeads(ctx, p, ids, withRows)
	if err != nil {
		return err
	}
	there := map[acts.DealID]bool{}
	for _, h := range heads {
		there[h.ID] = true
	}
	for _, id := range ids {
		if !there[id] {
			if err := s.dealGone(ctx, p.ID, id); err != nil {
				return err
			}
		}
	}
	return s.dealsAre(ctx, p, heads, rows)
}

// dealsAre brings our copies into line with the heads of deals that the CRM told. Rows come with hints, nil with the sweep: a
// hinted deal was changed for certain, for the CRM's moments are whole seconds, and two changes may share one.
func (s *Service) dealsAre(ctx context.Context, p store.Portal, heads []store.DealHead, rows map[acts.DealID][]acts.ProductRow) error {
	ids := make([]acts.DealID, len(heads))
	for i, h := range heads {
		ids[i] = h.ID
	}
	kept, err := s.db.Scope(p.ID).DealHeads(ctx, ids)
	if err != nil {
		return err
	}
	settings, err := s.db.Scope(p.ID).Settings(ctx)
	if err != nil {
		return err
	}
	var news []store.DealHead
	var whole, rowed []acts.DealID
	for _, h := range heads {
		k, known := kept[h.ID]
		switch {
		case known && rows == nil && k.Same(h):
		case known && (k.Outgrown(h) || k.StageID != h.StageID && settings.Approved(h.StageID)):
			whole = append(whole, h.ID)
		default:
			news = append(news, h)
			if known && k.Whole {
				rowed = append(rowed, h.ID)
			}
		}
	}
	if err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.SaveHeads(ctx, news) }); err != nil {
		return err
	}
	if err := s.copyRows(ctx, p, rowed, rows); err != nil || len(whole) == 0 {
		return err
	}
	return s.copyDeals(ctx, p.ID, whole...)
}

// copyRows replaces the rows of deals of which nothing else is needed; they are read unless they came with a hint.
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
		if err := s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.SaveRows(ctx, id, rows) }); err != nil {
			return err
		}
	}
	return nil
}

// dealNews does what a change of a deal means for its acts.
func (s *Service) dealNews(ctx context.Context, tx store.Tx, before, after store.Deal) error {
	if before.Deleted {
		if err := tx.PauseReminders(ctx, after.ID, false); err != nil {
			return err
		}
	}
	if after.Company != before.Company || after.Contact != before.Contact {
		if err := tx.FollowParties(ctx, after); err != nil {
			return err
		}
	}
	if err := s.fieldsAnswer(ctx, tx, before, after); err != nil {
		return err
	}
	if after.StageID != before.StageID || after.Email != before.Email {
		if err := s.ask(ctx, tx, after.ID, after.StageID != before.StageID); err != nil {
			return err
		}
	}
	if before.StageNote != "" {
		if err := tx.Enqueue(ctx, TaskStage, int64(after.ID)); err != nil {
			return err
		}
	}
	if after.StageID == before.StageID || after.StageID == before.LastSet {
		return nil
	}
	return s.movedByHand(ctx, tx, after)
}

// movedByHand asks, when a person sets «есть замечания» by hand, whether a refusal is to be marked.
func (s *Service) movedByHand(ctx context.Context, tx store.Tx, deal store.Deal) error {
	settings, err := tx.Settings(ctx)
	if err != nil || settings.Pipeline(deal.Category).Mapped.StageOf(deal.StageID) != acts.StageRemarks {
		return err
	}
	all, err := tx.ActsOfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Status == acts.StatusRefused {
			return nil
		}
	}
	for _, a := range all {
		if !a.Counts() || a.Status != acts.Sent && a.Status != acts.AcceptedUnsigned {
			continue
		}
		e := store.ActEvent{Act: a.ID, Actor: string(acts.ByClock), Kind: "ask_refusal",
			Text: "Сделку перевели на «есть замечания». Если контрагент отказался подписывать, отметьте отказ с причиной в акте"}
		if err := s.tell(ctx, tx, e, deal.ID, true); err != nil {
			return err
		}
	}
	return nil
}

// MoveDeal has a deal moved where its acts say although a person moved it elsewhere: the button of the deal tab.
func (s *Service) MoveDeal(ctx context.Context, v Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := tx.ForceDeal(ctx, deal); err != nil {
			return err
		}
		return tx.Enqueue(ctx, TaskStage, int64(deal))
	})
	s.wake()
	return err
}

// AnnulDrafts annuls the acts in preparation of a deal that was lost.
func (s *Service) AnnulDrafts(ctx context.Context, v Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.LockDeal(ctx, deal)
		if err != nil {
			return err
		}
		if d.Semantics != "F" {
			return acts.Errorf(acts.Conflict, "Сделка не проиграна: аннулируйте акты по одному.")
		}
		all, err := tx.ActsOfDeal(ctx, deal)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Status != acts.Draft || a.Delivery == acts.Queued || a.Delivery == acts.Withdrawing {
				continue
			}
			act, err := tx.LockAct(ctx, a.ID)
			if err != nil {
				return err
			}
			err = s.annul(ctx, tx, v, act, "Сделка проиграна")
			if closed := (*acts.ClosedError)(nil); errors.As(err, &closed) { // the others are annulled all the same
				err = s.keepTry(ctx, tx, v, closed)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.wake()
	return err
}
