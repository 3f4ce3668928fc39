package main

import (
	"context"
	"fmt"
)

// bulkRow is an act of a bulk action with its recorded result and the number of times it was handed over.
type bulkRow struct {
	Portal  int
	Act     int64
	State   string
	Turns   int // number of hand-overs
	Running bool
}

const bulkRows = `
	SELECT r.portal_id, r.act_id, r.state, b.state NOT IN ('done', 'cancelled'), (SELECT count(*) FROM act_events e
		WHERE e.portal_id = r.portal_id AND e.act_id = r.act_id AND e.kind = 'handed_over')
	FROM bulk_rows r JOIN bulks b ON b.portal_id = r.portal_id AND b.id = r.bulk_id ORDER BY r.portal_id, r.act_id`

func (g *collector) bulks(ctx context.Context) error {
	return firstError(g.each(ctx, bulkRows, func(row scan) error {
		var r bulkRow
		err := row(&r.Portal, &r.Act, &r.State, &r.Running, &r.Turns)
		g.found.BulkRows = append(g.found.BulkRows, r)
		return err
	}))
}

// bulkHandedOverOnce checks that every act recorded as done was handed over once, and no other act was.
func bulkHandedOverOnce(s *state) (broken []string) {
	seen := map[ref]bool{}
	for _, r := range s.BulkRows {
		act, want := ref{r.Portal, r.Act}, 0
		if r.State == "done" {
			want = 1
		}
		switch {
		case seen[act]:
			broken = append(broken, fmt.Sprintf("act %s is chosen twice", act))
		case r.Running:
			broken = append(broken, fmt.Sprintf("the bulk of act %s has not ended", act))
		case r.Turns != want:
			broken = append(broken, fmt.Sprintf("act %s is «%s» and was handed over %d times", act, r.State, r.Turns))
		}
		seen[act] = true
	}
	return broken
}
