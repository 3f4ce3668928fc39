package list_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/acts"
	"acts24/store"
	"acts24/store/list"
	"acts24/store/people"
)

var firstMonth = time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)

// anyMoment returns a time in the year of the trend or a little before it, often near the edge of a month.
func anyMoment(r *rand.Rand) time.Time {
	at := firstMonth.AddDate(0, r.IntN(13)-1, 0)
	if r.IntN(2) == 0 {
		return at.Add(time.Duration(r.IntN(24*60)-12*60) * time.Minute)
	}
	return at.Add(time.Duration(r.IntN(30*24*60)) * time.Minute)
}

// randomActs makes acts with random histories.
type randomActs struct {
	db *store.DB
	p  acts.PortalID
	r  *rand.Rand
}

var errDropped = errors.New("this transaction is dropped")

// step changes a random act, or forms one. Some transactions are rolled back at their end, as by a crash.
func (l randomActs) step(t *testing.T) {
	t.Helper()
	err := l.db.InTx(ctx, l.p, func(tx store.Tx) error {
		for range 1 + l.r.IntN(3) {
			if err := l.changeOne(tx); err != nil {
				return err
			}
		}
		if l.r.IntN(10) == 0 {
			return errDropped
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDropped) && !errors.Is(err, acts.Conflict) {
		t.Errorf("a change: %v", err)
	}
}

func (l randomActs) changeOne(tx store.Tx) error {
	all, err := tx.Acts().OfDeal(ctx, 7)
	if err != nil {
		return err
	}
	if len(all) == 0 || l.r.IntN(4) == 0 {
		return l.form(tx, 0)
	}
	a, err := tx.Acts().Lock(ctx, all[l.r.IntN(len(all))].ID)
	if err != nil {
		return err
	}
	switch l.r.IntN(8) {
	case 0:
		return tx.Acts().SetResponsible(ctx, a.ID, acts.UserID(l.r.IntN(3)))
	case 1:
		if a.Status == acts.StatusRefused && !a.Replaced() {
			return l.form(tx, a.ID)
		}
	case 2:
		return l.undo(tx, a)
	case 3:
		if a.Status == acts.StatusSent {
			return tx.Acts().SetSent(ctx, a.ID, acts.ChannelPost, "", anyMoment(l.r))
		}
	}
	next := map[acts.Status][]acts.Status{acts.StatusDraft: {acts.StatusSignedByUs}, acts.StatusSignedByUs: {acts.StatusSent, acts.StatusSent, acts.StatusDraft},
		acts.StatusSent: {acts.StatusSigned, acts.StatusSigned, acts.StatusSigned, acts.StatusAcceptedUnsigned, acts.StatusRefused, acts.StatusDraft}, acts.StatusSigned: {acts.StatusAnnulled},
		acts.StatusAcceptedUnsigned: {acts.StatusSigned, acts.StatusRefused}, acts.StatusRefused: {acts.StatusSigned, acts.StatusAcceptedUnsigned, acts.StatusAnnulled}}[a.Status]
	if len(next) == 0 {
		return nil
	}
	return l.move(tx, a, next[l.r.IntN(len(next))], "moved")
}

func (l randomActs) form(tx store.Tx, inPlaceOf acts.ActID) error {
	a := draft(deal(7), "1")
	a.Responsible, a.CreatedAt, a.Corrects = acts.UserID(l.r.IntN(3)), anyMoment(l.r), inPlaceOf
	a.Totals.Gross = acts.Kopecks(1 + l.r.IntN(1_000_000))
	made, err := tx.Acts().Add(ctx, uuid.NewString(), a)
	if err != nil || inPlaceOf == 0 {
		return err
	}
	return tx.Acts().Replace(ctx, inPlaceOf, made)
}

func (l randomActs) move(tx store.Tx, a acts.Act, to acts.Status, kind string) error {
	at := anyMoment(l.r)
	steps := []func() error{
		func() error {
			return tx.Acts().Move(ctx, a.ID, store.Move{From: a.Status, To: to, Marked: true, At: at})
		},
		func() error {
			_, err := tx.Acts().AddEvent(ctx, store.ActEvent{Act: a.ID, At: at, Actor: string(acts.ActorPerson), Kind: kind, Text: "-", From: a.Status, To: to})
			return err
		}}
	first := l.r.IntN(2)
	if err := errors.Join(steps[first](), steps[1-first]()); err != nil || to != acts.StatusAnnulled || a.Corrects == 0 {
		return err
	}
	return tx.Acts().Release(ctx, a.Corrects, a.ID)
}

func (l randomActs) undo(tx store.Tx, a acts.Act) error {
	history, err := tx.Acts().Changes(ctx, a.ID)
	if err != nil {
		return err
	}
	before, _, err := a.Undo(history)
	if err != nil {
		return nil // nothing to undo
	}
	return l.move(tx, a, before, "undo")
}

// actHistory is an act with the time of the last signature in its history.
type actHistory struct {
	acts.Act
	signedAt time.Time
}

// histories reads all acts and what happened to each.
func (l randomActs) histories(t *testing.T) (all []actHistory) {
	t.Helper()
	for _, id := range walk(t, l.db, l.p, list.ActFilter{}) {
		one := actHistory{Act: readAct(t, l.db, l.p, id)}
		events, err := l.db.Scope(l.p).Acts().Events(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if last := slices.IndexFunc(events, func(e store.ActEvent) bool { return e.From != e.To && e.To == acts.StatusSigned }); last >= 0 {
			one.signedAt = events[last].At
		}
		all = append(all, one)
	}
	return all
}

func dayIn(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// trendNaive counts month by month.
func trendNaive(all []actHistory, visibility people.Visibility, zone *time.Location) []list.Month {
	months := make([]list.Month, 12)
	for i := range months {
		m := list.Month{First: firstMonth.AddDate(0, i, 0)}
		in := func(at time.Time) bool { return dayIn(at, zone).Format("2006-01") == m.First.Format("2006-01") }
		for _, a := range all {
			if a.Status == acts.StatusAnnulled || a.ReplacedBy != 0 || !visibility.Of(a.Responsible) {
				continue
			}
			if in(a.CreatedAt) {
				m.Formed++
				m.FormedSum += a.Totals.Gross
			}
			if a.Status == acts.StatusSigned && in(a.signedAt) {
				m.Signed++
				m.SignedSum += a.Totals.Gross
				m.Waited += max(0, int(dayIn(a.signedAt, zone).Sub(dayIn(a.SentAt, zone)).Hours()/24))
			}
		}
		months[i] = m
	}
	return months
}

func (l randomActs) check(t *testing.T, when string, zone string) {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	all := l.histories(t)
	for _, visibility := range []people.Visibility{nil, {1}, {0, 2}, {}} {
		got, err := list.Trend(ctx, l.db.Scope(l.p), visibility, firstMonth, 12, loc, list.ReportFilter{})
		if err != nil {
			t.Fatal(err)
		}
		want := trendNaive(all, visibility, loc)
		if len(got) != len(want) {
			t.Fatalf("%s, visibility %v: %d months", when, visibility, len(got))
		}
		for i, m := range got {
			if m != want[i] {
				t.Errorf("%s, visibility %v: %+v, want %+v", when, visibility, m, want[i])
			}
		}
	}
}

// After any changes of acts the months equal those computed from their histories, in every zone.
func TestTrendEqualsHistories(t *testing.T) {
	db := open(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	mine, theirs := portal(t, db, "a"), portal(t, db, "b")
	for _, p := range []acts.PortalID{mine, theirs} {
		inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(7)) })
	}
	l, other := randomActs{db, mine, rand.New(rand.NewPCG(seed, 3))}, randomActs{db, theirs, rand.New(rand.NewPCG(seed, 4))}
	for range 4 {
		for i := range 60 {
			l.step(t)
			if i%4 == 0 {
				other.step(t)
			}
		}
		for _, zone := range []string{"Asia/Chita", "America/New_York", "Europe/Moscow"} {
			l.check(t, "mine", zone)
		}
	}
	other.check(t, "another portal", "Europe/Moscow")
}
