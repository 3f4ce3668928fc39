package store

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

// Deal is our copy of a deal.
type Deal struct {
	ID          acts.DealID
	Title       string
	Category    int64
	StageID     string
	Final       bool
	Semantics   string    // S success, F failure, "" on the way
	UpdatedAt   time.Time // by the clock of the CRM; zero when it is not known
	Forced      bool      // a person asked to move it whatever was moved by hand
	Company     acts.CompanyID
	Contact     acts.ContactID
	OwnCompany  acts.CompanyID // 0 when neither the deal nor a person chose one
	Responsible acts.UserID
	Amount      acts.Kopecks
	Currency    string
	Operator    string // EDO operator kept on the deal
	Participant string // EDO participant id kept on the deal
	Exchange    string // «Способ обмена» kept on the deal
	Email       string // of the counterparty, from its card
	Phones      string // of the counterparty, from its card
	Buyer       acts.Party
	LastSet     string
	LastFor     acts.Stage
	StageNote   string
	Deleted     bool
	StageSince  time.Time     // day on which it came to its stage
	Closed      string        // why what no act covers needs none
	ClosedBy    string        // who said so
	Whole       bool          // more than its head was read
	Age         time.Duration // since it was read from the CRM
	Rows        []acts.ProductRow
}

type dealRow struct {
	ID          int64             `db:"id"`
	Title       string            `db:"title"`
	Category    int64             `db:"category_id"`
	StageID     string            `db:"stage_id"`
	Final       bool              `db:"final"`
	Semantics   string            `db:"semantics"`
	UpdatedAt   *time.Time        `db:"updated_at"`
	Forced      bool              `db:"forced"`
	Company     int64             `db:"company_id"`
	Contact     int64             `db:"contact_id"`
	OwnCompany  int64             `db:"own_company_id"`
	Responsible int64             `db:"responsible_id"`
	Amount      int64             `db:"amount"`
	Currency    string            `db:"currency"`
	Operator    string            `db:"operator"`
	Participant string            `db:"participant"`
	Exchange    string            `db:"exchange"`
	Email       string            `db:"email"`
	Phones      string            `db:"phones"`
	Buyer       jsonb[acts.Party] `db:"buyer"`
	LastSet     string            `db:"last_set"`
	LastFor     int               `db:"last_for"`
	StageNote   string            `db:"stage_note"`
	Deleted     bool              `db:"deleted"`
	StageSince  time.Time         `db:"stage_since"`
	Closed      string            `db:"closed"`
	ClosedBy    string            `db:"closed_by"`
	Whole       bool              `db:"whole"`
	Age         float64           `db:"age"`
}

func (r dealRow) deal() Deal {
	return Deal{ID: acts.DealID(r.ID), Title: r.Title, Category: r.Category, StageID: r.StageID, Final: r.Final,
		Semantics: r.Semantics, UpdatedAt: orZeroTime(r.UpdatedAt), Forced: r.Forced, Company: acts.CompanyID(r.Company), Contact: acts.ContactID(r.Contact), OwnCompany: acts.CompanyID(r.OwnCompany),
		Responsible: acts.UserID(r.Responsible), Amount: acts.Kopecks(r.Amount), Currency: r.Currency,
		Operator: r.Operator, Participant: r.Participant, Exchange: r.Exchange, Email: r.Email, Phones: r.Phones, Buyer: r.Buyer.V, LastSet: r.LastSet, LastFor: acts.Stage(r.LastFor),
		StageNote: r.StageNote, Deleted: r.Deleted, StageSince: utcDay(r.StageSince), Closed: r.Closed, ClosedBy: r.ClosedBy, Whole: r.Whole, Age: time.Duration(r.Age * float64(time.Second))}
}

const dealColumns = `id, title, category_id, stage_id, final, semantics, updated_at, forced, company_id, contact_id, own_company_id, responsible_id, amount, currency,
	operator, participant, exchange, email, phones, buyer, last_set, last_for, stage_note, deleted, stage_since, closed, closed_by,
	read_at > 'epoch' AS whole, extract(epoch FROM clock_timestamp() - read_at) AS age`

const dealByID = `SELECT ` + dealColumns + ` FROM deals WHERE portal_id = :portal AND id = :id`

// lockDeal, as every lock of a row here, leaves its key alone: who only refers to the row does not wait.
const lockDeal = dealByID + ` FOR NO KEY UPDATE`

