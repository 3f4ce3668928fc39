package crm

import (
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
)

// partyOf makes a party of its requisites in the CRM (contracts/bitrix24.md 3.5): ИП is told by the
// length of the INN or by a filled ОГРНИП.
func partyOf(title string, r bitrix24.Requisite, addresses []bitrix24.Address) acts.Party {
	p := acts.Party{Kind: acts.Company, INN: tidy(r.INN), KPP: tidy(r.KPP), OGRN: tidy(r.OGRN), Phone: tidy(r.Phone), Email: tidy(r.Email),
		Address: addressOf(addresses)}
	if r.OGRNIP != "" || len(p.INN) == 12 {
		p.Kind, p.OGRN, p.KPP = acts.Person, tidy(r.OGRNIP), ""
		p.LastName, p.FirstName, p.MiddleName = tidy(r.LastName), tidy(r.FirstName), tidy(r.SecondName)
		if p.LastName == "" {
			p.SplitPersonName(first(tidy(r.CompanyName), tidy(r.Name), title))
		}
	}
	p.Name = first(tidy(r.CompanyName), tidy(r.CompanyFullName), strings.TrimSpace(title))
	return p
}

func tidy(t bitrix24.Text) string { return strings.Join(strings.Fields(string(t)), " ") }

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// addressOf writes the legal address in one line, else any other: index, region, city, street, house.
func addressOf(addresses []bitrix24.Address) string {
	const legal = 6
	var chosen bitrix24.Address
	for _, a := range addresses {
		if chosen.EntityID == 0 || a.TypeID == legal {
			chosen = a
		}
	}
	var parts []string
	for _, t := range []bitrix24.Text{chosen.PostalCode, chosen.Province, chosen.Region, chosen.City, chosen.Address1, chosen.Address2} {
		if text := tidy(t); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}
