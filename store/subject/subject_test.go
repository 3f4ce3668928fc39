package subject_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/audit"
	"acts24/store/storetest"
	"acts24/store/subject"
)

const (
	inn   = "7802020205"
	email = "anna@romashka.example"
)

var now = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// fill stores everything that can be known about the counterparty of deal 7, whose INN is inn, and the same about the counterparty of deal 8.
func fill(t *testing.T, db *store.DB, member string) acts.PortalID {
	t.Helper()
	p := storetest.AddPortal(t, db, member)
	for deal, who := range map[int]struct{ inn, email string }{7: {inn, email}, 8: {"7703030309", "boris@other.example"}} {
		d := storetest.Deal(acts.DealID(deal))
		d.Company = acts.CompanyID(deal * 10)
		d.Buyer = acts.Party{Kind: acts.PartyCompany, Name: "ООО", INN: who.inn, Email: who.email}
		d.Email, d.Phones = who.email, "+7 900"
		storetest.InTx(t, db, p, func(tx store.Tx) error { return tx.Deals().Save(t.Context(), d) })
		a := storetest.Draft(d, "1")
		a.Buyer, a.Company = d.Buyer, d.Company
		act := storetest.AddAct(t, db, p, a)
		for _, statement := range []string{
			`UPDATE acts SET number = 'А-' || id, act_date = '2026-11-23' WHERE portal_id = $1 AND id = $2 AND $3 <> '' AND $4 <> '' AND $5 <> 0`,
			`INSERT INTO answers (portal_id, deal_id, company_id, source, channel, party_kind, email, address, contact, phone, at)
				SELECT $1, $5, company_id, 'form', 'post', 'company', $4, 'Тверь', 'Анна', '+7 901', clock_timestamp() FROM acts WHERE id = $2 AND $3 <> ''`,
			`INSERT INTO questions (portal_id, deal_id, automatic, state, address, created_at, expires_at)
				SELECT $1, $5, true, 'sent', $4, clock_timestamp(), clock_timestamp() WHERE $2 <> 0 AND $3 <> ''`,
			`INSERT INTO question_links (portal_id, hash, question_id) SELECT $1, CAST($3 AS bytea), id FROM questions WHERE deal_id = $5 AND $2 <> 0 AND $4 <> ''`,
			`INSERT INTO answer_deadlines (portal_id, question_id, due_at) SELECT $1, id, clock_timestamp() FROM questions WHERE deal_id = $5 AND $2 <> 0 AND $3 <> '' AND $4 <> ''`,
			`INSERT INTO letters (portal_id, deal_id, act_id, purpose, address, subject, body, state, created_at)
				SELECT $1, $5, $2, 'act', $4, 'Акт', 'Анна, вот акт', s, clock_timestamp() FROM (VALUES ('sent'), ('queued')) v (s) WHERE $3 <> ''`,
			`INSERT INTO messages (portal_id, deal_id, text, created_at) SELECT $1, $5, 'Анна ответила', clock_timestamp() WHERE $2 <> 0 AND $3 <> '' AND $4 <> ''`,
			`INSERT INTO invitations (portal_id, deal_id, since) SELECT $1, $5, clock_timestamp() WHERE $2 <> 0 AND $3 <> '' AND $4 <> ''`,
			`INSERT INTO edo_lookups (portal_id, inn, known) SELECT $1, $3, true WHERE $2 <> 0 AND $4 <> '' AND $5 <> 0`,
		} {
			statement = strings.NewReplacer("$1", "CAST($1 AS bigint)", "$2", "CAST($2 AS bigint)", "$3", "CAST($3 AS text)", "$4", "CAST($4 AS text)", "$5", "CAST($5 AS bigint)").Replace(statement)
			if n := storetest.AsPortal(t, db, p, statement, int64(p), int64(act), who.inn, who.email, deal); n == 0 {
				t.Fatalf("no row: %s", statement)
			}
		}
	}
	return p
}

