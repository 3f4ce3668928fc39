package apptest

import (
	"sync/atomic"
	"time"

	"acts24/acts/workday"
)

// Clock is business time, which a test can advance or stop.
type Clock struct {
	ahead   atomic.Int64
	stopped atomic.Pointer[time.Time]
}

// Now returns the business time.
func (c *Clock) Now() time.Time {
	at := time.Now()
	if stopped := c.stopped.Load(); stopped != nil {
		at = *stopped
	}
	return at.Add(time.Duration(c.ahead.Load()))
}

// Stop makes the clock move only by Advance.
func (c *Clock) Stop() {
	at := time.Now()
	c.stopped.Store(&at)
}

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) { c.ahead.Add(int64(d)) }

// Today is the present moment in the zone of the portals: from 21:00 to 24:00 UTC they have the next day.
func (s *Site) Today() time.Time { return s.Clock.Now().In(time.FixedZone("MSK", 3*60*60)) }

// AdvanceTo moves business time to the given time and wakes the jobs.
func (s *Site) AdvanceTo(to time.Time) {
	s.Clock.Advance(to.Sub(s.Clock.Now()))
	s.App.Wake()
}

// AdvanceMinute moves the clock by a minute, which resets the rate limits.
func (s *Site) AdvanceMinute() { s.AdvanceTo(s.Clock.Now().Add(time.Minute)) }

// ReminderDue returns when the reminder is due of an act that is sent now and is expected back within the given number of working days: the
// start of the working day after the last of them.
func (s *Site) ReminderDue(days int) time.Time {
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		s.T.Fatal(err)
	}
	_, at := workday.New(workday.ParsePortal("1.01,2.01,7.01,23.02,8.03,1.05,9.05,12.06,4.11", "", []string{"SA", "SU"})).Due(s.Clock.Now(), days, zone)
	return at
}
