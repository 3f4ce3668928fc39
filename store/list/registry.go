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

// PageActs is the number of acts on a page of the registry.
const PageActs = 50

// PageKey is the act after which a page begins; its zero value is the first page.
type PageKey struct {
	Day time.Time
	ID  acts.ActID
}

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
}

// byDate is the order of every list of acts: the newest first.
var byDate = pg.Order{Column: "act_date", Type: "date", Descending: true}

// page reads the acts of a page, one more than is shown.
func page(q query) string {
	const columns = `a.id, a.act_date, a.deal_id, a.company_id, a.contact_id, a.medium, a.party_kind, a.status, a.delivery, a.delivery_note, a.reason,
		a.annulment, a.decided_by, a.decided_at, a.number, a.correction, a.gross, a.buyer ->> 'name' AS buyer, a.responsible_id, a.due_on`
	return `WITH found AS (` + q.newest(columns, PageActs+1) + `)
	SELECT a.id, a.act_date AS date, a.deal_id AS deal, d.title AS deal_title, a.company_id AS company, a.contact_id AS contact, a.buyer, a.medium,
		a.party_kind, a.status, a.delivery, a.delivery_note, a.reason, a.annulment, a.decided_by, a.decided_at, a.number, a.correction, a.gross, a.responsible_id AS responsible,
		u.name AS responsible_name, a.due_on AS due
	FROM found a JOIN deals d ON d.portal_id = :portal AND d.id = a.deal_id LEFT JOIN users u ON u.portal_id = :portal AND u.id = a.responsible_id` +
		byDate.By("a")
}

// Registry reads a page of the acts that a filter selects and what is shown above it. today is a day of business time.
func Registry(ctx context.Context, s store.Scope, f ActFilter, after PageKey, me acts.UserID, today time.Time) (RegistryPage, error) {
	var above overviewRow
	found := make([]Act, 0, PageActs+1)
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		names, err := f.look(ctx, r, s.Portal())
		if err != nil {
			return err
		}
		if above, err = f.overview(ctx, r, me, today); err != nil {
			return err
		}
		q := f.query(today, names)
		if f.Waiting != (report.Span{}) {
			if err := pg.Get(ctx, r, &above.MatchCount, foundIn(q), q.Args); err != nil {
				return err
			}
		}
		if after.ID != 0 {
			q.And(byDate.After("a"), pg.Args{"key": after.Day, "id": after.ID})
		}
		return pg.Select(ctx, r, &found, page(q), q.Args)
	})
	if pq.As(err, pqerror.QueryCanceled) != nil {
		return RegistryPage{}, acts.Errorf(acts.Unavailable, "Такой поиск идёт слишком долго. Уточните запрос или добавьте период.")
	}
	if err != nil {
		return RegistryPage{}, fmt.Errorf("registry: %w", err)
	}
	out := above.registry()
	if len(found) > PageActs {
		found = found[:PageActs]
		last := found[PageActs-1]
		out.Next = PageKey{Day: last.Date, ID: last.ID}
	}
	out.Acts = found
	return out, nil
}
