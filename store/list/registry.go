package list

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/acts/report"
	"acts24/store"
	"acts24/store/internal/pg"
)

// PageActs is the number of acts on a page of a visitor who has chosen no other of PageSizes.
const PageActs = 50

// PageSizes are the numbers of acts that a page may have.
var PageSizes = []int{20, PageActs, 100}

// Act is what a list shows of an act, and no more: a page has many of them.
type Act struct {
	ID              acts.ActID
	Number          string
	Correction      int // of the document with this number, 0 of the document itself
	Date            time.Time
	Deal            acts.DealID
	DealTitle       string
	Company         acts.CompanyID
	Contact         acts.ContactID
	Buyer           string
	Medium          acts.Medium
	PartyKind       acts.PartyKind
	Status          acts.Status
	Delivery        acts.Delivery
	DeliveryNote    string
	Reason          string
	Annulment       acts.Annulment
	DecidedBy       string
	DecidedAt       time.Time
	Gross           acts.Kopecks
	Responsible     acts.UserID
	ResponsibleName string    // "" when we have no copy of the employee
	Due             time.Time // the deadline of the counterparty's signature, zero when there is none

	BuyerINN string
	Basis    acts.Basis
	Tax      acts.Kopecks
	From, To time.Time // period, both zero when there is none
	SentAt   time.Time
	SignedAt time.Time
	Operator string
	Original time.Time // day on which the paper original came
}

// registryRow is an act with its value of the order.
type registryRow struct {
	Act
	SortKey string
}

// page returns the statement that reads the acts of a page, one more than is shown.
func page(q query, size int) string {
	const columns = `a.id, a.act_date, a.deal_id, a.company_id, a.contact_id, a.medium, a.party_kind, a.status, a.delivery, a.delivery_note, a.reason,
		a.annulment, a.decided_by, a.decided_at, a.number, a.correction, a.gross, a.buyer ->> 'name' AS buyer, a.responsible_id, a.due_on,
		a.buyer ->> 'inn' AS buyer_inn, a.basis, a.tax, a.period_from, a.period_to, a.sent_at, a.signed_at, a.operator, a.original_on, a.`
	return `WITH found AS (` + q.first(columns+q.order.Column+` AS sort_key`, size+1) + `)
	SELECT a.id, a.act_date AS date, a.deal_id AS deal, d.title AS deal_title, a.company_id AS company, a.contact_id AS contact, a.buyer, a.medium,
		a.party_kind, a.status, a.delivery, a.delivery_note, a.reason, a.annulment, a.decided_by, a.decided_at, a.number, a.correction, a.gross, a.responsible_id AS responsible,
		u.name AS responsible_name, a.due_on AS due, CAST(a.sort_key AS text) AS sort_key,
		a.buyer_inn, a.basis, a.tax, a.period_from AS "from", a.period_to AS "to", a.sent_at, a.signed_at, a.operator, a.original_on AS original
	FROM found a JOIN deals d ON d.portal_id = :portal AND d.id = a.deal_id LEFT JOIN users u ON u.portal_id = :portal AND u.id = a.responsible_id` +
		pg.Order{Column: "sort_key", Descending: q.order.Descending}.By("a")
}

// Registry reads a page of the acts that a filter selects and what is shown above it. today is a day of business time.
func Registry(ctx context.Context, s store.Scope, f ActFilter, p Page, me acts.UserID, today time.Time) (RegistryPage, error) {
	var above overviewRow
	var found []registryRow
	size := PageActs
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		names, err := f.findNames(ctx, r, s.Portal())
		if err != nil {
			return err
		}
		if above, err = f.overview(ctx, r, me, today); err != nil {
			return err
		}
		q := f.query(today, names, p.Sort)
		if above.Look.PageSize != 0 {
			size = above.Look.PageSize
		}
		if p.Total || f.Waiting != (report.Span{}) {
			if err := pg.Get(ctx, r, &above.MatchCount, countMatches(q), q.Args); err != nil {
				return err
			}
		}
		if p.After.ID != 0 {
			q.And(q.order.After("a"), pg.Args{"key": p.After.Value, "id": p.After.ID})
		}
		return pg.Select(ctx, r, &found, page(q, size), q.Args)
	})
	if pq.As(err, pqerror.QueryCanceled) != nil {
		return RegistryPage{}, acts.Errorf(acts.Unavailable, "Такой поиск идёт слишком долго. Уточните запрос или добавьте период.")
	}
	if err != nil {
		return RegistryPage{}, fmt.Errorf("registry: %w", err)
	}
	out := above.registry()
	if len(found) > size {
		found = found[:size]
		last := found[size-1]
		out.Next = PageKey{Value: last.SortKey, ID: int64(last.ID)}
	}
	for _, row := range found {
		out.Acts = append(out.Acts, row.Act)
	}
	return out, nil
}
