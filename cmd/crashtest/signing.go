package main

import (
	"fmt"
	"net/url"
	"time"

	"acts24/acts"
	"acts24/cmd/app/apptest"
	"acts24/integrations/sbis/sbistest"
)

// signingModes are the ways of signing, assigned to the portals in turn.
var signingModes = []acts.Signing{acts.SigningManual, acts.SigningServer, acts.SigningDeferred}

// signingOf returns the way of signing of a portal.
func signingOf(portal int) acts.Signing { return signingModes[portal%len(signingModes)] }

// directorThumbprint is the thumbprint of the certificate of our director.
const directorThumbprint = "9F1C0A6B3E5D47A2B8C4D1E0F2A3B4C5D6E7F809"

// accountOf returns the account of a portal at SBIS with a key of our director.
func accountOf(portal int) sbistest.Account {
	a, now := apptest.Account(portal), time.Now()
	a.Certificates = []sbistest.Certificate{{Thumbprint: directorThumbprint, Owner: a.Owner, INN: apptest.Own.INN, Position: apptest.OurCompany.Position,
		From: now.AddDate(-1, 0, 0), Until: now.AddDate(1, 0, 0), KeyType: "Серверный", Activated: true}}
	// accounts differ: some require preparation, some have other names of stages, some report states by name only
	a.Prepares = portal%2 == 0
	if portal%4 > 1 {
		a.Regulation = sbistest.Regulation{Stage: "Согласование и отправка", Action: "Согласовать и отправить"}
	}
	a.States = []sbistest.Naming{sbistest.ByCode, sbistest.ByName, sbistest.ByOtherCode}[portal%5%3]
	return a
}

// portalsByLogin maps the logins of accounts at SBIS to the numbers of portals.
func (h *harness) portalsByLogin() map[string]int {
	portals := map[string]int{}
	for n := range h.world.Portals {
		portals[apptest.Account(n).Login] = n
	}
	return portals
}

// setSigning sets a portal's way of signing. SBIS is queried for the key of the account first.
func (h *harness) setSigning(portal int) error {
	if signingOf(portal) == acts.SigningManual {
		return nil
	}
	settings, err := h.openSettings(portal)
	if err != nil {
		return err
	}
	account, err := apptest.AccountOf(settings.admin, settings.base)
	if err != nil {
		return err
	}
	c := apptest.OurCompany
	for _, step := range []struct {
		path string
		form url.Values
	}{
		{"/accounts/" + account + "/check", nil},
		{fmt.Sprintf("/companies/%d", c.ID), url.Values{"account": {account}, "participant": {c.Participant}, "signer": {c.Signer}, "position": {c.Position},
			"ground": {c.Ground}, "function": {c.Function}, "numbers": {"{N}"}, "certificate": {directorThumbprint}}},
		{"/accounts/" + account + "/signing", url.Values{"signing": {string(signingOf(portal))}}},
	} {
		if err := settings.post(step.path, step.form); err != nil {
			return err
		}
	}
	return nil
}
