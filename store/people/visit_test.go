package people_test

import (
	"errors"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/people"
)

func TestVisitEndsAndBelongsToItsPortal(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	var id, over string
	inTx(t, db, p, func(tx store.Tx) (err error) {
		if id, err = tx.Visits().Add(ctx, people.NewVisit{User: 2, UserName: "Анна", Token: "user-token", TokenFor: time.Hour, VisitFor: time.Hour}); err != nil {
			return err
		}
		over, err = tx.Visits().Add(ctx, people.NewVisit{User: 2, Token: "x", VisitFor: -time.Second})
		return err
	})
	v, err := db.Scope(p).Visits().Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if token, err := v.Token(); err != nil || token != "user-token" || v.UserName != "Анна" || !v.TokenLives {
		t.Errorf("visit %+v, token %q, %v", v, token, err)
	}
	for name, try := range map[string]func() error{
		"another portal": func() error { _, err := db.Scope(other).Visits().Get(ctx, id); return err },
		"an ended visit": func() error { _, err := db.Scope(p).Visits().Get(ctx, over); return err },
		"a made-up id":   func() error { _, err := db.Scope(p).Visits().Get(ctx, "made-up"); return err },
	} {
		if err := try(); !errors.Is(err, acts.NotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
}
