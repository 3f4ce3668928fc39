package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
)

const addAct = `
	INSERT INTO acts (portal_id, form_key, deal_id, own_company_id, company_id, contact_id, medium, party_kind, channel, function,
		act_date, period_from, period_to, net, tax, gross, operator, seller, buyer, basis, signer, comment,
		vat_ground, corrects, copy_of, wanted_number, responsible_id, created_by, created_at)
	VALUES (:portal, :form, :deal, :own, :company, :contact, :medium, :party_kind, :channel, :function,
		:date, :from, :to, :net, :tax, :gross, :operator, :seller, :buyer, :basis, :signer, :comment,
		:vat_ground, :corrects, :copy_of, :wanted, :responsible, :created_by, :created_at)
	RETURNING id`

// AddAct keeps a new draft with its lines and returns its id. A form that has made an act already gives Conflict.
func (tx Tx) AddAct(ctx context.Context, form string, a acts.Act) (acts.ActID, error) {
	values := actArgs(a)
	values["form"], values["created_by"], values["created_at"] = form, int64(a.CreatedBy), a.CreatedAt
	var id int64
	if err := tx.get(ctx, &id, addAct, values); err != nil {
		if pq.As(err, pqerror.UniqueViolation) != nil {
			return 0, acts.Errorf(acts.Conflict, "Этот акт уже сформирован.")
		}
		return 0, fmt.Errorf("add act: %w", err)
	}
	return acts.ActID(id), tx.addLines(ctx, acts.ActID(id), a.Lines)
}

func actArgs(a acts.Act) args {
	return args{"deal": int64(a.Deal), "own": int64(a.OwnCompany), "company": int64(a.Company), "contact": int64(a.Contact),
		"medium": string(a.Medium), "party_kind": string(a.PartyKind), "channel": string(a.Channel), "function": string(a.Function),
		"date": a.Date, "from": orNull(a.From), "to": orNull(a.To),
		"net": int64(a.Totals.Net), "tax": int64(a.Totals.Tax), "gross": int64(a.Totals.Gross), "operator": a.Operator,
		"seller": asJSON(a.Seller), "buyer": asJSON(a.Buyer), "basis": asJSON(a.Basis), "signer": asJSON(a.Signer),
		"comment": a.Comment, "vat_ground": a.VATGround, "responsible": int64(a.Responsible),
		"wanted": a.Wanted, "corrects": idOrNull(a.Corrects), "copy_of": idOrNull(a.CopyOf)}
}

