package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"acts24/integrations/sbis/sbistest"
)

var progress = regexp.MustCompile(`Выполнено: (\d+), не получилось: 0, (?:осталось|не начаты): (\d+)`)

// A cancelled bulk action does not process the remaining acts. A bulk action waits while the portal has many tasks.
func TestBulkIsCancelled(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.send(s.deal(1))
	s.quiet()
	s.copies(140)
	s.copyLines()
	s.sql(`UPDATE acts SET status = 'draft', delivery = '', number = '' WHERE id > 1`)
	s.crowd(40)
	path, doc := s.bulk(url.Values{"key": {uuid.NewString()}, "action": {"send"}, "all": {"1"}, "filter": {"status=draft"}})
	if got := words(doc); got != "Можно: 140, нельзя: 1." {
		t.Fatalf("the check shows %q", got)
	}
	p, err := s.manager.Post(path+"/run", nil)
	s.page(p, err, http.StatusOK)
	s.quietFor(2 * time.Second)
	if n := s.count("bulk_rows WHERE state = 'done'"); n != 0 {
		t.Errorf("%d acts went before the others", n)
	}
	s.crowd(36)
	s.await("some are done", func() bool { return s.count("bulk_rows WHERE state = 'done'") > 1 })
	p, err = s.manager.Post(path+"/cancel", nil)
	doc = s.page(p, err, http.StatusOK)
	told := progress.FindStringSubmatch(words(doc))
	s.crowd(0)
	s.quietFor(2 * time.Second)
	done, left := s.count("bulk_rows WHERE state = 'done'"), s.count("bulk_rows WHERE state = 'waiting'")
	if told == nil || told[1] != fmt.Sprint(done) || told[2] != fmt.Sprint(left) || left < 1 || done+left != 140 {
		t.Errorf("%q, yet %d are done and %d left", words(doc), done, left)
	}
	if n := s.count("acts WHERE id > 1 AND number <> ''"); n != done || s.count("bulk_turns") != 0 {
		t.Errorf("%d acts were handed over, %d are reported", n, done)
	}
	if p, err := s.manager.Post(path+"/run", nil); err != nil || p.Status != http.StatusConflict {
		t.Errorf("what was cancelled is run: %d %v", p.Status, err)
	}
}

// When an instance dies in the middle, another one processes the rest, each act once.
func TestBulkGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	ids := s.drafts(12)
	path, _ := s.bulk(s.choice("send", ids...))
	s.crowd(36)
	p, err := s.manager.Post(path+"/run", nil)
	s.page(p, err, http.StatusOK)
	s.await("some are done", func() bool { return s.count("bulk_rows WHERE state = 'done'") > 1 })
	s.beside(0)
	_ = s.app.Close() // it loses the database
	s.crowd(0)
	s.await("all are done", func() bool {
		return s.count("bulks WHERE state = 'done'") == 1 && s.count("bulk_rows WHERE state = 'done'") == 12
	})
	s.await("all at SBIS", func() bool { return s.count("acts WHERE delivery = 'waiting_signature'") == 12 })
	s.quiet()
	numbers := map[string]bool{}
	for _, d := range s.documents() {
		numbers[d.Number] = true
	}
	if len(s.documents()) != 12 || len(numbers) != 12 {
		t.Errorf("%d documents with %d numbers of 12 acts", len(s.documents()), len(numbers))
	}
}

// Handing over a single act does not wait for the end of a bulk action.
func TestBulkLetsOthersPass(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.send(s.deal(1))
	s.await("the first document", func() bool { return len(s.documents()) == 1 })
	s.quiet()
	s.boundless()
	s.copies(400)
	s.copyLines()
	s.sql(`UPDATE acts SET status = 'draft', delivery = '', number = '' WHERE id > 1`)
	path, _ := s.bulk(url.Values{"key": {uuid.NewString()}, "action": {"send"}, "all": {"1"}})
	p, err := s.manager.Post(path+"/run", nil)
	s.page(p, err, http.StatusOK)
	s.await("some are done", func() bool { return s.count("bulk_rows WHERE state = 'done'") > 20 })
	s.send(s.deal(2))
	s.await("the act of a person at SBIS", func() bool {
		return slices.ContainsFunc(s.documents(), func(d sbistest.DocumentView) bool { return d.Note == fmt.Sprintf("Сделка %d", s.deal(2)) })
	})
	if left := s.count("bulk_rows WHERE state = 'waiting'"); left < 100 {
		t.Errorf("%d acts of the bulk are left when a person's act arrives", left)
	}
	if n := s.count("tasks WHERE NOT dead"); n > 200 {
		t.Errorf("%d queued tasks wait: the bulk made no room", n)
	}
	p, err = s.manager.Post(path+"/cancel", nil)
	s.page(p, err, http.StatusOK)
}
