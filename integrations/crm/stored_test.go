package crm

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"acts24/store"
	"acts24/store/queue"
	"acts24/store/storetest"
)

// storedPortal is a fake portal whose tokens and limits are kept in a database, and the adapter over both.
type storedPortal struct {
	*testPortal
	*Adapter
	config Config
	db     *store.DB
}

// newStoredPortal installs the app on a fake portal and stores the portal with its tokens and an unused budget.
func newStoredPortal(t *testing.T) *storedPortal {
	t.Helper()
	dsn, _ := storetest.DSN(t)
	keys, err := store.ParseKeys("a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(dsn, keys, store.Options{Connections: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &storedPortal{testPortal: newTestPortal(t), db: db}
	app := s.Cloud().App()
	s.config = Config{HTTP: &http.Client{Transport: http.DefaultTransport}, AuthURL: s.Cloud().URL(), ClientID: app.ID, ClientSecret: app.Secret,
		Timeout: 10 * time.Second, PageTimeout: 10 * time.Second, RenewalLease: 30 * time.Second, Probe: time.Minute, AllowPlain: true}
	s.Adapter = New(s.config, db)
	saved, err := db.SavePortal(t.Context(), store.Portal{MemberID: s.MemberID(), Endpoint: s.URL() + "/rest/", Origin: s.URL(), AppCode: app.Code})
	if err != nil {
		t.Fatal(err)
	}
	pair := s.Issue(s.Admin())
	s.record.ID, s.record.Endpoint, s.record.Origin, s.record.MemberID = saved.ID, saved.Endpoint, saved.Origin, saved.MemberID
	err = db.InTx(t.Context(), saved.ID, func(tx store.Tx) error {
		return errors.Join(tx.Portals().SaveTokens(t.Context(), pair.Access, pair.Refresh, s.ApplicationToken()), queue.AddBudget(t.Context(), tx),
			tx.Portals().SaveNames(t.Context(), s.record))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
