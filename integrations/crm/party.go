package crm

import (
	"context"
	"slices"
	"strings"

	"acts24/acts"
	"acts24/integrations/bitrix24"
)

// presets are the presets of requisites of a portal by id.
type presets map[bitrix24.ID]acts.Preset

// russia is the id of the country in the presets of requisites (crm.requisite.preset.list, its example).
const russia = 1

func presetsOf(list []bitrix24.Preset) presets {
	out := presets{}
	for _, p := range list {
		out[p.ID] = acts.Preset{Name: tidy(p.Name), Foreign: p.CountryID != 0 && p.CountryID != russia}
	}
	return out
}

// readPresets decodes the presets from the results of a batch. Presets after the first page need further calls.
func readPresets(ctx context.Context, client *bitrix24.Client, res *bitrix24.BatchResult) (presets, error) {
	var list bitrix24.List[bitrix24.Preset]
	if err := res.Get(presetsKey, &list); err != nil {
		return nil, readError(err)
	}
	if _, more := res.Next(presetsKey); more {
		all, err := client.Presets(ctx)
		return presetsOf(all), readError(err)
	}
	return presetsOf(list), nil
}

// partyOf returns a party with requisites of the CRM (docs/contracts/bitrix24.md, "Requisites and parties"). A party is foreign when its
// preset is, or when its address is abroad and its ИНН is not Russian.
func partyOf(title string, r bitrix24.Requisite, addresses []bitrix24.Address, known presets) acts.Party {
	p := acts.Party{Phone: tidy(r.Phone), Email: tidy(r.Email)}
	p.INN, p.KPP, p.OGRN = p.CleanCode("ИНН", string(r.INN)), p.CleanCode("КПП", string(r.KPP)), p.CleanCode("ОГРН", string(r.OGRN))
	ogrnip := p.CleanCode("ОГРНИП", string(r.OGRNIP))
	address := addressFor(addresses)
	preset := known[r.PresetID]
	preset.Foreign = preset.Foreign || isAbroad(address) && acts.CheckINN(p.INN) != ""
	p.Classify(preset, ogrnip)
	p.Name = p.CleanText("название", first(tidy(r.CompanyName), tidy(r.CompanyFullName), tidy(bitrix24.Text(title))))
	p.Address = p.CleanText("адрес", lineOf(address))
	if p.Kind == acts.PartyPerson {
		p.OGRN, p.KPP = ogrnip, ""
		p.LastName, p.FirstName, p.MiddleName = p.CleanText("фамилия", string(r.LastName)), p.CleanText("имя", string(r.FirstName)), p.CleanText("отчество", string(r.SecondName))
		if p.LastName == "" {
			p.SplitPersonName(p.CleanText("название", first(tidy(r.CompanyName), tidy(r.Name), title)))
		}
	}
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

// addressFor returns the legal address, else the first of any type.
func addressFor(addresses []bitrix24.Address) (chosen bitrix24.Address) {
	const legal = 6
	for _, a := range addresses {
		if chosen.EntityID == 0 || a.TypeID == legal {
			chosen = a
		}
	}
	return chosen
}

// lineOf returns an address on one line: postal code, region, city, street, house.
func lineOf(a bitrix24.Address) string {
	var parts []string
	for _, t := range []bitrix24.Text{a.PostalCode, a.Province, a.Region, a.City, a.Address1, a.Address2} {
		if text := tidy(t); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// isAbroad reports whether an address names another country than Russia; addresses without a country are Russian.
func isAbroad(a bitrix24.Address) bool {
	country := strings.ToLower(tidy(a.Country))
	return country != "" && !slices.Contains([]string{"россия", "российская федерация", "рф", "russia", "russian federation"}, country)
}
