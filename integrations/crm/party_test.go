package crm

import (
	"testing"

	"acts24/acts"
	"acts24/integrations/bitrix24"
)

func TestPartyOf(t *testing.T) {
	known := presetsOf([]bitrix24.Preset{{ID: 1, Name: "Организация", CountryID: 1}, {ID: 2, Name: "ИП", CountryID: 1}, {ID: 3, Name: "Физ. лицо", CountryID: 1},
		{ID: 4, Name: "Юр. лицо", CountryID: 6}})
	minsk := []bitrix24.Address{{EntityID: 1, TypeID: 6, City: "Минск", Country: "Беларусь"}}
	for name, tt := range map[string]struct {
		title     string
		requisite bitrix24.Requisite
		addresses []bitrix24.Address
		want      acts.Party
	}{
		"a company": {"Ромашка", bitrix24.Requisite{PresetID: 1, INN: "7707083893", KPP: " 770701001", OGRN: "1027700132195", CompanyName: "ООО  «Ромашка»", Phone: "1", Email: "a@b.example"}, nil,
			acts.Party{Kind: acts.PartyCompany, Name: "ООО «Ромашка»", INN: "7707083893", KPP: "770701001", OGRN: "1027700132195", Phone: "1", Email: "a@b.example"}},
		"a company without a name in its requisite": {"ООО «Из карточки»", bitrix24.Requisite{PresetID: 1, INN: "7707083893"}, nil,
			acts.Party{Kind: acts.PartyCompany, Name: "ООО «Из карточки»", INN: "7707083893"}},
		"a sole proprietor": {"ИП", bitrix24.Requisite{PresetID: 2, INN: "500100732259", KPP: "1", OGRNIP: "304500116000157", LastName: "Петров", FirstName: "Пётр", SecondName: "Ильич"}, nil,
			acts.Party{Kind: acts.PartyPerson, Name: "ИП", INN: "500100732259", OGRN: "304500116000157", LastName: "Петров", FirstName: "Пётр", MiddleName: "Ильич"}},
		"a sole proprietor with the name in one field": {"", bitrix24.Requisite{PresetID: 2, INN: "500100732259", OGRNIP: "304500116000157", Name: "Петров Пётр Ильич"}, nil,
			acts.Party{Kind: acts.PartyPerson, INN: "500100732259", OGRN: "304500116000157", LastName: "Петров", FirstName: "Пётр", MiddleName: "Ильич"}},
		"a private person":                     {"Петров", bitrix24.Requisite{PresetID: 3, INN: "500100732259"}, nil, acts.Party{Unsupported: acts.UnsupportedPrivate}},
		"a foreign preset":                     {"ТОО", bitrix24.Requisite{PresetID: 4, INN: "123456789012"}, nil, acts.Party{Unsupported: acts.UnsupportedForeign}},
		"an address abroad and no Russian INN": {"ООО", bitrix24.Requisite{PresetID: 1, INN: "190000001"}, minsk, acts.Party{Unsupported: acts.UnsupportedForeign}},
		"an address abroad and a Russian INN": {"ООО", bitrix24.Requisite{PresetID: 1, INN: "7707083893"}, minsk,
			acts.Party{Kind: acts.PartyCompany, Name: "ООО", INN: "7707083893", Address: "Минск"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := partyOf(tt.title, tt.requisite, tt.addresses, known)
			if tt.want.Unsupported != "" {
				got = acts.Party{Unsupported: got.Unsupported}
			}
			if got.Cleaned = ""; got != tt.want {
				t.Errorf("partyOf returns %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestAddressLine(t *testing.T) {
	legal := bitrix24.Address{EntityID: 1, TypeID: 6, PostalCode: "101000", Province: "Москва", City: "Москва", Address1: "ул. Мира, 1", Address2: " офис  5 "}
	actual := bitrix24.Address{EntityID: 1, TypeID: 1, City: "Тверь"}
	for name, tt := range map[string]struct {
		addresses []bitrix24.Address
		want      string
		abroad    bool
	}{
		"none":                          {nil, "", false},
		"the legal one":                 {[]bitrix24.Address{actual, legal}, "101000, Москва, Москва, ул. Мира, 1, офис 5", false},
		"without a legal one the first": {[]bitrix24.Address{actual}, "Тверь", false},
		"Russia under another name":     {[]bitrix24.Address{{EntityID: 1, City: "Тверь", Country: "РОССИЙСКАЯ ФЕДЕРАЦИЯ"}}, "Тверь", false},
		"a country that is not ours":    {[]bitrix24.Address{{EntityID: 1, City: "Алматы", Country: "Казахстан"}}, "Алматы", true},
	} {
		a := addressFor(tt.addresses)
		if got := lineOf(a); got != tt.want || isAbroad(a) != tt.abroad {
			t.Errorf("%s: %q, abroad %t; want %q, %t", name, got, isAbroad(a), tt.want, tt.abroad)
		}
	}
}
