package handlers_test

import (
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/cmd/app/apptest"
)

// The presets of acts that wait for us count and list the acts for which acts.Act.OurMove is true.
func TestOurMovePresets(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	tab := s.HandOver(s.Deal(1))
	s.Await("the document", func() bool { return s.WaitsForOurSignature(tab) })
	s.AwaitQuiet()              // nothing changes the acts between the query and the pages
	s.AddWorker(s.Manager.User) // sees all acts
	s.AddCopies(62)
	s.Exec(`UPDATE acts SET status = (ARRAY['draft', 'signed_by_us', 'sent', 'accepted_unsigned', 'signed', 'refused', 'annulled'])[1 + id % 7],
		delivery = (ARRAY['', 'queued', 'waiting_signature', 'waiting_connection', 'sent', 'delivered', 'completed', 'error', 'withdrawing'])[1 + id % 9],
		annulment = CAST((ARRAY['{}', '{"proposed": "theirs"}', '{"proposed": "ours"}', '{"proposed": "theirs", "step": "agree"}', '{"step": "recall"}',
			'{"proposed": "theirs", "step": "decline", "cabinet": true}', '{"proposed": "ours", "step": "withdraw", "cabinet": true}',
			'{"step": "propose", "cabinet": true, "executed": true}'])[1 + id / 7 % 8] AS jsonb),
		responsible_id = CASE WHEN id % 2 = 0 THEN responsible_id ELSE 0 END WHERE id > 1`)
	db, err := sql.Open("postgres", s.OwnerDSN)
	s.Must(err)
	defer db.Close()
	rows, err := db.Query(`SELECT status, delivery, responsible_id, annulment FROM acts`)
	s.Must(err)
	defer rows.Close()
	ours, mine, waiting := 0, 0, 0
	for rows.Next() {
		var a acts.Act
		var annulment []byte
		s.Must(rows.Scan(&a.Status, &a.Delivery, &a.Responsible, &annulment))
		s.Must(json.Unmarshal(annulment, &a.Annulment))
		if a.Delivery == acts.DeliveryWaitingSignature {
			waiting++
		}
		if a.OurMove() {
			ours++
			if a.Responsible == acts.UserID(s.Manager.User) {
				mine++
			}
		}
	}
	s.Must(rows.Err())
	doc := s.RegistryPage("")
	for preset, want := range map[string]int{"my-action": mine, "waits-for-us": waiting} {
		if got := strings.TrimSpace(apptest.TestID(doc, "preset-"+preset).Find(".count").Text()); got != strconv.Itoa(want) {
			t.Errorf("preset %s counts %s, want %d", preset, got, want)
		}
		address := apptest.TestID(doc, "preset-"+preset).AttrOr("href", "")
		_, query, _ := strings.Cut(address, "?")
		if got := apptest.RegistryRows(s.RegistryPage(query)); got != want {
			t.Errorf("preset %s lists %d acts, want %d", preset, got, want)
		}
	}
	if got := apptest.RegistryRows(s.RegistryPage("our-move=1")); got != ours || ours == mine || ours == 0 {
		t.Errorf("%d acts wait for us, want %d, of which %d are the manager's", got, ours, mine)
	}
}
