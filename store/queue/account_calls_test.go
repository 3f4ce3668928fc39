package queue_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/storetest"
	"acts24/store/task"
)

// SBIS takes five calls of one account at a time, however many replicas there are: three of them are for tasks, one for the poll and one for a
// person.
func TestCallsOfOneAccountAreLimited(t *testing.T) {
	db := open(t)
	p, other := portal(t, db, "a"), portal(t, db, "b")
	for n := range 5 {
		inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.PutDocument(acts.ActID(n+1))) })
	}
	lease := func() []queue.Task {
		t.Helper()
		tasks, err := queue.Lease(ctx, db, []string{task.KindSyncFiles, task.KindPutDocument}, 1, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return tasks
	}
	var held []queue.Task
	for one := lease(); len(one) > 0; one = lease() {
		held = append(held, one...)
	}
	if len(held) != 3 {
		t.Fatalf("%d tasks of one portal may call SBIS at a time, want 3", len(held))
	}
	inTx(t, db, p, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.SyncFiles(1)) })
	inTx(t, db, other, func(tx store.Tx) error { return queue.Enqueue(ctx, tx, task.PutDocument(1)) })
	kinds := map[string]int{}
	for one := lease(); len(one) > 0; one = lease() {
		kinds[fmt.Sprintf("%t %s", one[0].Portal == p, one[0].Kind)]++
	}
	if len(kinds) != 2 || kinds["true "+task.KindSyncFiles] != 1 || kinds["false "+task.KindPutDocument] != 1 {
		t.Errorf("beside them %v were leased; want the task for the CRM and that of the other portal", kinds)
	}
	inTx(t, db, p, func(tx store.Tx) error { return queue.Done(ctx, tx, held[0]) })
	if len(lease()) != 1 {
		t.Error("a task that has ended leaves no room for another")
	}
}

// The organisations of one account are polled one after the other, those of several portals at once.
func TestOneOrganisationOfAPortalIsPolledAtATime(t *testing.T) {
	db := open(t)
	for _, name := range []string{"a", "b"} {
		inTx(t, db, portal(t, db, name), func(tx store.Tx) error {
			var errs []error
			for id := acts.CompanyID(1); id <= 2; id++ {
				own := store.OwnCompany{ID: id, Party: acts.Party{Kind: acts.PartyCompany, Name: "Мы", INN: "7701010105"}, Function: acts.FunctionAct, Form: store.FormUPD, PaperForm: acts.PaperFormAct}
				errs = append(errs, tx.Companies().Merge(ctx, own), queue.AddFeed(ctx, tx, id, time.Now()))
			}
			return errors.Join(errs...)
		})
	}
	var held []queue.Feed
	for {
		feeds, err := queue.LeaseFeeds(ctx, db, 1, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if len(feeds) == 0 {
			break
		}
		held = append(held, feeds...)
	}
	if len(held) != 2 || held[0].Portal == held[1].Portal {
		t.Fatalf("%+v are polled at once, want one organisation of each portal", held)
	}
	if err := queue.EndPoll(ctx, db, held[0], time.Hour); err != nil {
		t.Fatal(err)
	}
	if next, err := queue.LeaseFeeds(ctx, db, 1, time.Minute); err != nil || len(next) != 1 || next[0].Portal != held[0].Portal || next[0].Company == held[0].Company {
		t.Errorf("after the first poll %+v, %v", next, err)
	}
}

// A lease takes no more feeds than its limit, also when the statistics of a small table let PostgreSQL join it for each row.
func TestFeedsAreLeasedWithinTheLimit(t *testing.T) {
	db := open(t)
	inTx(t, db, portal(t, db, "a"), func(tx store.Tx) error {
		var errs []error
		for id := acts.CompanyID(1); id <= 3; id++ {
			own := store.OwnCompany{ID: id, Party: acts.Party{Kind: acts.PartyCompany, Name: "Мы", INN: "7701010105"}, Function: acts.FunctionAct, Form: store.FormUPD, PaperForm: acts.PaperFormAct}
			errs = append(errs, tx.Companies().Merge(ctx, own), queue.AddFeed(ctx, tx, id, time.Now()))
		}
		return errors.Join(errs...)
	})
	storetest.AsOwner(t, db, `ANALYZE feeds`)
	for range 3 {
		feeds, err := queue.LeaseFeeds(ctx, db, 1, time.Minute)
		if err != nil || len(feeds) != 1 {
			t.Fatalf("%+v are leased at once, %v, want one organisation", feeds, err)
		}
		if err := queue.EndPoll(ctx, db, feeds[0], time.Hour); err != nil {
			t.Fatal(err)
		}
	}
}

// Polls keep their interval: the next one is counted from the time for which the last was due, not from its end. A feed that was late by
// an interval or more waits half of one, so that it does not catch up in a row; after a failure the wait begins at once.
func TestPollsKeepTheirInterval(t *testing.T) {
	db := open(t)
	p := portal(t, db, "a")
	inTx(t, db, p, func(tx store.Tx) error {
		own := store.OwnCompany{ID: 1, Party: acts.Party{Kind: acts.PartyCompany, Name: "Мы", INN: "7701010105"}, Function: acts.FunctionAct, Form: store.FormUPD, PaperForm: acts.PaperFormAct}
		return errors.Join(tx.Companies().Merge(ctx, own), queue.AddFeed(ctx, tx, 1, time.Now()))
	})
	for _, c := range []struct {
		name     string
		late     time.Duration
		failures int
		want     time.Duration
	}{
		{"in time", 0, 0, time.Hour},
		{"ten minutes late", 10 * time.Minute, 0, 50 * time.Minute},
		{"late by an interval", time.Hour, 0, 30 * time.Minute},
		{"after an outage", 24 * time.Hour, 0, 30 * time.Minute},
		{"failed", 10 * time.Minute, 1, time.Hour},
	} {
		storetest.AsOwner(t, db, `UPDATE feeds SET next_at = clock_timestamp() - make_interval(secs => $1)`, c.late.Seconds())
		feeds, err := queue.LeaseFeeds(ctx, db, 1, time.Minute)
		if err != nil || len(feeds) != 1 {
			t.Fatalf("%s: %+v are leased, %v, want the feed", c.name, feeds, err)
		}
		feeds[0].Failures = c.failures
		if err := queue.EndPoll(ctx, db, feeds[0], time.Hour); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		shifted := storetest.AsOwner(t, db, `UPDATE feeds SET next_at = next_at WHERE abs(extract(epoch FROM next_at - clock_timestamp()) - $1) < 60`, c.want.Seconds())
		if shifted != 1 {
			t.Errorf("%s: the feed is not due in %v", c.name, c.want)
		}
	}
}
