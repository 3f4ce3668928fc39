package bitrix24

import (
	"context"
	"errors"
	"iter"
)

// ErrStuckCursor says that a walk through a list does not move, and has been stopped.
var ErrStuckCursor = errors.New("the next page of a list does not lead further")

// Run calls one command alone and decodes its result into out, which may be nil.
func (c *Client) Run(ctx context.Context, cmd Command, out any) error {
	return c.call(ctx, cmd.Method, cmd.Params, out)
}

// fetch runs a command and returns its result as T.
func fetch[T any](ctx context.Context, c *Client, cmd Command) (T, error) {
	var out T
	err := c.Run(ctx, cmd, &out)
	return out, err
}

// maxPages ends a walk that a broken or hostile portal never would.
const maxPages = 2000

// pages walks a list by "next" (section 10.2); start is how the method calls its offset.
func pages[T any](ctx context.Context, c *Client, cmd Command, start string) iter.Seq2[T, error] {
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
	a, err := c.ask(ctx, cmd.Method, cmd.Params)
	if err != nil {
		return page, 0, err
	}
	err = a.decode(cmd.Method, &page)
	return page, a.Next, err
}

// all collects the rows of every page; rows says where a page keeps them.
func all[T, Page any](ctx context.Context, c *Client, cmd Command, start string, rows func(Page) []T) ([]T, error) {
	var list []T
	for page, err := range pages[Page](ctx, c, cmd, start) {
		if err != nil {
			return nil, err
		}
		list = append(list, rows(page)...)
	}
	return list, nil
}

// plain is a page whose result is the rows themselves.
func plain[T any](page List[T]) []T { return page }