// export returns the export of a portal as text and the number of rows of its tables.
func export(t *testing.T, db *store.DB, p acts.PortalID, s subject.Subject) (text string, rows map[string]int) {
	t.Helper()
	data, err := subject.Export(t.Context(), db, p, s)
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string]int{}
	for table, list := range data {
		rows[table] = len(list)
		for _, row := range list {
			text += table + " " + string(row) + "\n"
		}
	}
	return text, rows
}

func TestExport(t *testing.T) {
	db := storetest.Open(t)
	p := fill(t, db, "a")
	for name, tt := range map[string]struct {
		subject subject.Subject
		rows    map[string]int
	}{
		"by INN":    {subject.Subject{INN: inn}, map[string]int{"acts": 1, "act_lines": 1, "deals": 1, "answers": 1, "letters": 2, "messages": 1, "questions": 1, "invitations": 1, "edo_lookups": 1}},
		"by e-mail": {subject.Subject{Email: email}, map[string]int{"acts": 1, "act_lines": 1, "deals": 1, "answers": 1, "letters": 2, "questions": 1}},
		"nobody":    {subject.Subject{INN: "7700000000"}, map[string]int{}},
	} {
		text, rows := export(t, db, p, tt.subject)
		if fmt.Sprint(rows) != fmt.Sprint(tt.rows) {
			t.Errorf("%s: %v, want %v", name, rows, tt.rows)
		}
		if strings.Contains(text, "boris@") || strings.Contains(text, "7703030309") {
			t.Errorf("%s: data of another counterparty in\n%s", name, text)
		}
		if len(tt.rows) > 0 && !strings.Contains(text, email) {
			t.Errorf("%s: no %s in\n%s", name, email, text)
		}
	}
}

