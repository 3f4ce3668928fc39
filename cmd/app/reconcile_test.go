package app_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"acts24/acts/period"
	"acts24/acts/workday"
	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
	"acts24/store/localdb"
	"acts24/store/schema"
	"acts24/store/storetest"
)

// restore stops the program and starts it again on a database that was made from a backup, at the same address.
func restore(t *testing.T, s *apptest.Site, backup string) {
	t.Helper()
	s.Stop()
	superuser, name := storetest.Superuser(t), s.Database()+"_restored"
	admin, err := sql.Open("postgres", superuser)
	s.Must(err)
	t.Cleanup(func() {
		if _, err := admin.Exec(`DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	_, err = admin.Exec(`CREATE DATABASE ` + name + ` OWNER ` + schema.OwnerRole + ` TEMPLATE template0`)
	s.Must(err)
	s.OwnerDSN, err = schema.DSN(superuser, schema.OwnerRole, name)
	s.Must(err)
	s.AppConfig.DatabaseURL, err = schema.DSN(superuser, schema.AppRole, name)
	s.Must(err)
	s.Must(localdb.Restore(t.Context(), s.OwnerDSN, backup))
	listener, err := net.Listen("tcp", strings.TrimPrefix(s.AppURL, "http://"))
	s.Must(err)
	s.App, s.Stop = s.Serve(s.Clock, listener)
	t.Cleanup(s.Stop)
}

// world is what the CRM and SBIS have of our acts, and what our database has: the same after a reconciliation as before the loss.
func world(s *apptest.Site) []string {
	var lines []string
	for _, item := range s.Portal.Items(s.ItemType()) {
		lines = append(lines, fmt.Sprint("item ", item["id"], " ", item["xmlId"], " ", item["title"], " ", item["opportunity"], " ", s.ItemStage(int64(item["id"].(float64)))))
	}
	for _, d := range s.Documents() {
		lines = append(lines, fmt.Sprint("document ", d.ID, " № ", d.Number, " ", d.Sum, " ", d.StateName))
	}
	for n := 1; n <= 11; n += 2 {
		lines = append(lines, fmt.Sprint("deal ", n, " ", s.DealStage(s.Deal(n))))
	}
	lines = append(lines, rows(s, `SELECT concat_ws(' ', 'act', a.id, a.number, a.medium, a.status, a.delivery, a.gross, a.item_id, a.deal_id,
		(SELECT string_agg(concat_ws('/', l.name, l.quantity, l.price, l.rate, l.gross), '; ' ORDER BY l.n) FROM act_lines l WHERE l.portal_id = a.portal_id AND l.act_id = a.id),
		CASE WHEN a.medium = 'electronic' THEN concat_ws(' ', a.period_from, a.period_to, a.basis - 'taken', a.signer - 'ground', a.payments, a.function) END,
		(SELECT string_agg(CAST(d.id AS text), ' ') FROM edo_documents d WHERE d.portal_id = a.portal_id AND d.act_id = a.id AND d.live),
		(SELECT count(DISTINCT f.sha256) FROM act_files c JOIN files f ON f.portal_id = c.portal_id AND f.id = c.file_id
			WHERE c.portal_id = a.portal_id AND c.act_id = a.id AND c.side = 'ours' AND c.current))
		FROM acts a ORDER BY a.id`)...)
	return lines
}

func rows(s *apptest.Site, query string) (lines []string) {
	db, err := sql.Open("postgres", s.OwnerDSN)
	s.Must(err)
	defer db.Close()
	found, err := db.Query(query)
	s.Must(err)
	defer found.Close()
	for found.Next() {
		var line string
		s.Must(found.Scan(&line))
		lines = append(lines, line)
	}
	s.Must(found.Err())
	return lines
}

// createdIn counts the calls that create something in the CRM.
func createdIn(s *apptest.Site) map[string]int {
	calls := map[string]int{}
	for _, l := range s.Cloud.Trace().Lines() {
		if strings.HasSuffix(l.Method, ".add") {
			calls[l.Method]++
		}
	}
	return calls
}

// reconcile runs the command as the operator does.
func reconcile(s *apptest.Site, args ...string) string {
	s.T.Helper()
	var out bytes.Buffer
	if err := app.Reconcile(s.T.Context(), s.AppConfig, args, s.Clock.Now, &out); err != nil {
		s.T.Fatalf("%v\n%s", err, &out)
	}
	return out.String()
}

// A backup is restored beside a portal and an SBIS that lived on: nothing is sent and nothing is changed before the reconciliation, after it
// nothing is doubled, nothing is lost and no number is used twice.
func TestRestore(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	signed := s.HandOver(s.Deal(1))
	s.Await("the first document", func() bool { return s.WaitsForOurSignature(signed) })
	first := s.LastDocument().ID
	paper := s.FormPaperAct(s.Deal(3), "company")
	draft := s.FormPaperAct(s.Deal(11), "company")
	s.AwaitQuiet()
	backup := filepath.Join(t.TempDir(), "acts24.dump")
	s.Must(localdb.Dump(t.Context(), s.OwnerDSN, backup))

	// What the backup lacks: signatures, marks, numbers, and acts that were formed since.
	s.MoveDocument(first, sbistest.MoveSignByUs)
	s.Await("our signature", func() bool { return s.DealStage(s.Deal(1)) == "Акт направлен заявителю" })
	s.MoveDocument(first, sbistest.MoveSignByCounterparty)
	p, err := s.Manager.Upload(paper+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.PostAction(paper+"/paper", url.Values{"channel": {"post"}}, "Акт направлен заявителю")
	later := s.HandOver(s.Deal(5))
	s.Await("the second document", func() bool { return s.WaitsForOurSignature(later) })
	s.MoveDocument(s.LastDocument().ID, sbistest.MoveSignByUs)
	s.SendPaperAct(s.Deal(7))
	s.FormPaperAct(s.Deal(9), "company")
	s.Await("the signature of the counterparty", func() bool { return s.DealStage(s.Deal(1)) == "Услуга оказана" })
	s.Await("our second signature", func() bool { return s.DealStage(s.Deal(5)) == "Акт направлен заявителю" })
	s.AwaitQuiet()
	before := world(s)
	created := createdIn(s)

	restore(t, s, backup)
	// The backup has an older count of calls than the portal: a reconciliation that is refused would have to be repeated.
	s.RemoveLimits()
	s.Exec(`UPDATE acts SET item_id = 0, item_base = '{}' WHERE deal_id = ` + fmt.Sprint(s.Deal(11))) // the backup was made while the item was being created
	s.Exec(`INSERT INTO tasks (portal_id, kind, subject) SELECT portal_id, 'crm.item', id FROM acts WHERE item_id = 0 ON CONFLICT DO NOTHING`)
	if got := s.Number(`SELECT count(*) FROM portals WHERE state = 'held'`); got != 1 {
		t.Fatalf("%d portals are held after the restore", got)
	}
	s.Manager = apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
	_, action, form := s.DealTab(s.Deal(15))
	if p, err := s.Manager.Post(action, form); err != nil || p.Status != http.StatusServiceUnavailable {
		t.Errorf("a held portal takes a form: %d, %v", p.Status, err)
	}
	dry := reconcile(s)
	for _, want := range []string{"is brought back", "gets its number", "is linked to its item", "is linked to act", "Nothing was changed"} {
		if !strings.Contains(dry, want) {
			t.Errorf("%q is missing in the dry run:\n%s", want, dry)
		}
	}
	if n := s.Number(`SELECT count(*) FROM acts`); n != 3 {
		t.Errorf("the dry run has made acts: %d", n)
	}
	s.Must(s.Portal.Fault(bitrix24test.Fault{Kind: bitrix24test.FaultUnavailable, Method: "crm.item.productrow.list", Count: 2}))
	done := reconcile(s, "--yes")
	for want, times := range map[string]int{
		"the limit of calls of portal 1 is used up: waiting": 2,
		"TODO": 3,
		"is back without what no remote system shows: its basis, its signer and the document of his authority, its period, its comment.": 2,
		"is back without what no remote system shows: the document of the signer's authority, its comment.":                              1,
		"released": 1,
	} {
		if n := strings.Count(done, want); n != times {
			t.Errorf("%q occurs %d times, want %d:\n%s", want, n, times, done)
		}
	}
	s.AwaitQuiet()
	s.AwaitReconciliations(2)
	s.AwaitQuiet()
	if after := world(s); !slices.Equal(before, after) {
		t.Errorf("before\n%s\nafter\n%s\nthe reconciliation:\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"), done)
	}
	for method, n := range createdIn(s) {
		if n != created[method] {
			t.Errorf("%s: %d calls, before %d", method, n, created[method])
		}
	}
	if faults := s.HistoryFaults(); len(faults) > 0 {
		t.Errorf("history: %v", faults)
	}
	if out := reconcile(s); !strings.Contains(out, "nothing to reconcile") {
		t.Errorf("a second reconciliation:\n%s", out)
	}

	// The program goes on: the next act has an id and a number of its own.
	next := s.FormPaperAct(s.Deal(13), "company")
	p, err = s.Manager.Upload(next+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	p, err = s.Manager.Upload(draft+"/files/ours", nil, apptest.Scan)
	s.Page(p, err, http.StatusOK)
	s.AwaitQuiet()
	if n := s.Number(`SELECT count(*) - count(DISTINCT number) FROM acts WHERE number <> ''`); n != 0 {
		t.Errorf("%d numbers are used twice", n)
	}
	keys := map[any]bool{}
	for _, item := range s.Portal.Items(s.ItemType()) {
		if keys[item["xmlId"]] {
			t.Errorf("the key %v is used twice", item["xmlId"])
		}
		keys[item["xmlId"]] = true
	}
}

// adminPost posts a form of the settings with its present values and the given changes.
func adminPost(s *apptest.Site, path string, pairs ...string) {
	s.T.Helper()
	admin := s.AdminAtMenu()
	p, err := admin.Get(path)
	form := url.Values{}
	s.Page(p, err, http.StatusOK).Find(`form[action="` + path + `"] input`).Each(func(_ int, field *goquery.Selection) {
		form.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	for name, values := range apptest.Form(pairs...) {
		form[name] = values
	}
	p, err = admin.Post(path, form)
	s.Page(p, err, http.StatusOK)
}

// What the calendar has done after the backup is not done again: a letter that reminds a counterparty, and the monthly act of a deal. A month
// whose act cannot be determined waits for a person; what the lost database has not done is done.
func TestRestoreOfTheCalendar(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.FastReconcile)
	adminPost(s, "/p/1/settings/days", "letters", "2")
	for _, deal := range []int64{s.Deal(1), s.Deal(3)} {
		s.SetClientContacts(deal, "buh@zakazchik.example")
		s.SendPaperAct(deal)
	}
	rule := period.Rule{Day: 1}
	for _, n := range []int{5, 7, 9} {
		s.SetRows(s.Deal(n), apptest.ProductRow("Абонентская плата", 5, 1000))
		doc, _, _ := s.DealTab(s.Deal(n))
		quantity := doc.Find("[data-testid=monthly] input[inputmode=decimal]").AttrOr("name", "")
		p, err := s.Manager.Post(fmt.Sprintf("/p/1/deals/%d/monthly", s.Deal(n)), apptest.Form("monthly-day", "1", "monthly-covers", "current", "monthly-rows", "some", quantity, "2", "monthly-first", "later"))
		s.Page(p, err, http.StatusOK)
	}
	s.Exec(`UPDATE monthly_plans SET check_at = '2099-01-01' WHERE deal_id = ` + fmt.Sprint(s.Deal(9)))
	first := s.ReminderDue(2)
	s.Await("the address in our copies", func() bool { return s.Count("deals WHERE email = 'buh@zakazchik.example'") == 2 })
	s.AwaitQuiet()
	backup := filepath.Join(t.TempDir(), "acts24.dump")
	s.Must(localdb.Dump(t.Context(), s.OwnerDSN, backup))

	s.Exec(`UPDATE reminders SET paused = true WHERE kind = 'counterparty' AND act_id = (SELECT id FROM acts WHERE deal_id = ` + fmt.Sprint(s.Deal(3)) + `)`) // the crash came before its letter
	month, err := time.Parse("2006-01", rows(s, `SELECT to_char(max(next_month), 'YYYY-MM') FROM monthly_plans`)[0])
	s.Must(err)
	due := workday.New(workday.Overrides{}).Start(rule.FormingDay(workday.New(workday.Overrides{}), month), time.FixedZone("MSK", 3*60*60)).Add(time.Hour)
	if due.Before(first) {
		due = first.Add(time.Minute)
	}
	s.AdvanceTo(due)
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == 1 })
	s.Await("the monthly acts", func() bool { return s.Count(`monthly_runs WHERE state = 'formed'`) == 2 })
	s.AwaitQuiet()
	letters, acts := len(s.Portal.Letters()), s.Count("acts")

	restore(t, s, backup)
	s.RemoveLimits()
	s.Exec(`UPDATE monthly_plans SET covers = 'previous-end' WHERE deal_id = ` + fmt.Sprint(s.Deal(7))) // its act does not have the date of this plan
	s.Exec(`UPDATE monthly_plans SET check_at = next_month`)
	dry := reconcile(s)
	done := reconcile(s, "--yes")
	for want, times := range map[string]int{
		"was reminded by a letter of":       1,
		"is due since":                      1,
		"is the monthly act of deal":        1,
		"may be the monthly act for":        1,
		"is brought back from its item":     2,
		"the CRM has none since the backup": 1,
	} {
		if n, m := strings.Count(dry, want), strings.Count(done, want); n != times || m != times {
			t.Errorf("%q occurs %d and %d times, want %d:\n%s\n%s", want, n, m, times, dry, done)
		}
	}
	s.AwaitQuiet()
	s.Await("the act that nobody had formed", func() bool { return s.Count(`monthly_runs WHERE state = 'formed'`) == 2 })
	s.Await("the letter that nobody had sent", func() bool { return len(s.Portal.Letters()) == letters+1 })
	s.AwaitQuiet()
	if n := s.Count("acts"); n != acts+1 {
		t.Errorf("%d acts, want %d and that of the ninth deal: %s", n, acts, rows(s, `SELECT concat_ws(' ', deal_id, act_date, created_at) FROM acts`))
	}
	if n := len(s.Portal.Letters()); n != letters+1 {
		t.Errorf("%d letters, want %d", n, letters+1)
	}
	if n := s.Count(fmt.Sprintf(`monthly_runs WHERE state = 'refused' AND deal_id = %d`, s.Deal(7))); n != 1 {
		t.Errorf("%d months wait for a person", n)
	}
	if faults := s.HistoryFaults(); len(faults) > 0 {
		t.Errorf("history: %v", faults)
	}
}
