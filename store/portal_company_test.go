package store_test

import (
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
)

// The settings of our company stay after a new reading of the CRM; the day of an ОГРНИП only while it is the same ОГРНИП.
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
		own := store.OwnCompany{ID: 2, Party: party.WithParticipant("2BE0123456789abcdef0123456789abcdef", "edo:1"), Function: acts.FunctionAct, Form: store.FormUPD, PaperForm: acts.PaperFormAct, Numbers: "{N}"}
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

// Rows of the log of a closed period are only added.
func TestClosedTries(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	for n := range 12 {
		inTx(t, db, p, func(tx store.Tx) error {
			return tx.Portals().AddClosedTry(ctx, store.ClosedTry{Own: 1, Act: acts.ActID(n), At: morning, User: 2, UserName: "Анна", Text: "Отказано: изменить акт"})
		})
	}
	list, err := db.Scope(p).Portals().ClosedTries(ctx)
	if err != nil || len(list) != 10 || list[0].Act != 11 {
		t.Errorf("%d lines, %v", len(list), err)
	}
	if list, err := db.Scope(other).Portals().ClosedTries(ctx); err != nil || len(list) != 0 {
		t.Errorf("another portal sees %d lines, %v", len(list), err)
	}
	if _, err := asApp(t, db).ExecContext(ctx, "DELETE FROM closed_tries"); err == nil {
		t.Error("the log can be deleted")
	}
}
