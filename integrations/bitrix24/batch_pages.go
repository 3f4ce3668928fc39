package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// PagesAfter reads several pages of objects after an id in one request; each page continues after the last id of the previous one
// (docs/contracts/bitrix24.md, "Batches"). more reports that the last page was full. After the last object the portal executes the
// remaining commands with a reference to a missing value; their results are ignored.
func PagesAfter[T Object](ctx context.Context, c *Client, q ItemQuery, after ID, pages int) (rows []T, more bool, err error) {
	commands := []Command{NextItems(q, after).As("p0")}
	for n := 1; n < min(pages, MaxBatch); n++ {
		last := Ref(fmt.Sprintf("p%d", n-1), "items", fmt.Sprint(pageSize-1), "id")
		commands = append(commands, NextItems(q, 0).With(last, "filter", ">id").As(fmt.Sprintf("p%d", n)))
	}
	res, err := c.Batch(ctx, commands, false)
	if err != nil {
		return nil, false, err
	}
	for _, cmd := range commands {
		var page ItemsResult[T]
		if err := res.Get(cmd.Key, &page); err != nil {
			return nil, false, err
		}
		for _, row := range page.Items {
			if row.ObjectID() <= after {
				return nil, false, &Error{Method: cmd.Method, Status: 200, cause: ErrStuckCursor}
			}
			after = row.ObjectID()
		}
		rows = append(rows, page.Items...)
		if len(page.Items) < pageSize {
			return rows, false, nil
		}
	}
	return rows, true, nil
}

// FirstPage reads the first page of objects in the order of ids and their total number.
func FirstPage[T Object](ctx context.Context, c *Client, q ItemQuery) (rows []T, total int, err error) {
	q.Order, q.Start = Params{"id": "ASC"}, 0
	res, err := c.Batch(ctx, []Command{ListItems(q).As("first")}, false)
	if err != nil {
		return nil, 0, err
	}
	var page ItemsResult[T]
	if err := res.Get("first", &page); err != nil {
		return nil, 0, err
	}
	return page.Items, res.Total("first"), nil
}

// pageSize is the size of every page of a list (docs/contracts/bitrix24.md, "Lists").
const pageSize = 50

// Object has an id, by which pages continue.
type Object interface{ ObjectID() ID }

// ObjectID returns the id.
func (i Item) ObjectID() ID { return i.ID }

// ObjectID returns the id.
func (d Deal) ObjectID() ID { return d.ID }

// ObjectID returns the id.
func (c Company) ObjectID() ID { return c.ID }

// ObjectID returns the id.
func (c Contact) ObjectID() ID { return c.ID }

// NextItems reads the page of objects after this id, without counting: order by id, filter ">id", start -1. Order and
// Start of q are ignored. The answer is an ItemsResult.
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

// ItemsByID reads at most 50 objects by their ids, without counting. Deleted and hidden ones are missing in the answer, an
// ItemsResult. Filter of q is kept, Order and Start are ignored.
func ItemsByID(q ItemQuery, ids []ID) Command {
	return NextItems(q.withConditions(Params{"@id": plainIDs(ids)}), 0)
}

// ItemsOf reads objects by their ids, 50 in a call; deleted and hidden ones are missing.
func ItemsOf[T Object](ctx context.Context, c *Client, q ItemQuery, ids []ID) ([]T, error) {
	return byPages(ids, func(part []ID) ([]T, error) {
		out, err := fetch[ItemsResult[T]](ctx, c, ItemsByID(q, part))
		return out.Items, err
	})
}

// TasksOf reads tasks by their ids, 50 in a call; deleted and hidden ones are missing.
func (c *Client) TasksOf(ctx context.Context, ids []ID) ([]Task, error) {
	return byPages(ids, func(part []ID) ([]Task, error) {
		return c.Tasks(ctx, Params{"ID": plainIDs(part)})
	})
}

// UsersOf reads employees by their ids, 50 in a call. Bots, mail users and deleted users are missing; dismissed employees have Active
// false.
func (c *Client) UsersOf(ctx context.Context, ids []ID) ([]User, error) {
	return byPages(ids, func(part []ID) ([]User, error) {
		return c.Users(ctx, Params{"@ID": plainIDs(part)})
	})
}

// byPages reads the ids in parts of one page, each id once.
func byPages[T any](ids []ID, read func([]ID) ([]T, error)) ([]T, error) {
	var list []T
	for part := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), pageSize) {
		rows, err := read(part)
		if err != nil {
			return nil, err
		}
		list = append(list, rows...)
	}
	return list, nil
}

func plainIDs(ids []ID) []int64 {
	out := make([]int64, 0, len(ids))
	for _, id := range ids {
		out = append(out, int64(id))
	}
	return out
}

// ErrStuckCursor means that a list was not read further because its next page does not come after the current one.
var ErrStuckCursor = errors.New("the next page of a list does not come after the current one")

// Run executes one command and decodes its result into out, which may be nil.
func (c *Client) Run(ctx context.Context, cmd Command, out any) error {
	return c.call(ctx, cmd.Method, cmd.Params, out)
}

// fetch runs a command and returns its result as T.
func fetch[T any](ctx context.Context, c *Client, cmd Command) (T, error) {
	var out T
	err := c.Run(ctx, cmd, &out)
	return out, err
}

// maxPages limits the pages of a list, in case a broken or hostile portal always reports another one.
const maxPages = 2000

// readPages reads a list page by page with "next" (docs/contracts/bitrix24.md, "Lists"); start is the method's name of the offset.
func readPages[T any](ctx context.Context, c *Client, cmd Command, start string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		at := ID(0)
		for n := 1; ; n++ {
			page, next, err := pageAt[T](ctx, c, cmd, start, at)
			if err == nil && next != 0 && (next <= at || n == maxPages) {
				err = &Error{Method: cmd.Method, Status: 200, cause: ErrStuckCursor}
			}
			if !yield(page, err) || err != nil || next == 0 {
				return
			}
			at = next
		}
	}
}

func pageAt[T any](ctx context.Context, c *Client, cmd Command, start string, at ID) (page T, next ID, err error) {
	if at > 0 {
		cmd = cmd.With(at, start)
	}
	a, err := c.callEnvelope(ctx, cmd.Method, cmd.Params)
	if err != nil {
		return page, 0, err
	}
	err = a.decode(cmd.Method, &page)
	return page, a.Next, err
}

// readAll returns the rows of all pages; rows extracts them from a page.
func readAll[T, Page any](ctx context.Context, c *Client, cmd Command, start string, rows func(Page) []T) ([]T, error) {
	var list []T
	for page, err := range readPages[Page](ctx, c, cmd, start) {
		if err != nil {
			return nil, err
		}
		list = append(list, rows(page)...)
	}
	return list, nil
}

// listRows returns the rows of a page whose result is a plain list.
func listRows[T any](page List[T]) []T { return page }
