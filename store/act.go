package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store/internal/pg"
)

type ActRow struct {
	ID            int64                    `db:"id"`
	Deal          int64                    `db:"deal_id"`
	DealTitle     string                   `db:"deal_title"`
	OwnCompany    int64                    `db:"own_company_id"`
	Company       int64                    `db:"company_id"`
	Contact       int64                    `db:"contact_id"`
	Medium        string                   `db:"medium"`
	PartyKind     string                   `db:"party_kind"`
	Channel       string                   `db:"channel"`
	Function      string                   `db:"function"`
	PaperForm     string                   `db:"paper_form"`
	Status        string                   `db:"status"`
	Marked        bool                     `db:"marked_by_person"`
	Delivery      string                   `db:"delivery"`
	Note          string                   `db:"delivery_note"`
	ReplacedBy    *int64                   `db:"replaced_by"`
	Number        string                   `db:"number"`
	Date          time.Time                `db:"act_date"`
	From          *time.Time               `db:"period_from"`
	To            *time.Time               `db:"period_to"`
	Net           int64                    `db:"net"`
	Tax           int64                    `db:"tax"`
	Gross         int64                    `db:"gross"`
	Operator      string                   `db:"operator"`
	Seller        pg.JSON[acts.Party]      `db:"seller"`
	Buyer         pg.JSON[acts.Party]      `db:"buyer"`
	Basis         pg.JSON[acts.Basis]      `db:"basis"`
	Signer        pg.JSON[acts.Signer]     `db:"signer"`
	Comment       string                   `db:"comment"`
	Responsible   int64                    `db:"responsible_id"`
	CreatedBy     int64                    `db:"created_by"`
	CreatedAt     time.Time                `db:"created_at"`
	SentAt        *time.Time               `db:"sent_at"`
	Item          int64                    `db:"item_id"`
	Reason        string                   `db:"reason"`
	SentChannel   string                   `db:"sent_channel"`
	Track         string                   `db:"track"`
	ScanOn        *time.Time               `db:"scan_on"`
	OriginalOn    *time.Time               `db:"original_on"`
	Corrects      *int64                   `db:"corrects"`
	CopyOf        *int64                   `db:"copy_of"`
	VATGround     string                   `db:"vat_ground"`
	ZeroGround    string                   `db:"zero_ground"`
	Payments      pg.JSON[[]acts.Payment]  `db:"payments"`
	StateContract string                   `db:"state_contract"`
	AnnulAfter    string                   `db:"annul_after"`
	ItemGone      bool                     `db:"item_gone"`
	Wanted        string                   `db:"wanted_number"`
	MadeOf        pg.JSON[acts.DealState]  `db:"deal_state"`
	Correction    int                      `db:"correction"`
	Corrected     pg.JSON[acts.Correction] `db:"corrected"`
	Annulment     pg.JSON[acts.Annulment]  `db:"annulment"`
	DecidedBy     string                   `db:"decided_by"`
	DecidedAt     *time.Time               `db:"decided_at"`
	Remarks       string                   `db:"remarks"`
}

func (r ActRow) Act() acts.Act {
	r.Corrected.V.N = r.Correction
	return acts.Act{ID: acts.ActID(r.ID), Deal: acts.DealID(r.Deal), DealTitle: r.DealTitle, Number: r.Number, Date: pg.UTCDay(r.Date),
		From: pg.Day(r.From), To: pg.Day(r.To), Medium: acts.Medium(r.Medium), PartyKind: acts.PartyKind(r.PartyKind),
		Channel: acts.Channel(r.Channel), Function: acts.Function(r.Function), PaperForm: acts.PaperForm(r.PaperForm), Status: acts.Status(r.Status), MarkedByPerson: r.Marked,
		Reason: r.Reason, Delivery: acts.Delivery(r.Delivery), DeliveryNote: r.Note, AnnulAfter: r.AnnulAfter,
		Annulment: r.Annulment.V, DecidedBy: r.DecidedBy, DecidedAt: pg.Time(r.DecidedAt), Remarks: r.Remarks,
		ReplacedBy: actOrZero(r.ReplacedBy), Corrects: actOrZero(r.Corrects), CopyOf: actOrZero(r.CopyOf),
		OwnCompany: acts.CompanyID(r.OwnCompany), Seller: r.Seller.V, Buyer: r.Buyer.V, Company: acts.CompanyID(r.Company),
		Contact: acts.ContactID(r.Contact), Operator: r.Operator, Basis: r.Basis.V, Signer: r.Signer.V, Comment: r.Comment,
		Totals:      acts.Totals{Net: acts.Kopecks(r.Net), Tax: acts.Kopecks(r.Tax), Gross: acts.Kopecks(r.Gross)},
		Responsible: acts.UserID(r.Responsible), CreatedBy: acts.UserID(r.CreatedBy), CreatedAt: r.CreatedAt,
		SentAt: pg.Time(r.SentAt), SentChannel: acts.Channel(r.SentChannel), Track: r.Track, ScanOn: pg.Day(r.ScanOn),
		OriginalOn: pg.Day(r.OriginalOn), VATGround: r.VATGround, ZeroGround: r.ZeroGround, Payments: r.Payments.V, StateContract: r.StateContract, Item: acts.ItemID(r.Item), ItemGone: r.ItemGone, Wanted: r.Wanted, MadeOf: r.MadeOf.V, Correction: r.Corrected.V}
}

