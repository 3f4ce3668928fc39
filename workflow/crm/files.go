package crm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// fileSides are the file fields of an item.
var fileSides = []acts.Side{acts.SideOurs, acts.SideTheirs, acts.SideSigned}

// importFiles treats files that a person added to the fields of an item as uploads, and removed copies as removed. kept
// are our copies as known before or while the item was read.
func (s *Service) importFiles(ctx context.Context, p store.Portal, id acts.ActID, card workflow.ItemCard, kept []store.ActFile) error {
	base, err := s.db.Scope(p.ID).Acts().ItemBase(ctx, id)
	if err != nil {
		return err
	}
	for _, side := range fileSides {
		for _, file := range card.Files[side] {
			known := slices.ContainsFunc(kept, func(f store.ActFile) bool { return f.CRMFile == file })
			if known || base[refusedMark(file)] != "" {
				continue
			}
			read := s.importFile
			if side == acts.SideSigned {
				read = s.recognizeFile
			}
			if err := read(ctx, p, id, card, side, file); err != nil {
				return err
			}
		}
		for _, f := range kept {
			if f.Side != side || f.CRMFile <= 0 || !f.Current || slices.Contains(card.Files[side], f.CRMFile) {
				continue
			}
			if err := s.recordRemoval(ctx, p.ID, id, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordRemoval records that a person removed a copy from the card in the CRM: we keep the copy and do not write it there
// again.
func (s *Service) recordRemoval(ctx context.Context, portal acts.PortalID, id acts.ActID, f store.ActFile) error {
	return s.db.InTx(ctx, portal, func(tx store.Tx) error {
		if err := tx.Acts().SetCRMFile(ctx, id, f.ID, store.RemovedFromCard); err != nil {
			return err
		}
		return s.history.Append(ctx, tx, fromCRM(id, "file_out", "Файл «"+f.Name+"» убран из карточки в CRM, здесь он остаётся"))
	})
}

// recognizeFile fetches a file of the field with the files of the operator. One with the content of ours was written by a call with an unknown
// outcome; what a person put there stays and is not imported.
func (s *Service) recognizeFile(ctx context.Context, p store.Portal, id acts.ActID, card workflow.ItemCard, side acts.Side, file int64) error {
	kept, err := s.db.Scope(p.ID).Acts().Files(ctx, id)
	if err != nil {
		return err
	}
	waits := func(f store.ActFile) bool { return f.Side == side && f.Current && f.CRMFile == 0 }
	if !slices.ContainsFunc(kept, waits) {
		return nil
	}
	body, _, err := s.crm.ReadFile(ctx, p, card.ID, side, file)
	if errors.Is(err, acts.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer body.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, body); err != nil {
		return fmt.Errorf("read a file of the operator: %w", err)
	}
	for _, f := range kept {
		if waits(f) && bytes.Equal(f.SHA256, sum.Sum(nil)) {
			return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return tx.Acts().SetCRMFile(ctx, id, f.ID, file) })
		}
	}
	return nil
}

// importFile fetches a file of an item's field. A file with the content of one of our copies is that copy, written by
// a call with an unknown outcome.
func (s *Service) importFile(ctx context.Context, p store.Portal, id acts.ActID, card workflow.ItemCard, side acts.Side, file int64) error {
	body, name, err := s.crm.ReadFile(ctx, p, card.ID, side, file)
	if errors.Is(err, acts.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	upload, drop, err := workflow.SaveUpload(body, name)
	body.Close()
	defer drop()
	v, whoErr := s.people.ActingAs(ctx, p, card.UpdatedBy)
	if whoErr != nil {
		return whoErr
	}
	if side == acts.SideOurs {
		if err := s.deals.RefetchDealOfAct(ctx, v, id); err != nil {
			return err
		}
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		act, lockErr := tx.Acts().Lock(ctx, id)
		if lockErr != nil {
			return lockErr
		}
		if err == nil {
			err = v.MayChange(ctx, tx.Scope, act.ID)
		}
		if err == nil {
			err = s.takeFile(ctx, tx, v, act, side, upload, file)
		}
		if kind := acts.KindOf(err); kind == acts.Invalid || kind == acts.Conflict || kind == acts.Forbidden || errors.Is(err, acts.Invalid) {
			return s.refuseFile(ctx, tx, v, act, file, name, workflow.MessageOf(err))
		}
		return err
	})
}

func (s *Service) takeFile(ctx context.Context, tx store.Tx, v workflow.Visit, act acts.Act, side acts.Side, f workflow.Upload, file int64) error {
	kept, err := tx.Acts().Files(ctx, act.ID)
	if err != nil {
		return err
	}
	for _, k := range kept {
		if k.Side == side && k.CRMFile == file {
			return nil
		}
		if k.Side == side && k.CRMFile == 0 && string(k.SHA256) == string(f.SHA256) {
			return tx.Acts().SetCRMFile(ctx, act.ID, k.ID, file)
		}
	}
	if err := act.MayUpload(side); err != nil {
		return err
	}
	if err := s.acts.KeepCopy(ctx, tx, act.ID, side, f, v.UserName, file); err != nil {
		return err
	}
	line := v.Event(act.ID, "uploaded", "Файл из карточки CRM: "+side.Label())
	line.Changes = []acts.Difference{{What: "Файл", Is: "«" + f.Name + "»"}}
	return s.acts.ApplyUpload(ctx, tx, act, side, line)
}

// refusedMark is the key, in the base of an item, of a file that was not accepted as a copy of the act.
func refusedMark(file int64) string { return fmt.Sprintf("=file%d", file) }

// refuseFile records a file of the card that is not accepted as a copy, so that it is reported once.
func (s *Service) refuseFile(ctx context.Context, tx store.Tx, v workflow.Visit, act acts.Act, file int64, name, why string) error {
	base, err := tx.Acts().ItemBase(ctx, act.ID)
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
	if err := tx.Acts().SetItem(ctx, act.ID, act.Item, base); err != nil {
		return err
	}
	e := v.Event(act.ID, "put_back", "Файл «"+name+"» из карточки CRM не принят. "+why)
	return s.history.RecordEvent(ctx, tx, e, act.Deal, true)
}

// syncFiles synchronizes the file fields of an item with our copies: people's files are imported, ours are written.
func (s *Service) syncFiles(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Acts().Get(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	if act.ItemGone || act.Item == 0 { // the creation of the item enqueues this again
		s.queue.Done(ctx, t)
		return nil
	}
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return err
	}
	kept, err := scope.Acts().Files(ctx, act.ID)
	if err != nil {
		return err
	}
	cards, err := s.crm.Items(ctx, p, []acts.ItemID{act.Item})
	if err != nil {
		return err
	}
	for _, card := range cards {
		if err := s.importFiles(ctx, p, act.ID, card, kept); err != nil {
			return err
		}
		for _, side := range fileSides {
			if err := s.putFiles(ctx, t, p, act, card, side); err != nil {
				return err
			}
		}
	}
	s.queue.Done(ctx, t)
	return nil
}

// enqueueFiles enqueues the writing of an act's copies to its new item.
func (s *Service) enqueueFiles(ctx context.Context, tx store.Tx, id acts.ActID) error {
	files, err := tx.Acts().Files(ctx, id)
	if err != nil || len(files) == 0 {
		return err
	}
	return queue.Enqueue(ctx, tx, task.SyncFiles(id))
}

// putFiles rewrites one file field when current copies are missing or replaced ones are still there.
func (s *Service) putFiles(ctx context.Context, t queue.Task, p store.Portal, act acts.Act, card workflow.ItemCard, side acts.Side) error {
	scope := s.db.Scope(p.ID)
	files, err := scope.Acts().Files(ctx, act.ID)
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
	hold := func(ctx context.Context) error { return queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease) }
	attached := make([]workflow.Attachment, len(add))
	for i, f := range add {
		attached[i] = attachment(ctx, scope, f.File)
	}
	if err := hold(ctx); err != nil {
		return err
	}
	ids, err := s.crm.WriteFiles(ctx, p, act.Item, side, keep, attached, hold)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, p.ID, func(tx store.Tx) error {
		if err := tx.Acts().SetItemWritten(ctx, act.ID, 1); err != nil {
			return err
		}
		for i, f := range add {
			if i < len(ids) {
				if err := tx.Acts().SetCRMFile(ctx, act.ID, f.ID, ids[i]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", workflow.ErrUnclear, err) // it is written, but that is not recorded
	}
	return nil
}
