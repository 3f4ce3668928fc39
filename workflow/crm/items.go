package crm

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// readItems fetches items of the smart process in one call and applies what people changed there.
func (s *Service) readItems(ctx context.Context, p store.Portal, ids []acts.ItemID) error {
	since, err := s.db.MachineTime(ctx)
	if err != nil {
		return err
	}
	cards, err := s.crm.Items(ctx, p, ids)
	if err != nil {
		return err
	}
	there := map[acts.ItemID]bool{}
	for _, card := range cards {
		there[card.ID] = true
	}
	for _, id := range ids {
		if !there[id] {
			if err := s.markItemDeleted(ctx, p.ID, id); err != nil {
				return err
			}
		}
	}
	return s.syncItems(ctx, p, cards, since)
}

// syncItems compares items with what we wrote last and applies people's changes. since is machine time, not after the
// moment of the reading.
func (s *Service) syncItems(ctx context.Context, p store.Portal, cards []workflow.ItemCard, since time.Time) error {
	for _, card := range cards {
		id, err := s.db.Scope(p.ID).Acts().OfItem(ctx, card.ID)
		if err != nil {
			return err
		}
		if id == 0 {
			err = s.handleOrphan(ctx, p, card)
		} else {
			err = s.handleItemEdit(ctx, p, id, card, since)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// markItemDeleted records that the item of an act was deleted in the CRM; the act and its documents stay.
func (s *Service) markItemDeleted(ctx context.Context, portal acts.PortalID, item acts.ItemID) error {
	return s.db.InTx(ctx, portal, func(tx store.Tx) error {
		id, err := tx.Acts().OfItem(ctx, item)
		if err != nil || id == 0 {
			return err
		}
		news, err := tx.Acts().SetItemGone(ctx, id)
		if err != nil || !news {
			return err
		}
		return s.history.Append(ctx, tx, fromCRM(id, "item_gone", "Карточка акта удалена в CRM"))
	})
}

// RestoreItem recreates the deleted item of an act in the CRM.
func (s *Service) RestoreItem(ctx context.Context, v workflow.Visit, id acts.ActID) error {
	return s.acts.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := tx.Acts().RecreateItem(ctx, id); err != nil {
			return err
		}
		if err := queue.Enqueue(ctx, tx, task.SyncFiles(id)); err != nil {
			return err
		}
		return s.history.RecordEvent(ctx, tx, v.Event(id, "item_recreated", "Карточка акта создаётся в CRM заново"), act.Deal, false)
	})
}

// itemWriteKinds are the kinds of tasks that change an item in the CRM.
var itemWriteKinds = []string{task.KindSyncItem, task.KindWriteRows, task.KindSyncFiles}

// handleItemEdit treats every field that a person changed as a request about the act: it is applied, or rolled back. An
// item that we are writing is read again afterwards.
func (s *Service) handleItemEdit(ctx context.Context, p store.Portal, id acts.ActID, card workflow.ItemCard, since time.Time) error {
	scope := s.db.Scope(p.ID)
	kept, err := scope.Acts().Files(ctx, id)
	if err != nil {
		return err
	}
	busy, err := queue.ItemBusy(ctx, scope, card.ID, itemWriteKinds, since)
	if err != nil {
		return err
	}
	if busy {
		return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return enqueueRead(ctx, tx, card) })
	}
	if err := s.importFiles(ctx, p, id, card, kept); err != nil {
		return err
	}
	base, err := scope.Acts().ItemBase(ctx, id)
	if err != nil {
		return err
	}
	changed := changedByPerson(card, base)
	if len(changed) == 0 {
		return nil
	}
	if changed["parentId2"] && card.Deal == 0 {
		if err := s.readDealOf(ctx, p.ID, id); err != nil { // the deal may be deleted, which removes it from the item
			return err
		}
	}
	who := card.UpdatedBy
	if changed["stageId"] && card.MovedBy != 0 {
		who = card.MovedBy
	}
	v, err := s.people.ActingAs(ctx, p, who)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return s.applyEdits(ctx, tx, p, v, id, card, since) })
}

func enqueueRead(ctx context.Context, tx store.Tx, card workflow.ItemCard) error {
	return queue.EnqueueWithin(ctx, tx, task.ReadItem(card.ID), workflow.ReadDelay)
}

// changedByPerson lists the fields that differ from our last write.
func changedByPerson(card workflow.ItemCard, base map[string]string) map[string]bool {
	changed := map[string]bool{}
	for name, value := range base {
		if name[0] != '=' && card.Values[name] != value {
			changed[name] = true
		}
	}
	return changed
}

// readDealOf fetches the deal of an act.
func (s *Service) readDealOf(ctx context.Context, portal acts.PortalID, id acts.ActID) error {
	deal, err := s.acts.DealOf(ctx, portal, id)
	if err != nil {
		return err
	}
	return s.deals.FetchDeals(ctx, portal, deal)
}

// applyEdits applies the edits of one item in one transaction and stores the present values, so that the same change is
// not applied again.
func (s *Service) applyEdits(ctx context.Context, tx store.Tx, p store.Portal, v workflow.Visit, id acts.ActID, card workflow.ItemCard, since time.Time) error {
	act, err := tx.Acts().Lock(ctx, id)
	if err != nil {
		return err
	}
	if busy, err := queue.ItemBusy(ctx, tx.Scope, card.ID, itemWriteKinds, since); err != nil {
		return err
	} else if busy {
		return enqueueRead(ctx, tx, card)
	}
	base, err := tx.Acts().ItemBase(ctx, id)
	if err != nil {
		return err
	}
	changed := changedByPerson(card, base)
	if len(changed) == 0 { // processed by another worker meanwhile
		return nil
	}
	a := itemEdit{s: s, tx: tx, p: p, v: v, id: id, card: card}
	if gone, err := a.dealGone(ctx, act.Deal); err != nil {
		return err
	} else if gone {
		delete(changed, "parentId2")
		if len(changed) == 0 {
			return a.saveValues(ctx, base, nil)
		}
	}
	if err := v.MayChange(ctx, tx.Scope, act.ID); err != nil {
		return a.saveValues(ctx, base, []string{workflow.MessageOf(err)})
	}
	var undone []string
	for _, r := range a.fieldEdits() {
		if !changed[r.field] {
			continue
		}
		err := r.do(ctx)
		if kind := acts.KindOf(err); kind == acts.Conflict || kind == acts.Invalid || kind == acts.Forbidden || errors.Is(err, acts.Invalid) {
			undone = append(undone, workflow.MessageOf(err))
			closed := (*acts.ClosedError)(nil)
			if errors.As(err, &closed) {
				err = s.acts.RecordClosedAttempt(ctx, tx, v, closed)
			} else {
				err = nil
			}
		}
		if err != nil {
			return err
		}
		delete(changed, r.field)
	}
	if len(changed) > 0 { // a field that only we may change
		undone = append(undone, "Эти поля ведёт приложение: измените акт в нём.")
	}
	return a.saveValues(ctx, base, undone)
}
