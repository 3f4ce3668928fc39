package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
)

// crowd adds user fields of deals, companies and contacts, and companies of the portal's own.
func crowd(p *bitrix24test.Portal, userFields, companies int) {
	for _, entity := range []string{"CRM_DEAL", "CRM_COMPANY", "CRM_CONTACT"} {
		for n := range userFields {
			p.AddUserField(bitrix24test.UserField{EntityID: entity, Name: fmt.Sprintf("UF_CRM_17%08d", n), Kind: "string", Label: fmt.Sprint("Поле ", n)})
		}
	}
	for n := range companies {
		id := p.AddItem(bitrix24test.Company, fields{"title": fmt.Sprint("Организация ", n), "isMyCompany": "Y"})
		req := p.AddRequisite(fields{"ENTITY_TYPE_ID": 4, "ENTITY_ID": id, "PRESET_ID": 1, "NAME": "Реквизиты", "RQ_INN": fmt.Sprintf("77%08d", n), "RQ_COMPANY_NAME": fmt.Sprint("Организация ", n)})
		p.AddAddress(fields{"ENTITY_ID": req, "TYPE_ID": 6, "CITY": "Москва", "ADDRESS_1": fmt.Sprint("дом ", n)})
	}
}

// ours returns the number of our fields of an entity type, and how many of them are not filterable in lists.
func (s *site) ours(entity string) (all, hidden int) {
	for _, f := range s.portal.UserFields(entity) {
		if strings.Contains(f.Name, "_ACTS_") {
			all++
			if !f.InFilter {
				hidden++
			}
		}
	}
	return all, hidden
}

// places returns the number of placements in which an employee sees the app.
func (s *site) places() (n int) {
	for _, code := range []string{"CRM_DEAL_DETAIL_TAB", "CRM_COMPANY_DETAIL_TAB", "CRM_CONTACT_DETAIL_TAB", "LEFT_MENU", "REST_APP_URI",
		fmt.Sprintf("CRM_DYNAMIC_%d_DETAIL_TAB", s.itemType())} {
		n += len(s.portal.Placements(code, s.portal.Admin()))
	}
	return n
}

// A portal with more fields and own companies than one page of a list holds is installed, repaired, updated,
// uninstalled and installed again, and nothing is created twice.
func TestPortalWithMoreThanAPageOfFields(t *testing.T) {
	t.Parallel()
	s := bare(t, 1)
	s.boundless()
	s.portal.AddCategory(bitrix24test.Category{ID: 4, EntityTypeID: bitrix24test.Deal, Name: "Выставки", Sort: 400})
	crowd(s.portal, 120, 60)
	whole := func(when string) {
		t.Helper()
		for _, entity := range []string{"CRM_DEAL", "CRM_COMPANY", "CRM_CONTACT"} {
			if n, hidden := s.ours(entity); n != 3 || hidden != 0 {
				t.Errorf("%s: %d fields of ours on %s, %d of them in no filter", when, n, entity, hidden)
			}
		}
		if n := s.count(`own_companies WHERE party->>'address' LIKE '%дом 59%'`); n != 1 || s.count(`own_companies`) != 61 {
			t.Errorf("%s: %d companies of our own, the last with its address %d", when, s.count(`own_companies`), n)
		}
		if h, p := len(s.portal.Handlers()), s.places(); h != 13 || p != 6 || len(s.portal.Types()) != 1 {
			t.Errorf("%s: %d handlers, %d places, %d smart processes", when, h, p, len(s.portal.Types()))
		}
	}
	admin := s.admin()
	base, err := admin.Install()
	s.must(err)
	whole("installed")
	if names := s.count(`portals WHERE deal_fields->>'participant' = 'ufCrmDealActsParticipant' AND party_fields->>'participant' = 'ufCrmCompanyActsParticipant'
		AND party_fields->>'contact-participant' = 'ufCrmContactActsParticipant'`); names != 1 {
		t.Error("the names of the fields are not known")
	}
	s.portal.DropHandlers()
	s.portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE")
	s.pass(s.clock.now().Add(61 * time.Minute))
	opened, err := admin.OpenDeal(s.deal(1))
	s.page(opened, err, http.StatusOK)
	s.await("the repair", func() bool { return len(s.portal.Handlers()) == 13 && s.count("install_turns") == 0 })
	whole("repaired")
	s.portal.UpdateApp(s.portal.Admin())
	s.await("the update", func() bool { return len(s.portal.Handlers()) == 13 && s.count("install_turns") == 0 })
	whole("updated")
	s.portal.Uninstall(false)
	s.await("the removal", func() bool { return s.count("portals WHERE state = 'frozen'") == 1 })
	s.portal.Reinstall()
	again := s.admin()
	if _, err := again.Install(); err != nil {
		t.Fatal(err)
	}
	whole("installed again")
	page, err := again.Get(base + "/acts")
	s.page(page, err, http.StatusOK)
}

// What another installer has created meanwhile counts as created; when the portal refuses fields, tabs and
// subscriptions are still created.
func TestARefusedPartLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	s := bare(t, 1)
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "userfieldconfig.add", Kind: bitrix24test.Refuse, Count: 1,
		Text: "Поле UF_CRM_DEAL_ACTS_EXCHANGE для объекта CRM_DEAL уже существует."}))
	admin := s.admin()
	_, err := admin.Install()
	s.must(err)
	s.must(s.portal.Fault(bitrix24test.Fault{Method: "userfieldconfig.add", Kind: bitrix24test.Refuse, Text: "Access denied"}))
	s.portal.DropUserField("CRM_DEAL", "UF_CRM_DEAL_ACTS_EXCHANGE")
	s.portal.DropHandlers()
	s.portal.DropPlacements("LEFT_MENU")
	s.pass(s.clock.now().Add(61 * time.Minute))
	opened, err := admin.OpenDeal(s.deal(1))
	s.page(opened, err, http.StatusOK)
	s.await("the tabs and the subscriptions", func() bool {
		return len(s.portal.Handlers()) == 13 && len(s.portal.Placements("LEFT_MENU", s.portal.Admin())) == 1
	})
	s.await("the refusal is kept", func() bool { return s.count(`installs WHERE problem LIKE '%Access denied%'`) == 1 })
}
