package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"acts24/acts"
	"acts24/store"
)

// filesAre takes files that a person put into the fields of an item for uploads, and copies taken out of them for taken out.
// kept are our copies as they were known before or while the item was read.
func (s *Service) filesAre(ctx context.Context, p store.Portal, id acts.ActID, card ItemCard, kept []store.ActFile) error {
	base, err := s.db.Scope(p.ID).ItemBase(ctx, id)
	if err != nil {
		return err
	}
	for _, side := range []acts.Side{acts.Ours, acts.Theirs} {
		for _, file := range card.Files[side] {
			known := slices.ContainsFunc(kept, func(f store.ActFile) bool { return f.CRMFile == file })
			if known || base[refusedMark(file)] != "" {
				continue
			}
			if err := s.importFile(ctx, p, id, card, side, file); err != nil {
				return err
			}
		}
		for _, f := range kept {
			if f.Side != side || f.CRMFile <= 0 || !f.Current || slices.Contains(card.Files[side], f.CRMFile) {
				continue
			}
			if err := s.takenOut(ctx, p.ID, id, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// takenOut keeps that a person removed a copy from the card in the CRM: we keep the copy and do not put it there again.
func (s *Service) takenOut(ctx context.Context, portal acts.PortalID, id acts.ActID, f store.ActFile) error {
	return s.db.InTx(ctx, portal, func(tx store.Tx) error {
		if err := tx.SetCRMFile(ctx, id, f.ID, store.TakenOut); err != nil {
			return err
		}
		_, err := tx.AddEvent(ctx, s.at(store.ActEvent{Act: id, Actor: string(acts.ByPerson), Kind: "file_out", Text: "Файл «" + f.Name + "» убран из карточки в CRM, здесь он остаётся"}))
		return err
	})
}

// importFile fetches a file of an item's field. One with the content of a copy that we have is that copy: our own write
// whose end we did not know.
func (s *Service) importFile(ctx context.Context, p store.Portal, id acts.ActID, card ItemCard, side acts.Side, file int64) error {
	body, name, err := s.crm.ReadFile(ctx, p, card.ID, side, file)
	if errors.Is(err, acts.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	upload, drop, err := Spool(body, name)
	body.Close()
	defer drop()
	v, whoErr := s.person(ctx, p, card.UpdatedBy)
	if whoErr != nil {
		return whoErr
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		act, lockErr := tx.LockAct(ctx, id)
		if lockErr != nil {
			return lockErr
		}
		if err == nil {
			err = v.mayChange(act.Responsible)
		}
		if err == nil {
			err = s.takeFile(ctx, tx, v, act, side, upload, file)
		}
		if kind := acts.KindOf(err); kind == acts.Invalid || kind == acts.Conflict || kind == acts.Forbidden || errors.Is(err, acts.Invalid) {
			return s.refuseFile(ctx, tx, v, act, file, name, sentenceOf(err))
		}
		return err
	})
}

func (s *Service) takeFile(ctx context.Context, tx store.Tx, v Visit, act acts.Act, side acts.Side, f Upload, file int64) error {
	kept, err := tx.FilesOfAct(ctx, act.ID)
	if err != nil {
		return err
	}
	for _, k := range kept {
		if k.Side == side && k.CRMFile == file {
			return nil
		}
		if k.Side == side && k.CRMFile == 0 && string(k.SHA256) == string(f.SHA256) {
			return tx.SetCRMFile(ctx, act.ID, k.ID, file)
		}
	}
	if err := act.MayUpload(side); err != nil {
		return err
	}
	if err := s.keepCopy(ctx, tx, act.ID, side, f, v.UserName, file); err != nil {
		return err
	}
	return s.copyCame(ctx, tx, act, side, v.event(act.ID, "uploaded", "Файл из карточки CRM: "+side.Label()))
}

// refusedMark stands in the base of an item for a file that was no copy.
func refusedMark(file int64) string { return fmt.Sprintf("=file%d", file) }

// refuseFile remembers a file of the card that is no copy, so that it is told of once.
func (s *Service) refuseFile(ctx context.Context, tx store.Tx, v Visit, act acts.Act, file int64, name, why string) error {
	base, err := tx.ItemBase(ctx, act.ID)
	if err != nil {
		return err
	}
	mark := refusedMark(file)
	if base == nil {
		base = map[string]string{}
	}
	if base[mark] != "" {
		return nil
	}
	base[mark] = "refused"
	if err := tx.SetItem(ctx, act.ID, act.Item, base); err != nil {
		return err
	}
	e := v.event(act.ID, "put_back", "Файл «"+name+"» из карточки CRM не принят. "+why)
	return s.tell(ctx, tx, e, act.Deal, true)
}

// syncFiles brings the file fields of an item and our copies into line: files of people are taken, ours are put there.
func (s *Service) syncFiles(ctx context.Context, t store.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Act(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	if act.ItemGone || act.Item == 0 { // when the item is there, its creation asks again
		s.finish(ctx, t, delivery{}, Result{})
		return nil
	}
	p, err := scope.PortalInfo(ctx)
	if err != nil {
		return err
	}
	kept, err := scope.FilesOfAct(ctx, act.ID)
	if err != nil {
		return err
	}
	cards, err := s.crm.Items(ctx, p, []acts.ItemID{act.Item})
	if err != nil {
		return err
	}
	for _, card := range cards {
		if err := s.filesAre(ctx, p, act.ID, card, kept); err != nil {
			return err
		}
		for _, side := range []acts.Side{acts.Ours, acts.Theirs} {
			if err := s.putFiles(ctx, t, p, act, card, side); err != nil {
				return err
			}
		}
	}
	s.finish(ctx, t, delivery{}, Result{})
	return nil
}

// filesFollow has the copies of an act put into its new item.
func (s *Service) filesFollow(ctx context.Context, tx store.Tx, id acts.ActID) error {
	files, err := tx.FilesOfAct(ctx, id)
	if err != nil || len(files) == 0 {
		return err
	}
	return tx.Enqueue(ctx, TaskFiles, int64(id))
}

// putFiles rewrites one file field when it lacks current copies or still holds replaced ones.
func (s *Service) putFiles(ctx context.Context, t store.Task, p store.Portal, act acts.Act, card ItemCard, side acts.Side) error {
	scope := s.db.Scope(p.ID)
	files, err := scope.FilesOfAct(ctx, act.ID)
	if err != nil {
		return err
	}
	keep := slices.Clone(card.Files[side])
	var add []store.ActFile
	for _, f := range files {
		switch {
		case f.Side != side:
		case f.Current && f.CRMFile == 0:
			add = append(add, f)
		case !f.Current && f.CRMFile > 0:
			keep = slices.DeleteFunc(keep, func(id int64) bool { return id == f.CRMFile })
		}
	}
	if len(add) == 0 && len(keep) == len(card.Files[side]) {
		return nil
	}
	if err := s.db.HoldTasks(ctx, []store.Task{t}, s.timing.Lease); err != nil {
		return err
	}
	attached := make([]Attachment, len(add))
	for i, f := range add {
		attached[i] = attachment(ctx, scope, f.File)
	}
	ids, err := s.crm.WriteFiles(ctx, p, act.Item, side, keep, attached)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := tx.ItemWrote(ctx, act.ID, 1); err != nil {
			return err
		}
		for i, f := range add {
			if i < len(ids) {
				if err := tx.SetCRMFile(ctx, act.ID, f.ID, ids[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnclear, err) // it is written, and we do not know it
	}
	return nil
}
