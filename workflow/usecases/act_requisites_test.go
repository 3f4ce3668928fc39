package usecases_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// branch adds requisites with their own address and bank account to a company or a contact.
func branch(s *apptest.Site, kind int, of int64, city string, columns fields) (requisite, bank int64) {
	s.T.Helper()
	f := fields{"ENTITY_TYPE_ID": kind, "ENTITY_ID": of, "PRESET_ID": 1, "NAME": "Филиал"}
	for name, value := range columns {
		f[name] = value
	}
	requisite = s.Portal.AddRequisite(f)
	s.Portal.AddAddress(fields{"ENTITY_ID": requisite, "TYPE_ID": 6, "CITY": city})
	return requisite, s.Portal.AddBankDetail(fields{"ENTITY_ID": requisite, "RQ_BANK_NAME": "Банк города " + city, "RQ_ACC_NUM": "40702810000000000001", "RQ_BIK": "045004774"})
}

// reread makes the tab read the deal again.
func reread(s *apptest.Site, deal int64) *goquery.Document {
	s.T.Helper()
	s.Exec(`UPDATE deals SET read_at = read_at - interval '1 hour' WHERE read_at > 'epoch'`)
	doc, _, _ := s.DealTab(deal)
	return doc
}

// formed submits the form of the tab with some values changed.
func formed(s *apptest.Site, deal int64, status int, change url.Values) *goquery.Document {
	s.T.Helper()
	_, action, f := s.DealTab(deal)
	for name, values := range change {
		f[name] = values
	}
	p, err := s.Manager.Post(action, f)
	return s.Page(p, err, status)
}

// The deal's link selects the requisites of its client, with their КПП, address and account. When the deal selects
// none, the manager confirms the portal's first ones; selected requisites that were deleted stop the form.
func TestTheDealChoosesTheRequisitesOfItsClient(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	client := int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	inn := fmt.Sprint(s.Portal.Requisite(s.CompanyRequisite(client))["RQ_INN"])
	branch, bank := branch(s, bitrix24test.Company, client, "Новосибирск", fields{"RQ_INN": inn, "RQ_KPP": "540243001", "RQ_COMPANY_NAME": "ООО «Контрагент 1»"})

	if asked := apptest.TestID(reread(s, deal), "confirm-requisites").Text(); !strings.Contains(asked, "КПП 780201001") || !strings.Contains(asked, "несколько реквизитов (2)") {
		t.Errorf("without a choice the form requires %q", asked)
	}
	formed(s, deal, http.StatusUnprocessableEntity, nil)
	doc := formed(s, deal, http.StatusOK, url.Values{"confirm": {"requisites:2:" + inn + ":780201001"}})
	if n := s.Count(`acts WHERE buyer ->> 'kpp' = '780201001' AND buyer ->> 'address' LIKE '%Невский%'`); n != 1 {
		t.Fatalf("%d acts with the confirmed requisites:\n%s", n, doc.Text())
	}
	s.Exec(`UPDATE acts SET status = 'annulled'`)

	s.Portal.Link(bitrix24test.Deal, deal, branch, bank, 0, 0)
	if asked := apptest.TestID(reread(s, deal), "confirm-requisites").Length(); asked != 0 {
		t.Error("the form requires a choice although the deal has chosen")
	}
	formed(s, deal, http.StatusOK, nil)
	if n := s.Count(`acts WHERE buyer ->> 'kpp' = '540243001' AND buyer ->> 'address' = 'Новосибирск' AND buyer ->> 'bank' = 'Банк города Новосибирск'`); n != 1 {
		t.Errorf("%d acts with the requisites, address and account of the branch", n)
	}
	s.Exec(`UPDATE acts SET status = 'annulled'`)

	s.Portal.Link(bitrix24test.Deal, deal, 7777, 0, 0, 0)
	reread(s, deal)
	if text := apptest.FaultAt(formed(s, deal, http.StatusUnprocessableEntity, nil), "buyer"); !strings.Contains(text, "выбраны реквизиты, которых у контрагента больше нет") {
		t.Errorf("requisites that are gone: %q", text)
	}
	s.Portal.Link(bitrix24test.Deal, deal, branch, bank, 0, 0)
	s.Portal.DeleteRequisite(branch)
	reread(s, deal)
	formed(s, deal, http.StatusOK, nil)
	if n := s.Count(`acts WHERE status = 'draft' AND buyer ->> 'kpp' = '780201001'`); n != 1 {
		t.Errorf("%d acts with the only requisites left", n)
	}
}

