//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"acts24/cmd/browser"
	"acts24/integrations/sbis/sbistest"
)

// person does a job with the keyboard alone, and counts. What a person with a mouse clicks, this one presses: the numbers are equal.
type person struct {
	*tab
	clicks, tabs int
}

// keyboardAt returns a person whose focus is at the beginning of the page.
func keyboardAt(b *tab) *person {
	b.t.Helper()
	b.eval(`(() => {
		const start = Object.assign(document.createElement("span"), { tabIndex: -1 });
		document.body.prepend(start);
		start.focus();
		start.remove(); // the next Tab begins here
	})()`)
	return &person{tab: b}
}

// reach moves the focus with the Tab key.
func (p *person) reach(selector string) {
	p.t.Helper()
	p.await(selector, fmt.Sprintf("document.querySelector(%q)", selector))
	for range 150 {
		if p.evalBool(fmt.Sprintf("document.activeElement?.matches(%q)", selector)) {
			return
		}
		p.do("press Tab", chromedp.KeyEvent(kb.Tab))
		p.tabs++
	}
	p.fail("the Tab key does not lead to %s", selector)
}

// activate reaches a button, a link or a box and presses it.
func (p *person) activate(selector string) {
	p.t.Helper()
	p.reach(selector)
	key := kb.Enter
	if p.evalBool(fmt.Sprintf(`document.querySelector(%q).type === "checkbox"`, selector)) {
		key = " "
	}
	p.clicks++
	p.do("press it", chromedp.KeyEvent(key))
}

// choose reaches a group of radio buttons and moves to one of them with the arrows, which count as Tabs.
func (p *person) choose(name, selector string) {
	p.t.Helper()
	p.reach(fmt.Sprintf("[name=%s]", name))
	p.clicks++
	p.do("choose", chromedp.KeyEvent(" "))
	for range 10 {
		if p.evalBool(fmt.Sprintf("document.querySelector(%q).checked", selector)) {
			return
		}
		p.do("press an arrow", chromedp.KeyEvent(kb.ArrowDown))
		p.tabs++
	}
	p.fail("the arrows do not lead to %s", selector)
}

// enter replaces the text of a field.
func (p *person) enter(selector, text string) {
	p.t.Helper()
	p.reach(selector)
	p.eval(`(document.activeElement.select(), 1)`)
	p.do("type", chromedp.KeyEvent(text))
}

// report logs what a job took and fails when it took more clicks than it may.
func (p *person) report(t *testing.T, job string, most int) {
	t.Helper()
	t.Logf("%s: %d clicks (at most %d), %d Tabs", job, p.clicks, most, p.tabs)
	if p.clicks > most {
		t.Errorf("%s takes %d clicks, want at most %d", job, p.clicks, most)
	}
}

// TestMeasures does the eight main jobs of the guides with the keyboard alone and counts clicks and Tabs; it measures where the main
// button of the deal tab is, and how many acts the registry shows.
func TestMeasures(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.dealTab(page, 11)
	f.checkMainButton(t, "before the first act")
	f.leaveOut(p.rowsOf(11)[1])
	f.click("create-act")
	f.awaitText("formed")
	p.dealTab(page, 11).checkMainButton(t, "below an act")
	p.checkMainButtonInASlider(t, page, 11)
	p.electronicJob(t, page, 1)
	p.correctionJob(t, page, 1)
	p.paperJob(t, page, 3)
	p.overdueJob(t, page, 2)
	p.questionJob(t, page, 5)
	p.checkNarrow(t, page, 640, 7)
	p.checkNarrow(t, page, 320, 4)
	p.listJobs(t, page)
}

// maxMainButtonEnd is how far from the top of the tab the main button may end, in pixels.
const maxMainButtonEnd = 700

const mainButtonEnd = `Math.round(document.querySelector("[data-testid=action-bar] .primary").getBoundingClientRect().bottom + scrollY)`

// checkMainButton logs where the main button of the deal tab ends.
func (b *tab) checkMainButton(t *testing.T, when string) {
	t.Helper()
	end := b.evalInt(mainButtonEnd)
	t.Logf("the main button of the deal tab, %s: %d px from the top (at most %d)", when, end, maxMainButtonEnd)
	if end > maxMainButtonEnd {
		t.Errorf("%s the main button ends at %d px, want at most %d", when, end, maxMainButtonEnd)
	}
}

