package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// ways are how the documents of the portals get our signature, in turn.
var ways = []acts.Signing{acts.SignInCabinet, acts.SignByService, acts.SignDeferred}

func wayOf(portal int) acts.Signing { return ways[portal%len(ways)] }

const thumbprint = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"

// accountOf is the account of a portal at SBIS, which holds a key of our director.
func accountOf(portal int) sbistest.Account {
	a, now := apptest.Account(portal), time.Now()
	a.Certificates = []sbistest.Certificate{{Thumbprint: thumbprint, Owner: a.Owner, INN: apptest.Own.INN, Position: apptest.OurCompany.Position,
		From: now.AddDate(-1, 0, 0), Until: now.AddDate(1, 0, 0), KeyType: "Серверный", Activated: true}}
	return a
}

// owners are the portals by the logins of their accounts.
func (s *stage) owners() map[string]int {
	owners := map[string]int{}
	for n := range s.world.Portals {
		owners[apptest.Account(n).Login] = n
	}
	return owners
}

// setSigning has a portal's documents signed its way. SBIS is asked for the key of the account first.
func (s *stage) setSigning(portal int) error {
	if wayOf(portal) == acts.SignInCabinet {
		return nil
	}
	p, c := s.world.Portals[portal], apptest.OurCompany
	admin := apptest.NewVisitor(p, p.Admin(), s.front.url())
	page, err := admin.Open("LEFT_MENU", "/placement/menu", 0)
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(page.Path, "/acts")
	account, err := apptest.AccountOf(admin, base)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/settings/accounts/" + account + "/check", nil},
		{fmt.Sprintf("/settings/companies/%d", c.ID), url.Values{"account": {account}, "participant": {c.Participant}, "signer": {c.Signer}, "position": {c.Position},
			"ground": {c.Ground}, "function": {c.Function}, "numbers": {"{N}"}, "certificate": {thumbprint}}},
		{"/settings/accounts/" + account + "/signing", url.Values{"signing": {string(wayOf(portal))}}},
	} {
		page, err := admin.Post(base+step.path, step.form)
		if err != nil || page.Status != http.StatusOK {
			return fmt.Errorf("%s: status %d: %w\n%s", step.path, page.Status, err, page.Body)
		}
	}
	return nil
}

// sentItsWay: the service has sent on what it signs and put before our signer what he signs; nothing went twice.
func sentItsWay(s *state) (broken []string) {
	for _, d := range s.Documents {
		if d.Sendings > 1 {
			broken = append(broken, fmt.Sprintf("document %s of portal %d was sent %d times", d.ID, d.Portal, d.Sendings))
		}
		if wayOf(d.Portal) != acts.SignInCabinet && d.live() && d.State == 0 && d.Comment == "" {
			broken = append(broken, fmt.Sprintf("document %s of portal %d was left in the cabinet", d.ID, d.Portal))
		}
	}
	return broken
}
