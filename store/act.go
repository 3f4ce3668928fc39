package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// actColumns are the fields of acts.Act. The number of a correction has a column of its own.
const actColumns = `a.id, a.deal_id AS deal, d.title AS deal_title, a.number, a.wanted_number AS wanted, a.act_date AS date, a.period_from AS "from",
	a.period_to AS "to", a.medium, a.party_kind, a.channel, a.function, a.status, a.marked_by_person, a.reason, a.delivery, a.delivery_note,
	a.annul_after, a.replaced_by, a.corrects, a.copy_of, a.corrected AS correction, a.correction AS "correction.n", a.own_company_id AS own_company,
	a.seller, a.buyer, a.company_id AS company, a.contact_id AS contact, a.operator, a.vat_ground, a.payments, a.state_contract, a.zero_ground,
	a.basis, a.signer, a.comment, a.net AS "totals.net", a.tax AS "totals.tax", a.gross AS "totals.gross", a.deal_state,
	a.responsible_id AS responsible, a.created_by, a.created_at, a.item_id AS item, a.item_gone, a.sent_at, a.sent_channel, a.track, a.scan_on,
	a.original_on,
	a.paper_form, a.annulment, a.decided_by, a.decided_at, a.remarks`

const actFrom = ` FROM acts a JOIN deals d ON d.portal_id = a.portal_id AND d.id = a.deal_id `

const (
	actByID     = `SELECT ` + actColumns + actFrom + `WHERE a.portal_id = :portal AND a.id = :id`
	lockDealOf  = `SELECT id FROM deals WHERE portal_id = :portal AND id = (SELECT deal_id FROM acts WHERE portal_id = :portal AND id = :id) FOR NO KEY UPDATE`
	lockAct     = actByID + ` FOR NO KEY UPDATE OF a`
	actByForm   = `SELECT id FROM acts WHERE portal_id = :portal AND form_key = :form`
	actByItem   = `SELECT id FROM acts WHERE portal_id = :portal AND item_id = :item`
	actsOfDeal  = `SELECT ` + actColumns + actFrom + `WHERE a.portal_id = :portal AND a.deal_id = :deal ORDER BY a.id DESC LIMIT 200`
	linesOfAct  = `SELECT n, row_id AS row, name, kind, unit, quantity, price, rate, net, tax, gross FROM act_lines WHERE portal_id = :portal AND act_id = :id ORDER BY n`
	itemBaseOf  = `SELECT item_base FROM acts WHERE portal_id = :portal AND id = :id`
	actNotFound = "Такого акта нет."
)

// Get reads an act with its lines.
func (s Acts) Get(ctx context.Context, id acts.ActID) (acts.Act, error) {
	return s.act(ctx, actByID, id)
}

// Lock reads an act and locks it until the transaction ends. Every transaction locks in the same order, so that two cannot
// deadlock: a document, its deal, the act, then the rows that depend on them.
func (tx ActsTx) Lock(ctx context.Context, id acts.ActID) (acts.Act, error) {
	if _, err := pg.Exec(ctx, tx, lockDealOf, pg.Args{"id": id}); err != nil {
		return acts.Act{}, fmt.Errorf("lock the deal of act %d: %w", id, err)
	}
	return tx.act(ctx, lockAct, id)
}

func (s Acts) act(ctx context.Context, query string, id acts.ActID) (acts.Act, error) {
	var act acts.Act
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.GetFixed(ctx, r, &act, query, pg.Args{"id": id}); err != nil {
			return err
		}
		return pg.Select(ctx, r, &act.Lines, linesOfAct, pg.Args{"id": id})
	})
	if err != nil {
		return acts.Act{}, pg.NotFound(err, "act", actNotFound)
	}
	return act, nil
}

// OfDeal lists the acts of a deal, newest first, without their lines.
func (s Acts) OfDeal(ctx context.Context, deal acts.DealID) ([]acts.Act, error) {
	return s.acts(ctx, actsOfDeal, pg.Args{"deal": deal})
}

const openActsOfDeal = `SELECT id FROM acts WHERE portal_id = :portal AND deal_id = :deal AND status <> ALL (CAST(:ended AS text[])) AND replaced_by IS NULL ORDER BY id`

// OpenOfDeal lists the acts of a deal that have not ended, in the order in which they are locked.
func (s Acts) OpenOfDeal(ctx context.Context, deal acts.DealID) ([]acts.ActID, error) {
	var ids []acts.ActID
	if err := pg.Select(ctx, s, &ids, openActsOfDeal, pg.Args{"deal": deal, "ended": pq.Array(acts.FinalStatuses)}); err != nil {
		return nil, fmt.Errorf("open acts of deal: %w", err)
	}
	return ids, nil
}

func (s Acts) acts(ctx context.Context, query string, a pg.Args) ([]acts.Act, error) {
	found := []acts.Act{}
	if err := pg.Select(ctx, s, &found, query, a); err != nil {
		return nil, fmt.Errorf("list acts: %w", err)
	}
	return found, nil
}

// OfForm finds the act that a form has made already, 0 when there is none.
func (s Acts) OfForm(ctx context.Context, form string) (acts.ActID, error) {
	return s.actID(ctx, actByForm, pg.Args{"form": form})
}

// OfItem finds the act behind a CRM item, 0 when there is none.
func (s Acts) OfItem(ctx context.Context, item acts.ItemID) (acts.ActID, error) {
	return s.actID(ctx, actByItem, pg.Args{"item": item})
}

func (s Acts) actID(ctx context.Context, query string, a pg.Args) (acts.ActID, error) {
	var id acts.ActID
	if _, err := pg.Find(ctx, s, &id, query, a); err != nil {
		return 0, fmt.Errorf("find act: %w", err)
	}
	return id, nil
}

// ItemBase reads what the CRM item of the act held after our last write.
func (s Acts) ItemBase(ctx context.Context, id acts.ActID) (map[string]string, error) {
	var base map[string]string
	err := pg.Get(ctx, s, &base, itemBaseOf, pg.Args{"id": id})
	return base, pg.NotFound(err, "item base", actNotFound)
}

const responsibleOfAct = `SELECT a.responsible_id, d.responsible_id AS deals FROM acts a JOIN deals d ON d.portal_id = a.portal_id AND d.id = a.deal_id
	WHERE a.portal_id = :portal AND a.id = :id`

// Responsible returns the employees that decide whether a visitor may see the act: its own responsible, and that of its deal.
func (s Acts) Responsible(ctx context.Context, id acts.ActID) (own, deals acts.UserID, err error) {
	var row struct {
		Own   acts.UserID `db:"responsible_id"`
		Deals acts.UserID `db:"deals"`
	}
	err = pg.Get(ctx, s, &row, responsibleOfAct, pg.Args{"id": id})
	return row.Own, row.Deals, pg.NotFound(err, "responsible of act", "Такого акта нет.")
}
