package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"acts24/acts"
)

type actRow struct {
	ID          int64              `db:"id"`
	Deal        int64              `db:"deal_id"`
	DealTitle   string             `db:"deal_title"`
	OwnCompany  int64              `db:"own_company_id"`
	Company     int64              `db:"company_id"`
	Contact     int64              `db:"contact_id"`
	Medium      string             `db:"medium"`
	PartyKind   string             `db:"party_kind"`
	Channel     string             `db:"channel"`
	Function    string             `db:"function"`
	Status      string             `db:"status"`
	Marked      bool               `db:"marked_by_person"`
	Delivery    string             `db:"delivery"`
	Note        string             `db:"delivery_note"`
	ReplacedBy  *int64             `db:"replaced_by"`
	Number      string             `db:"number"`
	Date        time.Time          `db:"act_date"`
	From        *time.Time         `db:"period_from"`
	To          *time.Time         `db:"period_to"`
	Net         int64              `db:"net"`
	Tax         int64              `db:"tax"`
	Gross       int64              `db:"gross"`
	Operator    string             `db:"operator"`
	Seller      jsonb[acts.Party]  `db:"seller"`
	Buyer       jsonb[acts.Party]  `db:"buyer"`
	Basis       jsonb[acts.Basis]  `db:"basis"`
	Signer      jsonb[acts.Signer] `db:"signer"`
	Comment     string             `db:"comment"`
	Responsible int64              `db:"responsible_id"`
	CreatedBy   int64              `db:"created_by"`
	CreatedAt   time.Time          `db:"created_at"`
	SentAt      *time.Time         `db:"sent_at"`
	Item        int64              `db:"item_id"`
	Reason      string             `db:"reason"`
	SentChannel string             `db:"sent_channel"`
	Track       string             `db:"track"`
	ScanOn      *time.Time         `db:"scan_on"`
	OriginalOn  *time.Time         `db:"original_on"`
	Corrects    *int64             `db:"corrects"`
	CopyOf      *int64             `db:"copy_of"`
	VATGround   string             `db:"vat_ground"`
	AnnulAfter  string             `db:"annul_after"`
	ItemGone    bool               `db:"item_gone"`
	Wanted      string             `db:"wanted_number"`
}

func (r actRow) act() acts.Act {
	return acts.Act{ID: acts.ActID(r.ID), Deal: acts.DealID(r.Deal), DealTitle: r.DealTitle, Number: r.Number, Date: utcDay(r.Date),
		From: orZero(r.From), To: orZero(r.To), Medium: acts.Medium(r.Medium), PartyKind: acts.PartyKind(r.PartyKind),
		Channel: acts.Channel(r.Channel), Function: acts.Function(r.Function), Status: acts.Status(r.Status), MarkedByPerson: r.Marked,
		Reason: r.Reason, Delivery: acts.Delivery(r.Delivery), DeliveryNote: r.Note, AnnulAfter: r.AnnulAfter,
		ReplacedBy: actOrZero(r.ReplacedBy), Corrects: actOrZero(r.Corrects), CopyOf: actOrZero(r.CopyOf),
		OwnCompany: acts.CompanyID(r.OwnCompany), Seller: r.Seller.V, Buyer: r.Buyer.V, Company: acts.CompanyID(r.Company),
		Contact: acts.ContactID(r.Contact), Operator: r.Operator, Basis: r.Basis.V, Signer: r.Signer.V, Comment: r.Comment,
		Totals:      acts.Totals{Net: acts.Kopecks(r.Net), Tax: acts.Kopecks(r.Tax), Gross: acts.Kopecks(r.Gross)},
		Responsible: acts.UserID(r.Responsible), CreatedBy: acts.UserID(r.CreatedBy), CreatedAt: r.CreatedAt,
		SentAt: orZeroTime(r.SentAt), SentChannel: acts.Channel(r.SentChannel), Track: r.Track, ScanOn: orZero(r.ScanOn),
		OriginalOn: orZero(r.OriginalOn), VATGround: r.VATGround, Item: acts.ItemID(r.Item), ItemGone: r.ItemGone, Wanted: r.Wanted}
}

func actOrZero(id *int64) acts.ActID {
	if id == nil {
		return 0
	}
	return acts.ActID(*id)
}

func utcDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return utcDay(*t)
}

