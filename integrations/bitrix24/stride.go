package bitrix24

import (
	"context"
	"fmt"
)

// Stride reads some pages of objects after an id in one request, each page from where the one before it ended: the
// fastest walk there is (section 10.3). more tells that the last page was full. Beyond the end the portal runs the
// commands that are left with a reference to nothing; their answers are not looked at.
func Stride[T Numbered](ctx context.Context, c *Client, q ItemQuery, after ID, pages int) (rows []T, more bool, err error) {
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
			if row.Number() <= after {
				return nil, false, &Error{Method: cmd.Method, Status: 200, cause: ErrStuckCursor}
			}
			after = row.Number()
		}
		rows = append(rows, page.Items...)
		if len(page.Items) < pageSize {
			return rows, false, nil
		}
	}
	return rows, true, nil
}

// FirstPage reads the first page of objects by id and how many there are in all.
func FirstPage[T Numbered](ctx context.Context, c *Client, q ItemQuery) (rows []T, total int, err error) {
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
