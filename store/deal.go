package store

import (
	"context"
	"fmt"
	"time"

	"acts24/acts"
	"acts24/store/internal/pg"
)

// Deal is our copy of a deal.
type Deal struct {
	ID           acts.DealID
	Title        string
	Category     int64 // its pipeline
	StageID      string
	Final        bool
	Semantics    string    // S success, F failure, "" on the way
	UpdatedAt    time.Time // by the clock of the CRM; zero when unknown
	Forced       bool      // a person has requested to move it although it was moved by hand
	Company      acts.CompanyID
	Contact      acts.ContactID
	OwnCompany   acts.CompanyID // 0 when neither the deal nor a person chose one
	Responsible  acts.UserID
	Amount       acts.Kopecks
	Currency     string
	Operator     string // EDO operator in a field of the deal
	Participant  string // EDO participant id in a field of the deal
	Exchange     string // «Способ обмена» in a field of the deal
	Email        string // of the counterparty, from its card
	Phones       string // of the counterparty, from its card
	Buyer        acts.Party
	Basis        acts.DealBasis // in the fields that the administrator chose
	Requisites   acts.RequisiteChoice
	UnknownOwn   bool       // the deal names our requisites and the settings do not have them
	LastSet      string     // the stage id that we set last, "" if we have never moved the deal
	LastFor      acts.Stage // the target for which it was set
	StageNote    string
	Deleted      bool
	StageSince   time.Time     // day on which it came to its stage
	Closing      acts.Closing  // of a deal without rows: why it needs no act
	ClosedAmount acts.Kopecks  // the sum of the deal when that was decided
	Whole        bool          // the whole deal was read, not only its summary
	Age          time.Duration // since it was read from the CRM
	ManualAmount bool          // the sum was typed by a person: it need not be that of the rows
	TaxValue     acts.Kopecks  // tax in the sum, as the CRM counts it
	ActSum       acts.Kopecks  // sum of the acts that count, in roubles
	Rows         []acts.ProductRow
	Lost         []acts.ProductRow // rows that the deal no longer has although acts cover a part of them

	storedRows []acts.ProductRow // all rows that were ever read, also those that left the deal
}

// InRoubles reports whether the deal is in the currency of its acts.
func (d Deal) InRoubles() bool { return d.Currency == "" || d.Currency == "RUB" }

// IsClosed reports whether a person has decided that a deal without rows needs no act. A sum that grows later needs one.
func (d Deal) IsClosed() bool { return d.Closing.Reason != "" && d.Amount <= d.ClosedAmount }

// chosenOwn finds our requisites that the deal's link names.
const chosenOwn = `(SELECT o.id FROM own_companies o
	WHERE o.portal_id = :portal AND o.requisite_id = CAST(d.requisites ->> 'own' AS bigint) AND NOT o.gone ORDER BY o.id LIMIT 1)`

const dealColumns = `id, title, category_id AS category, stage_id, final, semantics, updated_at, forced, company_id AS company, contact_id AS contact,
	responsible_id AS responsible, coalesce(` + chosenOwn + `, own_company_id) AS own_company, coalesce(CAST(d.requisites ->> 'own' AS bigint), 0) <> 0 AND ` + chosenOwn + ` IS NULL AS unknown_own, requisites, amount, currency,
	operator, participant, exchange, email, phones, buyer, basis, last_set, last_for, stage_note, deleted, stage_since, closed AS "closing.reason", closed_by AS "closing.by", closed_at AS "closing.at", closed_amount, manual_amount, tax_value,
	(SELECT CAST(coalesce(sum(a.gross), 0) AS bigint) FROM acts a
		WHERE a.portal_id = :portal AND a.deal_id = d.id AND a.status <> 'annulled' AND a.replaced_by IS NULL) AS act_sum,
	read_at > 'epoch' AS whole, CAST(extract(epoch FROM clock_timestamp() - read_at) * 1e9 AS bigint) AS age`

const dealByID = `SELECT ` + dealColumns + ` FROM deals d WHERE portal_id = :portal AND id = :id`

// lockDeal does not lock the key of the row, like all locks of rows in this package, so that an insert that refers to the row does not wait.
const lockDeal = dealByID + ` FOR NO KEY UPDATE`

// Get reads the copy of a deal with its rows and the quantities that acts cover.
func (s Deals) Get(ctx context.Context, id acts.DealID) (Deal, error) {
	return s.deal(ctx, dealByID, id)
}

// Lock reads a deal and locks it until the transaction ends, so that nobody else forms acts of it.
func (tx DealsTx) Lock(ctx context.Context, id acts.DealID) (Deal, error) {
	return tx.deal(ctx, lockDeal, id)
}

