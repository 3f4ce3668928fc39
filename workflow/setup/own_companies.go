package setup

import (
	"context"

	"acts24/acts"
	"acts24/store"
	"acts24/workflow"
)

// RefreshCompanies fetches the requisites of our companies from the portal.
func (s *Service) RefreshCompanies(ctx context.Context, v workflow.Visit) error {
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	found, err := s.crm.Plan(ctx, p)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, p.ID, func(tx store.Tx) error { return keepCompanies(ctx, tx, found.Companies) })
}

// keepCompanies updates our companies from the CRM. Their settings stay; deleted ones are kept for the acts that were
// made of them.
func keepCompanies(ctx context.Context, tx store.Tx, found []store.OwnCompany) error {
	kept, err := tx.Companies().List(ctx)
	if err != nil {
		return err
	}
	found, gone := matchCompanies(kept, found)
	for _, id := range gone {
		if err := tx.Companies().SetGone(ctx, id); err != nil {
			return err
		}
	}
	for _, c := range found {
		if err := tx.Companies().Merge(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// matchCompanies assigns found requisites to stored ones and returns which stored ones are gone. Requisites are the
// same when the CRM gives them the same id; otherwise, of one company and not yet matched, when their ИНН and КПП are
// equal: a person has deleted and retyped them; otherwise when they are the company's first and the stored ones were
// never filled in, or the company has no others now.
func matchCompanies(kept, found []store.OwnCompany) (matched []store.OwnCompany, gone []acts.CompanyID) {
	taken := map[acts.CompanyID]bool{}
	matched = append(matched, found...)
	for _, same := range []func(a, b store.OwnCompany) bool{
		func(a, b store.OwnCompany) bool { return a.RequisiteID == b.RequisiteID },
		func(a, b store.OwnCompany) bool { return a.Party.INN == b.Party.INN && a.Party.KPP == b.Party.KPP },
		func(a, b store.OwnCompany) bool { return a.RequisiteID == 0 || b.RequisiteID == 0 },
	} {
		for i := range matched {
			for _, k := range kept {
				if matched[i].ID == 0 && !taken[k.ID] && k.CRM == matched[i].CRM && same(k, matched[i]) {
					matched[i].ID, taken[k.ID] = k.ID, true
				}
			}
		}
	}
	for _, k := range kept {
		if !taken[k.ID] {
			gone = append(gone, k.ID)
		}
	}
	return matched, gone
}