// What has no legal ground is erased; primary documents, other counterparties and other portals keep what they had, and the audit log
// holds what was done without the data.
func TestErase(t *testing.T) {
	db := storetest.Open(t)
	p, neighbour := fill(t, db, "a"), fill(t, db, "b")
	other := subject.Subject{INN: "7703030309"}
	otherBefore, _ := export(t, db, p, other)
	before, _ := export(t, db, p, subject.Subject{INN: inn})
	neighbourBefore, _ := export(t, db, neighbour, subject.Subject{INN: inn})
	dry, err := subject.Erase(t.Context(), db, p, subject.Subject{INN: inn}, now, true)
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := export(t, db, p, subject.Subject{INN: inn}); sorted(after) != sorted(before) {
		t.Errorf("a dry run has changed\n%s\nto\n%s", before, after)
	}
	list, err := subject.Erase(t.Context(), db, p, subject.Subject{INN: inn}, now, false)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(list) != fmt.Sprint(dry) {
		t.Errorf("the dry run returned %v, the real one %v", dry, list)
	}
	erased := map[string]int64{}
	for _, o := range list {
		if o.Erased {
			erased[o.Table] = o.Rows
		}
		if o.Table == "acts" && (o.Erased || o.Rows != 1 || o.Until.Format(time.DateOnly) != "2031-12-31" || !strings.Contains(o.Why, "402-ФЗ")) {
			t.Errorf("acts: %+v", o)
		}
	}
	want := map[string]int64{"answers": 1, "letters": 1, "messages": 1, "question_links": 1, "answer_deadlines": 1, "questions": 1, "invitations": 1, "edo_lookups": 1, "deals": 1}
	if fmt.Sprint(erased) != fmt.Sprint(want) {
		t.Errorf("erased %v, want %v", erased, want)
	}
	text, rows := export(t, db, p, subject.Subject{INN: inn})
	if rows["acts"] != 1 || rows["act_lines"] != 1 || rows["edo_lookups"] != 0 || rows["invitations"] != 0 {
		t.Errorf("left: %v", rows)
	}
	for line := range strings.Lines(text) {
		table, _, _ := strings.Cut(line, " ")
		if table == "acts" || table == "deals" || strings.Contains(line, `"queued"`) {
			continue
		}
		for _, trace := range []string{email, "Анна", "+7 90", "Тверь"} {
			if strings.Contains(line, trace) {
				t.Errorf("%s is left in %s", trace, line)
			}
		}
	}
	if after, _ := export(t, db, p, other); sorted(after) != sorted(otherBefore) {
		t.Errorf("another counterparty had\n%s\nand has\n%s", otherBefore, after)
	}
	if after, _ := export(t, db, neighbour, subject.Subject{INN: inn}); sorted(after) != sorted(neighbourBefore) {
		t.Errorf("another portal had\n%s\nand has\n%s", neighbourBefore, after)
	}
	again, err := subject.Erase(t.Context(), db, p, subject.Subject{INN: inn}, now, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range again {
		if o.Erased {
			t.Errorf("the second run erased %+v", o)
		}
	}
	checkAudit(t, db, p)
}

// checkAudit expects one erasure in the audit log of a portal and no data in any record.
func checkAudit(t *testing.T, db *store.DB, p acts.PortalID) {
	t.Helper()
	records, err := audit.List(t.Context(), db, p)
	if err != nil {
		t.Fatal(err)
	}
	erasures, exports := 0, 0
	for _, r := range records {
		if text := fmt.Sprint(r); strings.Contains(text, inn) || strings.Contains(text, "@") {
			t.Errorf("data in the audit log: %s", text)
		}
		switch r.Action {
		case audit.SubjectErase:
			erasures++
		case audit.SubjectExport:
			exports++
		}
	}
	if erasures != 1 || exports == 0 {
		t.Errorf("%d erasures and %d exports in %v", erasures, exports, records)
	}
}

// A person is erased by his address alone: what his company is known for stays.
func TestEraseByEmail(t *testing.T) {
	db := storetest.Open(t)
	p := fill(t, db, "a")
	if _, err := subject.Erase(t.Context(), db, p, subject.Subject{Email: email}, now, false); err != nil {
		t.Fatal(err)
	}
	_, rows := export(t, db, p, subject.Subject{INN: inn})
	if rows["edo_lookups"] != 1 || rows["invitations"] != 1 || rows["acts"] != 1 {
		t.Errorf("left: %v", rows)
	}
	if text, _ := export(t, db, p, subject.Subject{INN: inn}); strings.Contains(text, "+7 901") {
		t.Errorf("his phone is left in\n%s", text)
	}
}

// The name of an employee is blanked after his dismissal only.
func TestEraseEmployee(t *testing.T) {
	db := storetest.Open(t)
	p := storetest.AddPortal(t, db, "a")
	storetest.AsPortal(t, db, p, `INSERT INTO users (portal_id, id, name, active) VALUES ($1, 2, 'Анна', true), ($1, 3, 'Борис', false)`, int64(p))
	storetest.AsPortal(t, db, p, `INSERT INTO saved_filters (portal_id, user_id, name, query, shared) VALUES ($1, 2, 'Мои', '', false), ($1, 3, 'Мои', '', false)`, int64(p))
	for user, want := range map[acts.UserID]string{2: "[{users 1 false", 3: "[{saved_filters 1 true"} {
		list, err := subject.Erase(t.Context(), db, p, subject.Subject{User: user}, now, false)
		if err != nil || !strings.HasPrefix(fmt.Sprint(list), want) {
			t.Errorf("user %d: %v, %v", user, list, err)
		}
	}
	if text, _ := export(t, db, p, subject.Subject{User: 2}); !strings.Contains(text, "Анна") {
		t.Errorf("the name of an employee is gone:\n%s", text)
	}
	if text, rows := export(t, db, p, subject.Subject{User: 3}); strings.Contains(text, "Борис") || rows["saved_filters"] != 0 {
		t.Errorf("a dismissed employee is left:\n%s", text)
	}
}

// sorted returns the lines of an export in an order that does not depend on the order of its tables.
func sorted(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
