package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
)

// digests returns the texts of all digests that the portal has received.
func digests(s *apptest.Site) (texts []string) {
	for _, l := range s.Cloud.Trace().Lines() {
		if l.Method == "im.notify.system.add" && strings.HasPrefix(fmt.Sprint(l.Params["TAG"]), "acts24|digest|") && l.Status == http.StatusOK {
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
	s := apptest.Start(t, 1)
	other, second, stop := s.StartBeside(0)
	s.Await("the first moment", func() bool { return s.Count(`digest_days`) == 1 })
	s.AddWaitingDeals(2)
	act := s.SendPaperAct(s.Deal(1))
	s.SendPaperAct(s.Deal(3))
	s.AwaitTab(s.HandOver(s.Deal(5)), apptest.DraftLabel, apptest.WaitingLabel)
	s.PostAction(act+"/mark", url.Values{"event": {"refusal"}, "reason": {"Не согласны с суммой"}}, "Отказ от подписания")
	both := func(to time.Time) {
		d := to.Sub(s.Clock.Now())
		s.Clock.Advance(d)
		other.Advance(d)
		second.Wake()
		s.App.Wake()
	}
	both(s.ReminderDue(0).Add(-time.Minute))
	s.AwaitQuiet()
	if got := digests(s); len(got) != 0 {
		t.Fatalf("notified before the day begins: %q", got)
	}
	both(s.ReminderDue(0).Add(time.Minute))
	s.Await("the digest", func() bool { return len(digests(s)) > 0 })
	s.AwaitQuiet()
	got := digests(s)
	if len(got) != 1 {
		t.Fatalf("%d digests on one morning: %q", len(got), got)
	}
	for _, words := range []string{"1 отказ от подписания", "1 документ ждёт нашей подписи", "1 акт ждёт подписи заявителя, срок не вышел", "1 сделка без акта", "page]=me"} {
		if !strings.Contains(got[0], words) {
			t.Errorf("the digest has no %q: %s", words, got[0])
		}
	}
	stop()
	other, second, _ = s.StartBeside(0)
	second.Wake()
	both(s.ReminderDue(5).Add(time.Minute))
	s.Await("the next digest", func() bool { return len(digests(s)) > 1 })
	s.AwaitQuiet()
	if got = digests(s); len(got) != 2 || !strings.Contains(got[1], "1 акт не подписан в срок") || strings.Contains(got[1], "срок не вышел") {
		t.Fatalf("the second digest of %d reads %q", len(got), got)
	}

	p, err := s.Manager.Get("/p/1/me")
	if _, on := apptest.TestID(s.Page(p, err, http.StatusOK), "digest").Attr("checked"); !on {
		t.Error("the switch is off for a user who never changed it")
	}
	p, err = s.Manager.Post("/p/1/me", nil)
	if _, on := apptest.TestID(s.Page(p, err, http.StatusOK), "digest").Attr("checked"); on {
		t.Error("the switch stays on")
	}
	both(s.ReminderDue(0).Add(time.Minute))
	s.Await("the next morning", func() bool {
		return s.Count(`digest_days WHERE due_at > '`+s.Clock.Now().Format(time.RFC3339)+`'`) == 1
	})
	s.AwaitQuiet()
	if n := len(digests(s)); n != 2 {
		t.Errorf("a user who switched it off was notified: %d digests", n)
	}
}

// When nothing waits, no digest is sent. A link of a digest opens the corresponding list.
func TestDigestWithNothingToSay(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	s.Await("the first moment", func() bool { return s.Count(`digest_days`) == 1 })
	s.AdvanceTo(s.ReminderDue(0).Add(time.Minute))
	s.Await("the next morning", func() bool {
		return s.Count(`digest_days WHERE due_at > '`+s.Clock.Now().Format(time.RFC3339)+`'`) == 1
	})
	s.AwaitQuiet()
	if got := digests(s); len(got) != 0 {
		t.Errorf("digest %q", got)
	}
	for page, want := range map[string]string{"overdue": "/p/1/acts?overdue=1&responsible=2", "refused": "/p/1/acts?refused=1&responsible=2",
		"lacking": "/p/1/deals?responsible=2", "me": "/p/1/me", "nonsense": "/p/1/acts"} {
		if p, err := s.Manager.OpenLink(fields{"page": page, "user": "2"}); err != nil || p.Status != http.StatusOK || p.Path != want {
			t.Errorf("%s links to %s, %d, %v; want %s", page, p.Path, p.Status, err, want)
		}
	}
}
