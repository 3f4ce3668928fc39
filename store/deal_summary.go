package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
	"acts24/store/internal/pg"
)

const dealSummaries = `SELECT id, title, category_id, stage_id, semantics, company_id, contact_id, responsible_id, amount, currency, deleted, updated_at,
		stage_since, read_at > 'epoch' AS whole,
		EXISTS (SELECT FROM acts a WHERE a.portal_id = :portal AND a.deal_id = d.id AND a.status <> 'annulled') AS has_acts
	FROM deals d WHERE portal_id = :portal AND id = ANY (CAST(:ids AS bigint[]))`

// DealSummary has the fields of a deal that show whether our copy of it is up to date.
type DealSummary struct {
	ID          acts.DealID    `db:"id" json:"id"`
	Title       string         `db:"title" json:"title"`
	Category    int64          `db:"category_id" json:"category_id"`
	StageID     string         `db:"stage_id" json:"stage_id"`
	Semantics   string         `db:"semantics" json:"semantics"`
	Company     acts.CompanyID `db:"company_id" json:"company_id"`
	Contact     acts.ContactID `db:"contact_id" json:"contact_id"`
	Responsible acts.UserID    `db:"responsible_id" json:"responsible_id"`
	Amount      acts.Kopecks   `db:"amount" json:"amount"`
	Currency    string         `db:"currency" json:"currency"`
	UpdatedAt   *time.Time     `db:"updated_at" json:"updated_at"`
	StageSince  time.Time      `db:"stage_since" json:"stage_since"` // day on which it came to its stage

	Deleted bool `db:"deleted" json:"-"`
	HasActs bool `db:"has_acts" json:"-"`
	Whole   bool `db:"whole" json:"-"` // the whole deal was read, not only its summary
}

// Same reports whether a copy equals what the CRM has now.
func (h DealSummary) Same(now DealSummary) bool {
	at := h.UpdatedAt != nil && now.UpdatedAt != nil && h.UpdatedAt.Equal(*now.UpdatedAt)
	return at && !h.Deleted && h.Title == now.Title && h.StageID == now.StageID && h.Responsible == now.Responsible && h.Company == now.Company && h.Contact == now.Contact &&
		h.Amount == now.Amount && h.Currency == now.Currency
}

// NeedsFullRead reports whether the whole deal has to be read again: it has acts, or its parties or its money have changed.
func (h DealSummary) NeedsFullRead(now DealSummary) bool {
	return h.HasActs || h.Whole && (h.Deleted || h.Amount != now.Amount || h.Company != now.Company || h.Contact != now.Contact || h.Currency != now.Currency)
}

// Summaries reads the summaries of those deals that we have copies of.
func (s Deals) Summaries(ctx context.Context, ids []acts.DealID) (map[acts.DealID]DealSummary, error) {
	var found []DealSummary
	if err := pg.Select(ctx, s, &found, dealSummaries, pg.Args{"ids": pg.IDs(ids)}); err != nil {
		return nil, fmt.Errorf("summaries of deals: %w", err)
	}
	byID := make(map[acts.DealID]DealSummary, len(found))
	for _, h := range found {
		byID[h.ID] = h
	}
	return byID, nil
}

// grownRemainder holds for a deal without rows that was closed in the list, has no act and has a larger sum now: it waits for an act again.
const grownRemainder = `deals.read_at = 'epoch' AND deals.closed <> '' AND EXCLUDED.amount > deals.closed_amount
		AND NOT EXISTS (SELECT FROM acts a WHERE a.portal_id = :portal AND a.deal_id = deals.id AND a.status <> 'annulled' AND a.replaced_by IS NULL)`

// saveSummaries adds copies of deals that are new to us. Existing copies are replaced only when :replace is set, and not by older data.
const saveSummaries = `
	INSERT INTO deals (portal_id, id, title, category_id, stage_id, final, semantics, updated_at, company_id, contact_id, responsible_id, amount, currency,
		stage_since, uncovered, read_at)
	SELECT :portal, h.id, h.title, h.category_id, h.stage_id, h.semantics <> '', h.semantics, h.updated_at, h.company_id, h.contact_id, h.responsible_id,
		h.amount, h.currency, h.stage_since, h.amount, 'epoch'
	FROM jsonb_to_recordset(CAST(:summaries AS jsonb)) AS h (id bigint, title text, category_id bigint, stage_id text, semantics text, updated_at timestamptz,
		company_id bigint, contact_id bigint, responsible_id bigint, amount bigint, currency text, stage_since date)
	ORDER BY h.id
	ON CONFLICT (portal_id, id) DO UPDATE SET title = EXCLUDED.title, category_id = EXCLUDED.category_id, stage_id = EXCLUDED.stage_id,
		final = EXCLUDED.final, semantics = EXCLUDED.semantics, updated_at = EXCLUDED.updated_at, company_id = EXCLUDED.company_id,
		contact_id = EXCLUDED.contact_id, responsible_id = EXCLUDED.responsible_id, amount = EXCLUDED.amount, currency = EXCLUDED.currency,
		stage_since = EXCLUDED.stage_since, deleted = false,
		buyer = CASE WHEN deals.read_at = 'epoch' AND (EXCLUDED.company_id <> deals.company_id OR EXCLUDED.contact_id <> deals.contact_id AND EXCLUDED.company_id = 0)
			THEN '{}' ELSE deals.buyer END,
		needs_act = deals.needs_act OR ` + grownRemainder + `,
		uncovered = CASE WHEN (deals.needs_act OR ` + grownRemainder + `)
			AND NOT EXISTS (SELECT FROM deal_rows r WHERE r.portal_id = :portal AND r.deal_id = deals.id AND NOT r.gone)
			THEN EXCLUDED.amount ELSE deals.uncovered END
	WHERE CAST(:replace AS boolean) AND coalesce(deals.updated_at <= EXCLUDED.updated_at, true)`

