package setup

import (
	"slices"
	"testing"

	"acts24/acts"
	"acts24/store"
)

func TestMatchCompanies(t *testing.T) {
	own := func(id, crm, requisite int64, inn, kpp string) store.OwnCompany {
		return store.OwnCompany{ID: acts.CompanyID(id), CRM: acts.CompanyID(crm), RequisiteID: requisite, Party: acts.Party{INN: inn, KPP: kpp}}
	}
	head, branch := own(20, 20, 7, "7701010105", "770101001"), own(21, 20, 8, "7701010105", "540243001")
	for name, tt := range map[string]struct {
		kept, found []store.OwnCompany
		ids         []acts.CompanyID // of the found ones, 0 for new ones
		gone        []acts.CompanyID
	}{
		"the first installation":              {nil, []store.OwnCompany{own(0, 20, 7, "7701010105", "770101001"), own(0, 20, 8, "7701010105", "540243001")}, []acts.CompanyID{0, 0}, nil},
		"a branch was added":                  {[]store.OwnCompany{head}, []store.OwnCompany{own(0, 20, 8, "7701010105", "540243001"), own(0, 20, 7, "7701010105", "770101001")}, []acts.CompanyID{0, 20}, nil},
		"other values under the same id":      {[]store.OwnCompany{head, branch}, []store.OwnCompany{own(0, 20, 7, "7701010105", "770201001"), own(0, 20, 8, "7701010105", "540243001")}, []acts.CompanyID{20, 21}, nil},
		"deleted and typed again":             {[]store.OwnCompany{head, branch}, []store.OwnCompany{own(0, 20, 7, "7701010105", "770101001"), own(0, 20, 30, "7701010105", "540243001")}, []acts.CompanyID{20, 21}, nil},
		"the branch was deleted":              {[]store.OwnCompany{head, branch}, []store.OwnCompany{own(0, 20, 7, "7701010105", "770101001")}, []acts.CompanyID{20}, []acts.CompanyID{21}},
		"the head office was deleted":         {[]store.OwnCompany{head, branch}, []store.OwnCompany{own(0, 20, 8, "7701010105", "540243001")}, []acts.CompanyID{21}, []acts.CompanyID{20}},
		"another branch in place of one":      {[]store.OwnCompany{head, branch}, []store.OwnCompany{own(0, 20, 7, "7701010105", "770101001"), own(0, 20, 9, "7701010105", "660143001")}, []acts.CompanyID{20, 0}, []acts.CompanyID{21}},
		"a company that had none":             {[]store.OwnCompany{own(20, 20, 0, "", "")}, []store.OwnCompany{own(0, 20, 7, "7701010105", "770101001"), own(0, 20, 8, "7701010105", "540243001")}, []acts.CompanyID{20, 0}, nil},
		"the company was emptied":             {[]store.OwnCompany{head}, []store.OwnCompany{own(0, 20, 0, "", "")}, []acts.CompanyID{20}, nil},
		"a company is ours no longer":         {[]store.OwnCompany{head}, nil, nil, []acts.CompanyID{20}},
		"another company with the same ИНН":   {[]store.OwnCompany{head}, []store.OwnCompany{own(0, 20, 7, "7701010105", "770101001"), own(0, 50, 40, "7701010105", "770101001")}, []acts.CompanyID{20, 0}, nil},
		"requisites moved to another company": {[]store.OwnCompany{head}, []store.OwnCompany{own(0, 50, 7, "7701010105", "770101001")}, []acts.CompanyID{0}, []acts.CompanyID{20}},
	} {
		t.Run(name, func(t *testing.T) {
			matched, gone := matchCompanies(tt.kept, tt.found)
			var ids []acts.CompanyID
			for _, c := range matched {
				ids = append(ids, c.ID)
			}
			if !slices.Equal(ids, tt.ids) || !slices.Equal(gone, tt.gone) {
				t.Errorf("ids %v, gone %v; want %v, %v", ids, gone, tt.ids, tt.gone)
			}
		})
	}
}
