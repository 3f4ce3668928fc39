// Package workday is the working calendar of a portal: the Russian production calendar
// with what the portal and our own settings say otherwise.
package workday

import "time"

// Calendar tells worked days from days off. The first of these that says anything about a day decides:
//
//  1. the days of our own settings (a day that is both off and on is worked);
//  2. the portal's worked days of every year;
//  3. the portal's days off of every year;
//  4. the production calendar, when that of the year is published: holidays, moved days off, worked Saturdays;
//  5. the fixed holidays of art. 112 of the Labour Code, when it is not;
//  6. the portal's weekly days off, Saturday and Sunday when it names none.
type Calendar struct {
	own    marks
	portal marks // of every year
	off    week
	start  time.Duration // since midnight
}

// New is the calendar of a portal.
func New(o Overrides) Calendar {
	c := Calendar{own: marks{}, portal: marks{}, off: weekOf(o.WeekHolidays), start: startOf(o.WorkStart)}
	c.portal.yearly(o.YearHolidays, false)
	c.portal.yearly(o.YearWorkdays, true)
	c.own.dates(o.DaysOff, false)
	c.own.dates(o.DaysOn, true)
	return c
}

// Working reports whether the day is worked; only the calendar date of day counts, not its hour and zone.
func (c Calendar) Working(day time.Time) bool { return c.working(dateOf(day)) }

func (c Calendar) working(d date) bool {
	if worked, ok := c.own[d]; ok {
		return worked
	}
	if worked, ok := c.portal[d.yearly()]; ok {
		return worked
	}
	if worked, ok := published[d.year][d]; ok {
		return worked
	}
	if !Known(d.year) && fixed(d) {
		return false
	}
	return !c.off[d.midnight().Weekday()]
}

// After is the n-th working day after day, which is not counted itself; a midnight in UTC.
func (c Calendar) After(day time.Time, n int) time.Time {
	d := dateOf(day)
	for range n {
		d = c.next(d)
	}
	return d.midnight()
}

// horizon is how far the next working day is looked for. A calendar that has none in a whole year
// is a slip of the portal; reminders must come all the same, so its days are counted as they are.
const horizon = 366

func (c Calendar) next(d date) date {
	for i := 1; i <= horizon; i++ {
		if next := d.plus(i); c.working(next) {
			return next
		}
	}
	return d.plus(1)
}

// Start is the instant at which the working day of this date begins in the zone.
func (c Calendar) Start(day time.Time, zone *time.Location) time.Time {
	d := dateOf(day)
	hour, minute := int(c.start/time.Hour), int(c.start%time.Hour/time.Minute)
	t := time.Date(d.year, d.month, d.day, hour, minute, 0, 0, zone)
	switch shown := shownAt(t).Sub(d.midnight().Add(c.start)); {
	case shown > 0: // the clocks jumped over the hour: the day begins when they do
		t, _ = t.ZoneBounds()
	case shown < 0:
		_, t = t.ZoneBounds()
	}
	return t
}

// shownAt is what the clock on the wall shows at t, as if it hung in UTC.
func shownAt(t time.Time) time.Time {
	d := dateOf(t)
	return d.midnight().Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
}

// Due is when an answer to what was sent is expected and when to remind of it: due is the n-th working day
// after the day of sending in the zone, at is the start of the working day after due.
func (c Calendar) Due(sent time.Time, n int, zone *time.Location) (due, at time.Time) {
	due = c.After(sent.In(zone), n)
	return due, c.Start(c.After(due, 1), zone)
}
