package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
	"acts24/store/internal/pg"
)

const addAct = `
	INSERT INTO acts (portal_id, id, form_key, deal_id, own_company_id, company_id, contact_id, medium, party_kind, channel, function,
		act_date, period_from, period_to, net, tax, gross, operator, seller, buyer, basis, signer, comment,
		vat_ground, zero_ground, payments, state_contract, corrects, copy_of, corrected, wanted_number, deal_state, responsible_id, created_by, created_at)
	OVERRIDING SYSTEM VALUE
	VALUES (:portal, CASE WHEN :id > 0 THEN CAST(:id AS bigint) ELSE nextval('acts_id_seq') END, :form, :deal, :own, :company, :contact, :medium, :party_kind, :channel, :function,
		:date, :from, :to, :net, :tax, :gross, :operator, :seller, :buyer, :basis, :signer, :comment,
		:vat_ground, :zero_ground, :payments, :state_contract, :corrects, :copy_of, :corrected, :wanted, :deal_state, :responsible, :created_by, :created_at)
	RETURNING id`

// Add stores a new draft with its lines and returns its id: a new one, or a.ID when it is set, for an act that a restored backup lacked. Conflict
// when the form has made an act before.
func (tx ActsTx) Add(ctx context.Context, form string, a acts.Act) (acts.ActID, error) {
	values := actArgs(a)
	values["id"], values["form"], values["created_by"], values["created_at"] = int64(a.ID), form, int64(a.CreatedBy), a.CreatedAt
	if _, err := pg.Exec(ctx, tx, lockDealAlone, pg.Args{"id": a.Deal}); err != nil { // the deal is locked before the act, as Lock does
		return 0, fmt.Errorf("lock deal %d: %w", a.Deal, err)
	}
	var id int64
	if err := pg.Get(ctx, tx, &id, addAct, values); err != nil {
		if pq.As(err, pqerror.UniqueViolation) != nil {
			return 0, acts.Errorf(acts.Conflict, "Этот акт уже сформирован.")
		}
		return 0, fmt.Errorf("add act: %w", err)
	}
	tx.coverageChanged(a.Deal)
	return acts.ActID(id), tx.addLines(ctx, acts.ActID(id), a.Lines)
}

func actArgs(a acts.Act) pg.Args {
	return pg.Args{"deal": a.Deal, "own": a.OwnCompany, "company": a.Company, "contact": a.Contact,
		"medium": a.Medium, "party_kind": a.PartyKind, "channel": a.Channel, "function": a.Function,
		"date": a.Date, "from": pg.NullTime(a.From), "to": pg.NullTime(a.To),
		"net": a.Totals.Net, "tax": a.Totals.Tax, "gross": a.Totals.Gross, "operator": a.Operator,
		"seller": pg.AsJSON(a.Seller), "buyer": pg.AsJSON(a.Buyer), "basis": pg.AsJSON(a.Basis), "signer": pg.AsJSON(a.Signer),
		"comment": a.Comment, "vat_ground": a.VATGround, "zero_ground": a.ZeroGround, "payments": pg.AsJSON(append([]acts.Payment{}, a.Payments...)), "state_contract": a.StateContract, "responsible": a.Responsible,
		"wanted": a.Wanted, "deal_state": pg.AsJSON(a.DealState), "corrects": idOrNull(a.Corrects), "copy_of": idOrNull(a.CopyOf), "corrected": pg.AsJSON(a.Correction)}
}

