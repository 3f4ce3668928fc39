package bitrix24

import (
	"context"
	"iter"
	"slices"
)

// pageSize is the size of every page of a list (section 10.2).
const pageSize = 50

// Numbered is an object with an id, the cursor of a walk.
type Numbered interface{ Number() ID }

// Number returns the id.
func (i Item) Number() ID { return i.ID }

// Number returns the id.
func (d Deal) Number() ID { return d.ID }

// Number returns the id.
func (c Company) Number() ID { return c.ID }

// Number returns the id.
func (c Contact) Number() ID { return c.ID }

// NextItems reads the page of objects after the one with this id, without counting: order by id, filter ">id",
// start -1. Order and Start of q are not used. The answer is an ItemsResult.
func NextItems(q ItemQuery, after ID) Command {
	filter := Params{}
	for name, value := range q.Filter {
		filter[name] = value
	}
	filter[">id"] = int64(after)
	q.Filter, q.Order, q.Start = filter, Params{"id": "ASC"}, -1
	if len(q.Select) > 0 && !slices.Contains(q.Select, "id") && !slices.Contains(q.Select, "*") {
		q.Select = append([]string{"id"}, q.Select...)
	}
	return ListItems(q)
}

// Walk gives every object that q finds after the id, page by page (section 10.2). The last id of a page is where a
// walk that was interrupted goes on. A page that does not lead further ends it with ErrStuckCursor.
func Walk[T Numbered](ctx context.Context, c *Client, q ItemQuery, after ID) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		for {
			page, last, err := nextPage[T](ctx, c, q, after)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(page) == 0 || !yield(page, nil) || len(page) < pageSize {
				return
			}
			after = last
		}
	}
}

// nextPage reads one page and sees that its ids rise from the cursor on.
func nextPage[T Numbered](ctx context.Context, c *Client, q ItemQuery, after ID) (page []T, last ID, err error) {
	cmd := NextItems(q, after)
	out, err := fetch[ItemsResult[T]](ctx, c, cmd)
	if err != nil {
		return nil, 0, err
	}
	for _, item := range out.Items {
		if item.Number() <= after {
			return nil, 0, &Error{Method: cmd.Method, Status: 200, cause: ErrStuckCursor}
		}
		after = item.Number()
	}
	return out.Items, after, nil
}
