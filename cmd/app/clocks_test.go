package app_test

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"acts24/cmd/app"
	"acts24/cmd/app/apptest"
)

// beside starts a second instance of the program on the same database with its own clock.
func (s *site) beside(ahead time.Duration) (business *clock, a *app.App, stop func()) {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	business = &clock{}
	business.ahead.Store(s.clock.ahead.Load() + int64(ahead))
	a, stop = s.serve(business, listener)
	s.t.Cleanup(stop)
	return business, a, stop
}

// unsigned forms paper acts of several deals and sends them by post, distributed over the given number of days.
func (s *site) unsigned(deals, days int) {
	s.t.Helper()
	s.Grow(deals)
	s.boundless()
	first := s.clock.now().AddDate(0, 0, -days)
	work := make(chan int, deals)
	for n := range deals {
		work <- n
	}
	close(work)
	var managers sync.WaitGroup
	for range 4 {
		visitor := apptest.NewVisitor(s.portal, s.portal.Manager(), s.AppURL)
		managers.Go(func() {
			for n := range work {
				if err := sendByPost(visitor, s.deal(n+1), first.AddDate(0, 0, n%days)); err != nil {
					s.t.Error(err)
				}
			}
		})
	}
	managers.Wait()
	if s.t.Failed() {
		s.t.FailNow()
	}
}

func sendByPost(v *apptest.Visitor, deal int64, on time.Time) error {
	p, err := v.OpenDeal(deal)
	if err != nil {
		return err
	}
	doc, err := read(p)
	if err != nil {
		return err
	}
	action, form := formOf(doc)
	form.Set("type", strings.Replace(form.Get("type"), "electronic", "paper", 1))
	if p, err = v.Post(action, form); err != nil {
		return err
	}
	if doc, err = read(p); err != nil {
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
	s := start(t, 1)
	s.unsigned(manyActs, overDays)
	s.daysPass(manyActs, false)
	for _, id := range s.openTasks() {
		s.portal.CompleteTask(s.portal.Manager(), id, true)
	}
	s.await("new terms", func() bool {
		return s.count(`reminders WHERE fired_at IS NULL AND closed_at IS NULL`) == manyActs
	})
	s.daysPass(2*manyActs, true)
}

// daysPass moves both clocks past the due reminders, half a day at a time, and expects the given number of
// tasks, each with a unique key and a reminder that was due.
func (s *site) daysPass(tasks int, dies bool) {
	s.t.Helper()
	before := len(s.portal.Tasks())
	fast, other, stop := s.beside(24 * time.Hour)
	defer func() { stop() }()
	for last := s.due(5).AddDate(0, 0, 4); s.clock.now().Before(last); {
		s.clock.ahead.Add(int64(12 * time.Hour))
		fast.ahead.Add(int64(12 * time.Hour))
		other.Wake()
		s.app.Wake()
		if dies && len(s.portal.Tasks()) > before {
			dies = false
			_ = other.Close() // it loses the database while it delivers reminders
			stop()
			fast, other, stop = s.beside(24 * time.Hour)
		}
	}
	other.Wake()
	s.app.Wake()
	const brought = `reminders WHERE kind = 'unsigned' AND fired_at >= due_at AND task_id <> 0`
	s.await("all tasks, each known to its reminder", func() bool { return len(s.portal.Tasks()) >= tasks && s.count(brought) >= tasks })
	s.quiet()
	keys := map[string]bool{}
	for _, task := range s.portal.Tasks() {
		keys[fmt.Sprint(task["xmlId"])] = true
	}
	if got := len(s.portal.Tasks()); got != tasks || len(keys) != tasks {
		s.t.Errorf("%d tasks of %d reminders, want %d", got, len(keys), tasks)
	}
	if n := s.count(brought); n != tasks {
		s.t.Errorf("%d reminders were brought when they were due and know their task, want %d", n, tasks)
	}
	if n := s.count(brought + ` AND closed_at IS NULL`); n != manyActs || s.tasks(false) != manyActs {
		s.t.Errorf("%d reminders and %d tasks are open, want one of every act", n, s.tasks(false))
	}
}

func (s *site) openTasks() (ids []int64) {
	for _, task := range s.portal.Tasks() {
		if id, err := strconv.ParseInt(fmt.Sprint(task["id"]), 10, 64); err == nil && task["status"] != "5" {
			ids = append(ids, id)
		}
	}
	return ids
}