// AddSummaries adds the summaries of deals that are new to us and leaves existing copies unchanged.
func (tx DealsTx) AddSummaries(ctx context.Context, list []DealSummary) error {
	return tx.saveSummaries(ctx, list, false)
}

// SaveSummaries adds the summaries of deals and replaces existing copies.
func (tx DealsTx) SaveSummaries(ctx context.Context, list []DealSummary) error {
	return tx.saveSummaries(ctx, list, true)
}

func (tx DealsTx) saveSummaries(ctx context.Context, list []DealSummary, replace bool) error {
	if len(list) == 0 {
		return nil
	}
	if _, err := pg.Exec(ctx, tx, saveSummaries, pg.Args{"summaries": pg.AsJSON(list), "replace": replace}); err != nil {
		return fmt.Errorf("save summaries of deals: %w", err)
	}
	return nil
}

const saveMoved = `
	UPDATE deals SET updated_at = :updated_at, stage_since = :since, semantics = :semantics
	WHERE portal_id = :portal AND id = :deal AND updated_at = :read AND NOT deleted AND title = :title AND company_id = :company AND contact_id = :contact
		AND responsible_id = :responsible AND amount = :amount AND currency = :currency`

// SaveMoved stores the update time that our own move to another stage has given a deal, so that the move is not taken for a change which has
// to be read. A copy that was older than what was read before the move, or that differs in more than the stage, is left as it is: it will be read.
func (tx DealsTx) SaveMoved(ctx context.Context, read time.Time, moved DealSummary) error {
	_, err := pg.Exec(ctx, tx, saveMoved, pg.Args{"deal": moved.ID, "read": read, "updated_at": moved.UpdatedAt, "since": moved.StageSince, "semantics": moved.Semantics,
		"title": moved.Title, "company": moved.Company, "contact": moved.Contact, "responsible": moved.Responsible, "amount": moved.Amount, "currency": moved.Currency})
	if err != nil {
		return fmt.Errorf("save a moved deal: %w", err)
	}
	return nil
}

const dealsBetween = `SELECT id FROM deals WHERE portal_id = :portal AND id > :after AND id <= :until AND NOT deleted AND id <> ALL (CAST(:but AS bigint[]))`

// Between lists our copies of deals in a range of ids, without those given.
func (s Deals) Between(ctx context.Context, after, until acts.DealID, but []acts.DealID) ([]acts.DealID, error) {
	var ids []acts.DealID
	if err := pg.Select(ctx, s, &ids, dealsBetween, pg.Args{"after": after, "until": until, "but": pg.IDs(but)}); err != nil {
		return nil, fmt.Errorf("deals between: %w", err)
	}
	return ids, nil
}

// Buyer is the counterparty of deals: the company, or else the contact.
type Buyer struct {
	Company acts.CompanyID `db:"company_id" json:"company_id"` // 0 for a contact
	Contact acts.ContactID `db:"contact_id" json:"contact_id"` // 0 for a company
	Name    string         `db:"name" json:"name"`
}

// NamelessPage is how many counterparties Nameless returns at most.
const NamelessPage = 500

const namelessBuyers = `SELECT DISTINCT d.company_id, CASE WHEN d.company_id = 0 THEN d.contact_id ELSE 0 END AS contact_id, '' AS name
	FROM deals d WHERE d.portal_id = :portal AND d.needs_act AND NOT d.deleted AND d.buyer_key = U&'\+10FFFF' AND d.stage_id = ANY (CAST(:stages AS text[]))
		AND (d.company_id, CASE WHEN d.company_id = 0 THEN d.contact_id ELSE 0 END) > (:company, :contact)
	ORDER BY 1, 2 LIMIT :most`

// Nameless lists the counterparties of deals without acts, on stages whose deals wait for one, that were not read in full: their names are
// unknown. It begins after a given one.
func (s Deals) Nameless(ctx context.Context, stages []string, after Buyer) ([]Buyer, error) {
	var found []Buyer
	args := pg.Args{"stages": pq.Array(stages), "company": after.Company, "contact": after.Contact, "most": NamelessPage}
	if err := pg.Select(ctx, s, &found, namelessBuyers, args); err != nil {
		return nil, fmt.Errorf("nameless counterparties: %w", err)
	}
	return found, nil
}

const nameBuyers = `UPDATE deals d SET buyer = d.buyer || jsonb_build_object('name', n.name)
	FROM jsonb_to_recordset(CAST(:buyers AS jsonb)) AS n (company_id bigint, contact_id bigint, name text)
	WHERE d.portal_id = :portal AND d.buyer_key = U&'\+10FFFF' AND d.company_id = n.company_id AND (n.company_id <> 0 OR d.contact_id = n.contact_id)`

// NameBuyers stores the names of counterparties in our copies of their deals that have none.
func (tx DealsTx) NameBuyers(ctx context.Context, list []Buyer) error {
	if len(list) == 0 {
		return nil
	}
	if _, err := pg.Exec(ctx, tx, nameBuyers, pg.Args{"buyers": pg.AsJSON(list)}); err != nil {
		return fmt.Errorf("name counterparties of deals: %w", err)
	}
	return nil
}
