package accounts_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/accounts"
)

// The days and moments of these tests.
var (
	dueDay  = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	morning = time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
)

// addAccount adds an SBIS account with a certificate.
func addAccount(t *testing.T, db *store.DB, p acts.PortalID, thumbprint string) (id int64) {
	t.Helper()
	inTx(t, db, p, func(tx store.Tx) (err error) {
		if id, err = tx.Accounts().Save(ctx, accounts.Account{Name: "Основной", Login: accounts.Login{Login: "robot", Password: "x"}}); err != nil {
			return err
		}
		reported := acts.OperatorAccount{User: "Робот", Organizations: []acts.OperatorOrganization{{INN: "7701010105"}}}
		return errors.Join(tx.Accounts().SaveDetails(ctx, id, reported, dueDay, morning),
			tx.Accounts().SaveCertificates(ctx, id, []acts.Certificate{{Thumbprint: thumbprint, Owner: "Иванов", INN: "7701010105", To: dueDay, KeyType: acts.ServerKey}}))
	})
	return id
}

// The report of SBIS about an account is read with its companies; another portal does not see it.
func TestCertificatesOfAccounts(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	id := addAccount(t, db, p, "AA")
	inTx(t, db, p, func(tx store.Tx) error {
		return errors.Join(tx.Accounts().SetSigning(ctx, id, acts.SigningServer), tx.Companies().Save(ctx, store.OwnCompany{ID: 1, Function: acts.FunctionAct, Numbers: "{N}",
			AccountID: id, Form: store.FormUPD, PaperForm: acts.PaperFormUPD, Certificate: "AA", Power: acts.PowerOfAttorney{ID: "dd52", Until: dueDay}, VAT: acts.VATPeriods{{Regime: acts.VATPatent}}, Manual: true, Closed: dueDay}))
	})
	own, err := db.Scope(p).Companies().Get(ctx, 1)
	if err != nil || own.Account.Signing != acts.SigningServer || own.Account.Details == nil || own.Key.Owner != "Иванов" || !own.Key.To.Equal(dueDay) ||
		own.Power.ID != "dd52" || own.PaperForm != acts.PaperFormUPD || own.VAT.On(dueDay) != acts.VATPatent || !own.Manual || !own.Closed.Equal(dueDay) {
		t.Errorf("the company is %+v, %v", own, err)
	}
	if list, err := db.Scope(other).Accounts().Certificates(ctx); err != nil || len(list) != 0 {
		t.Errorf("another portal sees %+v, %v", list, err)
	}
	inTx(t, db, p, func(tx store.Tx) error {
		return tx.Accounts().SaveCertificates(ctx, id, []acts.Certificate{{Thumbprint: "BB", Owner: "Петров", KeyType: acts.ServerKey}})
	})
	if list, err := db.Scope(p).Accounts().Certificates(ctx); err != nil || len(list) != 1 || list[0].Owner != "Петров" || list[0].AccountName != "Основной" {
		t.Errorf("after a new list: %+v, %v", list, err)
	}
	if own, err := db.Scope(p).Companies().Get(ctx, 1); err != nil || own.Certificate != "AA" || own.Key.Thumbprint != "" {
		t.Errorf("a key that is gone: %+v, %v", own.Key, err)
	}
	inTx(t, db, p, func(tx store.Tx) error { return tx.Accounts().Drop(ctx, id) })
	own, err = db.Scope(p).Companies().Get(ctx, 1)
	if list, listErr := db.Scope(p).Accounts().Certificates(ctx); err != nil || listErr != nil || own.AccountID != 0 || len(list) != 0 {
		t.Errorf("after disconnecting: account %d, %v; %d certificates, %v", own.AccountID, err, len(list), listErr)
	}
}

// Of concurrent requests one may request a code within ten seconds, one warns of an expiry, and one takes a check.
func TestOnceForAll(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	id := addAccount(t, db, p, "AA")
	pools := []*store.DB{db, twin(t, db)}
	var codes, warned, taken atomic.Int32
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			err := pools[i%2].InTx(ctx, p, func(tx store.Tx) error { return tx.Accounts().RequestCode(ctx, id, "AA") })
			if err == nil {
				codes.Add(1)
			} else if !errors.Is(err, acts.Conflict) {
				t.Error(err)
			}
			err = pools[i%2].InTx(ctx, p, func(tx store.Tx) error {
				first, err := tx.Accounts().WarnOnce(ctx, "certificate", "AA", dueDay, 30, morning)
				if first {
					warned.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			err = pools[i%2].InTx(ctx, p, func(tx store.Tx) error {
				ok, err := tx.Accounts().TakeCheck(ctx, id, morning, morning.Add(24*time.Hour))
				if ok {
					taken.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if codes.Load() != 1 || warned.Load() != 1 || taken.Load() != 1 {
		t.Errorf("%d codes, %d warnings, %d checks; want one each", codes.Load(), warned.Load(), taken.Load())
	}
	if due, err := db.DueAccountChecks(ctx, morning, 10); err != nil || len(due) != 0 {
		t.Errorf("due still: %+v, %v", due, err)
	}
}
