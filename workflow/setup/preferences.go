package setup

import (
	"context"

	"acts24/store"
	"acts24/workflow"
)

// HideColumns stores which columns of lists of acts the visitor hides.
func (s *Service) HideColumns(ctx context.Context, v workflow.Visit, columns []string) error {
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.People().HideColumns(ctx, v.User, columns) })
}
