package workflow

import (
	"context"
	"io"

	"acts24/acts"
	"acts24/store"
)

// BulkAction is what is done to many acts.
type BulkAction struct {
	// Once is the reason why further acts of one deal are skipped; "" when they are not.
	Once string
	// May refuses an act with the message of the single action. It is nil when every act is accepted, and there is nothing to check.
	May func(ctx context.Context, r store.Scope, b store.Bulk, act acts.Act) error
	// Do is the single action. It is nil when the acts are only collected.
	Do func(ctx context.Context, tx store.Tx, v Visit, b store.Bulk, act acts.Act) error
	// Archive adds the files of an act to an archive; add creates a file. It is nil for other actions.
	Archive func(ctx context.Context, v Visit, act acts.Act, add func(name string) (io.Writer, error)) error
}