// GetWithoutRows reads the copy of a deal without its rows.
func (s Deals) GetWithoutRows(ctx context.Context, id acts.DealID) (Deal, error) {
	var d Deal
	err := pg.GetFixed(ctx, s, &d, dealByID, pg.Args{"id": id})
	return d, pg.NotFound(err, "deal", noDeal)
}

const noDeal = "Сделка не найдена. Откройте её карточку в Битрикс24 ещё раз."

func (s Deals) deal(ctx context.Context, query string, id acts.DealID) (Deal, error) {
	var d Deal
	var rows []acts.ProductRow
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.GetFixed(ctx, r, &d, query, pg.Args{"id": id}); err != nil {
			return err
		}
		return pg.Select(ctx, r, &rows, rowsOfDeal, pg.Args{"id": id})
	})
	if err != nil {
		return Deal{}, pg.NotFound(err, "deal", noDeal)
	}
	d.setRows(rows)
	return d, nil
}

// saveDeal returns the closing of a deal that a person closed in the list before its rows were read; the rows then get it.
const saveDeal = `
	WITH listed AS (SELECT closed, closed_by, closed_at FROM deals
		WHERE portal_id = :portal AND id = :id AND read_at = 'epoch' AND closed <> '' AND :amount <= closed_amount)
	INSERT INTO deals (portal_id, id, title, category_id, stage_id, final, semantics, updated_at, company_id, contact_id, own_company_id, responsible_id,
		amount, currency, operator, participant, exchange, email, phones, buyer, basis, requisites, stage_since, manual_amount, tax_value)
	VALUES (:portal, :id, :title, :category, :stage, :final, :semantics, :updated, :company, :contact, :own, :responsible,
		:amount, :currency, :operator, :participant, :exchange, :email, :phones, :buyer, :basis, :requisites, :since, :manual, :tax_value)
	ON CONFLICT (portal_id, id) DO UPDATE SET title = EXCLUDED.title, category_id = EXCLUDED.category_id, stage_id = EXCLUDED.stage_id,
		final = EXCLUDED.final, semantics = EXCLUDED.semantics, updated_at = EXCLUDED.updated_at, company_id = EXCLUDED.company_id, contact_id = EXCLUDED.contact_id,
		own_company_id = CASE EXCLUDED.own_company_id WHEN 0 THEN deals.own_company_id ELSE EXCLUDED.own_company_id END,
		responsible_id = EXCLUDED.responsible_id, amount = EXCLUDED.amount, currency = EXCLUDED.currency,
		operator = EXCLUDED.operator, participant = EXCLUDED.participant, exchange = EXCLUDED.exchange,
		email = EXCLUDED.email, phones = EXCLUDED.phones, buyer = EXCLUDED.buyer, basis = EXCLUDED.basis, requisites = EXCLUDED.requisites, stage_since = EXCLUDED.stage_since, deleted = false,
		manual_amount = EXCLUDED.manual_amount, tax_value = EXCLUDED.tax_value,
		closed = CASE WHEN CAST(:has_rows AS boolean) THEN '' ELSE deals.closed END, read_at = clock_timestamp()
	RETURNING (SELECT closed FROM listed) AS reason, (SELECT closed_by FROM listed) AS by, (SELECT closed_at FROM listed) AS at`

// Save replaces our copy of a deal; the marks on its rows are kept.
func (tx DealsTx) Save(ctx context.Context, d Deal) error {
	var closing acts.Closing
	err := pg.Get(ctx, tx, &closing, saveDeal, pg.Args{"id": d.ID, "title": d.Title, "category": d.Category, "stage": d.StageID, "final": d.Final,
		"semantics": d.Semantics, "updated": pg.NullTime(d.UpdatedAt),
		"company": d.Company, "contact": d.Contact, "own": d.OwnCompany, "responsible": d.Responsible,
		"amount": d.Amount, "currency": d.Currency, "operator": d.Operator, "participant": d.Participant, "exchange": d.Exchange, "email": d.Email, "phones": d.Phones, "buyer": pg.AsJSON(d.Buyer), "basis": pg.AsJSON(d.Basis), "requisites": pg.AsJSON(d.Requisites), "since": d.StageSince, "manual": d.ManualAmount, "tax_value": d.TaxValue, "has_rows": len(d.Rows) > 0})
	if err != nil {
		return fmt.Errorf("save deal: %w", err)
	}
	return tx.saveRows(ctx, d.ID, d.Rows, closing)
}