func actOrZero(id *int64) acts.ActID {
	if id == nil {
		return 0
	}
	return acts.ActID(*id)
}

const actColumns = `a.id, a.deal_id, d.title AS deal_title, a.own_company_id, a.company_id, a.contact_id, a.medium, a.party_kind, a.channel,
	a.function, a.paper_form, a.status, a.marked_by_person, a.delivery, a.delivery_note, a.replaced_by, a.number, a.act_date, a.period_from, a.period_to,
	a.net, a.tax, a.gross, a.operator, a.seller, a.buyer, a.basis, a.signer, a.comment, a.responsible_id, a.created_by, a.created_at,
	a.sent_at, a.item_id, a.reason, a.sent_channel, a.track, a.scan_on, a.original_on, a.corrects, a.copy_of, a.vat_ground, a.zero_ground, a.payments, a.state_contract, a.annul_after,
	a.item_gone, a.wanted_number, a.deal_state, a.correction, a.corrected, a.annulment, a.decided_by, a.decided_at, a.remarks`

const actFrom = ` FROM acts a JOIN deals d ON d.portal_id = a.portal_id AND d.id = a.deal_id `

const (
	actByID     = `SELECT ` + actColumns + actFrom + `WHERE a.portal_id = :portal AND a.id = :id`
	lockDealOf  = `SELECT id FROM deals WHERE portal_id = :portal AND id = (SELECT deal_id FROM acts WHERE portal_id = :portal AND id = :id) FOR NO KEY UPDATE`
	lockAct     = actByID + ` FOR NO KEY UPDATE OF a`
	actByForm   = `SELECT id FROM acts WHERE portal_id = :portal AND form_key = :form`
	actByItem   = `SELECT id FROM acts WHERE portal_id = :portal AND item_id = :item`
	actsOfDeal  = `SELECT ` + actColumns + actFrom + `WHERE a.portal_id = :portal AND a.deal_id = :deal ORDER BY a.id DESC LIMIT 200`
	linesOfAct  = `SELECT n, row_id, name, kind, unit, quantity, price, rate, net, tax, gross FROM act_lines WHERE portal_id = :portal AND act_id = :id ORDER BY n`
	itemBaseOf  = `SELECT item_base FROM acts WHERE portal_id = :portal AND id = :id`
	actNotFound = "Такого акта нет."
)

// Get reads an act with its lines.
func (s Acts) Get(ctx context.Context, id acts.ActID) (acts.Act, error) {
	return s.act(ctx, actByID, id)
}

// Lock reads an act and keeps others from changing it until the transaction ends. Its deal is locked before it, as everywhere: a
// document, a deal, an act, and only then what hangs on them. Two that lock in this order cannot deadlock.
func (tx ActsTx) Lock(ctx context.Context, id acts.ActID) (acts.Act, error) {
	if _, err := pg.Exec(ctx, tx, lockDealOf, pg.Args{"id": id}); err != nil {
		return acts.Act{}, fmt.Errorf("lock the deal of act %d: %w", id, err)
	}
	return tx.act(ctx, lockAct, id)
}