// An act whose requisites are no longer selected in the deal gets no number and is not handed over until the deal selects
// others.
func TestLostRequisitesStopTheHandOver(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	client := int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	inn := fmt.Sprint(s.Portal.Requisite(s.CompanyRequisite(client))["RQ_INN"])
	branch, bank := branch(s, bitrix24test.Company, client, "Новосибирск", fields{"RQ_INN": inn, "RQ_KPP": "540243001", "RQ_COMPANY_NAME": "ООО «Контрагент 1»"})
	s.Portal.Link(bitrix24test.Deal, deal, branch, bank, 0, 0)
	reread(s, deal)
	formed(s, deal, http.StatusOK, nil)
	if n := s.Count("acts"); n != 1 {
		t.Fatalf("%d acts", n)
	}
	send := fmt.Sprintf("/p/1/acts/%d/send", s.Number(`SELECT max(id) FROM acts`))

	s.Portal.Link(bitrix24test.Deal, deal, 7777, 0, 0, 0)
	reread(s, deal)
	p, err := s.Manager.Post(send, nil)
	if text := apptest.TestID(s.Page(p, err, http.StatusConflict), "alert").Text(); !strings.Contains(text, "выбраны реквизиты, которых у контрагента больше нет") {
		t.Errorf("handed over with lost requisites: %q", text)
	}
	if n := s.Count(`acts WHERE number = '' AND delivery = ''`); n != 1 {
		t.Error("the act got a number or left")
	}
	s.Portal.Link(bitrix24test.Deal, deal, branch, bank, 0, 0)
	reread(s, deal)
	p, err = s.Manager.Post(send, nil)
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`acts WHERE number <> '' AND buyer ->> 'kpp' = '540243001'`); n != 1 {
		t.Error("the act was not handed over with the requisites that the deal names again")
	}
}

// A contact may also have several requisites, and the fourth may be selected.
func TestTheDealChoosesTheRequisitesOfItsContact(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	contact := s.Portal.AddItem(bitrix24test.Contact, fields{"lastName": "Громов", "name": "Алексей"})
	var chosen int64
	for n, city := range []string{"Тверь", "Тула", "Псков", "Орёл", "Чита"} {
		chosen, _ = branch(s, bitrix24test.Contact, contact, city, fields{"PRESET_ID": 2, "RQ_INN": apptest.INN12(5001007322 + n), "RQ_LAST_NAME": "Громов",
			"RQ_FIRST_NAME": "Алексей", "SORT": 500 - n})
	}
	deal := s.Portal.AddItem(bitrix24test.Deal, fields{"title": "С контактом", "contactId": contact, "stageId": "EXECUTING", "assignedById": s.Portal.Manager(), "currencyId": "RUB"})
	s.Portal.SetRows(0, bitrix24test.Deal, deal, []bitrix24test.Row{{Name: "Услуга", Price: 1000, Quantity: 1}})
	if text := reread(s, deal).Find(".parties").Text(); !strings.Contains(text, "Чита") { // first by SORT, fifth by id
		t.Errorf("without a choice the form shows %q", text)
	}
	s.Portal.Link(bitrix24test.Deal, deal, chosen-1, 0, 0, 0)
	if text := reread(s, deal).Find(".parties").Text(); !strings.Contains(text, "Орёл") || !strings.Contains(text, apptest.INN12(5001007325)) {
		t.Errorf("the form shows %q", text)
	}
}

