package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"acts24/acts"
)

const editAct = `
	UPDATE acts SET own_company_id = :own, medium = :medium, party_kind = :party_kind, channel = :channel, function = :function,
		act_date = :date, period_from = :from, period_to = :to, net = :net, tax = :tax, gross = :gross, operator = :operator,
		seller = :seller, buyer = :buyer, basis = :basis, signer = :signer, comment = :comment, vat_ground = :vat_ground,
		company_id = :company, contact_id = :contact, delivery = :delivery, delivery_note = '', edited_at = :now, wanted_number = :wanted
	WHERE portal_id = :portal AND id = :id AND status = 'draft'`
const dropLines = `DELETE FROM act_lines WHERE portal_id = :portal AND act_id = :act`

// EditAct replaces the content of a draft with its lines; its number stays. now is business time.
func (tx Tx) EditAct(ctx context.Context, a acts.Act, now time.Time) error {
	values := actArgs(a)
	values["id"], values["delivery"], values["now"] = int64(a.ID), string(a.Delivery), now
	err := tx.one(ctx, fmt.Sprintf("edit act %d", a.ID), editAct, values, errChanged)
	if pq.As(err, pqerror.UniqueViolation) != nil {
		return acts.Errorf(acts.Conflict, "Номер %s уже занят другим актом этого года.", a.Number)
	}
	if err != nil {
		return err
	}
	if _, err := tx.exec(ctx, dropLines, args{"act": int64(a.ID)}); err != nil {
		return fmt.Errorf("drop lines: %w", err)
	}
	return tx.addLines(ctx, a.ID, a.Lines)
}

const setExchange = `
	UPDATE acts SET operator = :operator, channel = :channel,
		buyer = buyer || jsonb_build_object('edo', CAST(:participant AS text), 'email', CAST(:email AS text)),
		medium = :medium, edited_at = :now
	WHERE portal_id = :portal AND id = :id AND status = 'draft'`

// SetExchange changes how a draft will be exchanged. now is business time.
func (tx Tx) SetExchange(ctx context.Context, a acts.Act, now time.Time) error {
	return tx.one(ctx, "set exchange", setExchange, args{"id": int64(a.ID), "operator": a.Operator, "participant": a.Buyer.Participant, "email": a.Buyer.Email,
		"channel": string(a.Channel), "medium": string(a.Medium), "now": now}, errChanged)
}

const moveToDeal = `UPDATE acts SET deal_id = :deal, company_id = :company, contact_id = :contact WHERE portal_id = :portal AND id = :id`
const setLineRow = `UPDATE act_lines SET row_id = :row WHERE portal_id = :portal AND act_id = :act AND n = :n`

// MoveToDeal links an act to another deal; lines say which of that deal's rows they cover.
func (tx Tx) MoveToDeal(ctx context.Context, a acts.Act) error {
	err := tx.one(ctx, "move to deal", moveToDeal, args{"id": int64(a.ID), "deal": int64(a.Deal), "company": int64(a.Company),
		"contact": int64(a.Contact)}, errChanged)
	if err != nil {
		return err
	}
	for _, l := range a.Lines {
		if _, err := tx.exec(ctx, setLineRow, args{"act": int64(a.ID), "n": l.N, "row": int64(l.Row)}); err != nil {
			return fmt.Errorf("row of line: %w", err)
		}
	}
	return nil
}

const (
	setReason      = `UPDATE acts SET reason = :reason WHERE portal_id = :portal AND id = :id`
	setResponsible = `UPDATE acts SET responsible_id = :user WHERE portal_id = :portal AND id = :id`
	setParties     = `
		UPDATE acts SET company_id = :company, contact_id = :contact
		WHERE portal_id = :portal AND deal_id = :deal AND status <> 'annulled' AND buyer ->> 'inn' = NULLIF(CAST(:inn AS text), '')`
)

// SetReason keeps the words for the last mark.
func (tx Tx) SetReason(ctx context.Context, id acts.ActID, reason string) error {
	return tx.one(ctx, "set reason", setReason, args{"id": int64(id), "reason": reason}, errChanged)
}

// SetResponsible gives the act to another employee.
func (tx Tx) SetResponsible(ctx context.Context, id acts.ActID, user acts.UserID) error {
	return tx.one(ctx, "set responsible", setResponsible, args{"id": int64(id), "user": int64(user)}, errChanged)
}

// FollowParties takes the acts of a deal along to its new company or contact when the INN is the same; no INN is
// the same as none.
func (tx Tx) FollowParties(ctx context.Context, d Deal) error {
	_, err := tx.exec(ctx, setParties, args{"deal": int64(d.ID), "company": int64(d.Company), "contact": int64(d.Contact), "inn": d.Buyer.INN})
	if err != nil {
		return fmt.Errorf("follow parties: %w", err)
	}
	return nil
}
