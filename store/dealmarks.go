package store

import (
	"context"
	"fmt"

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

const chooseOwnCompany = `UPDATE deals SET own_company_id = :own WHERE portal_id = :portal AND id = :deal AND own_company_id <> :own`

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
