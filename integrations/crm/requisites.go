package crm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/store"
)

// prefetchedRequisites is the number of requisites per party whose addresses and accounts are read in the same batch; others need a call.
const prefetchedRequisites = 3

// partyCommands returns the commands that read the requisites of both parties of a deal with their addresses and bank accounts.
func partyCommands(key string, company, contact bitrix24.Reference) []bitrix24.Command {
	chosen, ours := bitrix24.OptionalRef(key+"link", "0", "REQUISITE_ID"), bitrix24.OptionalRef(key+"link", "0", "MC_REQUISITE_ID")
	ids := []any{chosen, ours}
	for n := range prefetchedRequisites {
		ids = append(ids, bitrix24.OptionalRef(key+"companyreq", fmt.Sprint(n), "ID"), bitrix24.OptionalRef(key+"contactreq", fmt.Sprint(n), "ID"))
	}
	return []bitrix24.Command{
		bitrix24.ListRequisites(bitrix24.CompanyType, 0).With(company, "filter", "ENTITY_ID").As(key + "companyreq"),
		bitrix24.ListRequisites(bitrix24.ContactType, 0).With(contact, "filter", "ENTITY_ID").As(key + "contactreq"),
		bitrix24.RequisitesByID(ours).As(key + "ownreq"),
		bitrix24.AddressesOf(ids...).As(key + "addr"),
		bitrix24.BankDetailsOf(ids...).As(key + "bank"),
	}
}

// readParties reads the counterparty, the deal's company or else its contact, with the requisites selected in the deal, and the selected
// requisites of ours.
func readParties(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult, key string, d *store.Deal, known presets) error {
	var links bitrix24.List[bitrix24.RequisiteLink]
	if err := res.Get(key+"link", &links); err != nil {
		return readError(err)
	}
	var link bitrix24.RequisiteLink
	if len(links) > 0 {
		link = links[0]
	}
	if err := readOwnRequisites(res, key, link, d, known); err != nil {
		return err
	}
	d.Buyer = acts.Party{Kind: acts.PartyCompany, NoPreset: true}
	side, owner, name, err := counterparty(res, key, *d)
	if err != nil || side == "" {
		return err
	}
	d.Buyer.Name = name
	reqs, prefetched, err := requisitesOf(ctx, client, res, key+side+"req", owner.kind, owner.id)
	if err != nil {
		return err
	}
	chosen := slices.IndexFunc(reqs, func(r bitrix24.Requisite) bool { return r.ID == link.RequisiteID })
	switch {
	case link.RequisiteID != 0 && chosen < 0:
		d.Requisites.Lost = true
	case link.RequisiteID == 0 && len(reqs) > 1:
		d.Requisites.Among = len(reqs)
	}
	if len(reqs) == 0 {
		return nil
	}
	r := reqs[max(chosen, 0)]
	addresses, banks, err := requisiteDetails(ctx, client, res, key, r.ID, chosen < 0 && !slices.Contains(prefetched, r.ID))
	if err != nil {
		return err
	}
	d.Buyer = partyOf(name, r, addresses, known).WithBank(bankOf(banks, link.BankDetailID))
	return nil
}

// owner is the owner of requisites.
type owner struct {
	kind bitrix24.EntityType
	id   bitrix24.ID
}

// counterparty returns the company of a deal, else its contact; side is "" when it has neither.
func counterparty(res *bitrix24.BatchResult, key string, d store.Deal) (side string, of owner, name string, err error) {
	switch {
	case d.Company != 0:
		var got bitrix24.ItemsResult[bitrix24.Company]
		if err := res.Get(key+"company", &got); err != nil {
			return "", of, "", readError(err)
		}
		if len(got.Items) > 0 {
			name = string(got.Items[0].Title)
		}
		return "company", owner{bitrix24.CompanyType, bitrix24.ID(d.Company)}, name, nil
	case d.Contact != 0:
		var got bitrix24.ItemsResult[bitrix24.Contact]
		if err := res.Get(key+"contact", &got); err != nil {
			return "", of, "", readError(err)
		}
		if len(got.Items) > 0 {
			name = contactName(got.Items[0])
		}
		return "contact", owner{bitrix24.ContactType, bitrix24.ID(d.Contact)}, name, nil
	}
	return "", of, "", nil
}

// contactName returns the surname, name and patronymic of a contact.
func contactName(c bitrix24.Contact) string {
	return strings.Join(strings.Fields(fmt.Sprint(c.LastName, " ", c.Name, " ", c.SecondName)), " ")
}

