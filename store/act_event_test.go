package store_test

import (
	"slices"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// tell changes the status of an act and adds the line to its history, as a click does.
func tell(t *testing.T, db *store.DB, p acts.PortalID, id acts.ActID, kind string, by acts.Actor, from, to acts.Status) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) error {
		if from != to {
			m := store.Move{From: from, To: to, Marked: by == acts.ActorPerson, At: time.Now()}
			if err := tx.Acts().Move(ctx, id, m); err != nil {
				return err
			}
		}
		_, err := tx.Acts().AddEvent(ctx, store.ActEvent{Act: id, At: time.Now(), Actor: string(by), Kind: kind, Text: to.Label(), From: from, To: to})
		return err
	})
}

// Changes returns the history that an undo needs: the oldest first, only changes of the status, undone ones marked.
func TestUndoByTheKeptHistory(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	id := paperAct(t, db, p, acts.StatusDraft)
	tell(t, db, p, id, "created", acts.ActorPerson, acts.StatusDraft, acts.StatusDraft)
	tell(t, db, p, id, "our_signature", acts.ActorPerson, acts.StatusDraft, acts.StatusSignedByUs)
	tell(t, db, p, id, "dispatch", acts.ActorPerson, acts.StatusSignedByUs, acts.StatusSent)
	tell(t, db, p, id, "refusal", acts.ActorPerson, acts.StatusSent, acts.StatusRefused)
	tell(t, db, p, id, "redispatch", acts.ActorPerson, acts.StatusRefused, acts.StatusRefused)
	tell(t, db, p, id, "countersignature", acts.ActorPerson, acts.StatusRefused, acts.StatusSigned)
	for _, want := range []acts.Status{acts.StatusRefused, acts.StatusSent, acts.StatusSignedByUs} {
		act := readAct(t, db, p, id)
		history, err := db.Scope(p).Acts().Changes(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		before, by, err := act.Undo(history)
		if before != want || by != acts.ActorPerson || err != nil {
			t.Fatalf("the mark «%s» is undone to %s by %s, %v; want %s", act.Status.Label(), before, by, err, want)
		}
		tell(t, db, p, id, "undo", acts.ActorPerson, act.Status, before)
	}
	history, _ := db.Scope(p).Acts().Changes(ctx, id)
	if len(history) != 7 || slices.ContainsFunc(history, func(c acts.Change) bool { return c.From == c.To }) {
		t.Errorf("the history is %+v; want 7 changes", history)
	}
	if history, _ := db.Scope(other).Acts().Changes(ctx, id); len(history) != 0 {
		t.Errorf("another portal reads %+v", history)
	}
}
