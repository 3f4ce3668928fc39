//go:build e2e

package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"acts24/integrations/sbis/sbistest"
)

// reload is F5 in the frame: the page it had is gone when this returns.
func (b *tab) reload() {
	b.t.Helper()
	b.eval(`(window.beforeReload = 1, setTimeout(() => location.reload(), 0), 1)`)
	b.await("the frame is read anew", `!window.beforeReload && document.readyState === "complete"`)
}

// A balancer takes all cookies away: the visit travels in a header, over F5, links, forms and the way back.
func TestMainJobWithoutCookies(t *testing.T) {
	p := sandboxOf(t)
	p.gate.forget()
	defer p.gate.turn(noCookies)()
	page, deal := newTab(t), int64(3)
	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts", deal))
	f := page.frame("http://" + p.cfg.App)
	f.sees("deal-tab") // after the re-entry page has asked the portal's window
	f.grows(page)
	f.click(fmt.Sprintf("product-%d-pick", p.rowsOf(deal)[0]))
	f.click("act-type-electronic-company")
	f.click("create-and-send-act")
	document := p.arrived(t, deal, 1)
	f.shows(draftWord, waitingWord)
	f.reload()
	f.sees("deal-tab")
	f.shows(draftWord, waitingWord)

	f.click("#acts tbody a")
	f.await("the page of the act", `location.pathname.includes("/acts/") && document.querySelector("h1").textContent.startsWith("Акт")`)
	f.reload()
	f.await("the page of the act after F5", `document.querySelector("[data-testid=act-status]") && document.querySelector("#history")`)
	p.move(t, document, sbistest.SignByUs)
	f.await("the act page follows", fmt.Sprintf(`document.querySelector("[data-testid=act-status]")?.textContent.trim() === %q`, sentWord))
	f.eval(`history.back()`)
	f.sees("deal-tab")
	f.shows(sentWord, "")
	p.move(t, document, sbistest.SignByCounterparty)
	f.shows(signedWord, "")
	p.checkVisits(t, false)
}

// checkVisits looks at how the pages proved their user at the gate.
func (p *playground) checkVisits(t *testing.T, byCookie bool) {
	t.Helper()
	proven := 0
	for _, one := range p.gate.passages("", "/p/") {
		if one.Cookie && one.Visit {
			t.Errorf("%s %s proved its user twice", one.Method, one.URI)
		}
		if one.Status < 400 && (byCookie && one.Cookie || !byCookie && one.Visit && !one.Cookie) {
			proven++
		}
	}
	if proven == 0 {
		t.Errorf("no page proved its user as it should, by cookie: %t", byCookie)
	}
}

// With cookies a reload shows the same page without asking the portal's window.
func TestReloadWithCookies(t *testing.T) {
	p := sandboxOf(t)
	page, deal := newTab(t), int64(4)
	f := p.dealTab(page, deal)
	f.click("create-act")
	f.shows(draftWord, "Не передан")
	f.click("#acts tbody a")
	f.await("the page of the act", `document.querySelector("#history")`)
	p.gate.forget()
	f.reload()
	f.await("the same page", `location.pathname.includes("/acts/") && document.querySelector("#history")`)
	if back := p.gate.passages("POST", "/placement/return"); len(back) > 0 {
		t.Error("a reload asked for the user anew although the cookie was there")
	}
	p.checkVisits(t, true)
	for _, c := range cookies(f) {
		if !c.Secure || !c.HTTPOnly || c.SameSite != network.CookieSameSiteNone || c.PartitionKey == nil {
			t.Errorf("cookie %s: %+v", c.Name, c)
		}
	}
}

func cookies(b *tab) []*network.Cookie {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	all, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		b.fail("read cookies: %v", err)
	}
	return all.Cookies
}

// Without scripts the frame still forms an act: plain forms, plain links, the cookie.
func TestWithoutScripts(t *testing.T) {
	p := sandboxOf(t)
	page, deal := newTab(t), int64(5)
	f := p.dealTab(page, deal)
	f.scripts(false)
	f.eval(`(location.reload(), 1)`)
	p.gate.forget()
	f.click("act-type-electronic-company")
	f.click("create-act")
	within(t, "the form sent by the browser itself", func() bool {
		sent := p.gate.passages("POST", fmt.Sprintf("/deals/%d/acts", deal))
		return len(sent) == 1 && sent[0].Mode == "navigate" && sent[0].Status == 303
	})
	f.shows(draftWord, "Не передан")
	f.click("#acts tbody a")
	f.await("the page of the act", `document.querySelector("#history")`)
}

func (b *tab) scripts(on bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		b.fail("scripts: %v", err)
	}
}