// checkMainButtonInASlider logs where the main button is when the card of a deal is open in a slider, below the title, the stages and the
// tabs of the card: it must be seen without scrolling.
func (p *playground) checkMainButtonInASlider(t *testing.T, page *tab, deal int64) {
	t.Helper()
	page.open(p.portalURL("/crm/deal/list/"))
	page.eval(fmt.Sprintf(`(portal.slide("/crm/deal/details/%d/?tab=acts"), 1)`, deal))
	f := page.frameInSlider(fmt.Sprintf("/deals/%d", deal))
	f.awaitText("action-bar")
	f.checkMainButton(t, "in a slider")
	chrome := page.evalInt(`Math.round(document.querySelector(".slider iframe").contentDocument.querySelector("[data-testid=acts-frame]").getBoundingClientRect().top)`)
	window := page.evalInt(`innerHeight`)
	end := chrome + f.evalInt(mainButtonEnd)
	t.Logf("in a slider of %d × %d px the tab begins at %d px and the main button ends at %d px", page.evalInt(`document.querySelector(".slider iframe").clientWidth`), window, chrome, end)
	if chrome < cardChrome || end > window {
		t.Errorf("the card has %d px above the tab, want at least %d; the main button ends at %d px of %d", chrome, cardChrome, end, window)
	}
}

// cardChrome is the height of what a card of the portal has above its tab, in pixels: the title of the slider (24 px and 20 above and below), the
// stages and the line of tabs (49 px each).
const cardChrome = 24 + 2*20 + 2*49

func (p *playground) electronicJob(t *testing.T, page *tab, deal int64) {
	f := p.dealTab(page, deal)
	who := keyboardAt(f)
	who.activate(testid("create-and-send-act"))
	p.awaitDocument(t, deal, 1)
	f.awaitNewestAct(draftWord, waitingWord)
	who.report(t, "electronic act", 2)
}

func (p *playground) correctionJob(t *testing.T, page *tab, deal int64) {
	document := p.awaitDocument(t, deal, 1)
	p.move(t, document, sbistest.MoveSignByUs)
	p.move(t, document, sbistest.MoveReject)
	f := p.dealTab(page, deal)
	f.awaitNewestAct(refusedWord, "")
	f.click("#acts tbody a")
	f.awaitActStatus(refusedWord)
	who := keyboardAt(f)
	who.activate(testid("correct-act"))
	f.awaitText("save-and-send-act")
	who.enter(testid(fmt.Sprintf("product-%d-quantity", p.rowsOf(deal)[0])), "0,5")
	who.choose("correction-cause", testid("cause-mistake"))
	f.await("the difference", `document.querySelector("[data-testid=correction-differences]").textContent.includes("0,5")`)
	back := who.tabs
	who.activate(testid("save-and-send-act"))
	p.awaitDocument(t, deal, 2)
	t.Logf("%d of the Tabs lead around the page to the buttons above the form", who.tabs-back)
	who.report(t, "refusal, then the corrected act is sent", 4)
}

func (p *playground) paperJob(t *testing.T, page *tab, deal int64) {
	f := p.dealTab(page, deal)
	who := keyboardAt(f)
	who.choose("type", testid("act-type-paper-company"))
	who.activate(testid("create-act"))
	who.activate(testid("formed") + " a")
	f.awaitActStatus(draftWord)
	f.upload("ours", writeScan(t, "Наш экземпляр.pdf", 2000))
	f.awaitActStatus(signedByUsWord)
	who.activate(testid("open-send-paper") + " > summary")
	if !f.evalBool(find("send-by-post") + ".checked") {
		who.choose("channel", testid("send-by-post"))
	}
	who.activate(testid("send-paper"))
	f.awaitActStatus(sentWord)
	who.report(t, "paper act until it is sent, without the dialog for files", 6)
}