// BuyerNames fetches the names of companies and contacts, fifty in a call; unknown ones are missing.
func (a *Adapter) BuyerNames(ctx context.Context, p store.Portal, list []store.Buyer) (named []store.Buyer, err error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, err
	}
	var companies, contacts []bitrix24.ID
	for _, b := range list {
		if b.Company != 0 {
			companies = append(companies, bitrix24.ID(b.Company))
		} else {
			contacts = append(contacts, bitrix24.ID(b.Contact))
		}
	}
	found, err := bitrix24.ItemsOf[bitrix24.Company](ctx, client, bitrix24.ItemQuery{Type: bitrix24.CompanyType, Select: []string{"id", "title"}}, companies)
	if err != nil {
		return nil, readError(err)
	}
	for _, c := range found {
		named = append(named, store.Buyer{Company: acts.CompanyID(c.ID), Name: string(c.Title)})
	}
	people, err := bitrix24.ItemsOf[bitrix24.Contact](ctx, client, bitrix24.ItemQuery{Type: bitrix24.ContactType, Select: []string{"id", "name", "secondName", "lastName"}}, contacts)
	if err != nil {
		return nil, readError(err)
	}
	for _, c := range people {
		named = append(named, store.Buyer{Contact: acts.ContactID(c.ID), Name: contactName(c)})
	}
	return named, nil
}

// requisitesOf returns the requisites of a company or contact, the default one first, and the ids of those whose addresses and accounts
// are in the batch.
func requisitesOf(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult, key string, kind bitrix24.EntityType, id bitrix24.ID) (all []bitrix24.Requisite, prefetched []bitrix24.ID, err error) {
	var reqs bitrix24.List[bitrix24.Requisite]
	if err := res.Get(key, &reqs); err != nil {
		return nil, nil, readError(err)
	}
	for _, r := range reqs[:min(len(reqs), prefetchedRequisites)] {
		prefetched = append(prefetched, r.ID)
	}
	all = reqs
	if _, more := res.Next(key); more {
		if all, err = client.Requisites(ctx, kind, id); err != nil {
			return nil, nil, readError(err)
		}
	}
	sortByDefault(all)
	return all, prefetched, nil
}

// sortByDefault sorts requisites by SORT and ID, so that the portal's default comes first
// (EntityLink::getDefaultMyCompanyRequisiteLink in its source; no method returns the default that a user has marked).
func sortByDefault(reqs []bitrix24.Requisite) {
	slices.SortStableFunc(reqs, func(a, b bitrix24.Requisite) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
}

// requisiteDetails returns the addresses and accounts of a requisite from the batch, or by separate calls when the batch lacks them.
func requisiteDetails(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult, key string, id bitrix24.ID, separate bool) ([]bitrix24.Address, []bitrix24.BankDetail, error) {
	var addresses bitrix24.List[bitrix24.Address]
	var banks bitrix24.List[bitrix24.BankDetail]
	if err := res.Get(key+"addr", &addresses); err != nil {
		return nil, nil, readError(err)
	}
	if err := res.Get(key+"bank", &banks); err != nil {
		return nil, nil, readError(err)
	}
	_, moreAddresses := res.Next(key + "addr")
	_, moreBanks := res.Next(key + "bank")
	if !separate && !moreAddresses && !moreBanks {
		return slices.DeleteFunc(addresses, func(a bitrix24.Address) bool { return a.EntityID != id }),
			slices.DeleteFunc(banks, func(b bitrix24.BankDetail) bool { return b.EntityID != id }), nil
	}
	all, err := client.Addresses(ctx, id)
	if err != nil {
		return nil, nil, readError(err)
	}
	accounts, err := client.BankDetails(ctx, id)
	if err != nil {
		return nil, nil, readError(err)
	}
	return all, accounts, nil
}

// bankOf returns the selected account, else the only one. When none of several is selected, the document has no account.
func bankOf(banks []bitrix24.BankDetail, chosen bitrix24.ID) acts.BankAccount {
	for _, b := range banks {
		if b.ID == chosen || chosen == 0 && len(banks) == 1 {
			var p acts.Party
			account := acts.BankAccount{Bank: p.CleanText("банк", string(b.BankName)), BIK: p.CleanCode("БИК", string(b.BIK)), Account: p.CleanCode("расчётный счёт", string(b.Account)),
				CorrAccount: p.CleanCode("корр. счёт", string(b.CorrAccount))}
			account.Cleaned = p.Cleaned
			return account
		}
	}
	return acts.BankAccount{}
}

// readOwnRequisites sets the requisites of ours that the deal selects, with their name.
func readOwnRequisites(res *bitrix24.BatchResult, key string, link bitrix24.RequisiteLink, d *store.Deal, known presets) error {
	if link.MyRequisiteID == 0 {
		return nil
	}
	d.Requisites.Own = int64(link.MyRequisiteID)
	var reqs bitrix24.List[bitrix24.Requisite]
	if err := res.Get(key+"ownreq", &reqs); err != nil {
		return readError(err)
	}
	if len(reqs) > 0 {
		d.Requisites.OwnName = partyOf("", reqs[0], nil, known).Requisites()
	}
	var banks bitrix24.List[bitrix24.BankDetail]
	if err := res.Get(key+"bank", &banks); err != nil {
		return readError(err)
	}
	if link.MyBankDetailID != 0 {
		d.Requisites.OwnBank = bankOf(slices.DeleteFunc(banks, func(b bitrix24.BankDetail) bool { return b.EntityID != link.MyRequisiteID }), link.MyBankDetailID)
	}
	return nil
}
