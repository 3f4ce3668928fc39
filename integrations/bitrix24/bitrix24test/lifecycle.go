package bitrix24test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Installed reports whether the app's install was finished.
func (p *core) Installed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.App.Installed
}

// ApplicationToken returns the secret by which requests of the portal are recognised.
func (p *core) ApplicationToken() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.st.App.Token
}

// FinishInstall finishes the installation, as the parent window does on installFinish; false undoes it.
func (p *Portal) FinishInstall(done bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.App.Installed = done
	p.changed()
}

// SendInstall posts ONAPPINSTALL with the installer's pair to the app's install address, as for an app without pages.
func (p *Portal) SendInstall(installer int64) {
	pair := p.Issue(installer)
	p.mu.Lock()
	p.st.App.Installer, p.st.App.Uninstalled = installer, false
	version := strconv.Itoa(p.st.App.Version)
	p.changed()
	p.mu.Unlock()
	p.sender.add(delivery{
		event: "ONAPPINSTALL", handler: p.cloud.App().Install, force: true,
		data: Fields{"VERSION": version, "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": p.cfg.Language},
		auth: p.eventAuth(pair, true),
	})
}

// UpdateApp installs a new version: event handlers are removed, the application token is renewed.
func (p *Portal) UpdateApp(installer int64) {
	pair := p.Issue(installer)
	p.mu.Lock()
	previous := p.st.App.Version
	p.st.App.Version++
	p.st.App.Token = secret(16)
	targets := p.handlersOf("ONAPPUPDATE")
	p.st.Handlers = nil
	p.st.Automation.Forget()
	version := p.st.App.Version
	p.changed()
	p.mu.Unlock()
	for _, h := range targets {
		p.sender.add(delivery{
			event: "ONAPPUPDATE", handler: h.URL, force: true,
			data: Fields{"VERSION": fmt.Sprint(version), "PREVIOUS_VERSION": fmt.Sprint(previous), "LANGUAGE_ID": p.cfg.Language},
			auth: p.eventAuth(pair, true),
		})
	}
}

// Uninstall removes the app and sends ONAPPUNINSTALL without a token.
func (p *Portal) Uninstall(clean bool) {
	p.mu.Lock()
	targets := p.handlersOf("ONAPPUNINSTALL")
	p.st.App.Installed, p.st.App.Uninstalled = false, true
	p.st.Handlers, p.st.Placements = nil, nil
	p.st.Automation.Forget()
	p.changed()
	p.mu.Unlock()
	cleanFlag := "0"
	if clean {
		cleanFlag = "1"
	}
	p.RevokeTokens()
	auth := p.eventAuth(Pair{}, false)
	for _, h := range targets {
		p.sender.add(delivery{
			event: "ONAPPUNINSTALL", handler: h.URL, force: true, auth: auth,
			data: Fields{"LANGUAGE_ID": p.cfg.Language, "CLEAN": cleanFlag},
		})
	}
}

// Reinstall installs the app again with a new application token; the installation is not finished.
func (p *Portal) Reinstall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.App = installation{Token: secret(16), Version: p.st.App.Version}
	p.changed()
}

// eventAuth returns the auth block of an event; without a pair it has no tokens.
func (p *core) eventAuth(pair Pair, withRefresh bool) Fields {
	app := p.cloud.App()
	out := Fields{
		"domain": p.domain(), "client_endpoint": p.endpoint(), "server_endpoint": p.cloud.serverEndpoint(),
		"member_id": p.cfg.MemberID, "application_token": p.ApplicationToken(),
	}
	if pair.Access != "" {
		out["access_token"], out["expires_in"], out["scope"], out["status"] = pair.Access, "3600", app.Scope, app.Status
	}
	if withRefresh {
		out["refresh_token"] = pair.Refresh
	}
	return out
}

// handlersOf lists the handlers of an event; the caller holds the lock.
func (p *core) handlersOf(event string) []Handler {
	var out []Handler
	for _, h := range p.st.Handlers {
		if h.Event == event {
			out = append(out, *h)
		}
	}
	return out
}

// AppID is the id of the app on every portal: its page is /marketplace/app/5/, while links contain its code in /marketplace/view/.
const AppID = 5

func appInfo(c *call) (any, error) {
	app := c.cloud.App()
	_, kind, _ := strings.Cut(c.cfg.License, "_")
	out := Fields{
		"ID": AppID, "CODE": app.Code, "VERSION": c.st.App.Version, "STATUS": app.Status, "INSTALLED": c.st.App.Installed,
		"PAYMENT_EXPIRED": "N", "DAYS": nil, "LANGUAGE_ID": c.cfg.Language, "LICENSE": c.cfg.License,
		"LICENSE_TYPE": kind, "LICENSE_FAMILY": strings.TrimRight(kind, "0123456789"),
	}
	if c.atCloud && app.NamesPortal {
		out["user_id"] = c.user.ID
		out["install"] = Fields{"member_id": c.cfg.MemberID, "client_endpoint": c.url + "/rest/", "installed": c.st.App.Installed}
	}
	return out, nil
}

// DropHandlers removes all event subscriptions, as an update of the app does.
func (p *Portal) DropHandlers() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Handlers = nil
	p.changed()
}

// DropPlacements removes the app from a placement.
func (p *Portal) DropPlacements(code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.st.Placements = slices.DeleteFunc(p.st.Placements, func(pl *Placement) bool { return pl.Code == code })
	p.changed()
}
