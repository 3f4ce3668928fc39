//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"acts24/integrations/bitrix24/bitrix24test"
)

// Every placement shows the act: the company's card, the left menu, the link of a notification.
func TestPlaces(t *testing.T) {
	p := sharedPlayground(t)
	page, deal := newTab(t), int64(8)
	f := p.dealTab(page, deal)
	f.click("create-act")
	f.awaitNewestAct(draftWord, "Не передан")
	f.awaitFrameHeight(page)
	act := f.eval(`document.querySelector("#acts tbody tr").dataset.testid`)
	inList := fmt.Sprintf(`document.querySelector("table.registry a[href$='acts/%s']")?.closest("tr").textContent.includes(%q)`, act[len("act-"):], draftWord)
	code := p.portal.Cloud().App().Code

	company := idOf(p.portal.Item(bitrix24test.Deal, deal), "companyId")
	page.open(p.portalURL("/crm/company/details/%d/?tab=acts", company))
	f = page.frame("http://" + p.cfg.App)
	f.await("the act in the list", inList)
	f.awaitFrameHeight(page)

	page.open(p.portalURL("/"))
	page.await("the left menu", `[...document.querySelectorAll("#menu a")].some((a) => a.textContent.includes("Реестр актов"))`)
	page.eval(`[...document.querySelectorAll("#menu a")].find((a) => a.textContent.includes("Реестр актов")).click()`)
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("act-list")
	f.await("the act in the list", inList)
	f.awaitFrameHeight(page)

	for title, shown := range map[string]string{"Сделки без актов": "lacking", "Отчёт по актам": "ageing"} {
		page.open(p.portalURL("/"))
		page.await(title, fmt.Sprintf(`[...document.querySelectorAll("#menu a")].some((a) => a.textContent.includes(%q))`, title))
		page.eval(fmt.Sprintf(`[...document.querySelectorAll("#menu a")].find((a) => a.textContent.includes(%q)).click()`, title))
		f = page.frame("http://" + p.cfg.App)
		f.awaitText(shown)
	}

	page.open(p.portalURL("/crm/deal/list/"))
	row := fmt.Sprintf(`[...document.querySelectorAll("#table tr")].find((r) => r.querySelector("a[href*='/deal/details/%d/']"))`, deal)
	page.await("the menu of the deal", row+`.querySelector(".row-menu a")`)
	address := page.eval(fmt.Sprintf(`(%s.querySelector(".row-menu a").click(), %[1]s.querySelector(".row-menu a").getAttribute("href"))`, row))
	page.await("the acts in a slider", `document.querySelector(".slider iframe")?.contentDocument?.querySelector("[data-testid=acts-frame]")`)
	page.open(p.portalURL("%s", address))
	f = page.frame("http://" + p.cfg.App)
	f.await("the act of the deal", find(act))

	page.open(p.portalURL("/marketplace/view/%s/?params[actId]=%s", code, act[len("act-"):]))
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("send-act")
	f.await("the page of this act", fmt.Sprintf(`document.querySelector("h1").textContent.startsWith("Акт") && %s`, find(act)))
	f.awaitFrameHeight(page)
}

// When the portal opens no card over the page, as in its mobile app, or does not answer, the link itself is followed.
func TestCardsThatDoNotOpen(t *testing.T) {
	p := sharedPlayground(t)
	page := newTab(t)
	f := p.dealTab(page, 12)
	const link = `document.querySelector("a[href*='/crm/company/details/']")`
	f.await("a link to the company", link)
	company := f.eval(link + `.dataset.path`)
	f.eval(`(window.open = (address) => { window.followed = address; }, 1)`)
	page.eval(`(Object.defineProperty(navigator, "userAgent", { configurable: true, get: () => "BitrixMobile" }), 1)`)
	f.eval(`(` + link + `.click(), 1)`)
	f.await("the link is followed on a phone", fmt.Sprintf(`window.followed?.endsWith(%q)`, company))
	page.eval(`(delete navigator.userAgent, 1)`)
	f.eval(`(window.followed = "", ` + link + `.click(), 1)`)
	page.await("the card is over the page", `document.querySelector(".slider iframe")`)
	page.eval(`(document.querySelector(".slider button").click(), 1)`)
	f.eval(`(window.card = ` + link + `, card.dataset.path = "/devops/", card.click(), 1)`)
	f.await("a page that has no card is followed", fmt.Sprintf(`window.followed?.endsWith(%q)`, company))
	page.eval(`(portal.slide = () => {}, 1)`)
	f.eval(fmt.Sprintf(`(window.followed = "", card.dataset.path = %q, card.click(), window.silent = window.followed, card.click(), 1)`, company))
	f.await("a second click follows a link that the portal has not answered", fmt.Sprintf(`window.silent === "" && window.followed.endsWith(%q)`, company))
}

