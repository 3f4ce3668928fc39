package bitrix24

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"
)

// Timestamped is an object with the time of its last change.
type Timestamped interface {
	Object
	ChangedAt() time.Time
}

// ChangedAt returns the time of the last change.
func (l ChangeInfo) ChangedAt() time.Time { return l.UpdatedTime.Time }

// ItemsChangedSince reads 50 objects changed at or after a time, the earliest change first, without counting. The answer is an
// ItemsResult. Order and Start of q are ignored. The order has one key, because a map is encoded with sorted keys and the portal would
// sort by id first; objects of the same second therefore come in any order.
func ItemsChangedSince(q ItemQuery, since time.Time) Command {
	q = q.withConditions(Params{">=updatedTime": since.Format(time.RFC3339)})
	q.Order = Params{"updatedTime": "ASC"}
	return ListItems(q)
}

// itemsChangedAt reads 50 objects changed in one second, after an id.
func itemsChangedAt(q ItemQuery, at time.Time, after ID) Command {
	moment := at.Format(time.RFC3339)
	return NextItems(q.withConditions(Params{">=updatedTime": moment, "<=updatedTime": moment}), after)
}

// withConditions returns the query with further conditions, with the fields that Changes needs, and without counting.
func (q ItemQuery) withConditions(conditions Params) ItemQuery {
	filter := maps.Clone(conditions)
	maps.Copy(filter, q.Filter)
	q.Filter, q.Start = filter, -1
	for _, name := range []string{"id", "updatedTime"} {
		if len(q.Select) > 0 && !slices.Contains(q.Select, name) && !slices.Contains(q.Select, "*") {
			q.Select = append(slices.Clone(q.Select), name)
		}
	}
	return q
}

// Changes returns every object of q changed at or after a time, the earliest first, page by page. An interrupted reading continues from
// the time of the last row of a page.
//
// The portal stores the time of a change in whole seconds, so a page may end in the middle of a second. The next page therefore starts
// at that second again, without the objects already returned. This finds objects changed in that second after the page was read, which
// a cursor of second and id would miss. When one second fills a whole page, as after a bulk edit, its objects are read by id. An object
// that changes meanwhile is returned again with its later time. Start the next reading some minutes before the end of the previous one:
// times are those of the portal's clock, and a row becomes visible when its transaction ends.
func Changes[T Timestamped](ctx context.Context, c *Client, q ItemQuery, since time.Time) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		w := changeWalk[T]{client: c, query: q, at: since, seen: map[ID]bool{}}
		for more := true; more; {
			page, err := w.next(ctx)
			if err != nil {
				yield(nil, err)
				return
			}
			more = w.more
			if len(page) > 0 && !yield(page, nil) {
				return
			}
		}
	}
}

// changeWalk is the state of a reading by Changes.
type changeWalk[T Timestamped] struct {
	client *Client
	query  ItemQuery
	at     time.Time
	seen   map[ID]bool // objects already returned for the second at
	byID   bool        // the second at fills a whole page and is read by id
	after  ID          // the last id returned when reading by id
	more   bool
}

// next reads one page and returns the objects not yet returned.
func (w *changeWalk[T]) next(ctx context.Context) ([]T, error) {
	cmd := ItemsChangedSince(w.query, w.at)
	if w.byID {
		cmd = itemsChangedAt(w.query, w.at, w.after)
	}
	out, err := fetch[ItemsResult[T]](ctx, w.client, cmd)
	if err != nil {
		return nil, err
	}
	full := len(out.Items) == pageSize
	w.more = full || w.byID
	if w.byID {
		return w.nextByID(cmd, out.Items, full)
	}
	return w.nextByTime(cmd, out.Items, full)
}

// nextByTime continues at the second of the last row.
func (w *changeWalk[T]) nextByTime(cmd Command, rows []T, full bool) ([]T, error) {
	var fresh []T
	for _, row := range rows {
		at := row.ChangedAt()
		if at.Before(w.at) || row.ObjectID() <= 0 {
			return nil, &Error{Method: cmd.Method, Status: 200, cause: ErrStuckCursor}
		}
		if at.After(w.at) {
			w.at, w.seen = at, map[ID]bool{}
		}
		if !w.seen[row.ObjectID()] {
			w.seen[row.ObjectID()] = true
			fresh = append(fresh, row)
		}
	}
	if full && rows[0].ChangedAt().Equal(w.at) {
		w.byID, w.after = true, 0
	}
	return fresh, nil
}

// nextByID continues by id; after the last object of the second it continues by time.
func (w *changeWalk[T]) nextByID(cmd Command, rows []T, full bool) ([]T, error) {
	var fresh []T
	for _, row := range rows {
		if row.ObjectID() <= w.after {
			return nil, &Error{Method: cmd.Method, Status: 200, cause: ErrStuckCursor}
		}
		w.after = row.ObjectID()
		if !w.seen[w.after] {
			w.seen[w.after] = true
			fresh = append(fresh, row)
		}
	}
	if !full {
		w.byID, w.at, w.seen = false, w.at.Add(time.Second), map[ID]bool{}
	}
	return fresh, nil
}
