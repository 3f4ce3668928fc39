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

const editAct = `
	UPDATE acts SET own_company_id = :own, medium = :medium, party_kind = :party_kind, channel = :channel, function = :function,
		act_date = :date, period_from = :from, period_to = :to, net = :net, tax = :tax, gross = :gross, operator = :operator,
		seller = :seller, buyer = :buyer, basis = :basis, signer = :signer, comment = :comment, vat_ground = :vat_ground, zero_ground = :zero_ground,
		payments = :payments, state_contract = :state_contract,
		company_id = :company, contact_id = :contact, delivery = :delivery, delivery_note = '', edited_at = :now, wanted_number = :wanted,
		deal_state = :deal_state, corrected = :corrected
	WHERE portal_id = :portal AND id = :id AND status = 'draft'`
const dropLines = `DELETE FROM act_lines WHERE portal_id = :portal AND act_id = :act`

// Edit replaces the content of a draft with its lines; its number stays. now is business time.
func (tx ActsTx) Edit(ctx context.Context, a acts.Act, now time.Time) error {
	values := actArgs(a)
	values["id"], values["delivery"], values["now"] = int64(a.ID), string(a.Delivery), now
	err := pg.ExecOne(ctx, tx, fmt.Sprintf("edit act %d", a.ID), editAct, values, errChanged)
	if pq.As(err, pqerror.UniqueViolation) != nil {
		return acts.Errorf(acts.Conflict, "Номер %s уже занят другим актом этого года.", a.Number)
	}
	if err != nil {
		return err
	}
	if _, err := pg.Exec(ctx, tx, dropLines, pg.Args{"act": a.ID}); err != nil {
		return fmt.Errorf("drop lines: %w", err)
	}
	tx.coverageChanged(a.Deal)
	return tx.addLines(ctx, a.ID, a.Lines)
}

const setExchange = `
	UPDATE acts SET operator = :operator, channel = :channel,
		buyer = buyer || jsonb_build_object('edo', CAST(:participant AS text), 'edo_seen', CAST(:seen AS text), 'email', CAST(:email AS text)),
		medium = :medium, edited_at = :now
	WHERE portal_id = :portal AND id = :id AND status = 'draft'`

// SetExchange changes how a draft will be exchanged. now is business time.
func (tx ActsTx) SetExchange(ctx context.Context, a acts.Act, now time.Time) error {
	return pg.ExecOne(ctx, tx, "set exchange", setExchange, pg.Args{"id": a.ID, "operator": a.Operator, "participant": a.Buyer.Participant, "seen": a.Buyer.ParticipantSeen, "email": a.Buyer.Email,
		"channel": a.Channel, "medium": a.Medium, "now": now}, errChanged)
}

const moveToDeal = `
	UPDATE acts a SET deal_id = :deal, company_id = :company, contact_id = :contact, deal_state = :deal_state
	FROM (SELECT id, deal_id FROM acts WHERE portal_id = :portal AND id = :id FOR NO KEY UPDATE) was
	WHERE a.portal_id = :portal AND a.id = was.id
	RETURNING was.deal_id`
const setLineRow = `UPDATE act_lines SET row_id = :row WHERE portal_id = :portal AND act_id = :act AND n = :n`

// MoveToDeal links an act to another deal; each line names the row of that deal that it covers.
func (tx ActsTx) MoveToDeal(ctx context.Context, a acts.Act) error {
	tx.coverageChanged(a.Deal)
	err := tx.changeCovering(ctx, "move to deal", moveToDeal, pg.Args{"id": a.ID, "deal": a.Deal, "company": a.Company,
		"contact": a.Contact, "deal_state": pg.AsJSON(a.DealState)}, errChanged)
	if err != nil {
		return err
	}
	for _, l := range a.Lines {
		if _, err := pg.Exec(ctx, tx, setLineRow, pg.Args{"act": a.ID, "n": l.N, "row": l.Row}); err != nil {
			return fmt.Errorf("row of line: %w", err)
		}
	}
	return nil
}

const setDealState = `UPDATE acts SET deal_state = :deal_state WHERE portal_id = :portal AND id = :id AND status = 'draft'`

// SetDealState stores the state of the deal with which a draft was compared and left unchanged.
func (tx ActsTx) SetDealState(ctx context.Context, id acts.ActID, state acts.DealState) error {
	return pg.ExecOne(ctx, tx, "set deal state", setDealState, pg.Args{"id": id, "deal_state": pg.AsJSON(state)}, errChanged)
}

const (
	setReason      = `UPDATE acts SET reason = :reason WHERE portal_id = :portal AND id = :id`
	setResponsible = `UPDATE acts SET responsible_id = :user WHERE portal_id = :portal AND id = :id`
	setParties     = `
		UPDATE acts SET company_id = :company, contact_id = :contact
		WHERE portal_id = :portal AND deal_id = :deal AND status <> 'annulled' AND buyer ->> 'inn' = NULLIF(CAST(:inn AS text), '')`
)

// SetReason stores the reason of the last mark.
func (tx ActsTx) SetReason(ctx context.Context, id acts.ActID, reason string) error {
	return pg.ExecOne(ctx, tx, "set reason", setReason, pg.Args{"id": id, "reason": reason}, errChanged)
}

// SetResponsible assigns the act to another employee.
func (tx ActsTx) SetResponsible(ctx context.Context, id acts.ActID, user acts.UserID) error {
	return pg.ExecOne(ctx, tx, "set responsible", setResponsible, pg.Args{"id": id, "user": user}, errChanged)
}

// FollowParties moves the acts of a deal to its new company or contact when the INN is the same. Acts without an INN stay.
func (tx ActsTx) FollowParties(ctx context.Context, d Deal) error {
	_, err := pg.Exec(ctx, tx, setParties, pg.Args{"deal": d.ID, "company": d.Company, "contact": d.Contact, "inn": d.Buyer.INN})
	if err != nil {
		return fmt.Errorf("follow parties: %w", err)
	}
	return nil
}
