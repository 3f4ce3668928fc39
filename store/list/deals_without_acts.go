package list

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

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
	Visibility  people.Visibility // what the visitor may see at all
	Stage       string            // "" for every stage whose deals wait for an act
	Responsible acts.UserID
	Text        string // part of the title or of the counterparty's name, or beginning of its INN
}

// DealWithoutActs is a deal that has no act, or whose marked rows have a remainder.
type DealWithoutActs struct {
	ID              acts.DealID    `db:"id"`
	Title           string         `db:"title"`
	Company         acts.CompanyID `db:"company_id"`
	Contact         acts.ContactID `db:"contact_id"`
	Buyer           string         `db:"buyer_name"` // "" until the company or contact of the deal was read
	Category        int64          `db:"category_id"`
	StageID         string         `db:"stage_id"`
	Since           time.Time      `db:"stage_since"` // day on which it came to its stage
	Uncovered       acts.Kopecks   `db:"uncovered"`   // hundredths of the currency
	Currency        string         `db:"currency"`
	Responsible     acts.UserID    `db:"responsible_id"`
	ResponsibleName string         `db:"responsible_name"` // "" when unknown
	HasActs         bool           `db:"has_acts"`         // only a remainder is left
	Forming         bool           `db:"forming"`          // a person has requested its act
	Problem         string         `db:"problem"`          // why the requested act was not formed
}

// DealsPage is a page of deals without acts with what is shown above it.
type DealsPage struct {
	Deals    []DealWithoutActs
	Next     PageKey // of the next page, zero when this is the last
	Count    int     // in all, counting stops above MaxCounted
	Settings store.Settings
	Users    []people.User  // who may be responsible, by name
	Backfill queue.Backfill // how far the copying of the portal's deals has come
}

var aboveDeals = `SELECT coalesce((` + fragment.Settings + `), '{}') AS settings, ` + knownUsers + `,
	coalesce((SELECT jsonb_build_object('Seen', l.seen, 'Total', l.total, 'Done', l.done, 'Problem', l.problem) FROM backfills l WHERE l.portal_id = :portal), jsonb_build_object('Done', true)) AS backfill`

// where returns the conditions of the filter on the deal d.
func (f DealFilter) where(settings store.Settings) pg.Where {
	var w pg.Where
	stages := settings.StagesNeedingActs()
	if f.Stage != "" {
		stages = slices.DeleteFunc(stages, func(s string) bool { return s != f.Stage })
	}
	w.And(`d.portal_id = :portal AND d.needs_act AND NOT d.deleted AND d.stage_id = ANY (CAST(:stages AS text[]))`, pg.Args{"stages": pq.Array(stages)})
	if !f.Visibility.All() {
		w.And(`d.responsible_id = ANY (CAST(:visibility AS bigint[]))`, pg.Args{"visibility": f.Visibility.Arg()})
	}
	if f.Responsible != 0 {
		w.And(`d.responsible_id = :responsible`, pg.Args{"responsible": f.Responsible})
	}
	if f.Text != "" {
		w.And(`(fold(d.title) LIKE fold(:like) OR fold(d.buyer ->> 'name') LIKE fold(:like) OR d.buyer ->> 'inn' LIKE :beginning)`,
			pg.Args{"like": "%" + likeEscaper.Replace(f.Text) + "%", "beginning": likeEscaper.Replace(f.Text) + "%"})
	}
	return w
}

// dealRow is a deal with its value of the order.
type dealRow struct {
	DealWithoutActs
	SortKey string `db:"sort_key"`
}

// dealsPage returns the statement that reads the deals of a page, one more than is shown.
func dealsPage(w pg.Where, order pg.Order) string {
	return `WITH found AS (SELECT d.id, d.` + order.Column + ` AS sort_key FROM deals d WHERE ` + w.String() + order.By("d") + ` LIMIT ` + strconv.Itoa(PageDeals+1) + `)
	SELECT d.id, d.title, d.company_id, d.contact_id, coalesce(d.buyer ->> 'name', '') AS buyer_name, d.category_id, d.stage_id, d.stage_since, d.uncovered, d.currency,
		d.responsible_id, coalesce(u.name, '') AS responsible_name,
		EXISTS (SELECT FROM acts a WHERE a.portal_id = :portal AND a.deal_id = d.id AND a.status <> 'annulled') AS has_acts,
		coalesce(r.problem = '', false) AS forming, coalesce(r.problem, '') AS problem, CAST(found.sort_key AS text) AS sort_key
	FROM found JOIN deals d ON d.portal_id = :portal AND d.id = found.id
		LEFT JOIN users u ON u.portal_id = :portal AND u.id = d.responsible_id
		LEFT JOIN form_requests r ON r.portal_id = :portal AND r.deal_id = d.id` + pg.Order{Column: "sort_key", Descending: order.Descending}.By("found")
}

// DealsWithoutActs reads a page of the deals without acts, at first in the order in which they came to their stages.
func DealsWithoutActs(ctx context.Context, s store.Scope, f DealFilter, p Page) (DealsPage, error) {
	var above struct {
		Settings store.Settings
		Users    pg.List[people.User]
		Backfill queue.Backfill
	}
	var out DealsPage
	var found []dealRow
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.Get(ctx, r, &above, aboveDeals, nil); err != nil {
			return err
		}
		w, order := f.where(above.Settings), DealSorting.order(p.Sort)
		if err := pg.Get(ctx, r, &out.Count, `SELECT `+cappedCount(`FROM deals d WHERE `+w.String()), w.Args); err != nil {
			return err
		}
		if p.After.ID != 0 {
			w.And(order.After("d"), pg.Args{"key": p.After.Value, "id": p.After.ID})
		}
		return pg.Select(ctx, r, &found, dealsPage(w, order), w.Args)
	})
	if pq.As(err, pqerror.QueryCanceled) != nil {
		return DealsPage{}, acts.Errorf(acts.Unavailable, "Такой поиск идёт слишком долго. Уточните запрос или выберите стадию.")
	}
	if err != nil {
		return DealsPage{}, fmt.Errorf("deals without acts: %w", err)
	}
	if len(found) > PageDeals {
		found = found[:PageDeals]
		last := found[PageDeals-1]
		out.Next = PageKey{Value: last.SortKey, ID: int64(last.ID)}
	}
	for _, row := range found {
		out.Deals = append(out.Deals, row.DealWithoutActs)
	}
	out.Settings, out.Backfill, out.Users = above.Settings, above.Backfill, above.Users
	return out, nil
}
