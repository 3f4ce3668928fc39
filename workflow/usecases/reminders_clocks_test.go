package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
)

// unsigned forms paper acts of several deals and sends them by post, distributed over the given number of days.
func unsigned(s *apptest.Site, deals, days int) {
	s.T.Helper()
	s.Grow(deals)
	s.RemoveLimits()
	first := s.Clock.Now().AddDate(0, 0, -days)
	work := make(chan int, deals)
	for n := range deals {
		work <- n
	}
	close(work)
	var managers sync.WaitGroup
	for range 4 {
		visitor := apptest.NewVisitor(s.Portal, s.Portal.Manager(), s.AppURL)
		managers.Go(func() {
			for n := range work {
				if err := sendByPost(visitor, s.Deal(n+1), first.AddDate(0, 0, n%days)); err != nil {
					s.T.Error(err)
				}
			}
		})
	}
	managers.Wait()
	if s.T.Failed() {
		s.T.FailNow()
	}
}

func sendByPost(v *apptest.Visitor, deal int64, on time.Time) error {
	p, err := v.OpenDeal(deal)
	if err != nil {
		return err
	}
	doc, err := apptest.ParsePage(p)
	if err != nil {
		return err
	}
	action, form := apptest.ActForm(doc)
	form.Set("type", strings.Replace(form.Get("type"), "electronic", "paper", 1))
	if p, err = v.Post(action, form); err != nil {
		return err
	}
	if doc, err = apptest.ParsePage(p); err != nil {
		return err
	}
	act, _ := doc.Find(`section#acts a[href*="/acts/"]`).First().Attr("href")
	scan := apptest.UploadFile{Name: "скан.pdf", Body: fmt.Appendf(nil, "%%PDF-1.4 %d", deal)}
	if p, err = v.Upload(act+"/files/ours", nil, scan); err == nil && p.Status == http.StatusOK {
		p, err = v.Post(act+"/paper", url.Values{"channel": {"post"}, "on": {on.Format(time.DateOnly)}})
	}
	if err == nil && p.Status != http.StatusOK {
		err = fmt.Errorf("%s answered %d", p.Path, p.Status)
	}
	return err
}

const manyActs, overDays = 60, 4

// Two instances whose business clocks differ by a day deliver every reminder once, at its time by the faster
// clock, and nothing is left for the slower one. Then all tasks are completed by hand, and one instance dies
// while the next ones are created.
func TestTwoClocksBringEveryReminderOnce(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	unsigned(s, manyActs, overDays)
	daysPass(s, manyActs, false)
	for _, id := range openTasks(s) {
		s.Portal.CompleteTask(s.Portal.Manager(), id, true)
	}
	s.Await("new terms", func() bool {
		return s.Count(`reminders WHERE sent_at IS NULL AND closed_at IS NULL`) == manyActs
	})
	daysPass(s, 2*manyActs, true)
}

// daysPass moves both clocks past the due reminders, half a day at a time, and expects the given number of
// tasks, each with a unique key and a reminder that was due.
func daysPass(s *apptest.Site, tasks int, dies bool) {
	s.T.Helper()
	before := len(s.Portal.Tasks())
	fast, other, stop := s.StartBeside(24 * time.Hour)
	defer func() { stop() }()
	for last := s.ReminderDue(5).AddDate(0, 0, 4); s.Clock.Now().Before(last); {
		s.Clock.Advance(12 * time.Hour)
		fast.Advance(12 * time.Hour)
		other.Wake()
		s.App.Wake()
		if dies && len(s.Portal.Tasks()) > before {
			dies = false
			_ = other.Close() // it loses the database while it delivers reminders
			stop()
			fast, other, stop = s.StartBeside(24 * time.Hour)
		}
	}
	other.Wake()
	s.App.Wake()
	const sentWithTask = `reminders WHERE kind = 'unsigned' AND sent_at >= due_at AND task_id <> 0`
	s.Await("all tasks, each known to its reminder", func() bool { return len(s.Portal.Tasks()) >= tasks && s.Count(sentWithTask) >= tasks })
	s.AwaitQuiet()
	keys := map[string]bool{}
	for _, task := range s.Portal.Tasks() {
		keys[fmt.Sprint(task["xmlId"])] = true
	}
	if got := len(s.Portal.Tasks()); got != tasks || len(keys) != tasks {
		s.T.Errorf("%d tasks of %d reminders, want %d", got, len(keys), tasks)
	}
	if n := s.Count(sentWithTask); n != tasks {
		s.T.Errorf("%d reminders were sent when they were due and have a task, want %d", n, tasks)
	}
	if n := s.Count(sentWithTask + ` AND closed_at IS NULL`); n != manyActs || s.Tasks(false) != manyActs {
		s.T.Errorf("%d reminders and %d tasks are open, want one of every act", n, s.Tasks(false))
	}
}

func openTasks(s *apptest.Site) (ids []int64) {
	for _, task := range s.Portal.Tasks() {
		if id, err := strconv.ParseInt(fmt.Sprint(task["id"]), 10, 64); err == nil && task["status"] != "5" {
			ids = append(ids, id)
		}
	}
	return ids
}
