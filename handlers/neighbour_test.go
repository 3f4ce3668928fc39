package handlers_test

import (
	"net/http"
	"sync"
	"testing"

	"acts24/cmd/app/apptest"
)

// While 16 requests of one visitor hang in the database, the pages of a neighbour, the public form and /readyz answer.
func TestNeighbourOfAHangingVisitor(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 2, apptest.UsualLimits)
	neighbour := s.AtPortal(1)
	for _, one := range []*apptest.Site{s, neighbour} {
		p, err := one.Manager.OpenDeal(one.Deal(1))
		one.Page(p, err, http.StatusOK)
	}
	lock, err := s.Owner().Begin()
	s.Must(err)
	defer lock.Rollback()
	_, err = lock.Exec(`LOCK TABLE digest_refusals IN EXCLUSIVE MODE`)
	s.Must(err)
	var hanging sync.WaitGroup
	statuses := make(chan int, 16)
	for range 16 {
		hanging.Go(func() {
			p, err := s.Manager.Post("/p/1/me", apptest.Form("digest", "1"))
			if err != nil {
				t.Error(err)
			}
			statuses <- p.Status
		})
	}
	const waiting = `pg_locks WHERE NOT granted AND relation = CAST('digest_refusals' AS regclass)`
	s.Await("hanging requests", func() bool { return s.Count(waiting) >= 3 })
	for range 5 {
		if n := s.Count(waiting); n >= s.AppConfig.PageConnections {
			t.Fatalf("one visitor has %d of %d connections", n, s.AppConfig.PageConnections)
		}
		p, err := neighbour.Manager.Get("/p/2/acts")
		neighbour.Page(p, err, http.StatusOK)
		if got := s.Request(http.MethodGet, "/readyz", nil); got.Status != http.StatusOK {
			t.Errorf("/readyz: status %d", got.Status)
		}
		if got := s.Request(http.MethodGet, "/f/unknown", nil); got.Status != http.StatusGone {
			t.Errorf("the public form: status %d", got.Status)
		}
	}
	s.Must(lock.Rollback())
	hanging.Wait()
	for range 16 {
		switch status := <-statuses; status {
		case http.StatusOK, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		default:
			t.Errorf("a hanging request: status %d", status)
		}
	}
}

// A form that is sent 100 times at once makes one act: every answer leads to it or is 429 or 503, and a repetition leads to it.
func TestOneFormManyTimes(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1, apptest.UsualLimits)
	_, action, form := s.DealTab(s.Deal(1))
	cookies := s.Manager.Cookies(action)
	send := func() apptest.Response {
		return s.Request(http.MethodPost, action, form, apptest.Header("Cookie", cookies), apptest.Header("Sec-Fetch-Site", "same-origin"))
	}
	answers := make([]apptest.Response, 100)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = send() })
	}
	all.Wait()
	made := 0
	for _, a := range answers {
		switch {
		case a.Status == http.StatusSeeOther:
			made++
		case a.Status != http.StatusTooManyRequests:
			t.Errorf("status %d", a.Status)
		case a.RetryAfter == "":
			t.Error("429 without Retry-After")
		}
	}
	if made == 0 {
		t.Error("no form was taken")
	}
	var last apptest.Response
	s.Await("a repetition", func() bool { last = send(); return last.Status != http.StatusTooManyRequests })
	if last.Status != http.StatusSeeOther || s.Count(`acts`) != 1 {
		t.Errorf("a repetition: status %d, %d acts; want 303 and one", last.Status, s.Count(`acts`))
	}
}
