package app_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// When a company is merged into another, its requisites, deals and acts move to that company; the contents of acts stay
// unchanged.
func TestMergedCompany(t *testing.T) {
	t.Parallel()
	s := start(t, 1)
	deal := s.deal(1)
	act := s.formPaper(deal, "company")
	before := s.act(act).Find(".facts").Text()
	s.quiet()
	company := func(n int) int64 { return int64(s.portal.Item(bitrix24test.Deal, s.deal(n))["companyId"].(float64)) }
	if err := s.portal.MergeCompanies(s.portal.Admin(), company(1), company(3)); err != nil {
		t.Fatal(err)
	}
	into := company(1)
	s.await("our copy has the other company", func() bool { return s.count(fmt.Sprintf("deals WHERE id = %d AND company_id = %d", deal, into)) == 1 })
	p, err := s.manager.OpenDeal(deal)
	if news := s.page(p, err, http.StatusOK).Find("main").Text(); strings.Contains(news, "а в сделке теперь ИНН") {
		t.Errorf("the counterparty is the same: %s", news)
	}
	if n := s.count(fmt.Sprintf("acts WHERE company_id = %d", into)); n != 1 {
		t.Errorf("%d acts of the other company", n)
	}
	if after := s.act(act).Find(".facts").Text(); after != before {
		t.Errorf("the act was %s, is %s", before, after)
	}
}
