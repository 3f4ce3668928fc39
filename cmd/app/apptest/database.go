package apptest

import (
	"context"
	"database/sql"
	"fmt"

	"acts24/store"
)

// Owner returns connections to the database as its owner. They stay open while the test runs, because waiting for a
// row reads it often.
func (s *Site) Owner() *sql.DB {
	s.T.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owner != nil && s.ownerDSN == s.OwnerDSN {
		return s.owner
	}
	db, err := sql.Open("postgres", s.OwnerDSN)
	if err != nil {
		s.T.Fatal(err)
	}
	s.owner, s.ownerDSN = db, s.OwnerDSN
	s.T.Cleanup(func() { // T may be a subtest's; the next one opens others
		s.mu.Lock()
		defer s.mu.Unlock()
		s.owner = nil
		db.Close()
	})
	return db
}

// Count returns the number of rows of a table over all portals; what may add a condition.
func (s *Site) Count(what string) (n int) {
	s.T.Helper()
	if err := s.Owner().QueryRow("SELECT count(*) FROM " + what).Scan(&n); err != nil {
		s.T.Fatal(err)
	}
	return n
}

// Database returns the name of the database.
func (s *Site) Database() (name string) {
	s.T.Helper()
	if err := s.Owner().QueryRow("SELECT current_database()").Scan(&name); err != nil {
		s.T.Fatal(err)
	}
	return name
}

// Number returns the first value of a statement executed as the owner of the database.
func (s *Site) Number(statement string) (n int64) {
	s.T.Helper()
	if err := s.Owner().QueryRow(statement).Scan(&n); err != nil {
		s.T.Fatal(err)
	}
	return n
}

// Exec executes a statement as the owner of the database.
func (s *Site) Exec(statement string) {
	s.T.Helper()
	if _, err := s.Owner().Exec(statement); err != nil {
		s.T.Fatal(err)
	}
}

// AddWorker gives an employee the role to work with all acts in the settings.
func (s *Site) AddWorker(user int64) {
	s.T.Helper()
	s.Exec(fmt.Sprintf(`INSERT INTO people (portal_id, user_id) VALUES (1, %d)`, user))
}

// AddSoleProprietor adds an ИП to our companies that numbers acts by hand and works without VAT.
func (s *Site) AddSoleProprietor() {
	s.T.Helper()
	s.Exec(`INSERT INTO own_companies (portal_id, id, requisite_id, party, signer, function, account_id, manual_numbers, vat_regimes, vat_ground)
		VALUES (1, 99, 0, '{"kind": "person", "name": "ИП Громов", "last": "Громов", "first": "Алексей", "inn": "500100732259", "address": "Москва, Сущёвский Вал", "edo": "2BEffffffffffffffffffffffffffffffff"}',
			'{"last": "Громов", "first": "Алексей", "position": "Индивидуальный предприниматель"}', 'ДОП', 1, true, '[{"regime": "patent"}]', 'патент')`)
}

// HistoryFaults returns in what the histories of the acts of the first portal do not explain them.
func (s *Site) HistoryFaults() []string {
	s.T.Helper()
	keys, err := store.ParseKeys("a:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
	s.Must(err)
	db, err := store.Open(s.OwnerDSN, keys, store.Options{Connections: 1})
	s.Must(err)
	defer db.Close()
	faults, err := db.Scope(1).Acts().HistoryFaults(context.Background())
	s.Must(err)
	return faults
}
