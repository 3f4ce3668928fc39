package workflow

import (
	"context"

	"acts24/store"
)

// HideColumns keeps which columns of lists of acts the visitor does not want to see.
func (s *Service) HideColumns(ctx context.Context, v Visit, columns []string) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.HideColumns(ctx, v.User, columns) })
}
