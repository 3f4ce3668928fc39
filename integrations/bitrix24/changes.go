package bitrix24

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"
)

// Timestamped is an object of which it is known when it was changed last.
type Timestamped interface {
	Object
	ChangedAt() time.Time
}

// ChangedAt tells when the object was changed last.
func (l ChangeInfo) ChangedAt() time.Time { return l.UpdatedTime.Time }

// ItemsChangedSince reads 50 objects changed at the moment or later, the earliest change first, without counting.
// The answer is an ItemsResult. Order and Start of q are not used: the order has one key, for a map is written with its
// keys sorted and the portal would take id for the first of two. Within a second the order is therefore the portal's.
func ItemsChangedSince(q ItemQuery, since time.Time) Command {
	q = q.withConditions(Params{">=updatedTime": since.Format(time.RFC3339)})
	q.Order = Params{"updatedTime": "ASC"}
	return ListItems(q)
}

// itemsChangedAt reads 50 objects changed in one second, after an id: the rest of a crowd.
func itemsChangedAt(q ItemQuery, at time.Time, after ID) Command {
	moment := at.Format(time.RFC3339)
	return NextItems(q.withConditions(Params{">=updatedTime": moment, "<=updatedTime": moment}), after)
}

// withConditions adds conditions, selects what a walk needs, and switches counting off.
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

// Changes gives every object of q changed at the moment or later, the earliest first, page by page; the last row of a
// page tells from where an interrupted walk goes on.
//
// The portal counts changes in whole seconds, so a second may be cut by the end of a page. The next page therefore
// begins with that second again, and what was given in it before is left out. An object changed in that very second
// after it was read is found this way, whatever its id, which a pair of second and id as a cursor would miss. When one
// second fills a whole page, as after a mass edit, its objects are walked by id. An object that changes during the
// walk is given again with its later moment. Let a new walk begin some minutes before the end of the one before it:
// moments are those of the portal's clock, and a row appears when its transaction ends.
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

// changeWalk is where a walk through changes stands.
type changeWalk[T Timestamped] struct {
	client *Client
	query  ItemQuery
	at     time.Time
	seen   map[ID]bool // objects given in the second at
	byID   bool        // the second at fills pages of its own
	after  ID          // the last id given of a crowd
	more   bool
}

// next reads one page and returns what is new in it.
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

// nextByTime moves the cursor to the second of the last row.
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

// nextByID goes on by id; behind the crowd the next second follows.
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
