package apptest

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// Counterparty returns a browser that is not logged in to the portal.
func (s *Site) Counterparty() *Visitor { return NewVisitor(s.Portal, 0, s.AppURL) }

// StartAsking returns a site whose portal has a mailbox and whose first deal has a counterparty with an address.
func StartAsking(t *testing.T) (*Site, int64) {
	t.Helper()
	s := Start(t, 1)
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "ООО «Исполнитель» <office@example.ru>" })
	deal := s.Deal(1)
	s.SetClientContacts(deal, "buh@client.ru")
	return s, deal
}

// SetClientContacts gives the company of a deal an e-mail address and a telephone.
func (s *Site) SetClientContacts(deal int64, email string) {
	s.T.Helper()
	company := int64(s.Portal.Item(bitrix24test.Deal, deal)["companyId"].(float64))
	fm := fields{"n0": fields{"typeId": "EMAIL", "valueType": "WORK", "value": email}, "n1": fields{"typeId": "PHONE", "valueType": "WORK", "value": "+7 495 123-45-67"}}
	if err := s.Portal.Change(s.Portal.Admin(), bitrix24test.Company, company, fields{"fm": fm}); err != nil {
		s.T.Fatal(err)
	}
}

// ApproveDeal moves a deal to the stage at which its counterparty is asked.
func (s *Site) ApproveDeal(deal int64) {
	s.T.Helper()
	if err := s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, deal, "ACTS_2"); err != nil {
		s.T.Fatal(err)
	}
}

// ExchangeText returns what a deal tab shows about the way of exchange.
func (s *Site) ExchangeText(deal int64) string {
	p, err := s.Manager.OpenDeal(deal)
	return TestID(s.Page(p, err, http.StatusOK), "exchange").Text()
}

// AskQuestion approves the deal with a draft act and returns the path of the link in the letter that was sent.
func (s *Site) AskQuestion(deal int64) string {
	s.T.Helper()
	s.Portal.Configure(func(c *bitrix24test.Config) { c.Mailbox = "acts@portal.example" })
	before := len(s.Portal.Letters())
	item := s.Portal.Item(bitrix24test.Deal, deal)
	company := int64(item["companyId"].(float64))
	mail := fields{"fm": []any{fields{"typeId": "EMAIL", "valueType": "WORK", "value": "buh@romashka.example"}}}
	if err := s.Portal.Change(s.Portal.Manager(), bitrix24test.Company, company, mail); err != nil {
		s.T.Fatal(err)
	}
	_, action, f := s.DealTab(deal)
	p, err := s.Manager.Post(action, f)
	s.Page(p, err, http.StatusOK)
	if err := s.Portal.Move(s.Portal.Manager(), bitrix24test.Deal, deal, "ACTS_2"); err != nil {
		s.T.Fatal(err)
	}
	s.Await("the letter", func() bool { return len(s.Portal.Letters()) == before+1 })
	found := LinkInLetter.FindStringSubmatch(s.Portal.Letters()[before].Body)
	if found == nil {
		s.T.Fatalf("no link in %s", s.Portal.Letters()[before].Body)
	}
	return found[1]
}

// LinkInLetter matches the link to the public form.
var LinkInLetter = regexp.MustCompile(`href="[^"]*(/f/[A-Za-z0-9_-]{43})"`)

// EDOAnswer returns the form of an answer through EDO.
func EDOAnswer(id string, more ...string) url.Values {
	f := Form("channel", "edo", "kind", "company", "participant", id)
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

// CompanyRequisite returns the id of the first requisite of a company.
func (s *Site) CompanyRequisite(company int64) int64 {
	var id int64
	if _, err := fmt.Sscan(s.Portal.RequisitesOf(bitrix24test.Company, company)[0]["ID"].(string), &id); err != nil {
		s.T.Fatal(err)
	}
	return id
}
