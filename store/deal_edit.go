package store

import (
	"context"
	"fmt"

	"acts24/acts"
	"acts24/store/internal/pg"
)

const markRow = `UPDATE deal_rows SET needs_act = :needs WHERE portal_id = :portal AND deal_id = :deal AND id = :id`

// MarkRow stores whether a row of the deal needs an act.
func (tx DealsTx) MarkRow(ctx context.Context, deal acts.DealID, row acts.RowID, needs bool) error {
	tx.coverageChanged(deal)
	return pg.ExecOne(ctx, tx, "mark row", markRow, pg.Args{"deal": deal, "id": row, "needs": needs},
		acts.Errorf(acts.NotFound, "Такой строки в сделке больше нет. Обновите страницу."))
}

const chooseOwnCompany = `UPDATE deals SET own_company_id = :own WHERE portal_id = :portal AND id = :deal AND own_company_id <> :own`

// SetOwnCompany stores which of our companies makes the acts of the deal.
func (tx DealsTx) SetOwnCompany(ctx context.Context, deal acts.DealID, own acts.CompanyID) error {
	if _, err := pg.Exec(ctx, tx, chooseOwnCompany, pg.Args{"deal": deal, "own": own}); err != nil {
		return fmt.Errorf("choose own company: %w", err)
	}
	return nil
}

const setDealPlace = `
	UPDATE deals SET stage_id = :stage, final = :final, last_set = :last_set, last_for = :last_for, stage_note = :note, forced = false
	WHERE portal_id = :portal AND id = :deal`

// SetPlace stores the stage of the deal, the stage that we set last, and why it is not the one that follows from its acts.
func (tx DealsTx) SetPlace(ctx context.Context, deal acts.DealID, at acts.DealPlace, note string) error {
	return pg.ExecOne(ctx, tx, "set deal place", setDealPlace, pg.Args{"deal": deal, "stage": at.StageID, "final": at.Final,
		"last_set": at.LastSet, "last_for": int(at.LastFor), "note": note},
		acts.Errorf(acts.NotFound, "Сделка не найдена."))
}

const forceDeal = `UPDATE deals SET forced = true WHERE portal_id = :portal AND id = :deal`

// ForceStage requests to move the deal to the stage of its acts even if a person has moved it elsewhere.
func (tx DealsTx) ForceStage(ctx context.Context, deal acts.DealID) error {
	return pg.ExecOne(ctx, tx, "force deal", forceDeal, pg.Args{"deal": deal}, acts.Errorf(acts.NotFound, "Сделка не найдена."))
}

const dealsOfParty = `SELECT DISTINCT deal_id FROM acts WHERE portal_id = :portal AND status = 'draft'
	AND (:company <> 0 AND company_id = :company OR :contact <> 0 AND contact_id = :contact) LIMIT 200`

// OfParty lists deals with drafts for a company or a contact, whose requisites may have changed.
func (s Deals) OfParty(ctx context.Context, company acts.CompanyID, contact acts.ContactID) ([]acts.DealID, error) {
	var ids []acts.DealID
	if err := pg.Select(ctx, s, &ids, dealsOfParty, pg.Args{"company": company, "contact": contact}); err != nil {
		return nil, fmt.Errorf("deals of party: %w", err)
	}
	return ids, nil
}

const dealDeleted = `UPDATE deals SET deleted = true WHERE portal_id = :portal AND id = :deal`

// SetDeleted marks a deal that the CRM no longer has; its acts stay.
func (tx DealsTx) SetDeleted(ctx context.Context, deal acts.DealID) error {
	if _, err := pg.Exec(ctx, tx, dealDeleted, pg.Args{"deal": deal}); err != nil {
		return fmt.Errorf("deal deleted: %w", err)
	}
	return nil
}

const responsibleOfDeal = `SELECT responsible_id FROM deals WHERE portal_id = :portal AND id = :id`

// Responsible returns the responsible of the deal: a visitor who may see his deals may see it.
func (s Deals) Responsible(ctx context.Context, id acts.DealID) (user acts.UserID, err error) {
	err = pg.Get(ctx, s, &user, responsibleOfDeal, pg.Args{"id": id})
	return user, pg.NotFound(err, "responsible of deal", noDeal)
}

// CommentKind is what a comment on the timeline of a deal is about.
type CommentKind string

// The kinds of comments.
const (
	CommentEvent   CommentKind = "event"   // a line of an act's history
	CommentMessage CommentKind = "message" // a message about the deal
)

// Comment is our comment on the timeline of a deal.
type Comment struct {
	Deal    acts.DealID
	Kind    CommentKind
	Subject int64
	Text    string
}

const (
	// beginComment changes nothing of a stored comment; DO UPDATE is there so that RETURNING has its row.
	beginComment = `
		INSERT INTO timeline_comments (portal_id, deal_id, kind, subject, text) VALUES (:portal, :deal, :kind, :subject, :text)
		ON CONFLICT (portal_id, kind, subject) DO UPDATE SET subject = timeline_comments.subject
		RETURNING deal_id AS deal, text`
	endComment    = `UPDATE timeline_comments SET comment_id = :comment, text = '' WHERE portal_id = :portal AND kind = :kind AND subject = :subject`
	knownComments = `SELECT comment_id FROM timeline_comments WHERE portal_id = :portal AND deal_id = :deal AND comment_id <> 0`
)

// BeginComment stores a comment before it is sent. When an earlier attempt has stored it already, it returns that one, which may have been sent.
func (tx DealsTx) BeginComment(ctx context.Context, c Comment) (Comment, error) {
	err := pg.Get(ctx, tx, &c, beginComment, pg.Args{"deal": c.Deal, "kind": c.Kind, "subject": c.Subject, "text": c.Text})
	return c, pg.Wrap("begin comment", err)
}

// EndComment stores the id that a comment has in the CRM.
func (tx DealsTx) EndComment(ctx context.Context, c Comment, id int64) error {
	if _, err := pg.Exec(ctx, tx, endComment, pg.Args{"kind": c.Kind, "subject": c.Subject, "comment": id}); err != nil {
		return fmt.Errorf("end comment: %w", err)
	}
	return nil
}

// KnownComments returns the ids in the CRM of our comments on the timeline of a deal.
func (s Deals) KnownComments(ctx context.Context, deal acts.DealID) ([]int64, error) {
	var ids []int64
	err := pg.Select(ctx, s, &ids, knownComments, pg.Args{"deal": deal})
	return ids, pg.Wrap("known comments", err)
}
