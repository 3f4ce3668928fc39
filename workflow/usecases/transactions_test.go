package usecases_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
	"acts24/store/storetest"
)

// heldTransactions counts the transactions of the program that have been waiting for their next statement since a time.
const heldTransactions = `SELECT count(*) FROM pg_stat_activity
	WHERE datname = $1 AND usename = 'acts_app' AND state = 'idle in transaction' AND state_change < $2`

// No remote system is called while a transaction is open: a call may take a minute, and the locks of the transaction with it. Each call of an
// act's life is held back until every transaction that was open at its beginning has gone on; one that waits for this call never does.
func TestNoCallInsideATransaction(t *testing.T) {
	t.Parallel()
	super, err := sql.Open("postgres", storetest.Superuser(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { super.Close() })
	var database atomic.Value
	var held atomic.Int64 // calls
	holdBack := func(what string) {
		if database.Load() == nil {
			return
		}
		held.Add(1)
		var began time.Time
		if err := super.QueryRow(`SELECT clock_timestamp()`).Scan(&began); err != nil {
			t.Error(err)
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := apptest.Await(ctx, func() bool {
			var open int
			err := super.QueryRowContext(ctx, heldTransactions, database.Load(), began).Scan(&open)
			return err == nil && open == 0
		})
		if err != nil && t.Context().Err() == nil {
			t.Errorf("a transaction is open during %s", what)
		}
	}
	var sbis *url.URL
	before := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		holdBack("a call of SBIS")
		httputil.NewSingleHostReverseProxy(sbis).ServeHTTP(w, r)
	}))
	t.Cleanup(before.Close)
	s := apptest.Start(t, 1, func(cfg *app.Config) {
		if sbis, err = url.Parse(cfg.SBISURL); err != nil {
			t.Fatal(err)
		}
		cfg.SBISURL = before.URL
	})
	s.SBIS.SetURL(before.URL) // for the links to files
	s.Portal.Configure(func(c *bitrix24test.Config) {
		c.OnCall = func(stage, method string) {
			if stage == "before" {
				holdBack(method)
			}
		}
	})
	database.Store(s.Database())

	s.HandOver(s.Deal(1))
	s.Await("the document", func() bool { return len(s.Documents()) == 1 })
	document := s.LastDocument().ID
	s.MoveDocument(document, sbistest.MoveSignByUs)
	s.MoveDocument(document, sbistest.MoveSignByCounterparty)
	s.Await("the signature", func() bool { return s.Count(`acts WHERE status = 'signed'`) == 1 })
	s.SendPaperAct(s.Deal(3))
	s.AdvanceTo(s.ReminderDue(5).Add(time.Minute))
	s.Await("the task", func() bool { return s.Count(`reminders WHERE task_id <> 0`) == 1 })
	s.AskQuestion(s.Deal(5))
	s.AwaitQuiet()
	if n := held.Load(); n < 30 {
		t.Errorf("%d calls were held back, want those of three acts", n)
	}
}
