package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// isEcho reports whether that many events about item 70 of act, or about deal 7, which come now, count as echoes.
func isEcho(t *testing.T, db *store.DB, p acts.PortalID, item bool, hints int) (echo bool) {
	t.Helper()
	return isEchoAt(t, db, p, item, hints, time.Now())
}

// isEchoAt is isEcho for events that came at a time.
func isEchoAt(t *testing.T, db *store.DB, p acts.PortalID, item bool, hints int, arrived time.Time) (echo bool) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) (err error) {
		if item {
			echo, err = tx.Acts().IsItemEcho(ctx, 70, hints, arrived)
		} else {
			echo, err = tx.Deals().IsEcho(ctx, 7, hints, arrived)
		}
		return err
	})
	return echo
}

// As many events as our own writes cause are ignored; the next one is a person's.
func TestEchoesAreCounted(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	act := paperAct(t, db, p, acts.StatusDraft)
	inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().SetItem(ctx, act, 70, nil) })
	for _, item := range []bool{true, false} {
		if isEcho(t, db, p, item, 1) {
			t.Errorf("item %v: an event before our first write counts as an echo", item)
		}
		inTx(t, db, p, func(tx store.Tx) error {
			if item {
				return errors.Join(tx.Acts().SetItemWritten(ctx, act, 1), tx.Acts().SetItemWritten(ctx, act, 2))
			}
			return tx.Deals().SetWritten(ctx, 7, 3)
		})
		if isEcho(t, db, other, item, 1) {
			t.Error("our echo is counted for another portal")
		}
		if !isEcho(t, db, p, item, 2) || isEcho(t, db, p, item, 2) || isEcho(t, db, p, item, 1) {
			t.Errorf("item %v: with three echoes expected, two hints must be echoes, the next two must not (one is a person's), and then none is expected", item)
		}
	}
}

// An echo that did not arrive within five seconds is no longer expected: a later change of a person is read.
func TestEchoesFade(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusDraft)
	wrote := func() {
		inTx(t, db, p, func(tx store.Tx) error {
			return errors.Join(tx.Acts().SetItem(ctx, act, 70, nil), tx.Acts().SetItemWritten(ctx, act, 1), tx.Deals().SetWritten(ctx, 7, 1))
		})
	}
	wrote()
	asOwner(t, db, "UPDATE acts SET item_wrote = item_wrote - interval '6 seconds'")
	asOwner(t, db, "UPDATE deals SET wrote = wrote - interval '6 seconds'")
	for _, item := range []bool{true, false} {
		if isEcho(t, db, p, item, 1) {
			t.Errorf("item %v: an old echo hides a person's change", item)
		}
	}
	wrote()
	asOwner(t, db, "UPDATE acts SET item_wrote = item_wrote - interval '1 minute'")
	asOwner(t, db, "UPDATE deals SET wrote = wrote - interval '1 minute'")
	for _, item := range []bool{true, false} {
		if !isEchoAt(t, db, p, item, 1, time.Now().Add(-58*time.Second)) {
			t.Errorf("item %v: an echo that came in time and was processed late counts as a person's change", item)
		}
	}
	wrote()
	for _, item := range []bool{true, false} {
		if !isEcho(t, db, p, item, 1) || isEcho(t, db, p, item, 1) {
			t.Errorf("item %v: echoes that never arrived are added to those of the next write", item)
		}
	}
}

// Undone changes are counted within ten minutes; later the count starts again.
func TestPutBackCountsWithinTenMinutes(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusDraft)
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		after time.Duration
		want  int
	}{
		{0, 1}, {time.Minute, 2}, {9*time.Minute + 59*time.Second, 3}, {10 * time.Minute, 1}, {19 * time.Minute, 2}, {time.Hour, 1},
	} {
		inTx(t, db, p, func(tx store.Tx) error {
			if n, err := tx.Acts().CountPutBack(ctx, act, start.Add(tt.after)); n != tt.want || err != nil {
				t.Errorf("after %s: undone %d times, %v; want %d", tt.after, n, err, tt.want)
			}
			return nil
		})
	}
}

func TestDeletedItemIsCreatedAgain(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := paperAct(t, db, p, acts.StatusDraft)
	inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().SetItem(ctx, act, 70, map[string]string{"title": "Акт"}) })
	inTx(t, db, p, func(tx store.Tx) error {
		file, err := tx.Files().Add(ctx, "Скан.pdf", "application/pdf", strings.NewReader("%PDF-"), time.Now())
		if err != nil {
			return err
		}
		return tx.Acts().AddFile(ctx, act, store.ActFile{File: store.File{ID: file}, Side: acts.SideOurs, CRMFile: 5}, time.Now())
	})
	recreate := func() error {
		return db.InTx(ctx, p, func(tx store.Tx) error { return tx.Acts().RecreateItem(ctx, act) })
	}
	wantConflict(t, "an item that is there is made again", recreate())
	for _, first := range []bool{true, false} {
		inTx(t, db, p, func(tx store.Tx) error {
			if ok, err := tx.Acts().SetItemGone(ctx, act); ok != first || err != nil {
				t.Errorf("ItemGone = %v, %v; want %v", ok, err, first)
			}
			return nil
		})
	}
	if base, err := db.Scope(p).Acts().ItemBase(ctx, act); err != nil || len(base) != 0 || !readAct(t, db, p, act).ItemGone {
		t.Errorf("a deleted item still holds %v, %v", base, err)
	}
	if err := recreate(); err != nil {
		t.Fatal(err)
	}
	if a := readAct(t, db, p, act); a.Item != 0 || a.ItemGone {
		t.Errorf("before the item is recreated, the act has item %d, gone %v", a.Item, a.ItemGone)
	}
	if files, err := db.Scope(p).Acts().Files(ctx, act); err != nil || len(files) != 1 || files[0].CRMFile != 0 {
		t.Errorf("the files count as uploaded to the new item already: %+v, %v", files, err)
	}
}
