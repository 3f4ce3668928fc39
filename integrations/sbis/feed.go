package sbis

import (
	"errors"
	"time"
)

const (
	// overlap is how long before the last known event a reading by date starts.
	overlap = 5 * time.Minute
	// maxStalls is the largest number of consecutive pages without a new position.
	maxStalls = 3
)

// ErrFeedStalled means that SBIS kept returning pages without events or with the same ones. The pages read before have been applied.
var ErrFeedStalled = errors.New("sbis: the feed of changes makes no progress")

// ErrNoStart means that a cursor has neither an event nor a time.
var ErrNoStart = errors.New("sbis: the feed has no starting moment")

// Cursor is a position in the feed: the last event read and its ДатаВремя as received. Store it in the transaction that stores the documents
// before it (docs/contracts/sbis.md, "Changes").
type Cursor struct {
	EventID string
	At      string
}

// Feed is the state of reading the feed of one organisation (docs/contracts/sbis.md, "Changes"). It makes no calls: Filter returns the next
// request, Accept and MayRetry receive its result.
type Feed struct {
	cur       Cursor
	requested map[Cursor]bool // positions already requested in this reading
	pages     int
	stalls    int
}

// NewFeed returns a reading that starts at cur, by date when cur has no event.
func NewFeed(cur Cursor) (*Feed, error) {
	if cur == (Cursor{}) {
		return nil, ErrNoStart
	}
	return &Feed{cur: cur, requested: map[Cursor]bool{}}, nil
}

// Filter returns the parameters of the next request: an event, or a date without one.
func (f *Feed) Filter() (eventID, from string) {
	f.requested[f.position()] = true
	if f.cur.EventID != "" {
		return f.cur.EventID, ""
	}
	return "", f.cur.At
}

// position returns the position of the next request; the time is used only without an event.
func (f *Feed) position() Cursor {
	if f.cur.EventID != "" {
		return Cursor{EventID: f.cur.EventID}
	}
	return f.cur
}

// MayRetry reports whether a failed request may be repeated with the next Filter: when the stored event of the first request no longer
// exists, reading continues by date from some minutes before it. An error of a later page is final.
func (f *Feed) MayRetry(err error) bool {
	eventRefused := IsRefused(err) || IsNotFound(err)
	if !eventRefused || f.pages > 0 || f.cur.EventID == "" || f.cur.At == "" {
		return false
	}
	f.cur = Cursor{At: earlier(f.cur.At)}
	return true
}

// Accept takes a page and returns the cursor to store with its documents, and whether to read on. With ErrFeedStalled the cursor may still be
// stored.
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

// stalled reports whether too many consecutive pages had no event or led to a position already requested.
func (f *Feed) stalled(p *Page) bool {
	_, hasEvent := lastEvent(p.Documents)
	if hasEvent && !f.requested[f.position()] {
		f.stalls = 0
		return false
	}
	f.stalls++
	return f.stalls >= maxStalls
}

// lastEvent returns the last event on the page.
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

// earlier returns a time minus the overlap; an unreadable one is returned unchanged.
func earlier(at string) string {
	t, err := ParseDateTime(at)
	if err != nil {
		return at
	}
	return FormatDateTime(t.Add(-overlap))
}

// later returns the newest time of documents without events, at least a second after at.
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
