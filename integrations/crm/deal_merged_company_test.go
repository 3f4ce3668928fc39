package crm_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/cmd/app/apptest"
	"acts24/integrations/bitrix24/bitrix24test"
)

// When a company is merged into another, its requisites, deals and acts move to that company; the contents of acts stay
// unchanged.
func TestMergedCompany(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, 1)
	deal := s.Deal(1)
	act := s.FormPaperAct(deal, "company")
	before := s.ActPage(act).Find(".facts").Text()
	s.AwaitQuiet()
	company := func(n int) int64 { return int64(s.Portal.Item(bitrix24test.Deal, s.Deal(n))["companyId"].(float64)) }
	if err := s.Portal.MergeCompanies(s.Portal.Admin(), company(1), company(3)); err != nil {
		t.Fatal(err)
	}
	into := company(1)
	s.Await("our copy has the other company", func() bool { return s.Count(fmt.Sprintf("deals WHERE id = %d AND company_id = %d", deal, into)) == 1 })
	p, err := s.Manager.OpenDeal(deal)
	if news := s.Page(p, err, http.StatusOK).Find("main").Text(); strings.Contains(news, "а в сделке теперь ИНН") {
		t.Errorf("the counterparty is the same: %s", news)
	}
	if n := s.Count(fmt.Sprintf("acts WHERE company_id = %d", into)); n != 1 {
		t.Errorf("%d acts of the other company", n)
	}
	if after := s.ActPage(act).Find(".facts").Text(); after != before {
		t.Errorf("the act was %s, is %s", before, after)
	}
}
