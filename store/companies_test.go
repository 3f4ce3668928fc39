package store_test

import (
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// What our settings say of a company outlives a new reading of the CRM; the day of an ОГРНИП only while it is the same ОГРНИП.
func TestSettingsOutliveTheRequisites(t *testing.T) {
	t.Parallel()
	db := open(t)
	p := portal(t, db, "m1")
	day := time.Date(2020, 3, 2, 0, 0, 0, 0, time.UTC)
	party := acts.Party{Kind: acts.PartyPerson, Name: "ИП Громов", INN: "500100732259", OGRN: "320500300000121"}
	read := func(party acts.Party) acts.Party {
		t.Helper()
		var own store.OwnCompany
		inTx(t, db, p, func(tx store.Tx) (err error) {
			if err = tx.Companies().Merge(ctx, store.OwnCompany{ID: 2, Party: party, Function: acts.FunctionAct}); err == nil {
				own, err = tx.Companies().Get(ctx, 2)
			}
			return err
		})
		return own.Party
	}
	read(party)
	inTx(t, db, p, func(tx store.Tx) error {
		own := store.OwnCompany{ID: 2, Party: party.WithParticipant("2BE0123456789abcdef0123456789abcdef", "edo:1"), Function: acts.FunctionAct, Form: store.FormUPD, Numbers: "{N}"}
		own.Party.Registered = day
		return tx.Companies().Save(ctx, own)
	})
	party.Address = "Москва"
	if got := read(party); !got.Registered.Equal(day) || got.Participant == "" || got.ParticipantSeen != "edo:1" || got.Address != "Москва" {
		t.Errorf("after a new reading: %+v", got)
	}
	party.OGRN = "304500116000157"
	if got := read(party); !got.Registered.IsZero() || got.Participant == "" {
		t.Errorf("after another ОГРНИП: %+v", got)
	}
}

func TestLatestNumbered(t *testing.T) {
	t.Parallel()
	db := open(t)
	p := portal(t, db, "m1")
	inTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(ctx, deal(1)) })
	for number, on := range map[string]time.Time{"1": time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), "2": time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
		"3": time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), "": time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)} {
		a := draft(deal(1), "0.5")
		a.Date, a.Number = on, number
		id := addAct(t, db, p, a)
		asPortal(t, db, p, `UPDATE acts SET number = $1 WHERE id = $2`, number, id)
	}
	for year, want := range map[int]string{2026: "1 2026-11-25", 2025: "3 2025-12-31", 2024: " 0001-01-01"} {
		got, err := db.Scope(p).Acts().LatestNumbered(ctx, 1, year)
		if err != nil || got.Number+" "+got.Date.Format(time.DateOnly) != want {
			t.Errorf("%d: %v, %v; want %s", year, got, err, want)
		}
	}
	if got, err := db.Scope(p).Acts().LatestNumbered(ctx, 2, 2026); err != nil || got.Number != "" {
		t.Errorf("another company: %v, %v", got, err)
	}
}
