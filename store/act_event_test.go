package store_test

import (
	"slices"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// recordChange changes the status of an act and adds the line to its history, as a click does.
func recordChange(t *testing.T, db *store.DB, p acts.PortalID, id acts.ActID, kind string, by acts.Actor, from, to acts.Status) {
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
	recordChange(t, db, p, id, "created", acts.ActorPerson, acts.StatusDraft, acts.StatusDraft)
	recordChange(t, db, p, id, "our_signature", acts.ActorPerson, acts.StatusDraft, acts.StatusSignedByUs)
	recordChange(t, db, p, id, "dispatch", acts.ActorPerson, acts.StatusSignedByUs, acts.StatusSent)
	recordChange(t, db, p, id, "refusal", acts.ActorPerson, acts.StatusSent, acts.StatusRefused)
	recordChange(t, db, p, id, "redispatch", acts.ActorPerson, acts.StatusRefused, acts.StatusRefused)
	recordChange(t, db, p, id, "countersignature", acts.ActorPerson, acts.StatusRefused, acts.StatusSigned)
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
		recordChange(t, db, p, id, "undo", acts.ActorPerson, act.Status, before)
	}
	history, _ := db.Scope(p).Acts().Changes(ctx, id)
	if len(history) != 7 || slices.ContainsFunc(history, func(c acts.Change) bool { return c.From == c.To }) {
		t.Errorf("the history is %+v; want 7 changes", history)
	}
	if history, _ := db.Scope(other).Acts().Changes(ctx, id); len(history) != 0 {
		t.Errorf("another portal reads %+v", history)
	}
}

// Lines of one kind to one person within ten minutes belong to one notice; another kind, person or portal has its own.
func TestNoticesTogether(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	at := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	notice := func(p acts.PortalID, user acts.UserID, kind string, after time.Duration) (id int64) {
		inTx(t, db, p, func(tx store.Tx) (err error) {
			id, err = tx.Acts().Notice(ctx, user, kind, at.Add(after))
			return err
		})
		return id
	}
	first := notice(p, 2, "countersignature", 0)
	if last := notice(p, 2, "countersignature", 10*time.Minute-time.Second); last != first {
		t.Errorf("the notices %d and %d within ten minutes", first, last)
	}
	for name, id := range map[string]int64{"another kind": notice(p, 2, "refusal", time.Minute), "another person": notice(p, 3, "countersignature", time.Minute),
		"ten minutes later": notice(p, 2, "countersignature", 10*time.Minute)} {
		if id == first {
			t.Errorf("%s: the same notice", name)
		}
	}
	if _, _, err := db.Scope(p).Acts().Notice(ctx, notice(other, 2, "countersignature", 0)); err == nil {
		t.Error("a portal reads the notice of another one")
	}

	act := paperAct(t, db, p, acts.StatusDraft)
	inTx(t, db, p, func(tx store.Tx) error {
		for _, text := range []string{"первая", "вторая"} {
			e := store.ActEvent{Act: act, At: at, Actor: "clock", Kind: "countersignature", Text: text, Notice: first,
				Changes: []acts.Difference{{What: "Дата акта", Was: "1", Is: "2"}}}
			if _, err := tx.Acts().AddEvent(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	n, lines, err := db.Scope(p).Acts().Notice(ctx, first)
	if err != nil || n.User != 2 || n.Kind != "countersignature" || !n.Since.Equal(at) || len(lines) != 2 || lines[0].Text != "вторая" ||
		len(lines[1].Changes) != 1 || lines[1].Changes[0].String() != "Дата акта: 1 → 2" {
		t.Errorf("notice %+v with %+v, %v", n, lines, err)
	}
}

// A comment keeps the text and the deal of its first attempt until it is known, and its id afterwards.
func TestTimelineComments(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	act := readAct(t, db, p, paperAct(t, db, p, acts.StatusDraft))
	c := store.Comment{Deal: act.Deal, Kind: store.CommentEvent, Subject: 7, Text: "Акт без номера"}
	begin := func(text string) (got store.Comment) {
		inTx(t, db, p, func(tx store.Tx) (err error) {
			c.Text = text
			got, err = tx.Deals().BeginComment(ctx, c)
			return err
		})
		return got
	}
	if got := begin("Акт без номера"); got.Text != "Акт без номера" || got.Deal != act.Deal {
		t.Errorf("begun %+v", got)
	}
	if got := begin("Акт № 5"); got.Text != "Акт без номера" {
		t.Errorf("the second attempt sends %q", got.Text)
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().EndComment(ctx, c, 999) })
	if ids, err := db.Scope(p).Deals().KnownComments(ctx, act.Deal); err != nil || !slices.Equal(ids, []int64{999}) {
		t.Errorf("known %v, %v", ids, err)
	}
}

// HistoryFaults finds a status that no line explains, and an act without a line about its forming.
func TestHistoryFaults(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	id := paperAct(t, db, p, acts.StatusDraft)
	faults := func() []string {
		list, err := db.Scope(p).Acts().HistoryFaults(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if list := faults(); len(list) != 1 {
		t.Errorf("an act that nobody has formed: %q", list)
	}
	recordChange(t, db, p, id, "created", acts.ActorPerson, acts.StatusDraft, acts.StatusDraft)
	recordChange(t, db, p, id, "our_signature", acts.ActorPerson, acts.StatusDraft, acts.StatusSignedByUs)
	if list := faults(); len(list) != 0 {
		t.Errorf("a complete history has faults: %q", list)
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusSignedByUs, To: acts.StatusSent, At: time.Now()})
	})
	if list := faults(); len(list) != 1 {
		t.Errorf("a status without a line: %q", list)
	}
	recordChange(t, db, p, id, "refusal", acts.ActorPerson, acts.StatusSent, acts.StatusRefused)
	if list := faults(); len(list) != 1 {
		t.Errorf("a line that does not follow: %q", list)
	}
}
