package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// digests returns the texts of all digests that the portal has received.
func (s *site) digests() (texts []string) {
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Method == "im.notify.system.add" && l.Params["TAG"] == "acts24|digest" && l.Status == http.StatusOK {
			text, _ := l.Params["MESSAGE"].(string)
			texts = append(texts, text)
		}
	}
	return texts
}

// Every working morning a person gets one digest, from any replica; two replicas on the same morning, or a
// restarted one, send nothing twice. A person who switched digests off gets none.
func TestDigest(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	other, second, stop := s.beside(0)
	s.await("the first moment", func() bool { return s.count(`digest_days`) == 1 })
	s.waiting(2)
	act := s.sentPaper(s.deal(1))
	s.sentPaper(s.deal(3))
	s.tabShows(s.send(s.deal(5)), draftLabel, waitingLabel)
	s.does(act+"/mark", url.Values{"event": {"refusal"}, "reason": {"Не согласны с суммой"}}, "Отказ от подписания")
	both := func(to time.Time) {
		d := int64(to.Sub(s.clock.now()))
		s.clock.ahead.Add(d)
		other.ahead.Add(d)
		second.Wake()
		s.app.Wake()
	}
	both(s.due(0).Add(-time.Minute))
	s.quiet()
	if got := s.digests(); len(got) != 0 {
		t.Fatalf("notified before the day begins: %q", got)
	}
	both(s.due(0).Add(time.Minute))
	s.await("the digest", func() bool { return len(s.digests()) > 0 })
	s.quiet()
	got := s.digests()
	if len(got) != 1 {
		t.Fatalf("%d digests on one morning: %q", len(got), got)
	}
	for _, words := range []string{"1 отказ от подписания", "1 документ ждёт нашей подписи", "1 акт ждёт подписи заявителя, срок не вышел", "1 сделка без акта", "page]=me"} {
		if !strings.Contains(got[0], words) {
			t.Errorf("the digest has no %q: %s", words, got[0])
		}
	}
	stop()
	other, second, _ = s.beside(0)
	second.Wake()
	both(s.due(5).Add(time.Minute))
	s.await("the next digest", func() bool { return len(s.digests()) > 1 })
	s.quiet()
	if got = s.digests(); len(got) != 2 || !strings.Contains(got[1], "1 акт не подписан в срок") || strings.Contains(got[1], "срок не вышел") {
		t.Fatalf("the second digest of %d reads %q", len(got), got)
	}

	p, err := s.manager.Get("/p/1/me")
	if _, on := testid(s.page(p, err, http.StatusOK), "digest").Attr("checked"); !on {
		t.Error("the switch is off for a user who never changed it")
	}
	p, err = s.manager.Post("/p/1/me", nil)
	if _, on := testid(s.page(p, err, http.StatusOK), "digest").Attr("checked"); on {
		t.Error("the switch stays on")
	}
	both(s.due(0).Add(time.Minute))
	s.await("the next morning", func() bool {
		return s.count(`digest_days WHERE due_at > '`+s.clock.now().Format(time.RFC3339)+`'`) == 1
	})
	s.quiet()
	if n := len(s.digests()); n != 2 {
		t.Errorf("a user who switched it off was notified: %d digests", n)
	}
}

// When nothing waits, no digest is sent. A link of a digest opens the corresponding list.
func TestDigestWithNothingToSay(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	s.await("the first moment", func() bool { return s.count(`digest_days`) == 1 })
	s.pass(s.due(0).Add(time.Minute))
	s.await("the next morning", func() bool {
		return s.count(`digest_days WHERE due_at > '`+s.clock.now().Format(time.RFC3339)+`'`) == 1
	})
	s.quiet()
	if got := s.digests(); len(got) != 0 {
		t.Errorf("told %q", got)
	}
	for page, want := range map[string]string{"overdue": "/p/1/acts?overdue=1&responsible=2", "refused": "/p/1/acts?refused=1&responsible=2",
		"lacking": "/p/1/deals?responsible=2", "me": "/p/1/me", "nonsense": "/p/1/acts"} {
		if p, err := s.manager.OpenLink(fields{"page": page, "user": "2"}); err != nil || p.Status != http.StatusOK || p.Path != want {
			t.Errorf("%s links to %s, %d, %v; want %s", page, p.Path, p.Status, err, want)
		}
	}
}
