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

// ways are the ways of signing, assigned to the portals in turn.
var ways = []acts.Signing{acts.SigningManual, acts.SigningServer, acts.SigningDeferred}

func wayOf(portal int) acts.Signing { return ways[portal%len(ways)] }

const thumbprint = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"

// accountOf returns the account of a portal at SBIS with a key of our director.
func accountOf(portal int) sbistest.Account {
	a, now := apptest.Account(portal), time.Now()
	a.Certificates = []sbistest.Certificate{{Thumbprint: thumbprint, Owner: a.Owner, INN: apptest.Own.INN, Position: apptest.OurCompany.Position,
		From: now.AddDate(-1, 0, 0), Until: now.AddDate(1, 0, 0), KeyType: "Серверный", Activated: true}}
	// accounts differ: some require preparation, some have other names of stages, some report states by name only
	a.Prepares = portal%2 == 0
	if portal%4 > 1 {
		a.Regulation = sbistest.Regulation{Stage: "Согласование и отправка", Action: "Согласовать и отправить"}
	}
	a.States = []sbistest.Naming{sbistest.ByCode, sbistest.ByName, sbistest.ByOtherCode}[portal%5%3]
	return a
}

// owners maps the logins of accounts to portals.
func (h *harness) owners() map[string]int {
	owners := map[string]int{}
	for n := range h.world.Portals {
		owners[apptest.Account(n).Login] = n
	}
	return owners
}

// setSigning sets a portal's way of signing. SBIS is queried for the key of the account first.
func (h *harness) setSigning(portal int) error {
	if wayOf(portal) == acts.SigningManual {
		return nil
	}
	p, c := h.world.Portals[portal], apptest.OurCompany
	admin := apptest.NewVisitor(p, p.Admin(), h.balancer.url())
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

// signedAsConfigured checks that documents signed by the service were sent, others submitted to our signer, and
// nothing was sent twice.
func signedAsConfigured(s *state) (broken []string) {
	of := map[string]ref{}
	for _, a := range s.Attempts {
		of[a.ID] = ref{a.Portal, a.Act}
	}
	for _, d := range s.Documents {
		if d.Sendings > 1 {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, which was sent %d times", d.ID, d.Sendings))
		}
		if wayOf(d.Portal) != acts.SigningManual && d.isLive() && d.State == 0 && d.Comment == "" {
			broken = append(broken, s.recordViolation(of[d.ID], "has document %s, which was left unsigned in SBIS", d.ID))
		}
	}
	return broken
}
