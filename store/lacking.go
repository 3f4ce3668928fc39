package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
)

// PageDeals is how many deals a page of deals without acts has.
const PageDeals = 40

// LackFilter says which of the deals without acts are wanted; its zero value is all of them.
type LackFilter struct {
	Sees        Sees   // what the visitor may see at all
	Stage       string // "" for every stage whose deals wait for an act
	Responsible acts.UserID
}

// DealKey is the deal after which a page begins; its zero value is the first page.
type DealKey struct {
	Day time.Time
	ID  acts.DealID
}

// LackingDeal is a deal that has no act, or whose marked rows have a remainder.
type LackingDeal struct {
	ID              acts.DealID  `db:"id"`
	Title           string       `db:"title"`
	Category        int64        `db:"category_id"`
	StageID         string       `db:"stage_id"`
	Since           time.Time    `db:"stage_since"` // day on which it came to its stage
	Uncovered       acts.Kopecks `db:"uncovered"`   // hundredths of the currency
	Currency        string       `db:"currency"`
	Responsible     acts.UserID  `db:"responsible_id"`
	ResponsibleName string       `db:"responsible_name"` // "" when it is not known
	HasActs         bool         `db:"has_acts"`         // only a remainder is left
	Forming         bool         `db:"forming"`          // a person asked for its act
	Problem         string       `db:"problem"`          // why the act that a person asked for was not formed
}

// Lacking is a page of deals without acts with what stands above it.
type Lacking struct {
	Deals    []LackingDeal
	Next     DealKey // of the next page, zero when this is the last
	Count    int     // in all, more than MostCounted are not told apart
	Settings Settings
	Users    []User // who may be responsible, by name
	Load     Load   // how far the copying of the portal's deals has come
}

var aboveLacking = `SELECT coalesce((` + readSettings + `), '{}') AS settings, ` + knownUsers + `,
	coalesce((SELECT jsonb_build_object('Seen', l.seen, 'Total', l.total, 'Done', l.done, 'Problem', l.problem) FROM loads l WHERE l.portal_id = :portal), jsonb_build_object('Done', true)) AS load`

// lacking is the filter as a condition on the deal d.
var lacking = ` d.portal_id = :portal AND d.lacks AND NOT d.deleted AND d.stage_id = ANY (CAST(:stages AS text[]))
	AND ` + seen("d.responsible_id") + ` AND (CAST(:responsible AS bigint) = 0 OR d.responsible_id = :responsible) `

// lackingOf takes the oldest deals of every value of a list, each by its index.
func lackingOf(list, condition string) string {
	const oldest = ` ORDER BY stage_since, id LIMIT 41`
	return `WITH found AS (
		SELECT f.id, f.stage_since FROM unnest(` + list + `) AS v (x) CROSS JOIN LATERAL (SELECT d.id, d.stage_since FROM deals d
			WHERE ` + lacking + ` AND ` + condition + ` AND (d.stage_since, d.id) > (CAST(:day AS date), CAST(:id AS bigint))` + oldest + `) f` + oldest + `
	)
	SELECT d.id, d.title, d.category_id, d.stage_id, d.stage_since, d.uncovered, d.currency, d.responsible_id, coalesce(u.name, '') AS responsible_name,
		EXISTS (SELECT FROM acts a WHERE a.portal_id = :portal AND a.deal_id = d.id AND a.status <> 'annulled') AS has_acts,
		coalesce(w.problem = '', false) AS forming, coalesce(w.problem, '') AS problem,
		(SELECT count(*) FROM (SELECT FROM deals d WHERE ` + lacking + ` LIMIT 101) q) AS total
	FROM found JOIN deals d ON d.portal_id = :portal AND d.id = found.id
		LEFT JOIN users u ON u.portal_id = :portal AND u.id = d.responsible_id
		LEFT JOIN form_wishes w ON w.portal_id = :portal AND w.deal_id = d.id
	ORDER BY d.stage_since, d.id`
}

// Ways to the deals of a page; each has an index of its own.
var (
	lackingByStage       = lackingOf(`CAST(:stages AS text[])`, `d.stage_id = v.x`)
	lackingBySight       = lackingOf(`CAST(:sees AS bigint[])`, `d.responsible_id = v.x`)
	lackingByResponsible = lackingOf(`ARRAY[CAST(:responsible AS bigint)]`, `d.responsible_id = v.x`)
)

func (f LackFilter) way() string {
	switch {
	case f.Responsible != 0:
		return lackingByResponsible
	case !f.Sees.All():
		return lackingBySight
	}
	return lackingByStage
}

// Lacking reads a page of the deals without acts, the oldest of their stage first, in two statements.
func (s Scope) Lacking(ctx context.Context, f LackFilter, after DealKey) (Lacking, error) {
	var above struct {
		Settings jsonb[Settings]  `db:"settings"`
		Users    jsonb[[]userRow] `db:"users"`
		Load     jsonb[Load]      `db:"load"`
	}
	var found []struct {
		LackingDeal
		Total int `db:"total"`
	}
	err := s.run(ctx, func(r runner) error {
		if err := get(ctx, r, &above, aboveLacking, s.fill(nil)); err != nil {
			return err
		}
		return list(ctx, r, &found, f.way(), s.fill(f.args(above.Settings.V, after)))
	})
	if err != nil {
		return Lacking{}, fmt.Errorf("lacking: %w", err)
	}
	out := Lacking{Settings: above.Settings.V, Load: above.Load.V, Users: usersOf(above.Users.V)}
	for _, r := range found {
		out.Count = r.Total
		r.Since = utcDay(r.Since)
		out.Deals = append(out.Deals, r.LackingDeal)
	}
	if len(out.Deals) > PageDeals {
		out.Deals = out.Deals[:PageDeals]
		last := out.Deals[PageDeals-1]
		out.Next = DealKey{Day: last.Since, ID: last.ID}
	}
	return out, nil
}

func (f LackFilter) args(settings Settings, after DealKey) args {
	stages := settings.Awaiting()
	if f.Stage != "" {
		stages = slices.DeleteFunc(stages, func(s string) bool { return s != f.Stage })
	}
	a := args{"stages": pq.Array(stages), "sees": f.Sees.value(), "responsible": int64(f.Responsible), "day": after.Day, "id": int64(after.ID)}
	if after.ID == 0 {
		a["day"] = firstDay
	}
	return a
}
