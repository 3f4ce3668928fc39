package list

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
)

// PaperAct is what the page of received originals needs of a paper act.
type PaperAct struct {
	ID         acts.ActID  `db:"id"`
	Number     string      `db:"number"`
	Date       time.Time   `db:"act_date"`
	Buyer      string      `db:"buyer_name"`
	Status     acts.Status `db:"status"`
	OriginalOn *time.Time  `db:"original_on"` // nil until the original has arrived
}

const paperColumns = `SELECT a.id, a.number, a.act_date, coalesce(a.buyer ->> 'name', '') AS buyer_name, a.status, a.original_on FROM acts a `

var paperByNumber = paperColumns + `
	WHERE a.portal_id = :portal AND ` + fragment.Visible("a.responsible_id") + ` AND a.number COLLATE "C" = ANY (CAST(:numbers AS text[])) AND a.number <> ''
		AND a.medium = 'paper' AND a.status <> 'annulled' AND a.replaced_by IS NULL
	ORDER BY a.act_date DESC, a.id DESC`

// PaperByNumber reads the paper acts that the visitor sees and that have one of the numbers, the newest first. Annulled and replaced acts
// are not among them.
func PaperByNumber(ctx context.Context, s store.Scope, visibility people.Visibility, numbers []string) ([]PaperAct, error) {
	var found []PaperAct
	if err := pg.Select(ctx, s, &found, paperByNumber, pg.Args{"numbers": pq.Array(numbers), "visibility": visibility.Arg()}); err != nil {
		return nil, fmt.Errorf("paper acts by number: %w", err)
	}
	return found, nil
}

var paperByID = paperColumns + `
	WHERE a.portal_id = :portal AND ` + fragment.Visible("a.responsible_id") + ` AND a.id = ANY (CAST(:ids AS bigint[]))
		AND a.medium = 'paper' AND a.status <> 'annulled' AND a.replaced_by IS NULL`

// PaperByID reads the paper acts with ids that the visitor sees. Annulled and replaced acts are not among them.
func PaperByID(ctx context.Context, s store.Scope, visibility people.Visibility, ids []acts.ActID) ([]PaperAct, error) {
	var found []PaperAct
	if err := pg.Select(ctx, s, &found, paperByID, pg.Args{"ids": pq.Array(ids), "visibility": visibility.Arg()}); err != nil {
		return nil, fmt.Errorf("paper acts by id: %w", err)
	}
	return found, nil
}
