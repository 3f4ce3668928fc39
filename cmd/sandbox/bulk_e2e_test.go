//go:build e2e

package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// bulkList opens the registry of a portal with three acts: two can be handed over, one has been.
func (p *playground) bulkList(t *testing.T, page *tab) *tab {
	t.Helper()
	f := p.dealTab(page, 3)
	f.click("act-type-electronic-company")
	f.click("create-act")
	f.awaitNewestAct(draftWord, "Не передан")
	f = p.registryOf(t, page)
	f.awaitActCount(3)
	return f
}

// tabTo moves the focus with the Tab key to a visible element.
func (b *tab) tabTo(selector string) {
	b.t.Helper()
	for range 120 {
		b.do("press Tab", chromedp.KeyEvent(kb.Tab))
		if b.evalBool(fmt.Sprintf("document.activeElement?.matches(%q)", selector)) {
			return
		}
	}
	b.fail("the Tab key does not lead to %s", selector)
}

// checkLayout takes screenshots of the frame and checks that nothing overflows a narrow window.
func (b *tab) checkLayout(page *tab, name string) {
	b.t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		b.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("%s-%s-%d", name, scheme, width), width)
		}
	}
	b.setColorScheme("light")
	b.checkNarrowFrame(page)
	b.checkAccessibility(name)
}

// checkNarrowFrame checks that nothing overflows the frame in a narrow window, and waits until the frame has its former
// size again: a click on a frame that is still growing would miss.
func (b *tab) checkNarrowFrame(page *tab) {
	b.t.Helper()
	page.do("a narrow window", chromedp.EmulateViewport(390, 900))
	b.await("nothing sticks out at 390 px", `innerWidth <= 390 && document.documentElement.scrollWidth <= innerWidth`)
	page.do("as before", chromedp.EmulateViewport(1280, 900))
	b.await("as wide as before", `innerWidth > 390`)
	b.awaitFrameHeight(page)
}

// bulkButton returns the selector of a button below a list.
func bulkButton(action string) string { return `[name=action][value=` + action + `]` }

// Three acts are selected with the keyboard, one of them cannot be handed over, the others are; the page
// updates without being reloaded.
func TestBulkInTheBrowser(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.bulkList(t, page)
	f.eval(`document.querySelector("[data-testid=search]").focus()`)
	for n := range 3 {
		f.tabTo(fmt.Sprintf("tr:nth-child(%d) [name=act]", n+1))
		f.do("press Space", chromedp.KeyEvent(" "))
		f.await("it is chosen", `document.activeElement.checked`)
	}
	f.checkLayout(page, "bulk-choice")
	f.tabTo(bulkButton("send"))
	f.do("press Enter", chromedp.KeyEvent(kb.Enter))
	f.awaitText("bulk-words", "Готовы: 2, пропустим: 1.")
	f.awaitText("group-refused", "Акт уже передан")
	f.checkLayout(page, "bulk-dry-run")
	f.reload()
	f.awaitText("bulk-words", "Готовы: 2, пропустим: 1.")
	f.tabTo(testid("bulk-run"))
	f.do("press Enter", chromedp.KeyEvent(kb.Enter))
	f.awaitText("bulk-words", "Выполнено: 2, не получилось: 0, осталось: 0.")
	f.await("nothing is left to press", find("bulk-run")+" === null && "+find("bulk-cancel")+" === null")
	p.awaitDocument(t, 3, 1)
	p.awaitDocument(t, 11, 2)
	f.checkLayout(page, "bulk-done")
	f.click(`[data-testid=group-done] a`)
	f.await("the page of an act", `document.querySelector("#history")`)
	f.eval(`history.back()`)
	f.awaitText("bulk-words", "Выполнено: 2")

	f.click("to-registry")
	f.awaitActCount(3)
	f.click("choose-page")
	f.await("all are chosen", `document.querySelectorAll("[name=act]:checked").length === 3`)
	f.click("[name=act]")
	f.await("not the whole page any more", `!document.querySelector("[data-testid=choose-page]").checked`)
	f.click(bulkButton("remind"))
	f.awaitText("bulk-words", "Готовы: 0, пропустим: 2.")
	f.await("nothing to run", find("bulk-run")+" === null")
	f.click("bulk-cancel")
	f.awaitText("bulk-words", "Отменено, ни с одним актом ничего не сделано.")
	f.click("to-bulks")
	f.awaitText("bulks", "отменено")
	f.checkLayout(page, "bulk-list")
}

// An empty selection is reported on the page; the selection is kept. The new responsible is chosen before the acts are
// checked.
func TestBulkChoosesTheResponsible(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.bulkList(t, page)
	f.eval(`document.querySelector("[name=action][value=send]").click()`) // it is hidden until an act is selected
	f.awaitText("alert", "Акты не выбраны. Отметьте их в списке.")
	f.awaitActCount(3)
	f.click("choose-page")
	f.click(bulkButton("responsible"))
	f.awaitText("bulk-words", "Выберите, кому передать акты.")
	f.checkLayout(page, "bulk-responsible")
	f.eval(`document.querySelector("[data-testid=bulk-target]").selectedIndex = 1`)
	f.click("bulk-choose")
	f.awaitText("bulk-words", "Готовы: 0, пропустим: 3.")
	f.awaitText("group-refused", "уже отвечает за этот акт")
}

