package setup

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// eraseBatch is how many rows of an expired portal one transaction deletes.
const eraseBatch = 2000

// The bounds of the term for which data stays after the app was removed. A month covers a removal by mistake; ten years
// are as long as any paper of an act is required.
const (
	MinKeepDays = 30
	MaxKeepDays = 3653
)

// DefaultKeepDays is five years and the rest of the year in which the last act was made (402-ФЗ, article 29).
const DefaultKeepDays = 2192

// SaveRetention stores how long the data of the portal stays after the app was removed.
func (s *Service) SaveRetention(ctx context.Context, v workflow.Visit, days int) error {
	var faults acts.Faults
	if days < MinKeepDays || days > MaxKeepDays {
		faults.Add("days", "Укажите от %d до %d дней.", MinKeepDays, MaxKeepDays)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Portals().SaveRetention(ctx, store.Retention{Days: days}) })
}

// EraseExpired deletes a batch of the data of an expired portal; found is false when there is none.
func (s *Service) EraseExpired(ctx context.Context) (found bool, err error) {
	portal, err := s.db.EraseExpired(ctx, s.now(), eraseBatch)
	if err != nil || portal == 0 {
		return false, err
	}
	s.log.InfoContext(ctx, "data of a removed portal deleted", "portal", portal)
	return true, nil
}

// EraseOutdated erases what is kept for a shorter time than its portal, batch by batch.
func EraseOutdated(ctx context.Context, s *Service) error {
	for {
		n, err := s.db.EraseOutdated(ctx, s.now(), eraseBatch)
		if err != nil || n == 0 {
			return err
		}
	}
}
