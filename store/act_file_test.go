package store_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// addCopy keeps a file as a copy of the act.
func addCopy(t *testing.T, db *store.DB, p acts.PortalID, act acts.ActID, side acts.Side, name string) (id int64) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) (err error) {
		if id, err = tx.Files().Add(ctx, name, "application/pdf", bytes.NewReader([]byte("%PDF-"+name)), time.Now()); err != nil {
			return err
		}
		return tx.Acts().AddFile(ctx, act, store.ActFile{File: store.File{ID: id}, Side: side, AddedBy: "Анна"}, time.Now())
	})
	return id
}

func copiesOf(t *testing.T, db *store.DB, p acts.PortalID, act acts.ActID) []store.ActFile {
	t.Helper()
	files, err := db.Scope(p).Acts().Files(ctx, act)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A replaced copy stays in history, behind the current ones; the copies of the counterparty stay current.
func TestCopiesAreRetiredBySide(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusSent)
	first := addCopy(t, db, p, act, acts.SideOurs, "наш.pdf")
	theirs := addCopy(t, db, p, act, acts.SideTheirs, "их.pdf")
	inTx(t, db, p, func(tx store.Tx) error {
		names, err := tx.Acts().RetireFiles(ctx, act, acts.SideOurs)
		if !slices.Equal(names, []string{"наш.pdf"}) {
			t.Errorf("retired %q", names)
		}
		return err
	})
	second := addCopy(t, db, p, act, acts.SideOurs, "наш новый.pdf")
	var order []int64
	for _, f := range copiesOf(t, db, p, act) {
		order = append(order, f.ID)
		if f.Current != (f.ID != first) || (f.Side == acts.SideTheirs) != (f.ID == theirs) || f.AddedBy != "Анна" || len(f.SHA256) == 0 || f.Size == 0 {
			t.Errorf("kept %+v", f)
		}
	}
	if len(order) != 3 || order[0] != theirs || order[1] != second || order[2] != first {
		t.Errorf("listed %v; want %v", order, []int64{theirs, second, first})
	}
	if f, err := db.Scope(p).Acts().File(ctx, act, first); err != nil || f.Name != "наш.pdf" {
		t.Errorf("a copy of history cannot be opened: %+v, %v", f, err)
	}
}

func TestCopyInTheCRM(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusSent)
	file := addCopy(t, db, p, act, acts.SideOurs, "наш.pdf")
	for _, crm := range []int64{501, store.RemovedFromCard} {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().SetCRMFile(ctx, act, file, crm) })
		if got := copiesOf(t, db, p, act)[0].CRMFile; got != crm {
			t.Errorf("in the CRM it is %d, want %d", got, crm)
		}
	}
	err := db.InTx(ctx, p, func(tx store.Tx) error { return tx.Acts().SetCRMFile(ctx, act, file+1, 501) })
	if !errors.Is(err, acts.NotFound) {
		t.Errorf("a file that the act does not have: %v", err)
	}
}

func TestNeighbourSeesNoCopies(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusSent)
	file := addCopy(t, db, p, act, acts.SideOurs, "наш.pdf")
	if files := copiesOf(t, db, other, act); len(files) != 0 {
		t.Errorf("another portal lists %+v", files)
	}
	inTx(t, db, other, func(tx store.Tx) error {
		_, err := tx.Acts().RetireFiles(ctx, act, acts.SideOurs)
		return err
	})
	if !copiesOf(t, db, p, act)[0].Current {
		t.Error("another portal retired our copy")
	}
	body := func(tx store.Tx) error { return tx.Files().Copy(ctx, store.File{ID: file, Size: 5}, &bytes.Buffer{}) }
	for name, try := range map[string]func(store.Tx) error{
		"finds our copy":           func(tx store.Tx) error { _, err := tx.Acts().File(ctx, act, file); return err },
		"finds our file":           func(tx store.Tx) error { _, err := tx.Files().Get(ctx, file); return err },
		"reads its body":           body,
		"stores the id in the CRM": func(tx store.Tx) error { return tx.Acts().SetCRMFile(ctx, act, file, 9) },
		"reads it as its company logo": func(tx store.Tx) error {
			if err := tx.Companies().SetLogo(ctx, 1, file); err != nil {
				t.Errorf("set the logo of a company that exists: %v", err)
			}
			own, err := tx.Companies().Get(ctx, 1)
			if err != nil || own.Logo != file {
				t.Errorf("the company has the logo %d, %v; want %d", own.Logo, err, file)
			}
			_, err = tx.Files().Get(ctx, own.Logo)
			return err
		},
	} {
		if err := db.InTx(ctx, other, try); err == nil {
			t.Errorf("another portal %s", name)
		}
	}
}