func (p *playground) overdueJob(t *testing.T, page *tab, deal int64) {
	f := p.dealTab(page, deal)
	f.click("create-and-send-act")
	p.move(t, p.awaitDocument(t, deal, 1), sbistest.MoveSignByUs)
	f.awaitNewestAct(sentWord, "")
	p.clockTo(t, p.portal.Now().AddDate(0, 0, 21).Format("2006-01-02 15:04"))
	f = p.dealTab(page, deal)
	f.click("#acts tbody a")
	f.awaitText("overdue")
	who := keyboardAt(f)
	who.activate(testid("open-mark-accept") + " > summary")
	who.activate(testid("mark-accept"))
	f.awaitActStatus("Акт принят, но не подписан заявителем")
	who.report(t, "overdue, then accepted without a signature", 3)
}

func (p *playground) questionJob(t *testing.T, page *tab, deal int64) {
	f := p.dealTab(page, deal)
	who := keyboardAt(f)
	who.activate(testid("open-ask") + " > summary")
	who.activate(testid("ask"))
	f.awaitQuestion("отправлено")
	who.report(t, "the counterparty is asked for the way of exchange", 2)
}

// minVisibleActs is the least number of acts that the registry has to show on a laptop.
const minVisibleActs = 14

// listJobs forms acts of many deals, finds one of them, hands over several, and measures the registry.
func (p *playground) listJobs(t *testing.T, page *tab) {
	page.open(p.portalURL("%s", appAddress()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/deals"]`)
	f.awaitText("lacking")
	who := keyboardAt(f)
	who.activate("[data-all=deal]")
	who.activate(testid("form-acts"))
	f.await("the request is confirmed", `document.querySelector("[data-testid=notice]")?.textContent.includes("Формируем")`)
	who.report(t, "acts of all deals without acts", 2)
	f.await("the acts are formed", `!document.querySelector("table.deals-without-acts .chip.progress")`)

	f = p.openRegistry(page)
	f.eval(fillList)
	seen := f.evalInt(countVisibleRows)
	t.Logf("the registry shows %d acts in 1280 × 900 (at least %d)", seen, minVisibleActs)
	if seen < minVisibleActs {
		t.Errorf("the registry shows %d acts, want at least %d", seen, minVisibleActs)
	}
	who = keyboardAt(f)
	who.enter(testid("search"), seedClients()[0].INN)
	who.clicks++
	who.do("press Enter", chromedp.KeyEvent(kb.Enter))
	f.await("fewer acts", fmt.Sprintf(`location.search.includes(%q)`, seedClients()[0].INN))
	who.activate("table.registry tbody a[href*='/acts/']")
	f.awaitText("back-to-deal")
	who.report(t, "an act is found by the INN of its client", 2)

	f = p.openRegistry(page)
	who = keyboardAt(f)
	who.activate("[data-action=page]")
	who.do("go to the actions", chromedp.KeyEvent(kb.Enter))
	who.tabs++ // it only moves the focus
	who.activate("[name=action][value=send]")
	if who.tabs > 60 {
		t.Errorf("%d Tabs lead to the action, want at most 60", who.tabs)
	}
	f.awaitText("bulk-run")
	who.activate(testid("bulk-run"))
	f.awaitText("bulk-words", "Выполнено")
	who.report(t, "several acts are handed over", 3)
}

// checkNarrow checks the screens of the main journey in a narrow window, such as that of a laptop at 200 % zoom, and forms an act there.
func (p *playground) checkNarrow(t *testing.T, page *tab, width, deal int64) {
	page.do("a narrow window", chromedp.EmulateViewport(width, 900))
	defer page.do("as before", chromedp.EmulateViewport(1280, 900))
	check := func(name string, f *tab) {
		f.do("the checks", chromedp.Evaluate[chromedp.Void](browser.Looks))
		if found := f.eval("looks()"); found != "" {
			t.Errorf("%s at %d px:\n%s", name, width, found)
		}
	}
	f := p.dealTab(page, deal)
	check("the deal tab", f)
	f.click("create-act")
	f.awaitText("formed")
	check("the deal tab below an act", f)
	f.click(testid("formed") + " a")
	f.awaitText("history")
	check("the act", f)
	check("the registry", p.openRegistry(page))
}
