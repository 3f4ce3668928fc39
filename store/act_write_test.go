package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
)

// The day of sending is that of the last dispatch: a mark about the answer does not change it, a return clears it.
func TestMovesKeepTheDayOfSending(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	id := paperAct(t, db, p, acts.StatusDraft)
	hour := func(h int) time.Time { return time.Date(2026, 11, 23, h, 0, 0, 0, time.UTC) }
	for _, tt := range []struct {
		from, to acts.Status
		at       int
		sent     int // the hour of sending, 0 for none
	}{
		{acts.StatusDraft, acts.StatusSignedByUs, 8, 0},
		{acts.StatusSignedByUs, acts.StatusSent, 9, 9},
		{acts.StatusSent, acts.StatusAcceptedUnsigned, 10, 9},
		{acts.StatusAcceptedUnsigned, acts.StatusSent, 11, 9}, // taken back
		{acts.StatusSent, acts.StatusRefused, 12, 9},
		{acts.StatusRefused, acts.StatusSigned, 13, 9},
		{acts.StatusSigned, acts.StatusRefused, 14, 9},  // taken back
		{acts.StatusRefused, acts.StatusSent, 15, 9},    // taken back
		{acts.StatusSent, acts.StatusSignedByUs, 16, 0}, // it was not sent at all
		{acts.StatusSignedByUs, acts.StatusSent, 17, 17},
		{acts.StatusSent, acts.StatusDraft, 18, 0}, // a delivery error
		{acts.StatusDraft, acts.StatusSignedByUs, 19, 0},
		{acts.StatusSignedByUs, acts.StatusSent, 20, 20},
		{acts.StatusSent, acts.StatusAnnulled, 21, 20},
	} {
		move(t, db, p, id, tt.from, tt.to, hour(tt.at))
		got := readAct(t, db, p, id)
		if got.Status != tt.to || got.SentAt.IsZero() != (tt.sent == 0) || tt.sent != 0 && !got.SentAt.Equal(hour(tt.sent)) {
			t.Errorf("from %s to %s: %s, sent at %s; want hour %d", tt.from, tt.to, got.Status, got.SentAt, tt.sent)
		}
	}
}

func TestMoveKeepsWhoAndWhy(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	id := paperAct(t, db, p, acts.StatusSent)
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusSent, To: acts.StatusRefused, Marked: true, Reason: "не та сумма", At: time.Now()})
	})
	if a := readAct(t, db, p, id); !a.MarkedByPerson || a.Reason != "не та сумма" {
		t.Errorf("marked %v, «%s»", a.MarkedByPerson, a.Reason)
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().SetReason(ctx, id, "не тот период") })
	if a := readAct(t, db, p, id); a.Reason != "не тот период" {
		t.Errorf("a later reason: «%s»", a.Reason)
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusRefused, To: acts.StatusSigned, At: time.Now()})
	})
	if a := readAct(t, db, p, id); a.MarkedByPerson || a.Reason != "" {
		t.Errorf("what SBIS reports after a mark: marked %v, «%s»", a.MarkedByPerson, a.Reason)
	}
}

func TestSendActAndArrived(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	id := paperAct(t, db, p, acts.StatusSignedByUs)
	left := time.Date(2026, 11, 20, 21, 0, 0, 0, time.UTC)
	send := func(as acts.PortalID, track string) error {
		return db.InTx(ctx, as, func(tx store.Tx) error { return tx.Acts().SetSent(ctx, id, acts.ChannelPost, track, left) })
	}
	wantConflict(t, "an act that has not left gets a track number", send(p, "80080000000001"))
	move(t, db, p, id, acts.StatusSignedByUs, acts.StatusSent, time.Now())
	wantConflict(t, "another portal sends our act", send(other, "1"))
	for _, track := range []string{"80080000000001", "80080000000002"} { // lost and sent again
		if err := send(p, track); err != nil {
			t.Fatal(err)
		}
		if a := readAct(t, db, p, id); a.Track != track || a.SentChannel != acts.ChannelPost || !a.SentAt.Equal(left) {
			t.Errorf("sent %s by %q, track %s", a.SentAt, a.SentChannel, a.Track)
		}
	}
	scan, original := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	for _, days := range [][2]time.Time{{scan, {}}, {scan, original}, {{}, {}}} {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Acts().SetArrived(ctx, id, days[0], days[1]) })
		if a := readAct(t, db, p, id); !a.ScanOn.Equal(days[0]) || !a.OriginalOn.Equal(days[1]) {
			t.Errorf("the scan arrived on %s, the original on %s; want %v", a.ScanOn, a.OriginalOn, days)
		}
	}
	wantConflict(t, "another portal has our original", db.InTx(ctx, other, func(tx store.Tx) error { return tx.Acts().SetArrived(ctx, id, scan, original) }))
}

// Only one corrected act can replace a refused act.
func TestReplaceActOnce(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	refused := paperAct(t, db, p, acts.StatusSent)
	correction := addAct(t, db, p, draft(deal(7), "1"))
	replace := func() error {
		return db.InTx(ctx, p, func(tx store.Tx) error { return tx.Acts().Replace(ctx, refused, correction) })
	}
	wantConflict(t, "an act that nobody refused is replaced", replace())
	move(t, db, p, refused, acts.StatusSent, acts.StatusRefused, time.Now())
	if err := replace(); err != nil {
		t.Fatal(err)
	}
	wantConflict(t, "it is replaced twice", replace())
	d, err := db.Scope(p).Deals().Get(ctx, 7)
	if err != nil || !d.Rows[0].InActs.Equal(dec("1")) || readAct(t, db, p, refused).CountsTowardDeal() {
		t.Errorf("the row is in acts %s times, %v; the correction alone counts", d.Rows[0].InActs, err)
	}
}

func TestOneFormOneAct(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	form := uuid.NewString()
	add := func(tx store.Tx) error { _, err := tx.Acts().Add(ctx, form, draft(deal(7), "1")); return err }
	inTx(t, db, p, add)
	if err := db.InTx(ctx, p, add); !errors.Is(err, acts.Conflict) {
		t.Errorf("the same form made a second act: %v", err)
	}
	if id, err := db.Scope(p).Acts().OfForm(ctx, form); err != nil || id == 0 {
		t.Errorf("OfForm = %d, %v", id, err)
	}
}

func TestLostRaceIsConflict(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	id := addAct(t, db, p, draft(deal(7), "1"))
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusSignedByUs, At: time.Now()})
	})
	err := db.InTx(ctx, p, func(tx store.Tx) error {
		return tx.Acts().Move(ctx, id, store.Move{From: acts.StatusDraft, To: acts.StatusAnnulled, Marked: true, At: time.Now()})
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("moved from a previous status: %v", err)
	}
	act, _ := db.Scope(p).Acts().Get(ctx, id)
	err = db.InTx(ctx, p, func(tx store.Tx) error {
		act.Delivery = acts.DeliveryQueued
		return tx.Acts().SetDelivery(ctx, act, acts.DeliveryNone, "")
	})
	if !errors.Is(err, acts.Conflict) {
		t.Errorf("delivery changed from a previous location: %v", err)
	}
}
