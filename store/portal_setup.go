package store

import (
	"context"
	"fmt"

	"acts24/store/internal/pg"
)

// Setup is what a portal has of what its administrator is asked to do.
type Setup struct {
	Account    bool   `db:"account"` // one at SBIS that may be used
	People     bool   `db:"people"`
	Acts       bool   `db:"acts"`
	DeadTokens bool   `db:"dead_tokens"`
	Problem    string `db:"problem"` // why a repair could not go on
}

const setUp = `
	SELECT EXISTS (SELECT FROM edo_accounts WHERE portal_id = :portal AND problem = '') AS account,
		EXISTS (SELECT FROM people WHERE portal_id = :portal) AS people,
		EXISTS (SELECT FROM acts WHERE portal_id = :portal) AS acts,
		EXISTS (SELECT FROM tokens WHERE portal_id = :portal AND dead) AS dead_tokens,
		coalesce((SELECT problem FROM installs WHERE portal_id = :portal AND state = 'done'), '') AS problem`

// Setup reads what the portal has of what its administrator is asked to do.
func (s Portals) Setup(ctx context.Context) (seen Setup, err error) {
	if err := pg.Get(ctx, s, &seen, setUp, nil); err != nil {
		return seen, fmt.Errorf("set up: %w", err)
	}
	return seen, nil
}
