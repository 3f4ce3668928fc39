package apptest

import (
	"net/http"
	"strings"

	"acts24/integrations/bitrix24/bitrix24test"
)

// Deal returns the id of the n-th deal of the test data.
func (s *Site) Deal(n int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > len(s.deals) {
		s.deals = s.Portal.Items(bitrix24test.Deal)
	}
	return int64(s.deals[n-1]["id"].(float64))
}

// DealStage returns the name of the stage of a deal.
func (s *Site) DealStage(deal int64) string {
	item := s.Portal.Item(bitrix24test.Deal, deal)
	return s.Portal.StageName(bitrix24test.Deal, item["stageId"].(string))
}

// AddDealOfSameClient adds another deal with the counterparty of a deal.
func (s *Site) AddDealOfSameClient(deal int64, more fields) int64 {
	s.T.Helper()
	f := fields{"title": "Ещё одна сделка", "companyId": s.Portal.Item(bitrix24test.Deal, deal)["companyId"], "categoryId": 0, "stageId": "EXECUTING",
		"assignedById": s.Portal.Manager(), "currencyId": "RUB", "ufCrmDealActsParticipant": s.Portal.Item(bitrix24test.Deal, deal)["ufCrmDealActsParticipant"]}
	for name, value := range more {
		f[name] = value
	}
	id := s.Portal.AddItem(bitrix24test.Deal, f)
	s.Portal.SetRows(0, bitrix24test.Deal, id, []bitrix24test.Row{{Name: "Услуга", Price: 1000, Quantity: 1}})
	return id
}

// SetRows replaces the rows of a deal by others with new ids, and waits until the program has read them.
func (s *Site) SetRows(deal int64, rows ...bitrix24test.Fields) {
	s.T.Helper()
	for _, r := range rows {
		delete(r, "id")
	}
	s.Portal.SetRowFields(s.Portal.Manager(), bitrix24test.Deal, deal, rows)
	s.AwaitQuiet()
	s.Exec(`UPDATE deals SET read_at = read_at - interval '1 hour' WHERE read_at > 'epoch'`) // so that the tab reads the deal again
}

// ProductRow returns a row for writing, with a price that includes 22 % of tax.
func ProductRow(name string, quantity, price float64) bitrix24test.Fields {
	return bitrix24test.Fields{"productName": name, "quantity": quantity, "price": price, "taxRate": 22.0, "taxIncluded": "Y", "measureCode": 796.0}
}

// Percent returns the tax rate of a row.
func Percent(p float64) *float64 { return &p }

// AddWaitingDeals moves the first deals to a stage at which they need an act, and waits until the program has copied them.
func (s *Site) AddWaitingDeals(deals int) {
	s.T.Helper()
	p, err := s.Manager.OpenDeal(s.Deal(20))
	s.Page(p, err, http.StatusOK)
	s.Await("the backfill", func() bool { return s.Count(`backfills WHERE NOT done`) == 0 })
	for n := 1; n <= deals; n++ {
		s.Must(s.Portal.Change(s.Portal.Manager(), bitrix24test.Deal, s.Deal(n), fields{"stageId": "ACTS_1"}))
	}
	s.Await("the deals on their stage", func() bool { return s.Count(`deals WHERE stage_id = 'ACTS_1'`) == deals })
}

// CardField returns a field of ours on the card of a deal or a company.
func (s *Site) CardField(entityType int, id int64, name string) string {
	kind := map[int]string{bitrix24test.Deal: "Deal", bitrix24test.Company: "Company", bitrix24test.Contact: "Contact"}[entityType]
	text, _ := s.Portal.Item(entityType, id)["ufCrm"+kind+"Acts"+name].(string)
	return text
}

// TimelineEntries returns the number of entries of the timeline that contain words.
func (s *Site) TimelineEntries(words string) (n int) {
	for _, c := range s.Portal.Timeline() {
		if strings.Contains(c.Text, words) {
			n++
		}
	}
	return n
}
