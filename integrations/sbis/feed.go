package sbis

import (
	"errors"
	"time"
)

const (
	// overlap is how far a fallback by date reaches back before the last known event.
	overlap = 5 * time.Minute
	// maxStalls is how many pages in a row may bring no new place in the feed.
	maxStalls = 3
)

// ErrFeedStalled ends a reading in which SBIS kept answering with pages that lead nowhere:
// without events, or the same ones again. What was read has been applied.
var ErrFeedStalled = errors.New("sbis: the feed of changes does not move on")

// ErrNoStart is a cursor that names neither an event nor a moment.
var ErrNoStart = errors.New("sbis: the feed has no starting moment")

// Cursor is the place in the feed: the last event met and its ДатаВремя as SBIS sent it.
// It is saved in the transaction that stores the documents before it (docs/contracts/sbis.md, "Changes").
type Cursor struct {
	EventID string
	At      string
}

// Feed steps through the feed of one organisation (docs/contracts/sbis.md, "Changes"). It does no IO:
// Filter says what to ask, Failed and Took take what came.
type Feed struct {
	cur       Cursor
	requested map[Cursor]bool // places asked for in this reading
	pages     int
	stalls    int
}

// NewFeed starts at cur. Without an event the feed is asked by date.
func NewFeed(cur Cursor) (*Feed, error) {
	if cur == (Cursor{}) {
		return nil, ErrNoStart
	}
	return &Feed{cur: cur, requested: map[Cursor]bool{}}, nil
}

// Filter is the next question; the event wins, the date is dropped.
func (f *Feed) Filter() (eventID, from string) {
	f.requested[f.position()] = true
	if f.cur.EventID != "" {
		return f.cur.EventID, ""
	}
	return "", f.cur.At
}

// position is where the feed is asked from: the moment matters only without an event.
func (f *Feed) position() Cursor {
	if f.cur.EventID != "" {
		return Cursor{EventID: f.cur.EventID}
	}
	return f.cur
}

// MayRetry reports whether the failed question may be asked again: when the stored event of the
// very first question is gone with its document, the feed goes on from the event's moment,
// some minutes earlier. A failure on a later page is a failure.
func (f *Feed) MayRetry(err error) bool {
	gone := IsRefused(err) || IsNotFound(err)
	if !gone || f.pages > 0 || f.cur.EventID == "" || f.cur.At == "" {
		return false
	}
	f.cur = Cursor{At: earlier(f.cur.At)}
	return true
}

// Accept takes the answer and returns the cursor to save with its documents and whether to
// ask on. ErrFeedStalled comes with a cursor that is still good to save.
func (f *Feed) Accept(p *Page) (cur Cursor, more bool, err error) {
	f.pages++
	more = p.Paging.More && len(p.Documents) > 0
	if last, ok := lastEvent(p.Documents); ok {
		f.cur = Cursor{EventID: last.ID, At: nonEmpty(last.At, f.cur.At)}
	} else if more {
		f.cur = Cursor{At: later(f.cur.At, p.Documents)}
	}
	if !more {
		return f.cur, false, nil
	}
	if !f.stalled(p) {
		return f.cur, true, nil
	}
	return f.cur, false, ErrFeedStalled
}

// stalled counts pages that gave no event or led back to a place already asked from.
func (f *Feed) stalled(p *Page) bool {
	_, hasEvent := lastEvent(p.Documents)
	if hasEvent && !f.requested[f.position()] {
		f.stalls = 0
		return false
	}
	f.stalls++
	return f.stalls >= maxStalls
}

// lastEvent is the last event met on the page.
func lastEvent(documents []Document) (last Event, ok bool) {
	for _, d := range documents {
		for _, e := range d.Events {
			if e.ID != "" {
				last, ok = e, true
			}
		}
	}
	return last, ok
}

// earlier moves a moment back by the overlap; an unreadable one stays.
func earlier(at string) string {
	t, err := ParseDateTime(at)
	if err != nil {
		return at
	}
	return FormatDateTime(t.Add(-overlap))
}

// later is the newest moment that documents without events name, at least a second after at.
func later(at string, documents []Document) string {
	start, _ := ParseDateTime(at)
	newest := start.Add(time.Second)
	for _, d := range documents {
		for _, r := range append(d.Revisions, Revision{At: d.CreatedAt}) {
			if t, err := ParseDateTime(r.At); err == nil && t.After(newest) {
				newest = t
			}
		}
	}
	return FormatDateTime(newest)
}
