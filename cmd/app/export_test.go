package app

import "context"

// SetGrace makes a stop wait for work in progress until ctx is done instead of for a time.
func (a *App) SetGrace(ctx context.Context) {
	a.grace = func(context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }
}
