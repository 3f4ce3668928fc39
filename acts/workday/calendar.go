// Package workday computes working days from the Russian production calendar and the exceptions set in the
// portal and in our settings.
package workday

import "time"

// Calendar decides which days are worked. The first of these sources with an entry for the day decides:
//
// 1. the single days of our own settings (a day that is both off and on is worked);
// 2. the portal's yearly worked days;
// 3. the portal's yearly days off;
// 4. the production calendar of the year, when it is published: holidays, moved days off, worked Saturdays;
// 5. otherwise art. 112 of the Labour Code: its holidays, and the days off that they move;
// 6. the portal's weekly days off, Saturday and Sunday when it names none.
type Calendar struct {
	own    marks
	portal marks // the same every year
	off    week
	start  time.Duration // since midnight
}

// New returns the calendar of a portal.
func New(o Overrides) Calendar {
	c := Calendar{own: marks{}, portal: marks{}, off: weekOf(o.WeekHolidays), start: startOf(o.WorkStart)}
	c.portal.addYearly(o.YearHolidays, false)
	c.portal.addYearly(o.YearWorkdays, true)
	c.own.addDates(o.DaysOff, false)
	c.own.addDates(o.DaysOn, true)
	return c
}

// IsWorkday reports whether the day is worked. Only the calendar date of day counts, not its hour and zone.
func (c Calendar) IsWorkday(day time.Time) bool { return c.isWorkday(dateOf(day)) }

func (c Calendar) isWorkday(d date) bool {
	if worked, ok := c.own[d]; ok {
		return worked
	}
	if worked, ok := c.portal[d.yearly()]; ok {
		return worked
	}
	if worked, ok := published[d.year][d]; ok {
		return worked
	}
	if !Known(d.year) && (isHoliday(d) || c.isMovedHoliday(d)) {
		return false
	}
	return !c.isWeekend(d)
}

func (c Calendar) isWeekend(d date) bool { return c.off[d.midnight().Weekday()] }

// isMovedHoliday reports whether d is the next working day after a holiday that falls on a day off; such a day is off without
// a decree (Labour Code, art. 112, part 2). Days off of the January holidays are moved by the Government only.
func (c Calendar) isMovedHoliday(d date) bool {
	if c.isWeekend(d) || isHoliday(d) {
		return false
	}
	for i := 1; i <= horizon; i++ {
		before := d.plus(-i)
		switch {
		case !isHoliday(before) && !c.isWeekend(before):
			return false
		case isHoliday(before) && c.isWeekend(before) && before.month != time.January:
			return true
		}
	}
	return false
}

// After returns the n-th working day after day, not counting day itself, as midnight in UTC.
func (c Calendar) After(day time.Time, n int) time.Time {
	d := dateOf(day)
	for range n {
		d = c.next(d)
	}
	return d.midnight()
}

// DaysPassed returns the number of working days after day up to and including today, 0 if today is not after day.
func (c Calendar) DaysPassed(day, today time.Time) (days int) {
	last := dateOf(today).midnight()
	for d := dateOf(day).plus(1); !d.midnight().After(last); d = d.plus(1) {
		if c.isWorkday(d) {
			days++
		}
	}
	return days
}

// horizon is the number of days within which the next working day is searched. A portal whose settings leave
// no working day in a year is misconfigured; reminders must still be sent, so calendar days are counted then.
const horizon = 366

func (c Calendar) next(d date) date {
	for i := 1; i <= horizon; i++ {
		if next := d.plus(i); c.isWorkday(next) {
			return next
		}
	}
	return d.plus(1)
}

// Start returns the time at which the working day of this date begins in the zone.
func (c Calendar) Start(day time.Time, zone *time.Location) time.Time {
	d := dateOf(day)
	hour, minute := int(c.start/time.Hour), int(c.start%time.Hour/time.Minute)
	t := time.Date(d.year, d.month, d.day, hour, minute, 0, 0, zone)
	switch shown := shownAt(t).Sub(d.midnight().Add(c.start)); {
	case shown > 0: // the hour was skipped by a change of the time zone: the day begins with the next valid time
		t, _ = t.ZoneBounds()
	case shown < 0:
		_, t = t.ZoneBounds()
	}
	return t
}

// Letters are sent to counterparties between these hours of a working day, in the zone of the portal.
const firstLetterHour, lastLetterHour = 8, 20

// LetterTime returns now if letters may be sent to counterparties then, otherwise the next moment when they may: not at night, not on days off and
// not before the working day begins.
func (c Calendar) LetterTime(now time.Time, zone *time.Location) time.Time {
	today := now.In(zone)
	if c.IsWorkday(today) {
		from, until := c.letterHours(today, zone)
		switch {
		case now.Before(from):
			return from
		case now.Before(until):
			return now
		}
	}
	from, _ := c.letterHours(c.After(today, 1), zone)
	return from
}

// letterHours returns when letters may be sent on a working day. A day that begins in the evening has the usual hours.
func (c Calendar) letterHours(day time.Time, zone *time.Location) (from, until time.Time) {
	d := dateOf(day)
	at := func(hour int) time.Time { return time.Date(d.year, d.month, d.day, hour, 0, 0, 0, zone) }
	from, until = at(firstLetterHour), at(lastLetterHour)
	if start := c.Start(day, zone); start.After(from) && start.Before(until) {
		from = start
	}
	return from, until
}

// shownAt returns the local wall-clock time of t as if it were UTC.
func shownAt(t time.Time) time.Time {
	d := dateOf(t)
	return d.midnight().Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
}

// Due returns when an answer to something sent is expected and when to remind of it: due is the n-th working
// day after the day of sending in the zone, at is the start of the working day after due.
func (c Calendar) Due(sent time.Time, n int, zone *time.Location) (due, at time.Time) {
	due = c.After(sent.In(zone), n)
	return due, c.Start(c.After(due, 1), zone)
}