// Our company has two sets of requisites with separate settings; the deal selects the «Исполнитель» with its
// address and account, and both share one numbering. Requisites unknown to the settings stop the form until
// they are read again; deleted ones are not used.
func TestTheDealChoosesOurRequisites(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal, next := s.Deal(1), s.Deal(3)
	branch, bank := branch(s, bitrix24test.Company, 1, "Тверь", fields{"RQ_INN": apptest.Own.INN, "RQ_KPP": "695001001", "RQ_COMPANY_NAME": apptest.Own.Name, "RQ_DIRECTOR": "Петров Пётр Петрович"})
	other := s.Portal.AddBankDetail(fields{"ENTITY_ID": branch, "RQ_BANK_NAME": "Второй банк", "RQ_ACC_NUM": "40702810000000000002", "RQ_BIK": "044525225"})
	s.Portal.Link(bitrix24test.Deal, deal, 0, 0, branch, other)
	reread(s, deal)
	text := apptest.FaultAt(formed(s, deal, http.StatusUnprocessableEntity, nil), "own")
	if !strings.Contains(text, "В сделке выбраны наши реквизиты "+apptest.Own.Name) || !strings.Contains(text, "КПП 695001001, а они не настроены") {
		t.Fatalf("requisites that are not in the settings: %q", text)
	}
	p, err := s.AdminAtMenu().Post("/p/1/settings/companies/refresh", nil)
	if cards := s.Page(p, err, http.StatusOK).Find(`details[data-testid^="company-"] summary`).Text(); !strings.Contains(cards, "КПП 695001001") || !strings.Contains(cards, "КПП 770101001") {
		t.Errorf("the settings show %q", cards)
	}
	doc, _, _ := s.DealTab(deal)
	if chosen := doc.Find(`[data-testid="own-company"] option[selected]`).Text(); !strings.Contains(chosen, "КПП 695001001") {
		t.Errorf("the «Исполнитель» is %q", chosen)
	}
	formed(s, deal, http.StatusOK, url.Values{"type": {"paper-company"}})
	formed(s, next, http.StatusOK, url.Values{"type": {"paper-company"}})
	for _, act := range []string{"1", "2"} {
		p, err := s.Manager.Get("/p/1/acts/" + act + "/print?number=1")
		if err != nil || p.Status != http.StatusOK {
			t.Fatalf("%d %v", p.Status, err)
		}
		p, err = s.Manager.Upload("/p/1/acts/"+act+"/files/ours", nil, apptest.Scan)
		s.Page(p, err, http.StatusOK)
	}
	if n := s.Count(`acts WHERE seller ->> 'kpp' = '695001001' AND seller ->> 'address' = 'Тверь' AND seller ->> 'bank' = 'Второй банк' AND number = '1' AND signer ->> 'last' = 'Петров'`); n != 1 {
		t.Error("the act is not of the branch with its address, account and signer")
	}
	if n := s.Count(`acts WHERE seller ->> 'kpp' = '770101001' AND number = '2'`); n != 1 {
		t.Error("the head office does not go on with the numbers of the branch")
	}
	s.Await("the cards", func() bool { return len(s.Portal.Items(s.ItemType())) == 2 })
	for _, item := range s.Portal.Items(s.ItemType()) {
		if item["mycompanyId"] != 1.0 {
			t.Errorf("the card is of our company %v", item["mycompanyId"])
		}
	}

	s.Portal.DeleteRequisite(branch)
	p, err = s.AdminAtMenu().Post("/p/1/settings/companies/refresh", nil)
	s.Page(p, err, http.StatusOK)
	if n := s.Count(`own_companies WHERE gone AND requisite_id = ` + fmt.Sprint(branch)); n != 1 || bank == 0 {
		t.Error("the deleted requisites are still used")
	}
	doc = reread(s, deal)
	if chosen := doc.Find(`input[name="own"]`).AttrOr("value", doc.Find(`[data-testid="own-company"]`).Text()); chosen != "1" && apptest.TestID(doc, "nothing-left").Length() == 0 {
		t.Errorf("after the deletion the «Исполнитель» is %q", chosen)
	}
}