// rowsOfDeal also adds up what acts that count have taken of each row.
const rowsOfDeal = `
	SELECT r.id, r.sort, r.name, r.quantity, r.price, r.rate, r.unit, r.needs_act, r.closed, r.gone,
		coalesce(l.quantity, 0) AS in_acts, coalesce(l.net, 0) AS net, coalesce(l.tax, 0) AS tax, coalesce(l.gross, 0) AS gross
	FROM deal_rows r
	LEFT JOIN (
		SELECT l.row_id, sum(l.quantity) AS quantity, CAST(sum(l.net) AS bigint) AS net,
			CAST(sum(l.tax) AS bigint) AS tax, CAST(sum(l.gross) AS bigint) AS gross
		FROM acts a JOIN act_lines l ON l.portal_id = a.portal_id AND l.act_id = a.id
		WHERE a.portal_id = :portal AND a.deal_id = :id AND a.status <> 'annulled' AND a.replaced_by IS NULL
		GROUP BY l.row_id
	) l ON l.row_id = r.id
	WHERE r.portal_id = :portal AND r.deal_id = :id AND NOT r.gone
	ORDER BY r.sort, r.id`

type productRow struct {
	ID       int64            `db:"id" json:"id"`
	Sort     int              `db:"sort" json:"sort"`
	Name     string           `db:"name" json:"name"`
	Quantity decimal.Decimal  `db:"quantity" json:"quantity"`
	Price    decimal.Decimal  `db:"price" json:"price"`
	Rate     string           `db:"rate" json:"rate"`
	Unit     jsonb[acts.Unit] `db:"unit" json:"unit"`
	NeedsAct bool             `db:"needs_act" json:"needs_act"`
	Closed   string           `db:"closed" json:"closed"`
	Gone     bool             `db:"gone" json:"gone"`
	InActs   decimal.Decimal  `db:"in_acts" json:"in_acts"`
	Net      int64            `db:"net" json:"net"`
	Tax      int64            `db:"tax" json:"tax"`
	Gross    int64            `db:"gross" json:"gross"`
}

// Deal reads the copy of a deal with its rows and what acts have taken of them.
func (s Scope) Deal(ctx context.Context, id acts.DealID) (Deal, error) {
	return s.deal(ctx, dealByID, id)
}

// LockDeal reads a deal and keeps others from making acts of it until the transaction ends.
func (tx Tx) LockDeal(ctx context.Context, id acts.DealID) (Deal, error) {
	return tx.deal(ctx, lockDeal, id)
}

// DealAlone reads the copy of a deal without its rows.
func (s Scope) DealAlone(ctx context.Context, id acts.DealID) (Deal, error) {
	var row dealRow
	err := s.get(ctx, &row, dealByID, args{"id": int64(id)})
	return row.deal(), missing(err, "deal", noDeal)
}

const noDeal = "Сделка не найдена. Откройте её карточку в Битрикс24 ещё раз."

func (s Scope) deal(ctx context.Context, query string, id acts.DealID) (Deal, error) {
	var row dealRow
	var rows []productRow
	err := s.run(ctx, func(r runner) error {
		if err := get(ctx, r, &row, query, s.fill(args{"id": int64(id)})); err != nil {
			return err
		}
		return list(ctx, r, &rows, rowsOfDeal, s.fill(args{"id": int64(id)}))
	})
	if err != nil {
		return Deal{}, missing(err, "deal", noDeal)
	}
	d := row.deal()
	d.Rows = productRows(rows)
	return d, nil
}

func productRows(rows []productRow) []acts.ProductRow {
	out := make([]acts.ProductRow, len(rows))
	for i, r := range rows {
		out[i] = acts.ProductRow{ID: acts.RowID(r.ID), Sort: r.Sort, Name: r.Name, Quantity: r.Quantity, Price: r.Price,
			Rate: acts.Rate(r.Rate), Unit: r.Unit.V, NeedsAct: r.NeedsAct, Closed: r.Closed != "", InActs: r.InActs,
			ActTotals: acts.Totals{Net: acts.Kopecks(r.Net), Tax: acts.Kopecks(r.Tax), Gross: acts.Kopecks(r.Gross)}}
	}
	return out
}