func idOrNull(id acts.ActID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

const addLines = `
	INSERT INTO act_lines (portal_id, act_id, n, row_id, name, kind, unit, quantity, price, rate, net, tax, gross)
	SELECT :portal, :act, l.n, l.row, l.name, l.kind, l.unit, l.quantity, l.price, l.rate, l.net, l.tax, l.gross
	FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS
		l (n int, "row" bigint, name text, kind text, unit jsonb, quantity numeric, price numeric, rate text, net bigint, tax bigint, gross bigint)`

func (tx ActsTx) addLines(ctx context.Context, act acts.ActID, lines []acts.Line) error {
	if _, err := pg.Exec(ctx, tx, addLines, pg.Args{"act": act, "lines": pg.List[acts.Line](lines)}); err != nil {
		return fmt.Errorf("add lines: %w", err)
	}
	return nil
}

// Move is a change of status. At is business time.
type Move struct {
	From, To acts.Status
	Marked   bool   // a person's mark
	By       string // who decided for the counterparty, or who marked it
	Reason   string // the person's words
	At       time.Time
}

// moveAct does not change the day of sending when a mark is undone.
const moveAct = `
	UPDATE acts SET status = :to, marked_by_person = :marked, reason = :reason, remarks = '',
		decided_by = CASE WHEN CAST(:to AS text) IN ('signed', 'accepted_unsigned', 'refused') THEN CAST(:by AS text) ELSE '' END,
		decided_at = CASE WHEN CAST(:to AS text) IN ('signed', 'accepted_unsigned', 'refused') THEN CAST(:now AS timestamptz) END,
		signed_at = CASE WHEN CAST(:to AS text) = 'signed' THEN CAST(:now AS timestamptz) END,
		due_on = CASE WHEN CAST(:to AS text) = 'sent' THEN due_on END,
		sent_at = CASE WHEN CAST(:to AS text) IN ('draft', 'signed_by_us') THEN NULL
			WHEN CAST(:to AS text) = 'sent' AND CAST(:from AS text) IN ('draft', 'signed_by_us') THEN CAST(:now AS timestamptz) ELSE sent_at END
	WHERE portal_id = :portal AND id = :id AND status = :from
	RETURNING deal_id`

// Move changes the status only if it is still m.From; otherwise Conflict.
func (tx ActsTx) Move(ctx context.Context, id acts.ActID, m Move) error {
	return tx.changeCovering(ctx, fmt.Sprintf("move act %d to %s", id, m.To), moveAct,
		pg.Args{"id": id, "from": m.From, "to": m.To, "marked": m.Marked, "reason": m.Reason, "by": m.By, "now": m.At}, errChanged)
}

var errChanged = acts.Errorf(acts.Conflict, "Акт уже изменён, обновите страницу.")

const sendAct = `
	UPDATE acts SET sent_at = :at, sent_channel = :channel, track = :track WHERE portal_id = :portal AND id = :id AND status = 'sent'`

// SetSent stores how and when a paper act was sent; at is business time.
func (tx ActsTx) SetSent(ctx context.Context, id acts.ActID, channel acts.Channel, track string, at time.Time) error {
	return pg.ExecOne(ctx, tx, "send act", sendAct, pg.Args{"id": id, "channel": channel, "track": track, "at": at}, errChanged)
}

const arrived = `UPDATE acts SET scan_on = :scan, original_on = :original WHERE portal_id = :portal AND id = :id`

// SetArrived stores the days on which the countersigned copy and the original arrived; zero for one that has not.
func (tx ActsTx) SetArrived(ctx context.Context, id acts.ActID, scan, original time.Time) error {
	return pg.ExecOne(ctx, tx, "arrived", arrived, pg.Args{"id": id, "scan": pg.NullTime(scan), "original": pg.NullTime(original)}, errChanged)
}

const replaceAct = `UPDATE acts SET replaced_by = :by WHERE portal_id = :portal AND id = :id AND status = 'refused' AND replaced_by IS NULL RETURNING deal_id`

// Replace records that a corrected act replaces a refused one; Conflict when another one does.
func (tx ActsTx) Replace(ctx context.Context, id, by acts.ActID) error {
	return tx.changeCovering(ctx, "replace act", replaceAct, pg.Args{"id": id, "by": by}, errChanged)
}

const releaseAct = `UPDATE acts SET replaced_by = NULL WHERE portal_id = :portal AND id = :id AND replaced_by = :by RETURNING deal_id`

// Release undoes that an act replaces a refused one.
func (tx ActsTx) Release(ctx context.Context, id, by acts.ActID) error {
	return tx.changeCovering(ctx, "release act", releaseAct, pg.Args{"id": id, "by": by}, nil)
}

const annulAfter = `UPDATE acts SET annul_after = :reason WHERE portal_id = :portal AND id = :id`

// SetAnnulAfter stores the reason with which the act is annulled once its document has left SBIS; "" cancels it.
func (tx ActsTx) SetAnnulAfter(ctx context.Context, id acts.ActID, reason string) error {
	return pg.ExecOne(ctx, tx, "annul after", annulAfter, pg.Args{"id": id, "reason": reason}, errChanged)
}

const setAnnulment = `UPDATE acts SET annulment = :annulment WHERE portal_id = :portal AND id = :id`

// SetAnnulment stores the progress of the annulment of the act's document. The caller has locked the act.
func (tx ActsTx) SetAnnulment(ctx context.Context, id acts.ActID, n acts.Annulment) error {
	return pg.ExecOne(ctx, tx, "set annulment", setAnnulment, pg.Args{"id": id, "annulment": pg.AsJSON(n)}, errChanged)
}

const setRemarks = `UPDATE acts SET remarks = :remarks WHERE portal_id = :portal AND id = :id`

// SetRemarks stores the remarks with which the counterparty has signed; "" when they are settled.
func (tx ActsTx) SetRemarks(ctx context.Context, id acts.ActID, remarks string) error {
	return pg.ExecOne(ctx, tx, "set remarks", setRemarks, pg.Args{"id": id, "remarks": remarks}, errChanged)
}

const setDelivery = `
	UPDATE acts SET delivery = :to, delivery_note = :note
	WHERE portal_id = :portal AND id = :id AND delivery = :from`

// SetDelivery changes where the document is, only if it has not changed since act was read; otherwise Conflict.
func (tx ActsTx) SetDelivery(ctx context.Context, act acts.Act, to acts.Delivery, note string) error {
	return pg.ExecOne(ctx, tx, fmt.Sprintf("set delivery of act %d to %q", act.ID, to), setDelivery,
		pg.Args{"id": act.ID, "from": act.Delivery, "to": to, "note": note}, errChanged)
}

const finalizeAct = `
	UPDATE acts SET number = :number, paper_form = :paper_form, correction = :correction, seller = :seller, buyer = :buyer, delivery = :to,
		delivery_note = CASE WHEN delivery = CAST(:to AS text) THEN delivery_note ELSE '' END
	WHERE portal_id = :portal AND id = :id AND status = 'draft' AND delivery = :from`

// Finalize stores the number of the act, the requisites of its document and the new location of the document in one write, only if the
// act has not changed since a was read; otherwise Conflict.
func (tx ActsTx) Finalize(ctx context.Context, a acts.Act, to acts.Delivery) error {
	err := pg.ExecOne(ctx, tx, fmt.Sprintf("finalize act %d", a.ID), finalizeAct,
		pg.Args{"id": a.ID, "number": a.Number, "paper_form": a.PaperForm, "correction": a.Correction.N, "seller": pg.AsJSON(a.Seller), "buyer": pg.AsJSON(a.Buyer),
			"from": a.Delivery, "to": to}, errChanged)
	if pq.As(err, pqerror.UniqueViolation) != nil {
		return acts.Errorf(acts.Conflict, "Номер %s уже занят другим актом этого года.", a.Number)
	}
	return err
}

const wantNumber = `UPDATE acts SET wanted_number = :number WHERE portal_id = :portal AND id = :id AND number = ''`

// SetWantedNumber stores the number that a person has typed for an act without one.
func (tx ActsTx) SetWantedNumber(ctx context.Context, id acts.ActID, number string) error {
	return pg.ExecOne(ctx, tx, "want number", wantNumber, pg.Args{"id": id, "number": number}, errChanged)
}

const setItem = `UPDATE acts SET item_id = :item, item_base = :base WHERE portal_id = :portal AND id = :id`

// SetItem stores the CRM item of the act and its fields after our write.
func (tx ActsTx) SetItem(ctx context.Context, id acts.ActID, item acts.ItemID, base map[string]string) error {
	return pg.ExecOne(ctx, tx, "set item", setItem, pg.Args{"id": id, "item": item, "base": pg.AsJSON(base)},
		acts.Errorf(acts.NotFound, actNotFound))
}
