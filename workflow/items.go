package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
)

// readItems reads items of the smart process in one call and takes what people changed there for requests.
func (s *Service) readItems(ctx context.Context, p store.Portal, ids []acts.ItemID) error {
	since, err := s.db.Moment(ctx)
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
			if err := s.itemGone(ctx, p.ID, id); err != nil {
				return err
			}
		}
	}
	return s.itemsAre(ctx, p, cards, since)
}

// itemsAre compares items with what we wrote last and does what people asked by changing them. since is machine time,
// not after the moment in which the items were read.
func (s *Service) itemsAre(ctx context.Context, p store.Portal, cards []ItemCard, since time.Time) error {
	for _, card := range cards {
		id, err := s.db.Scope(p.ID).ActOfItem(ctx, card.ID)
		if err != nil {
			return err
		}
		if id == 0 {
			err = s.foreignItem(ctx, p, card)
		} else {
			err = s.itemAsks(ctx, p, id, card, since)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// itemGone keeps that the item of an act was deleted in the CRM; the act and its documents stay.
func (s *Service) itemGone(ctx context.Context, portal acts.PortalID, item acts.ItemID) error {
	return s.db.InTx(ctx, portal, func(tx store.Tx) error {
		id, err := tx.ActOfItem(ctx, item)
		if err != nil || id == 0 {
			return err
		}
		news, err := tx.ItemGone(ctx, id)
		if err != nil || !news {
			return err
		}
		_, err = tx.AddEvent(ctx, s.at(store.ActEvent{Act: id, Actor: string(acts.ByPerson), Kind: "item_gone", Text: "Карточка акта удалена в CRM"}))
		return err
	})
}

// RestoreItem makes the item of an act again that was deleted in the CRM.
func (s *Service) RestoreItem(ctx context.Context, v Visit, id acts.ActID) error {
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := tx.ItemAnew(ctx, id); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, TaskFiles, int64(id)); err != nil {
			return err
		}
		return s.tell(ctx, tx, v.event(id, "item_anew", "Карточка акта создаётся в CRM заново"), act.Deal, false)
	})
}

// person is an employee who changed something in the CRM, as a visitor with the rights that he has now.
func (s *Service) person(ctx context.Context, p store.Portal, id acts.UserID) (Visit, error) {
	known, err := s.users(ctx, p, id)
	if err != nil {
		return Visit{}, err
	}
	v := Visit{}
	v.Portal, v.User, v.UserName, v.Role = p.ID, id, known[id].Name, acts.Worker
	if id != 0 { // robots of the portal are nobody
		st, err := s.db.Scope(p.ID).StandingOf(ctx, id)
		if err != nil {
			return Visit{}, err
		}
		v.standsAs(st)
	}
	if v.UserName == "" {
		v.UserName = "Сотрудник в CRM"
	}
	return v, nil
}

// writers of an item are the tasks that change it in the CRM.
var writers = []string{TaskItem, TaskFiles}

// itemAsks takes every field that a person changed for a request about the act: it is done, or put back. An item that
// we are writing ourselves is read again afterwards.
func (s *Service) itemAsks(ctx context.Context, p store.Portal, id acts.ActID, card ItemCard, since time.Time) error {
	scope := s.db.Scope(p.ID)
	kept, err := scope.FilesOfAct(ctx, id)
	if err != nil {
		return err
	}
	busy, err := scope.ItemBusy(ctx, card.ID, writers, since)
	if err != nil {
		return err
	}
	if busy {
		return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return readAgain(ctx, tx, card) })
	}
	if err := s.filesAre(ctx, p, id, card, kept); err != nil {
		return err
	}
	base, err := scope.ItemBase(ctx, id)
	if err != nil {
		return err
	}
	changed := theirs(card, base)
	if len(changed) == 0 {
		return nil
	}
	who := card.UpdatedBy
	if changed["stageId"] && card.MovedBy != 0 {
		who = card.MovedBy
	}
	v, err := s.person(ctx, p, who)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return s.askAll(ctx, tx, p, v, id, card, since) })
}

func readAgain(ctx context.Context, tx store.Tx, card ItemCard) error {
	return tx.EnqueueTogether(ctx, TaskRead, int64(card.ID), readTogether)
}

// theirs are the fields that hold something else than after our last write.
func theirs(card ItemCard, base map[string]string) map[string]bool {
	changed := map[string]bool{}
	for name, value := range base {
		if name[0] != '=' && card.Values[name] != value {
			changed[name] = true
		}
	}
	return changed
}

// askAll answers the requests of one item in one transaction and keeps what the item holds now, so that the same change
// is not taken for a request again.
func (s *Service) askAll(ctx context.Context, tx store.Tx, p store.Portal, v Visit, id acts.ActID, card ItemCard, since time.Time) error {
	act, err := tx.LockAct(ctx, id)
	if err != nil {
		return err
	}
	if busy, err := tx.ItemBusy(ctx, card.ID, writers, since); err != nil {
		return err
	} else if busy {
		return readAgain(ctx, tx, card)
	}
	base, err := tx.ItemBase(ctx, id)
	if err != nil {
		return err
	}
	changed := theirs(card, base)
	if len(changed) == 0 { // somebody has read it at the same time
		return nil
	}
	a := asking{s: s, tx: tx, p: p, v: v, id: id, card: card}
	if err := v.mayChange(act.Responsible); err != nil {
		return a.settle(ctx, base, []string{sentenceOf(err)})
	}
	var undone []string
	for _, r := range a.requests() {
		if !changed[r.field] {
			continue
		}
		err := r.do(ctx)
		if kind := acts.KindOf(err); kind == acts.Conflict || kind == acts.Invalid || kind == acts.Forbidden || errors.Is(err, acts.Invalid) {
			undone = append(undone, sentenceOf(err))
			closed := (*acts.ClosedError)(nil)
			if errors.As(err, &closed) {
				err = s.keepTry(ctx, tx, v, closed)
			} else {
				err = nil
			}
		}
		if err != nil {
			return err
		}
		delete(changed, r.field)
	}
	if len(changed) > 0 { // what the act shows there and nobody may change by hand
		undone = append(undone, "Эти поля ведёт приложение: измените акт в нём.")
	}
	return a.settle(ctx, base, undone)
}

func sentenceOf(err error) string {
	var faults acts.Faults
	if errors.As(err, &faults) {
		return faults.Error()
	}
	return acts.Sentence(err)
}
