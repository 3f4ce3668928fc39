package list

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store"
	"acts24/store/internal/fragment"
	"acts24/store/internal/pg"
	"acts24/store/people"
	"acts24/store/queue"
)

// PageDeals is how many deals a page of deals without acts has.
const PageDeals = 40

// DealFilter selects deals without acts; its zero value selects all of them.
type DealFilter struct {
	Sees        people.Visibility // what the visitor may see at all
	Stage       string            // "" for every stage whose deals wait for an act
	Responsible acts.UserID
}

// DealKey is the deal after which a page begins; its zero value is the first page.
type DealKey struct {
	Day time.Time
	ID  acts.DealID
}

// DealWithoutActs is a deal that has no act, or whose marked rows have a remainder.
type DealWithoutActs struct {
	ID              acts.DealID  `db:"id"`
	Title           string       `db:"title"`
	Category        int64        `db:"category_id"`
	StageID         string       `db:"stage_id"`
	Since           time.Time    `db:"stage_since"` // day on which it came to its stage
	Uncovered       acts.Kopecks `db:"uncovered"`   // hundredths of the currency
	Currency        string       `db:"currency"`
	Responsible     acts.UserID  `db:"responsible_id"`
	ResponsibleName string       `db:"responsible_name"` // "" when unknown
	HasActs         bool         `db:"has_acts"`         // only a remainder is left
	Forming         bool         `db:"forming"`          // a person has requested its act
	Problem         string       `db:"problem"`          // why the requested act was not formed
}

// DealsPage is a page of deals without acts with what is shown above it.
type DealsPage struct {
	Deals    []DealWithoutActs
	Next     DealKey // of the next page, zero when this is the last
	Count    int     // in all, counting stops above MaxCounted
	Settings store.Settings
	Users    []people.User  // who may be responsible, by name
	Backfill queue.Backfill // how far the copying of the portal's deals has come
}

var aboveDeals = `SELECT coalesce((` + fragment.Settings + `), '{}') AS settings, ` + knownUsers + `,
	coalesce((SELECT jsonb_build_object('Seen', l.seen, 'Total', l.total, 'Done', l.done, 'Problem', l.problem) FROM backfills l WHERE l.portal_id = :portal), jsonb_build_object('Done', true)) AS backfill`

// oldestFirst is the order of the deals without acts.
var oldestFirst = pg.Order{Column: "stage_since", Type: "date"}

// where are the conditions of the filter on the deal d.
func (f DealFilter) where(settings store.Settings) pg.Where {
	var w pg.Where
	stages := settings.Awaiting()
	if f.Stage != "" {
		stages = slices.DeleteFunc(stages, func(s string) bool { return s != f.Stage })
	}
	w.And(`d.portal_id = :portal AND d.needs_act AND NOT d.deleted AND d.stage_id = ANY (CAST(:stages AS text[]))`, pg.Args{"stages": pq.Array(stages)})
	if !f.Sees.All() {
		w.And(`d.responsible_id = ANY (CAST(:sees AS bigint[]))`, pg.Args{"sees": f.Sees.Arg()})
	}
	if f.Responsible != 0 {
		w.And(`d.responsible_id = :responsible`, pg.Args{"responsible": f.Responsible})
	}
	return w
}

// dealsPage reads the deals of a page, one more than is shown.
func dealsPage(w pg.Where) string {
	return `WITH found AS (SELECT d.id, d.stage_since FROM deals d WHERE ` + w.String() + oldestFirst.By("d") + ` LIMIT ` + strconv.Itoa(PageDeals+1) + `)
	SELECT d.id, d.title, d.category_id, d.stage_id, d.stage_since, d.uncovered, d.currency, d.responsible_id, coalesce(u.name, '') AS responsible_name,
		EXISTS (SELECT FROM acts a WHERE a.portal_id = :portal AND a.deal_id = d.id AND a.status <> 'annulled') AS has_acts,
		coalesce(w.problem = '', false) AS forming, coalesce(w.problem, '') AS problem
	FROM found JOIN deals d ON d.portal_id = :portal AND d.id = found.id
		LEFT JOIN users u ON u.portal_id = :portal AND u.id = d.responsible_id
		LEFT JOIN form_wishes w ON w.portal_id = :portal AND w.deal_id = d.id` + oldestFirst.By("d")
}

// DealsWithoutActs reads a page of the deals without acts, in the order in which they came to their stages.
func DealsWithoutActs(ctx context.Context, s store.Scope, f DealFilter, after DealKey) (DealsPage, error) {
	var above struct {
		Settings store.Settings
		Users    pg.List[people.User]
		Backfill queue.Backfill
	}
	var out DealsPage
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.Get(ctx, r, &above, aboveDeals, nil); err != nil {
			return err
		}
		w := f.where(above.Settings)
		if err := pg.Get(ctx, r, &out.Count, `SELECT `+counted(`FROM deals d WHERE `+w.String()), w.Args); err != nil {
			return err
		}
		if after.ID != 0 {
			w.And(oldestFirst.After("d"), pg.Args{"key": after.Day, "id": after.ID})
		}
		return pg.Select(ctx, r, &out.Deals, dealsPage(w), w.Args)
	})
	if err != nil {
		return DealsPage{}, fmt.Errorf("deals without acts: %w", err)
	}
	out.Settings, out.Backfill, out.Users = above.Settings, above.Backfill, above.Users
	if len(out.Deals) > PageDeals {
		out.Deals = out.Deals[:PageDeals]
		last := out.Deals[PageDeals-1]
		out.Next = DealKey{Day: last.Since, ID: last.ID}
	}
	return out, nil
}