func (s Acts) act(ctx context.Context, query string, id acts.ActID) (acts.Act, error) {
	var row ActRow
	var lines []LineRow
	err := pg.OnOneConnection(ctx, s, func(r pg.Reader) error {
		if err := pg.Get(ctx, r, &row, query, pg.Args{"id": id}); err != nil {
			return err
		}
		return pg.Select(ctx, r, &lines, linesOfAct, pg.Args{"id": id})
	})
	if err != nil {
		return acts.Act{}, pg.NotFound(err, "act", actNotFound)
	}
	act := row.Act()
	for _, l := range lines {
		act.Lines = append(act.Lines, l.Line())
	}
	return act, nil
}

type LineRow struct {
	N        int                `db:"n" json:"n"`
	Row      int64              `db:"row_id" json:"row_id"`
	Name     string             `db:"name" json:"name"`
	Kind     string             `db:"kind" json:"kind"`
	Unit     pg.JSON[acts.Unit] `db:"unit" json:"unit"`
	Quantity decimal.Decimal    `db:"quantity" json:"quantity"`
	Price    decimal.Decimal    `db:"price" json:"price"`
	Rate     string             `db:"rate" json:"rate"`
	Net      int64              `db:"net" json:"net"`
	Tax      int64              `db:"tax" json:"tax"`
	Gross    int64              `db:"gross" json:"gross"`
}

func (r LineRow) Line() acts.Line {
	return acts.Line{N: r.N, Row: acts.RowID(r.Row), Name: r.Name, Kind: acts.LineKind(r.Kind), Unit: r.Unit.V, Quantity: r.Quantity, Price: r.Price, Rate: acts.Rate(r.Rate),
		Totals: acts.Totals{Net: acts.Kopecks(r.Net), Tax: acts.Kopecks(r.Tax), Gross: acts.Kopecks(r.Gross)}}
}

// OfDeal lists the acts of a deal, newest first, without their lines.
func (s Acts) OfDeal(ctx context.Context, deal acts.DealID) ([]acts.Act, error) {
	return s.acts(ctx, actsOfDeal, pg.Args{"deal": deal})
}

const openActsOfDeal = `SELECT id FROM acts WHERE portal_id = :portal AND deal_id = :deal AND status || '' <> ALL (CAST(:ended AS text[])) AND replaced_by IS NULL ORDER BY id`

// OpenOfDeal are the acts of a deal that have not ended, in the order in which they are locked.
func (s Acts) OpenOfDeal(ctx context.Context, deal acts.DealID) ([]acts.ActID, error) {
	var ids []acts.ActID
	if err := pg.Select(ctx, s, &ids, openActsOfDeal, pg.Args{"deal": deal, "ended": pq.Array(acts.FinalStatuses)}); err != nil {
		return nil, fmt.Errorf("open acts of deal: %w", err)
	}
	return ids, nil
}

func (s Acts) acts(ctx context.Context, query string, a pg.Args) ([]acts.Act, error) {
	var rows []ActRow
	if err := pg.Select(ctx, s, &rows, query, a); err != nil {
		return nil, fmt.Errorf("list acts: %w", err)
	}
	found := make([]acts.Act, len(rows))
	for i, r := range rows {
		found[i] = r.Act()
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
	var id int64
	err := pg.Get(ctx, s, &id, query, a)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find act: %w", err)
	}
	return acts.ActID(id), nil
}

// ItemBase reads what the CRM item of the act held after our last write.
func (s Acts) ItemBase(ctx context.Context, id acts.ActID) (map[string]string, error) {
	var base pg.JSON[map[string]string]
	err := pg.Get(ctx, s, &base, itemBaseOf, pg.Args{"id": id})
	return base.V, pg.NotFound(err, "item base", actNotFound)
}

const responsibleOfAct = `SELECT a.responsible_id, d.responsible_id AS deals FROM acts a JOIN deals d ON d.portal_id = a.portal_id AND d.id = a.deal_id
	WHERE a.portal_id = :portal AND a.id = :id`

// Responsible are the employees by whom a visitor may see the act or not: its own responsible, and that of its deal.
func (s Acts) Responsible(ctx context.Context, id acts.ActID) (own, deals acts.UserID, err error) {
	var row struct {
		Own   acts.UserID `db:"responsible_id"`
		Deals acts.UserID `db:"deals"`
	}
	err = pg.Get(ctx, s, &row, responsibleOfAct, pg.Args{"id": id})
	return row.Own, row.Deals, pg.NotFound(err, "responsible of act", "Такого акта нет.")
}
