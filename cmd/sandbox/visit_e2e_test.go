//go:build e2e

package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"acts24/integrations/sbis/sbistest"
)

// reload presses F5 in the frame and waits until the old page is gone.
func (b *tab) reload() {
	b.t.Helper()
	b.eval(`(window.beforeReload = 1, setTimeout(() => location.reload(), 0), 1)`)
	b.await("the frame is loaded again", `!window.beforeReload && document.readyState === "complete"`)
}

// A proxy removes all cookies: the visit is sent in a header, also after F5, links, forms and the back button.
func TestMainJobWithoutCookies(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	p.proxy.clearRequests()
	defer p.proxy.setMode(noCookies)()
	page, deal := newTab(t), int64(3)
	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts", deal))
	f := page.frame("http://" + p.cfg.App)
	f.awaitText("deal-tab") // after the re-entry page has asked the parent window
	f.awaitFrameHeight(page)
	f.click(fmt.Sprintf("product-%d-pick", p.rowsOf(deal)[0]))
	f.click("act-type-electronic-company")
	f.click("create-and-send-act")
	document := p.awaitDocument(t, deal, 1)
	f.awaitNewestAct(draftWord, waitingWord)
	f.reload()
	f.awaitText("deal-tab")
	f.awaitNewestAct(draftWord, waitingWord)

	f.click("#acts tbody a")
	f.await("the page of the act", `location.pathname.includes("/acts/") && document.querySelector("h1").textContent.startsWith("Акт")`)
	f.reload()
	f.await("the page of the act after F5", `document.querySelector("[data-testid=act-status]") && document.querySelector("#history")`)
	p.move(t, document, sbistest.MoveSignByUs)
	f.await("the act page follows", fmt.Sprintf(`document.querySelector("[data-testid=act-status]")?.textContent.trim() === %q`, sentWord))
	f.eval(`history.back()`)
	f.awaitText("deal-tab")
	f.awaitNewestAct(sentWord, "")
	p.move(t, document, sbistest.MoveSignByCounterparty)
	f.awaitNewestAct(signedWord, "")
	p.checkVisits(t, false)
	f.checkStorage()
}

// checkStorage checks that the browser keeps nothing of ours but the address of the last list, which ends with its tab.
func (b *tab) checkStorage() {
	b.t.Helper()
	b.eval(`(Promise.all([indexedDB.databases(), caches.keys()]).then((found) => { window.stored = found.flat().length; }), 1)`)
	b.await("the storage is read", `window.stored !== undefined`)
	if kept := b.eval(`[window.stored, localStorage.length, Object.keys(sessionStorage).filter((key) => key !== "list").length, document.cookie.length]`); kept != "0,0,0,0" {
		b.t.Errorf("databases and caches, local and session storage, cookies that scripts see: %s", kept)
	}
}

// forgeMessages has every listener of messages get forged answers of the parent window at once: with the right name of the call from other
// origins, and from the right origin with another name or shape.
func (b *tab) forgeMessages(origin string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`(() => {
		Math.random = () => 0.5; // the random part of a call's name is "i"
		window.forged = 0;
		const add = window.addEventListener, forged = JSON.stringify({ AUTH_ID: "forged", REFRESH_ID: "forged", DOMAIN: "evil.example", MEMBER_ID: "forged" });
		window.addEventListener = function (kind, listener, ...more) {
			add.call(this, kind, listener, ...more);
			if (kind !== "message") return;
			const send = (origin, data) => { window.forged++; this.dispatchEvent(new MessageEvent("message", { origin, data })); };
			for (let call = 1; call < 100; call++)
				for (const foreign of ["https://evil.example", "null", "", %[1]q + ".evil.example", location.origin]) send(foreign, "acts" + call + "i:" + forged);
			for (const data of ["acts1:" + forged, forged, { toString: () => "acts1i:" + forged }, null, 1]) send(%[1]q, data);
		};
		return 1;
	})()`, origin))
}

// The token that the parent window gave the frame is an hour old: a reload requests a new one, once, and continues.
func TestReloadAfterAnHour(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	defer p.proxy.setMode(noCookies)()
	f := p.dealTab(newTab(t), 3)
	f.awaitText("deal-tab")
	for range 2 {
		p.portal.ExpireTokens()
		p.proxy.clearRequests()
		f.reload()
		f.awaitText("deal-tab")
		var tried []int
		for _, one := range p.proxy.requests("POST", "/placement/return") {
			tried = append(tried, one.Status)
		}
		if !slices.Equal(tried, []int{http.StatusForbidden, http.StatusOK}) {
			t.Errorf("the frame proved its user with the answers %v", tried)
		}
	}
}