// An act of a list opens in a slider of the portal from its menu; when the slider is closed, the list shows what was done there. Where the
// portal does not answer, as in its mobile app, the second click follows the link.
func TestActInASlider(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.dealTab(page, 1)
	f.paperAct("company")
	f = p.openRegistry(page)
	act := f.eval(`document.querySelector("[data-testid^=row-menu-]").dataset.testid`)[len("row-menu-"):]
	openMenu := func() {
		t.Helper()
		f.press(testid("row-menu-"+act), kb.Enter)
		f.await("the menu", `document.querySelector(".popup .row-menu")?.contains(document.activeElement)`)
		f.press(testid("open-in-slider"), kb.Enter)
	}
	openMenu()
	page.await("the slider", `document.querySelector(".slider iframe")`)
	over := page.frameInSlider("/acts/" + act)
	over.awaitActStatus(draftWord)
	over.upload("ours", writeScan(t, "Наш экземпляр.pdf", 2000))
	over.awaitActStatus(signedByUsWord)
	if f.evalBool(`document.querySelector("[data-testid=act-status]")`) || !f.evalBool(`location.pathname.endsWith("/acts")`) {
		t.Error("the list was left")
	}
	page.eval(`(document.querySelector(".slider button").click(), 1)`)
	f.await("the list shows the new status", fmt.Sprintf(`%s.closest("tr").textContent.includes(%q)`, find("row-menu-"+act), signedByUsWord))
	f.await("the focus is at the menu again", `!document.querySelector(".popup") && document.activeElement?.dataset.testid === "row-menu-`+act+`"`)

	page.eval(`(Object.defineProperty(navigator, "userAgent", { configurable: true, get: () => "BitrixMobile" }), 1)`)
	openMenu()
	f.press(testid("open-in-slider"), kb.Enter)
	f.awaitActStatus(signedByUsWord)
}

// awaitFrameHeight waits until the frame is as high as its content.
func (b *tab) awaitFrameHeight(page *tab) {
	b.t.Helper()
	b.await("all of the page is in its frame", `innerHeight >= document.body.scrollHeight && document.documentElement.scrollHeight <= innerHeight`)
	page.await("the frame was made as high", `parseInt(document.querySelector("[data-testid=acts-frame]").style.height) >= 300`)
}

// saveAnswer enters how a counterparty exchanges acts in the tab of a deal.
func (b *tab) saveAnswer(email string) {
	b.t.Helper()
	b.unfold("open-answer")
	b.click("answer-email")
	b.write("answer-email-address", email)
	b.click("save-answer")
	b.awaitText("exchange-answer", email)
}

// The tabs of a company and of a contact show the chosen way of exchange and pass the check of accessibility.
func TestPartyTabs(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.dealTab(page, 11)
	f.click("create-act")
	f.awaitNewestAct(draftWord, "Не передан")
	company := p.portalURL("/crm/company/details/%d/?tab=acts", idOf(p.portal.Item(bitrix24test.Deal, 11), "companyId"))
	page.open(company)
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("preferences", "Способ обмена ещё не выбран")
	f.checkAccessibility("the tab of a company without a choice")

	f = p.dealTab(page, 11)
	f.saveAnswer("buhgalteriya@roga-i-kopyta.example")
	f = p.dealTab(page, 11)
	f.saveAnswer("akty.priem.otdel-po-rabote-s-postavshchikami@roga-i-kopyta.example")
	page.open(company)
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("preference", "akty.priem")
	f.awaitActCount(1)
	f.click("[data-testid=preferences-earlier] summary")
	f.awaitText("preferences-earlier", "buhgalteriya@roga-i-kopyta.example", "указал сотрудник")
	f.await("there is no column of the company", `document.querySelector("table.registry col.sum") && !document.querySelector("table.registry col.company")`)
	f.awaitFrameHeight(page)
	f.checkAccessibility("the tab of a company")
	f.takeShots(page, "party-company")
	page.open(company)
	f = page.frame("http://" + p.cfg.App)
	f.eval(`document.querySelector("table.registry a[href$='acts/1']").click()`)
	f.awaitText("act-status", draftWord)

	page.open(p.portalURL("/crm/contact/details/1/?tab=acts"))
	f = page.frame("http://" + p.cfg.App)
	f.awaitText("act-list")
	f.checkAccessibility("the tab of a contact")
	f.takeShots(page, "party-contact")
}