const saveDeal = `
	INSERT INTO deals (portal_id, id, title, category_id, stage_id, final, semantics, updated_at, company_id, contact_id, own_company_id, responsible_id,
		amount, currency, operator, participant, exchange, email, phones, buyer, stage_since)
	VALUES (:portal, :id, :title, :category, :stage, :final, :semantics, :updated, :company, :contact, :own, :responsible,
		:amount, :currency, :operator, :participant, :exchange, :email, :phones, :buyer, :since)
	ON CONFLICT (portal_id, id) DO UPDATE SET title = EXCLUDED.title, category_id = EXCLUDED.category_id, stage_id = EXCLUDED.stage_id,
		final = EXCLUDED.final, semantics = EXCLUDED.semantics, updated_at = EXCLUDED.updated_at, company_id = EXCLUDED.company_id, contact_id = EXCLUDED.contact_id,
		own_company_id = CASE EXCLUDED.own_company_id WHEN 0 THEN deals.own_company_id ELSE EXCLUDED.own_company_id END,
		responsible_id = EXCLUDED.responsible_id, amount = EXCLUDED.amount, currency = EXCLUDED.currency,
		operator = EXCLUDED.operator, participant = EXCLUDED.participant, exchange = EXCLUDED.exchange,
		email = EXCLUDED.email, phones = EXCLUDED.phones, buyer = EXCLUDED.buyer, stage_since = EXCLUDED.stage_since, deleted = false,
		read_at = clock_timestamp()
	RETURNING coalesce((SELECT o.closed FROM deals o WHERE o.portal_id = :portal AND o.id = :id AND o.read_at = 'epoch'), '')`

const saveRows = `
	INSERT INTO deal_rows (portal_id, deal_id, id, sort, name, quantity, price, rate, unit, closed)
	SELECT :portal, :deal, r.id, r.sort, r.name, r.quantity, r.price, r.rate, r.unit, :closed
	FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS
		r (id bigint, sort int, name text, quantity numeric, price numeric, rate text, unit jsonb)
	ON CONFLICT (portal_id, deal_id, id) DO UPDATE SET sort = EXCLUDED.sort, name = EXCLUDED.name, quantity = EXCLUDED.quantity,
		price = EXCLUDED.price, rate = EXCLUDED.rate, unit = EXCLUDED.unit, gone = false
	WHERE (deal_rows.sort, deal_rows.name, deal_rows.quantity, deal_rows.price, deal_rows.rate, deal_rows.unit, deal_rows.gone)
		IS DISTINCT FROM (EXCLUDED.sort, EXCLUDED.name, EXCLUDED.quantity, EXCLUDED.price, EXCLUDED.rate, EXCLUDED.unit, false)`

const dropRows = `UPDATE deal_rows SET gone = true WHERE portal_id = :portal AND deal_id = :deal AND NOT gone AND id <> ALL (CAST(:keep AS bigint[]))`

// SaveDeal replaces our copy of a deal; the marks on its rows stay.
func (tx Tx) SaveDeal(ctx context.Context, d Deal) error {
	var closed string // while only its head was known
	err := tx.get(ctx, &closed, saveDeal, args{"id": int64(d.ID), "title": d.Title, "category": d.Category, "stage": d.StageID, "final": d.Final,
		"semantics": d.Semantics, "updated": orNull(d.UpdatedAt),
		"company": int64(d.Company), "contact": int64(d.Contact), "own": int64(d.OwnCompany), "responsible": int64(d.Responsible),
		"amount": int64(d.Amount), "currency": d.Currency, "operator": d.Operator, "participant": d.Participant, "exchange": d.Exchange, "email": d.Email, "phones": d.Phones, "buyer": asJSON(d.Buyer), "since": d.StageSince})
	if err != nil {
		return fmt.Errorf("save deal: %w", err)
	}
	return tx.saveRows(ctx, d.ID, d.Rows, closed)
}

// SaveRows replaces our copies of a deal's rows; their marks stay.
func (tx Tx) SaveRows(ctx context.Context, deal acts.DealID, list []acts.ProductRow) error {
	return tx.saveRows(ctx, deal, list, "")
}

// saveRows closes rows that are new to us when a reason is given.
func (tx Tx) saveRows(ctx context.Context, deal acts.DealID, list []acts.ProductRow, closed string) error {
	keep, rows := make([]int64, len(list)), make([]productRow, len(list))
	for i, r := range list {
		keep[i] = int64(r.ID)
		rows[i] = productRow{ID: int64(r.ID), Sort: r.Sort, Name: r.Name, Quantity: r.Quantity, Price: r.Price, Rate: string(r.Rate), Unit: asJSON(r.Unit)}
	}
	if _, err := tx.exec(ctx, saveRows, args{"deal": int64(deal), "rows": asJSON(rows), "closed": closed}); err != nil {
		return fmt.Errorf("save rows: %w", err)
	}
	if _, err := tx.exec(ctx, dropRows, args{"deal": int64(deal), "keep": bigints(keep)}); err != nil {
		return fmt.Errorf("drop rows: %w", err)
	}
	return nil
}
