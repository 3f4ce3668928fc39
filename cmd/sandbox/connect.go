package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// seedSBIS adds to the fake SBIS an account with our organisations and every counterparty of the seed.
func seedSBIS(server *sbistest.Server) {
	account := sbistest.Account{AppClientID: apptest.AppClientID, AppSecret: apptest.AppSecret, SecretKey: apptest.SecretKey,
		Login: "sandbox", Password: "sandbox", Prepares: true, Owner: sbistest.Person{Surname: "Громов", Name: "Алексей", Patronymic: "Петрович"}}
	for _, c := range Counterparties() {
		org := sbistest.Organization{INN: c.INN, KPP: c.KPP, Name: c.Name, BoxID: c.Participant, Connected: c.Participant != "",
			Person: sbistest.Person{Surname: c.LastName, Name: c.FirstName, Patronymic: c.MiddleName}}
		if c.Own {
			account.Own = append(account.Own, org)
			account.Certificates = append(account.Certificates, seedCertificate(server, len(account.Own), org, account.Owner))
			continue
		}
		known := sbistest.Counterparty{Organization: org}
		if c.Participant != "" {
			known.Boxes = []sbistest.Box{{ID: c.Participant, Operator: c.Participant[:3], Name: operatorTitle(c.Participant), Main: true,
				Roaming: c.Participant[:3] != "2BE"}}
		}
		server.AddCounterparty(known)
	}
	server.AddAccount(account)
}

// seedCertificate returns a certificate whose key SBIS stores: that of the first organisation is activated, that of
// the second needs an activation code.
func seedCertificate(server *sbistest.Server, n int, org sbistest.Organization, owner sbistest.Person) sbistest.Certificate {
	now := server.Now()
	return sbistest.Certificate{Thumbprint: fmt.Sprintf("9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F8%02d", n), Owner: owner, INN: org.INN, Position: "Генеральный директор",
		From: now.AddDate(0, -2, 0), Until: now.AddDate(0, 10, 0), KeyType: "Серверный", Activated: n == 1}
}

// connect performs the first steps of an administrator: it installs the app and connects our organisations to SBIS.
func (s *sandbox) connect() error {
	var ours []apptest.Company
	for _, item := range s.portal.Items(4) {
		if item["isMyCompany"] != true && item["isMyCompany"] != "Y" {
			continue
		}
		id, _ := item["id"].(float64)
		company := apptest.Company{ID: int64(id), Signer: "Громов Алексей Петрович", Position: "Генеральный директор", Ground: "Устав", Function: "СЧФДОП"}
		for _, c := range Counterparties() {
			if c.Own && c.Name == item["title"] {
				company.Participant = c.Participant
				if c.KPP == "" {
					company.Position, company.Ground, company.Function = "Индивидуальный предприниматель", "", "ДОП"
				}
			}
		}
		ours = append(ours, company)
	}
	if err := apptest.Connect(s.portal, "http://"+s.cfg.App, ours...); err != nil {
		return err
	}
	return s.chooseContracts()
}

// chooseContracts selects the deal field with the contract as the source of the basis of acts.
func (s *sandbox) chooseContracts() error {
	admin := apptest.NewVisitor(s.portal, seedAdmin, "http://"+s.cfg.App)
	menu, err := admin.Open("DEFAULT", "/placement/menu", 0)
	if err != nil {
		return fmt.Errorf("open the settings: %w", err)
	}
	base, _, _ := strings.Cut(menu.Path, "/acts")
	page, err := admin.Post(base+"/settings/documents", url.Values{"source": {"text"}, "text": {contractField}})
	if err != nil || page.Status != http.StatusOK {
		return fmt.Errorf("choose the field of contracts: status %d at %s: %v", page.Status, page.Path, err)
	}
	return nil
}