// Without cookies the script sends the visit: the check, the archive and the back button work.
func TestBulkWithoutCookies(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	defer p.proxy.setMode(noCookies)()
	page := newTab(t)
	f := p.bulkList(t, page)
	f.click("choose-page")
	f.click(bulkButton("pdf"))
	f.awaitText("bulk-words", "Войдут в архив: 3, не войдут: 0.")
	f.reload()
	f.awaitText("bulk-words", "Войдут в архив: 3")
	body := f.download(t, testid("bulk-file"))
	if z, err := zip.NewReader(bytes.NewReader(body), int64(len(body))); err != nil || len(z.File) != 3 {
		t.Errorf("the archive of %d bytes: %v", len(body), err)
	}
	f.click("to-registry")
	f.awaitActCount(3)
	f.click("choose-page")
	f.click(bulkButton("table"))
	f.awaitText("bulk-words", "Войдут в таблицу: 3, не войдут: 0.")
	if body := f.download(t, testid("bulk-file")); !bytes.HasPrefix(body, []byte("PK")) {
		t.Errorf("no workbook: %.40q", body)
	}
	f.click("to-registry")
	f.awaitActCount(3)
	f.click("choose-page")
	f.click(bulkButton("send"))
	f.awaitText("bulk-words", "Готовы: 2, пропустим: 1.")
	f.click("bulk-run")
	f.awaitText("bulk-words", "Выполнено: 2, не получилось: 0")
}

// Without scripts plain checkboxes and buttons work.
func TestBulkWithoutScripts(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.bulkList(t, page)
	f.enableScripts(false)
	f.eval(`(location.reload(), 1)`)
	f.awaitActCount(3)
	f.click("choose-page")
	f.click(bulkButton("send"))
	f.awaitText("bulk-words", "Готовы: 2, пропустим: 1.")
	f.click("bulk-run")
	f.awaitText("bulk-words", "Выполнено: ")
	awaitTrue(t, "two are done, by and by", func() bool {
		f.eval(`(location.reload(), 1)`)
		f.awaitText("bulk-words", "Выполнено: ")
		return f.evalBool(find("bulk-words") + `.textContent.includes("Выполнено: 2")`)
	})
}

// lackingOf opens the list of deals without acts in the left menu.
func (p *playground) lackingOf(t *testing.T, page *tab) *tab {
	t.Helper()
	page.open(p.portalURL("%s", appAddress()))
	f := page.frame("http://" + p.cfg.App)
	f.awaitText("act-list")
	f.click(`nav.tabs a[href$="/deals"]`)
	f.awaitText("lacking")
	f.await("all deals are copied", `!document.querySelector("[data-testid=copying]")`)
	return f
}

// awaitDealCount waits until the list has the given number of deals.
func (b *tab) awaitDealCount(deals int) {
	b.t.Helper()
	b.await(fmt.Sprintf("%d deals in the list", deals), fmt.Sprintf(`document.querySelectorAll("table.deals-without-acts tbody tr").length === %d`, deals))
}

// Acts of several deals are formed with the keyboard; the remainder of another deal is closed with a reason, and that is
// undone.
func TestDealsWithoutActs(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.lackingOf(t, page)
	count := f.evalInt(`document.querySelectorAll("table.deals-without-acts tbody tr").length`)
	if count < 5 {
		t.Fatalf("only %d deals wait for an act", count)
	}
	f.checkAccessibility("deals without acts")
	for _, scheme := range []string{"light", "dark"} {
		f.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("lacking-%s-%d", scheme, width), width)
		}
	}
	f.setColorScheme("light")

	f.press(`table.deals-without-acts tbody tr:nth-child(1) input`, " ")
	f.press(`table.deals-without-acts tbody tr:nth-child(2) input`, " ")
	f.press(testid("form-acts"), kb.Enter)
	f.await("the request is confirmed", `document.querySelector(".alert.success")?.textContent.includes("Формируем")`)
	f.await("they leave the list or show the reason", `document.querySelectorAll("table.deals-without-acts tbody tr").length - document.querySelectorAll("table.deals-without-acts .chip.problem").length === `+fmt.Sprint(count-2))
	page.shotAt("lacking-formed-1280", 1280)

	left := f.evalInt(`document.querySelectorAll("table.deals-without-acts tbody tr").length`)
	f.press(`table.deals-without-acts tbody tr:last-child input`, " ")
	f.press(".deals-actions summary", kb.Enter)
	f.press(testid("close-deals"), kb.Enter) // a click may miss, because the frame grows with the opened form
	f.awaitText("fault-reason")
	page.shotAt("lacking-reason-1280", 1280)
	f.do("enter the reason", chromedp.SendKeys(chromedp.CSS(testid("reason")), "Закрывающие документы подписаны в бумажном виде до внедрения"))
	f.await("the deal is still checked", `document.querySelectorAll("table.deals-without-acts input[name=deal]:checked").length === 1`)
	f.press(testid("close-deals"), kb.Enter)
	f.awaitDealCount(left - 1)

	f.checkNarrowFrame(page)
	f.click(`table.deals-without-acts tbody tr:first-child td:last-child a`)
	f.awaitText("deal-tab")
}
