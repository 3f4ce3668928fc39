package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
)

// MostChosen is how many acts may be taken at once.
const MostChosen = 10_000

// ChosenAct is an act that was taken out of a list.
type ChosenAct struct {
	ID   acts.ActID  `db:"id"`
	Deal acts.DealID `db:"deal_id"`
}

// all reads the found acts, one more than may be taken, without what a list shows of them.
func all(found string) string {
	return those(found, key, MostChosen+1) + `
	SELECT a.id, a.deal_id FROM found JOIN acts a ON a.portal_id = :portal AND a.id = found.id ORDER BY a.act_date DESC, a.id DESC`
}

var chosenByID = `SELECT a.id, a.deal_id FROM acts a
	WHERE a.portal_id = :portal AND ` + seen("a.responsible_id") + ` AND a.id = ANY (CAST(:ids AS bigint[])) ORDER BY a.act_date DESC, a.id DESC`

// ChooseAll takes all acts that a filter asks for, newest first: more than MostChosen of them when there are more.
func (s Scope) ChooseAll(ctx context.Context, f ActFilter, today time.Time) ([]ChosenAct, error) {
	var found []ChosenAct
	a := s.fill(f.args(PageKey{}, today))
	err := s.run(ctx, func(r runner) error {
		n, err := f.look(ctx, r, a)
		if err != nil {
			return err
		}
		return list(ctx, r, &found, all(f.way(n)), a)
	})
	if pq.As(err, pqerror.QueryCanceled) != nil {
		return nil, acts.Errorf(acts.Unavailable, "Столько актов за один раз не отобрать. Уточните фильтр или добавьте период.")
	}
	if err != nil {
		return nil, fmt.Errorf("choose all: %w", err)
	}
	return found, nil
}

// Choose takes acts by their ids; what is not there, or may not be seen, is not among them.
func (s Scope) Choose(ctx context.Context, sees Sees, ids []acts.ActID) ([]ChosenAct, error) {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	var found []ChosenAct
	if err := s.list(ctx, &found, chosenByID, args{"ids": pq.Array(plain), "sees": sees.value()}); err != nil {
		return nil, fmt.Errorf("choose: %w", err)
	}
	return found, nil
}
