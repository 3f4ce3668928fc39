package bitrix24

import (
	"context"
	"slices"
)

// ItemsByID reads at most 50 objects by their ids, without counting; those that are gone or hidden are missing in the
// answer, which is an ItemsResult. Filter of q is kept, Order and Start are not used.
func ItemsByID(q ItemQuery, ids []ID) Command {
	return NextItems(q.narrowed(Params{"@id": plainIDs(ids)}), 0)
}

// ItemsOf reads objects by their ids, 50 in a call; those that are gone or hidden are missing.
func ItemsOf[T Numbered](ctx context.Context, c *Client, q ItemQuery, ids []ID) ([]T, error) {
	return byPages(ids, func(part []ID) ([]T, error) {
		out, err := fetch[ItemsResult[T]](ctx, c, ItemsByID(q, part))
		return out.Items, err
	})
}

// TasksOf reads tasks by their ids, 50 in a call; those that are gone or hidden are missing.
func (c *Client) TasksOf(ctx context.Context, ids []ID) ([]Task, error) {
	return byPages(ids, func(part []ID) ([]Task, error) {
		return c.Tasks(ctx, Params{"ID": plainIDs(part)})
	})
}

// UsersOf reads employees by their ids, 50 in a call. Who is not in the answer, a bot, a mail user or somebody deleted,
// can do nothing on the portal; who is dismissed comes with Active false.
func (c *Client) UsersOf(ctx context.Context, ids []ID) ([]User, error) {
	return byPages(ids, func(part []ID) ([]User, error) {
		return c.Users(ctx, Params{"@ID": plainIDs(part)})
	})
}

// byPages asks for the ids, each once, as many at a time as a page holds.
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