// The visit is valid while the portal token has expired: a form that stayed open for an hour can be sent, with a new token, which only the portal's
// own window can give.
func TestFormAfterAnHour(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	f := p.peopleOf(newTab(t))
	f.forgeMessages(strings.TrimSuffix(p.portalURL(""), "/"))
	p.portal.ExpireTokens()
	p.proxy.clearRequests()
	f.write("workgroup-name", "Закрывающие документы"+kb.Enter)
	f.awaitText("group-changes", "Закрывающие документы")
	var tried []string
	for _, one := range p.proxy.requests("POST", "/p") {
		tried = append(tried, fmt.Sprint(one.Status, " ", one.URI))
	}
	base, _, _ := strings.Cut(f.eval(`location.pathname`), "/settings")
	want := []string{"401 " + base + "/settings/people/group", "403 /placement/return", "200 /placement/return", "303 " + base + "/settings/people/group"}
	if !slices.Equal(tried, want) {
		t.Errorf("the form went away in %q, want %q", tried, want)
	}
	f.checkStorage()
}

// checkVisits checks how the pages proved their visit.
func (p *playground) checkVisits(t *testing.T, byCookie bool) {
	t.Helper()
	proven := 0
	for _, one := range p.proxy.requests("", "/p/") {
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

// With cookies a reload shows the same page without a message to the parent window.
func TestReloadWithCookies(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(4)
	f := p.dealTab(page, deal)
	f.click("create-act")
	f.awaitNewestAct(draftWord, "Не передан")
	f.click("#acts tbody a")
	f.await("the page of the act", `document.querySelector("#history")`)
	p.proxy.clearRequests()
	f.reload()
	f.await("the same page", `location.pathname.includes("/acts/") && document.querySelector("#history")`)
	if back := p.proxy.requests("POST", "/placement/return"); len(back) > 0 {
		t.Error("a reload requested the user again in spite of the cookie")
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
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	all, err := chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		b.fail("read cookies: %v", err)
	}
	return all.Cookies
}

// Without scripts an act can be formed in the frame: plain forms, plain links, the cookie.
func TestWithoutScripts(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(5)
	f := p.dealTab(page, deal)
	f.enableScripts(false)
	f.eval(`(window.beforeReload = 1, location.reload(), 1)`)
	f.await("the frame is loaded again", `!window.beforeReload && document.readyState === "complete"`)
	p.proxy.clearRequests()
	f.click("act-type-electronic-company")
	f.click("create-act")
	awaitTrue(t, "the form sent by the browser itself", func() bool {
		sent := p.proxy.requests("POST", fmt.Sprintf("/deals/%d/acts", deal))
		return len(sent) == 1 && sent[0].Mode == "navigate" && sent[0].Status == 303
	})
	f.awaitNewestAct(draftWord, "Не передан")
	f.click("#acts tbody a")
	f.await("the page of the act", `document.querySelector("#history")`)
}

func (b *tab) enableScripts(on bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on}); err != nil {
		b.fail("scripts: %v", err)
	}
	b.noScripts = !on
}

// Our signer refuses, the document is deleted in SBIS, or the delivery fails: the tab shows the reason
// without being reloaded, and its button hands the act over again with a new document.
func TestComesBackInTheBrowser(t *testing.T) {
	p := sharedPlayground(t)
	for _, tt := range []struct {
		name     string
		deal     int64
		moves    []sbistest.Move
		delivery string
		reason   string
	}{
		{"our signer refuses", 6, []sbistest.Move{sbistest.MoveRefuseByUs}, "Не передан", "Подписант отказался подписывать"},
		{"the document is deleted in SBIS", 15, []sbistest.Move{sbistest.MoveDelete}, "Не передан", "Документ удалён в СБИС"},
		{"the delivery fails", 16, []sbistest.Move{sbistest.MoveSignByUs, sbistest.MoveDeliveryError}, "Ошибка отправки", "роуминга"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := p.dealTab(newTab(t), tt.deal)
			f.click("create-and-send-act")
			before := len(p.documents(t, tt.deal))
			document := p.awaitDocument(t, tt.deal, max(before, 1))
			f.awaitNewestAct(draftWord, waitingWord)
			for _, move := range tt.moves {
				p.move(t, document, move)
			}
			f.awaitNewestAct(draftWord, tt.delivery)
			f.await("the reason", fmt.Sprintf(`document.querySelector("#acts").textContent.includes(%q)`, tt.reason))
			f.click("send-act")
			f.await("the act waits again", fmt.Sprintf(`document.body.textContent.includes(%q)`, waitingWord))
			awaitTrue(t, "a new document", func() bool {
				all := p.documents(t, tt.deal)
				return len(all) > 0 && all[len(all)-1].ID != document
			})
		})
	}
}
