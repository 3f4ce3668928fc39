package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
)

// eraseAtOnce is how many rows of a portal whose term is over one transaction takes.
const eraseAtOnce = 2000

// The bounds of the term for which data stays after the app was removed. Whoever removes the app by mistake has a month; ten years
// are as long as any paper of an act is asked for.
const (
	LeastKept = 30
	MostKept  = 3653
)

// UsualKept is five years and the rest of the year in which the last act was made (402-ФЗ, article 29).
const UsualKept = 2192

// SaveKeeping keeps for how long the data of the portal stays after the app was removed.
func (s *Service) SaveKeeping(ctx context.Context, v Visit, days int) error {
	var faults acts.Faults
	if days < LeastKept || days > MostKept {
		faults.Add("days", "Укажите от %d до %d дней.", LeastKept, MostKept)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.SaveKeeping(ctx, store.Keeping{Days: days}) })
}

// EraseOutlived takes a batch of what is left of a portal whose term is over; found is false when there is none.
func (s *Service) EraseOutlived(ctx context.Context) (found bool, err error) {
	portal, err := s.db.EraseOutlived(ctx, s.now(), eraseAtOnce)
	if err != nil || portal == 0 {
		return false, err
	}
	s.log.InfoContext(ctx, "data of a removed portal deleted", "portal", portal)
	return true, nil
}
