package workflow

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"acts24/acts"
	"acts24/store/queue"
)

// The error of a delivery decides whether it is retried: a refusal is given up after three attempts with its message, an unknown outcome
// after ten, and a call that is only impossible now, or for which our own time did not suffice, never.
func TestRetryByTheKindOfTheFailure(t *testing.T) {
	q := &Queue{timing: DefaultTiming}
	for name, tt := range map[string]struct {
		err     error
		ends    int // at which failure, 0 for never
		problem string
		unclear bool
		wait    time.Duration
	}{
		"the portal refuses":           {acts.Errorf(acts.Refused, "Не принято."), 3, "Не принято.", false, time.Second},
		"no access":                    {acts.Errorf(acts.Forbidden, "Нет доступа."), 3, "Нет доступа.", false, time.Second},
		"it was deleted":               {acts.Errorf(acts.NotFound, "Этого больше нет."), 3, "Этого больше нет.", false, time.Second},
		"the portal is silent":         {acts.Errorf(acts.Unavailable, "Не отвечает."), 0, "Не отвечает.", false, time.Second},
		"the end of a call is unclear": {fmt.Errorf("%w: cut", ErrUnclear), 10, "Не удалось выполнить, подробности в журнале сервиса.", true, DefaultTiming.Window},
		"our own time ran out":         {fmt.Errorf("%w: %w", ErrUnclear, context.DeadlineExceeded), 0, outOfTime, true, DefaultTiming.Window},
		"a mistake of ours":            {errors.New("bug"), 10, "Не удалось выполнить, подробности в журнале сервиса.", false, time.Second},
	} {
		ends := 0
		for failures := range 50 {
			r := q.retry(queue.Task{Attempts: 1, Failures: failures}, tt.err)
			if r.Problem != tt.problem || r.Unclear != tt.unclear || r.Wait != tt.wait || r.Failure != (tt.ends > 0) {
				t.Fatalf("%s: %+v", name, r)
			}
			if r.Dead {
				ends = failures + 1
				break
			}
		}
		if ends != tt.ends {
			t.Errorf("%s: ends at failure %d, want %d", name, ends, tt.ends)
		}
	}
}

// What our own slowness ended is tried again after a wait that grows, never within the time in which the remote system may still execute it.
func TestSlownessBacksOff(t *testing.T) {
	t.Parallel()
	q := &Queue{timing: DefaultTiming}
	for attempts, want := range map[int]time.Duration{1: 75 * time.Second, 2: 150 * time.Second, 3: 5 * time.Minute, 30: 5 * time.Minute} {
		r := q.retry(queue.Task{Attempts: attempts, Failures: 9}, fmt.Errorf("%w: %w", ErrUnclear, context.DeadlineExceeded))
		if r.Wait != want || r.Dead || r.Failure || !r.Unclear {
			t.Errorf("attempt %d: %+v, want a wait of %v and no failure", attempts, r, want)
		}
	}
	impatient := &Queue{timing: Timing{Window: time.Minute, Retry: time.Second}}
	if r := impatient.slow(queue.Task{Attempts: 5}); r.Wait < time.Minute {
		t.Errorf("it is tried again after %v, within the window", r.Wait)
	}
}
