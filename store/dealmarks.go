package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"acts24/acts"
)

func bigints(ids []int64) any { return pq.Array(ids) }

const markRow = `UPDATE deal_rows SET needs_act = :needs WHERE portal_id = :portal AND deal_id = :deal AND id = :id`

// MarkRow stores whether a row of the deal needs an act.
func (tx Tx) MarkRow(ctx context.Context, deal acts.DealID, row acts.RowID, needs bool) error {
	return tx.one(ctx, "mark row", markRow, args{"deal": int64(deal), "id": int64(row), "needs": needs},
		acts.Errorf(acts.NotFound, "Такой строки в сделке больше нет. Обновите страницу."))
}

const chooseOwnCompany = `UPDATE deals SET own_company_id = :own WHERE portal_id = :portal AND id = :deal`

// ChooseOwnCompany remembers which of our companies makes the acts of the deal.
func (tx Tx) ChooseOwnCompany(ctx context.Context, deal acts.DealID, own acts.CompanyID) error {
	if _, err := tx.exec(ctx, chooseOwnCompany, args{"deal": int64(deal), "own": int64(own)}); err != nil {
		return fmt.Errorf("choose own company: %w", err)
	}
	return nil
}

const setDealPlace = `
	UPDATE deals SET stage_id = :stage, final = :final, last_set = :last_set, last_for = :last_for, stage_note = :note, forced = false
	WHERE portal_id = :portal AND id = :deal`

// SetDealPlace keeps where the deal is, what we set last and why it is not where its acts say.
func (tx Tx) SetDealPlace(ctx context.Context, deal acts.DealID, at acts.DealPlace, note string) error {
	return tx.one(ctx, "set deal place", setDealPlace, args{"deal": int64(deal), "stage": at.StageID, "final": at.Final,
		"last_set": at.LastSet, "last_for": int(at.LastFor), "note": note},
		acts.Errorf(acts.NotFound, "Сделка не найдена."))
}

const forceDeal = `UPDATE deals SET forced = true WHERE portal_id = :portal AND id = :deal`

// ForceDeal has the deal moved where its acts say even if a person moved it elsewhere.
func (tx Tx) ForceDeal(ctx context.Context, deal acts.DealID) error {
	return tx.one(ctx, "force deal", forceDeal, args{"deal": int64(deal)}, acts.Errorf(acts.NotFound, "Сделка не найдена."))
}

const dealHeads = `SELECT id, title, stage_id, semantics, company_id, contact_id, amount, currency, deleted, updated_at,
		EXISTS (SELECT FROM acts a WHERE a.portal_id = :portal AND a.deal_id = d.id AND a.status <> 'annulled') AS has_acts
	FROM deals d WHERE portal_id = :portal AND id = ANY (CAST(:ids AS bigint[]))`

// DealHead is what tells whether our copy of a deal is still true.
type DealHead struct {
	ID        acts.DealID    `db:"id"`
	Title     string         `db:"title"`
	StageID   string         `db:"stage_id"`
	Semantics string         `db:"semantics"`
	Company   acts.CompanyID `db:"company_id"`
	Contact   acts.ContactID `db:"contact_id"`
	Amount    acts.Kopecks   `db:"amount"`
	Currency  string         `db:"currency"`
	Deleted   bool           `db:"deleted"`
	UpdatedAt *time.Time     `db:"updated_at"`
	HasActs   bool           `db:"has_acts"`
}

// Same reports whether a copy still tells what the CRM does.
func (h DealHead) Same(now DealHead) bool {
	at := h.UpdatedAt != nil && now.UpdatedAt != nil && h.UpdatedAt.Equal(*now.UpdatedAt)
	return at && !h.Deleted && h.Title == now.Title && h.StageID == now.StageID && h.Company == now.Company && h.Contact == now.Contact &&
		h.Amount == now.Amount && h.Currency == now.Currency
}

// DealHeads reads the heads of those deals that we keep copies of.
func (s Scope) DealHeads(ctx context.Context, ids []acts.DealID) (map[acts.DealID]DealHead, error) {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	var found []DealHead
	if err := s.list(ctx, &found, dealHeads, args{"ids": bigints(plain)}); err != nil {
		return nil, fmt.Errorf("deal heads: %w", err)
	}
	byID := make(map[acts.DealID]DealHead, len(found))
	for _, h := range found {
		byID[h.ID] = h
	}
	return byID, nil
}

const dealsOfParty = `SELECT DISTINCT deal_id FROM acts WHERE portal_id = :portal AND status = 'draft'
	AND (:company <> 0 AND company_id = :company OR :contact <> 0 AND contact_id = :contact) LIMIT 200`

// DealsOfParty lists deals with drafts for a company or a contact, whose requisites may have changed.
func (s Scope) DealsOfParty(ctx context.Context, company acts.CompanyID, contact acts.ContactID) ([]acts.DealID, error) {
	var ids []acts.DealID
	if err := s.list(ctx, &ids, dealsOfParty, args{"company": int64(company), "contact": int64(contact)}); err != nil {
		return nil, fmt.Errorf("deals of party: %w", err)
	}
	return ids, nil
}

const dealDeleted = `UPDATE deals SET deleted = true WHERE portal_id = :portal AND id = :deal`

// DealDeleted marks a deal that the CRM no longer has; its acts stay.
func (tx Tx) DealDeleted(ctx context.Context, deal acts.DealID) error {
	if _, err := tx.exec(ctx, dealDeleted, args{"deal": int64(deal)}); err != nil {
		return fmt.Errorf("deal deleted: %w", err)
	}
	return nil
}

const knowsDeal = `SELECT count(*) FROM deals WHERE portal_id = :portal AND id = :deal`

// KnowsDeal reports whether we keep a copy of the deal.
func (s Scope) KnowsDeal(ctx context.Context, deal acts.DealID) (bool, error) {
	var n int
	if err := s.get(ctx, &n, knowsDeal, args{"deal": int64(deal)}); err != nil {
		return false, fmt.Errorf("knows deal: %w", err)
	}
	return n > 0, nil
}