func orZeroTime(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

const actColumns = `a.id, a.deal_id, d.title AS deal_title, a.own_company_id, a.company_id, a.contact_id, a.medium, a.party_kind, a.channel,
	a.function, a.status, a.marked_by_person, a.delivery, a.delivery_note, a.replaced_by, a.number, a.act_date, a.period_from, a.period_to,
	a.net, a.tax, a.gross, a.operator, a.seller, a.buyer, a.basis, a.signer, a.comment, a.responsible_id, a.created_by, a.created_at,
	a.sent_at, a.item_id, a.reason, a.sent_channel, a.track, a.scan_on, a.original_on, a.corrects, a.copy_of, a.vat_ground, a.annul_after,
	a.item_gone, a.wanted_number`

const actFrom = ` FROM acts a JOIN deals d ON d.portal_id = a.portal_id AND d.id = a.deal_id `

const (
	actByID     = `SELECT ` + actColumns + actFrom + `WHERE a.portal_id = :portal AND a.id = :id`
	lockAct     = actByID + ` FOR NO KEY UPDATE OF a`
	actByForm   = `SELECT id FROM acts WHERE portal_id = :portal AND form_key = :form`
	actByItem   = `SELECT id FROM acts WHERE portal_id = :portal AND item_id = :item`
	actsOfDeal  = `SELECT ` + actColumns + actFrom + `WHERE a.portal_id = :portal AND a.deal_id = :deal ORDER BY a.id DESC LIMIT 200`
	linesOfAct  = `SELECT n, row_id, name, unit, quantity, price, rate, net, tax, gross FROM act_lines WHERE portal_id = :portal AND act_id = :id ORDER BY n`
	itemBaseOf  = `SELECT item_base FROM acts WHERE portal_id = :portal AND id = :id`
	actNotFound = "Такого акта нет."
)

// Act reads an act with its lines.
func (s Scope) Act(ctx context.Context, id acts.ActID) (acts.Act, error) {
	return s.act(ctx, actByID, id)
}

// LockAct reads an act and keeps others from changing it until the transaction ends.
func (tx Tx) LockAct(ctx context.Context, id acts.ActID) (acts.Act, error) {
	return tx.act(ctx, lockAct, id)
}

func (s Scope) act(ctx context.Context, query string, id acts.ActID) (acts.Act, error) {
	var row actRow
	var lines []lineRow
	err := s.run(ctx, func(r runner) error {
		if err := get(ctx, r, &row, query, s.fill(args{"id": int64(id)})); err != nil {
			return err
		}
		return list(ctx, r, &lines, linesOfAct, s.fill(args{"id": int64(id)}))
	})
	if err != nil {
		return acts.Act{}, missing(err, "act", actNotFound)
	}
	act := row.act()
	for _, l := range lines {
		act.Lines = append(act.Lines, l.line())
	}
	return act, nil
}

type lineRow struct {
	N        int              `db:"n" json:"n"`
	Row      int64            `db:"row_id" json:"row_id"`
	Name     string           `db:"name" json:"name"`
	Unit     jsonb[acts.Unit] `db:"unit" json:"unit"`
	Quantity decimal.Decimal  `db:"quantity" json:"quantity"`
	Price    decimal.Decimal  `db:"price" json:"price"`
	Rate     string           `db:"rate" json:"rate"`
	Net      int64            `db:"net" json:"net"`
	Tax      int64            `db:"tax" json:"tax"`
	Gross    int64            `db:"gross" json:"gross"`
}

func (r lineRow) line() acts.Line {
	return acts.Line{N: r.N, Row: acts.RowID(r.Row), Name: r.Name, Unit: r.Unit.V, Quantity: r.Quantity, Price: r.Price, Rate: acts.Rate(r.Rate),
		Totals: acts.Totals{Net: acts.Kopecks(r.Net), Tax: acts.Kopecks(r.Tax), Gross: acts.Kopecks(r.Gross)}}
}

// ActsOfDeal lists the acts of a deal, newest first, without their lines.
func (s Scope) ActsOfDeal(ctx context.Context, deal acts.DealID) ([]acts.Act, error) {
	return s.acts(ctx, actsOfDeal, args{"deal": int64(deal)})
}

func (s Scope) acts(ctx context.Context, query string, a args) ([]acts.Act, error) {
	var rows []actRow
	if err := s.list(ctx, &rows, query, a); err != nil {
		return nil, fmt.Errorf("list acts: %w", err)
	}
	found := make([]acts.Act, len(rows))
	for i, r := range rows {
		found[i] = r.act()
	}
	return found, nil
}

// ActOfForm finds the act that a form has made already, 0 when there is none.
func (s Scope) ActOfForm(ctx context.Context, form string) (acts.ActID, error) {
	return s.actID(ctx, actByForm, args{"form": form})
}

// ActOfItem finds the act behind a CRM item, 0 when there is none.
func (s Scope) ActOfItem(ctx context.Context, item acts.ItemID) (acts.ActID, error) {
	return s.actID(ctx, actByItem, args{"item": int64(item)})
}

func (s Scope) actID(ctx context.Context, query string, a args) (acts.ActID, error) {
	var id int64
	err := s.get(ctx, &id, query, a)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find act: %w", err)
	}
	return acts.ActID(id), nil
}

// ItemBase reads what the CRM item of the act held after our last write.
func (s Scope) ItemBase(ctx context.Context, id acts.ActID) (map[string]string, error) {
	var base jsonb[map[string]string]
	err := s.get(ctx, &base, itemBaseOf, args{"id": int64(id)})
	return base.V, missing(err, "item base", actNotFound)
}
