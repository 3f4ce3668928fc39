package crm

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/storetest"
)

// stored is a fake portal whose tokens and limits are kept in a database, and the adapter over both.
type stored struct {
	*bench
	*Adapter
	config Config
	db     *store.DB
	portal store.Portal
}

func newStored(t *testing.T) *stored {
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
	s := &stored{bench: newBench(t), db: db}
	app := s.Cloud().App()
	s.config = Config{HTTP: &http.Client{Transport: http.DefaultTransport}, AuthURL: s.Cloud().URL(), ClientID: app.ID, ClientSecret: app.Secret, Timeout: 10 * time.Second, PageTimeout: 10 * time.Second,
		RenewalLease: 30 * time.Second, Probe: time.Minute, AllowPlain: true}
	s.Adapter = New(s.config, db)
	p, err := db.SavePortal(t.Context(), store.Portal{MemberID: s.MemberID(), Endpoint: s.URL() + "/rest/", Origin: s.URL(), AppCode: app.Code})
	if err != nil {
		t.Fatal(err)
	}
	pair := s.Issue(s.Admin())
	kept := s.kept
	kept.ID, kept.Endpoint, kept.Origin, kept.MemberID = p.ID, p.Endpoint, p.Origin, p.MemberID
	s.inTx(p.ID, func(tx store.Tx) error {
		return errors.Join(tx.Portals().SaveTokens(t.Context(), pair.Access, pair.Refresh, s.ApplicationToken()), queue.AddBudget(t.Context(), tx), tx.Portals().SaveNames(t.Context(), kept))
	})
	s.portal = kept
	return s
}

func (s *stored) inTx(p acts.PortalID, do func(store.Tx) error) {
	s.t.Helper()
	if err := s.db.InTx(s.t.Context(), p, do); err != nil {
		s.t.Fatal(err)
	}
}
