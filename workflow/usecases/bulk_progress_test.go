package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/google/uuid"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// bulkProgress matches the done and the remaining acts in the text of a bulk action.
var bulkProgress = regexp.MustCompile(`Выполнено: (\d+), не получилось: 0, (?:осталось|не начаты): (\d+)`)

// A cancelled bulk action does not process the remaining acts. A bulk action waits while the portal has many tasks.
func TestBulkIsCancelled(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.AwaitQuiet()
	s.AddCopies(140)
	s.AddCopyLines()
	s.Exec(`UPDATE acts SET status = 'draft', delivery = '', number = '' WHERE id > 1`)
	s.SetWaitingTasks(40)
	path, doc := s.StartBulk(url.Values{"key": {uuid.NewString()}, "action": {"send"}, "all": {"1"}, "filter": {"status=draft"}})
	if got := apptest.BulkText(doc); got != "Готовы: 140, пропустим: 1." {
		t.Fatalf("the check shows %q", got)
	}
	p, err := s.Manager.Post(path+"/run", nil)
	s.Page(p, err, http.StatusOK)
	s.Await("the jobs look at it twice", func() bool { return s.Count("bulk_queue WHERE fence > 2") == 1 })
	if n := s.Count("bulk_rows WHERE state = 'done'"); n != 0 {
		t.Errorf("%d acts went before the others", n)
	}
	s.SetWaitingTasks(36)
	s.Await("some are done", func() bool { return s.Count("bulk_rows WHERE state = 'done'") > 1 })
	p, err = s.Manager.Post(path+"/cancel", nil)
	doc = s.Page(p, err, http.StatusOK)
	shown := bulkProgress.FindStringSubmatch(apptest.BulkText(doc))
	s.SetWaitingTasks(0)
	s.Await("the jobs give it up", func() bool { return s.Count("bulk_queue") == 0 })
	s.AwaitQuiet()
	done, left := s.Count("bulk_rows WHERE state = 'done'"), s.Count("bulk_rows WHERE state = 'waiting'")
	if shown == nil || shown[1] != fmt.Sprint(done) || shown[2] != fmt.Sprint(left) || left < 1 || done+left != 140 {
		t.Errorf("%q, yet %d are done and %d left", apptest.BulkText(doc), done, left)
	}
	if n := s.Count("acts WHERE id > 1 AND number <> ''"); n != done || s.Count("bulk_queue") != 0 {
		t.Errorf("%d acts were handed over, %d are reported", n, done)
	}
	if p, err := s.Manager.Post(path+"/run", nil); err != nil || p.Status != http.StatusConflict {
		t.Errorf("what was cancelled is run: %d %v", p.Status, err)
	}
}

// When an instance dies in the middle, another one processes the rest, each act once.
func TestBulkGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	ids := s.FormDrafts(12)
	path, _ := s.StartBulk(s.BulkForm("send", ids...))
	s.SetWaitingTasks(36)
	p, err := s.Manager.Post(path+"/run", nil)
	s.Page(p, err, http.StatusOK)
	s.Await("some are done", func() bool { return s.Count("bulk_rows WHERE state = 'done'") > 1 })
	s.StartBeside(0)
	_ = s.App.Close() // it loses the database
	s.SetWaitingTasks(0)
	s.Await("all are done", func() bool {
		return s.Count("bulks WHERE state = 'done'") == 1 && s.Count("bulk_rows WHERE state = 'done'") == 12
	})
	s.Await("all at SBIS", func() bool { return s.Count("acts WHERE delivery = 'waiting_signature'") == 12 })
	s.AwaitQuiet()
	numbers := map[string]bool{}
	for _, d := range s.Documents() {
		numbers[d.Number] = true
	}
	if len(s.Documents()) != 12 || len(numbers) != 12 {
		t.Errorf("%d documents with %d numbers of 12 acts", len(s.Documents()), len(numbers))
	}
}

// Handing over a single act does not wait for the end of a bulk action.
func TestBulkLetsOthersPass(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.HandOver(s.Deal(1))
	s.Await("the first document", func() bool { return len(s.Documents()) == 1 })
	s.AwaitQuiet()
	s.RemoveLimits()
	s.AddCopies(400)
	s.AddCopyLines()
	s.Exec(`UPDATE acts SET status = 'draft', delivery = '', number = '' WHERE id > 1`)
	path, _ := s.StartBulk(url.Values{"key": {uuid.NewString()}, "action": {"send"}, "all": {"1"}})
	p, err := s.Manager.Post(path+"/run", nil)
	s.Page(p, err, http.StatusOK)
	s.Await("some are done", func() bool { return s.Count("bulk_rows WHERE state = 'done'") > 20 })
	s.HandOver(s.Deal(2))
	s.Await("the act of a person at SBIS", func() bool {
		return slices.ContainsFunc(s.Documents(), func(d sbistest.DocumentView) bool { return d.Note == fmt.Sprintf("Сделка %d", s.Deal(2)) })
	})
	if left := s.Count("bulk_rows WHERE state = 'waiting'"); left < 100 {
		t.Errorf("%d acts of the bulk are left when a person's act arrives", left)
	}
	if n := s.Count("tasks WHERE NOT dead"); n > 200 {
		t.Errorf("%d queued tasks wait: the bulk made no room", n)
	}
	p, err = s.Manager.Post(path+"/cancel", nil)
	s.Page(p, err, http.StatusOK)
}