func idOrNull(id acts.ActID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

const addLines = `
	INSERT INTO act_lines (portal_id, act_id, n, row_id, name, unit, quantity, price, rate, net, tax, gross)
	SELECT :portal, :act, l.n, l.row_id, l.name, l.unit, l.quantity, l.price, l.rate, l.net, l.tax, l.gross
	FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS
		l (n int, row_id bigint, name text, unit jsonb, quantity numeric, price numeric, rate text, net bigint, tax bigint, gross bigint)`

func (tx Tx) addLines(ctx context.Context, act acts.ActID, lines []acts.Line) error {
	rows := make([]lineRow, len(lines))
	for i, l := range lines {
		rows[i] = lineRow{N: l.N, Row: int64(l.Row), Name: l.Name, Unit: asJSON(l.Unit), Quantity: l.Quantity, Price: l.Price, Rate: string(l.Rate),
			Net: int64(l.Net), Tax: int64(l.Tax), Gross: int64(l.Gross)}
	}
	if _, err := tx.exec(ctx, addLines, args{"act": int64(act), "lines": asJSON(rows)}); err != nil {
		return fmt.Errorf("add lines: %w", err)
	}
	return nil
}

// Move is a change of status. At is business time.
type Move struct {
	From, To acts.Status
	Marked   bool   // a person's mark
	Reason   string // the person's words
	At       time.Time
}

// moveAct leaves the day of sending alone when a mark is taken back.
const moveAct = `
	UPDATE acts SET status = :to, marked_by_person = :marked, reason = :reason,
		sent_at = CASE WHEN CAST(:to AS text) IN ('draft', 'signed_by_us') THEN NULL
			WHEN CAST(:to AS text) = 'sent' AND CAST(:from AS text) IN ('draft', 'signed_by_us') THEN CAST(:now AS timestamptz) ELSE sent_at END
	WHERE portal_id = :portal AND id = :id AND status = :from`

// MoveAct changes the status only if it is still m.From; otherwise Conflict.
func (tx Tx) MoveAct(ctx context.Context, id acts.ActID, m Move) error {
	return tx.one(ctx, fmt.Sprintf("move act %d to %s", id, m.To), moveAct,
		args{"id": int64(id), "from": string(m.From), "to": string(m.To), "marked": m.Marked, "reason": m.Reason, "now": m.At}, errChanged)
}

var errChanged = acts.Errorf(acts.Conflict, "Акт уже изменён, обновите страницу.")

const sendAct = `
	UPDATE acts SET sent_at = :at, sent_channel = :channel, track = :track WHERE portal_id = :portal AND id = :id AND status = 'sent'`

// SendAct keeps how and when a paper act left; at is business time.
func (tx Tx) SendAct(ctx context.Context, id acts.ActID, channel acts.Channel, track string, at time.Time) error {
	return tx.one(ctx, "send act", sendAct, args{"id": int64(id), "channel": string(channel), "track": track, "at": at}, errChanged)
}

const arrived = `UPDATE acts SET scan_on = :scan, original_on = :original WHERE portal_id = :portal AND id = :id`

// Arrived keeps on which days the countersigned copy and the original came; a zero day says that it has not.
func (tx Tx) Arrived(ctx context.Context, id acts.ActID, scan, original time.Time) error {
	return tx.one(ctx, "arrived", arrived, args{"id": int64(id), "scan": orNull(scan), "original": orNull(original)}, errChanged)
}

const replaceAct = `UPDATE acts SET replaced_by = :by WHERE portal_id = :portal AND id = :id AND status = 'refused' AND replaced_by IS NULL`

// ReplaceAct puts a corrected act in the place of a refused one; Conflict when another has taken it.
func (tx Tx) ReplaceAct(ctx context.Context, id, by acts.ActID) error {
	return tx.one(ctx, "replace act", replaceAct, args{"id": int64(id), "by": int64(by)}, errChanged)
}

const releaseAct = `UPDATE acts SET replaced_by = NULL WHERE portal_id = :portal AND id = :id AND replaced_by = :by`

// ReleaseAct takes back that an act stands in the place of a refused one.
func (tx Tx) ReleaseAct(ctx context.Context, id, by acts.ActID) error {
	if _, err := tx.exec(ctx, releaseAct, args{"id": int64(id), "by": int64(by)}); err != nil {
		return fmt.Errorf("release act: %w", err)
	}
	return nil
}

const annulAfter = `UPDATE acts SET annul_after = :reason WHERE portal_id = :portal AND id = :id`

// AnnulAfter keeps the wish to annul the act when its document is out of SBIS; "" takes the wish back.
func (tx Tx) AnnulAfter(ctx context.Context, id acts.ActID, reason string) error {
	return tx.one(ctx, "annul after", annulAfter, args{"id": int64(id), "reason": reason}, errChanged)
}

const setDelivery = `
	UPDATE acts SET delivery = :to, delivery_note = :note
	WHERE portal_id = :portal AND id = :id AND delivery = :from`

// SetDelivery changes where the document is, only if it is still where act says; otherwise Conflict.
func (tx Tx) SetDelivery(ctx context.Context, act acts.Act, to acts.Delivery, note string) error {
	return tx.one(ctx, fmt.Sprintf("set delivery of act %d to %q", act.ID, to), setDelivery,
		args{"id": int64(act.ID), "from": string(act.Delivery), "to": string(to), "note": note}, errChanged)
}

const freezeAct = `
	UPDATE acts SET number = :number, seller = :seller, buyer = :buyer, delivery = :to,
		delivery_note = CASE WHEN delivery = CAST(:to AS text) THEN delivery_note ELSE '' END
	WHERE portal_id = :portal AND id = :id AND status = 'draft' AND delivery = :from`

// FreezeAct gives the act its number and the requisites that its document will carry, and sends the document on its way to another place
// in the same write; only if it is still where a says, otherwise Conflict.
func (tx Tx) FreezeAct(ctx context.Context, a acts.Act, to acts.Delivery) error {
	err := tx.one(ctx, fmt.Sprintf("freeze act %d", a.ID), freezeAct,
		args{"id": int64(a.ID), "number": a.Number, "seller": asJSON(a.Seller), "buyer": asJSON(a.Buyer),
			"from": string(a.Delivery), "to": string(to)}, errChanged)
	if pq.As(err, pqerror.UniqueViolation) != nil {
		return acts.Errorf(acts.Conflict, "Номер %s уже занят другим актом этого года.", a.Number)
	}
	return err
}

const wantNumber = `UPDATE acts SET wanted_number = :number WHERE portal_id = :portal AND id = :id AND number = ''`

// WantNumber keeps the number that a person wants for an act that has none.
func (tx Tx) WantNumber(ctx context.Context, id acts.ActID, number string) error {
	return tx.one(ctx, "want number", wantNumber, args{"id": int64(id), "number": number}, errChanged)
}

const setItem = `UPDATE acts SET item_id = :item, item_base = :base WHERE portal_id = :portal AND id = :id`

// SetItem keeps the CRM item of the act and what it held after our write.
func (tx Tx) SetItem(ctx context.Context, id acts.ActID, item acts.ItemID, base map[string]string) error {
	return tx.one(ctx, "set item", setItem, args{"id": int64(id), "item": int64(item), "base": asJSON(base)},
		acts.Errorf(acts.NotFound, actNotFound))
}
