package crm_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// addManyObjects adds user fields of deals, companies and contacts, and companies of the portal's own.
func addManyObjects(p *bitrix24test.Portal, userFields, companies int) {
	for _, entity := range []string{"CRM_DEAL", "CRM_COMPANY", "CRM_CONTACT"} {
		for n := range userFields {
			p.AddUserField(bitrix24test.UserField{EntityID: entity, Name: fmt.Sprintf("UF_CRM_17%08d", n), Kind: "string", Label: fmt.Sprint("Поле ", n)})
		}
	}
	for n := range companies {
		id := p.AddItem(bitrix24test.Company, fields{"title": fmt.Sprint("Организация ", n), "isMyCompany": "Y"})
		requisite := p.AddRequisite(fields{"ENTITY_TYPE_ID": bitrix24test.Company, "ENTITY_ID": id, "PRESET_ID": bitrix24test.PresetCompany, "NAME": "Реквизиты",
			"RQ_INN": fmt.Sprintf("77%08d", n), "RQ_COMPANY_NAME": fmt.Sprint("Организация ", n)})
		p.AddAddress(fields{"ENTITY_ID": requisite, "TYPE_ID": 6, "CITY": "Москва", "ADDRESS_1": fmt.Sprint("дом ", n)})
	}
}

// ourFields returns the number of our fields of an entity type, and how many of them cannot be filtered by in lists.
func ourFields(s *apptest.Site, entity string) (all, unfilterable int) {
	for _, f := range s.Portal.UserFields(entity) {
		if strings.Contains(f.Name, "_ACTS_") {
			all++
			if !f.InFilter {
				unfilterable++
			}
		}
	}
	return all, unfilterable
}

// A portal with more fields and own companies than one page of a list holds is installed, repaired, updated,
// uninstalled and installed again, and nothing is created twice.
func TestPortalWithMoreThanAPageOfFields(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	s.RemoveLimits()
	s.Portal.AddCategory(bitrix24test.Category{ID: 4, EntityTypeID: bitrix24test.Deal, Name: "Выставки", Sort: 400})
	addManyObjects(s.Portal, 120, 60)
	expectComplete := func(when string) {
		t.Helper()
		for _, entity := range []string{"CRM_DEAL", "CRM_COMPANY", "CRM_CONTACT"} {
			if n, unfilterable := ourFields(s, entity); n != 3 || unfilterable != 0 {
				t.Errorf("%s: %d fields of ours on %s, %d of them in no filter; want 3 and none", when, n, entity, unfilterable)
			}
		}
		if n := s.Count(`own_companies WHERE party->>'address' LIKE '%дом 59%'`); n != 1 || s.Count(`own_companies`) != 61 {
			t.Errorf("%s: %d own companies, %d of them with the last address; want 61 and one", when, s.Count(`own_companies`), n)
		}
		if h, p := len(s.Portal.Handlers()), s.Placements(); h != 13 || p != 9 || len(s.Portal.Types()) != 1 {
			t.Errorf("%s: %d handlers, %d places, %d smart processes; want 13, 9, 1", when, h, p, len(s.Portal.Types()))
		}
	}
	admin := s.Admin()
	base, err := admin.Install()
	s.Must(err)
	expectComplete("installed")
	if names := s.Count(`portals WHERE deal_fields->>'participant' = 'ufCrmDealActsParticipant' AND party_fields->>'participant' = 'ufCrmCompanyActsParticipant'
		AND party_fields->>'contact-participant' = 'ufCrmContactActsParticipant'`); names != 1 {
		t.Errorf("%d portals in the store have the names of our fields as the portal spells them, want 1", names)
	}
	s.Portal.DropHandlers()
	s.Portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE")
	s.AdvanceTo(s.Clock.Now().Add(61 * time.Minute))
	opened, err := admin.OpenDeal(s.Deal(1))
	s.Page(opened, err, http.StatusOK)
	s.Await("the repair", func() bool { return len(s.Portal.Handlers()) == 13 && s.Count("install_queue") == 0 })
	expectComplete("repaired")
	s.Portal.UpdateApp(s.Portal.Admin())
	s.Await("the update", func() bool { return len(s.Portal.Handlers()) == 13 && s.Count("install_queue") == 0 })
	expectComplete("updated")
	s.Portal.Uninstall(false)
	s.Await("the removal", func() bool { return s.Count("portals WHERE state = 'frozen'") == 1 })
	s.Portal.Reinstall()
	admin = s.Admin()
	_, err = admin.Install()
	s.Must(err)
	expectComplete("installed again")
	page, err := admin.Get(base + "/acts")
	s.Page(page, err, http.StatusOK)
}

// What another installer has created meanwhile counts as created; when the portal refuses fields, tabs and
// subscriptions are still created.
func TestRefusedFieldsDoNotStopOtherParts(t *testing.T) {
	t.Parallel()
	s := apptest.StartBare(t, 1)
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "userfieldconfig.add", Kind: bitrix24test.FaultRefuse, Count: 1,
		Text: "Поле UF_CRM_DEAL_ACTS_EXCHANGE для объекта CRM_DEAL уже существует."}))
	admin := s.Admin()
	_, err := admin.Install()
	s.Must(err)
	s.Must(s.Portal.Fault(bitrix24test.Fault{Method: "userfieldconfig.add", Kind: bitrix24test.FaultRefuse, Text: "Access denied"}))
	s.Portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE")
	s.Portal.DropHandlers()
	s.Portal.DropPlacements("LEFT_MENU")
	s.AdvanceTo(s.Clock.Now().Add(61 * time.Minute))
	opened, err := admin.OpenDeal(s.Deal(1))
	s.Page(opened, err, http.StatusOK)
	s.Await("the tabs and the subscriptions", func() bool {
		return len(s.Portal.Handlers()) == 13 && len(s.Portal.Placements("LEFT_MENU", s.Portal.Admin())) == 2
	})
	s.Await("the refusal in the store", func() bool { return s.Count(`installs WHERE problem LIKE '%Access denied%'`) == 1 })
}
