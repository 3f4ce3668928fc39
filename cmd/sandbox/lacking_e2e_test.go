//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// lackingOf opens the list of deals without acts in the left menu.
func (p *playground) lackingOf(t *testing.T, page *tab) *tab {
	t.Helper()
	page.open(p.portalURL("/marketplace/app/%s/", p.portal.Cloud().App().Code))
	f := page.frame("http://" + p.cfg.App)
	f.sees("act-list")
	f.click(`nav.tabs a[href$="/deals"]`)
	f.sees("lacking")
	f.await("all deals are copied", `!document.querySelector("[data-testid=copying]")`)
	return f
}

// deals waits until the list has so many deals, or their number grew less by so many.
func (b *tab) listed(deals int) {
	b.t.Helper()
	b.await(fmt.Sprintf("%d deals in the list", deals), fmt.Sprintf(`document.querySelectorAll("table.lacking tbody tr").length === %d`, deals))
}

// counted is what an expression counts.
func (b *tab) counted(expression string) (n int) {
	b.t.Helper()
	if _, err := fmt.Sscan(b.eval("String("+expression+")"), &n); err != nil {
		b.fail("%s: %v", expression, err)
	}
	return n
}

// press chooses a box and presses a key on it, as a person without a mouse does.
func (b *tab) press(selector, key string) {
	b.t.Helper()
	b.eval(fmt.Sprintf("document.querySelector(%q).focus()", selector))
	b.do("press a key", chromedp.KeyEvent(key))
}

// Acts of several deals are formed from the keyboard, the remainder of another is closed with a reason and taken back.
func TestDealsWithoutActs(t *testing.T) {
	p := playgroundOf(t, world{})
	page := newTab(t)
	f := p.lackingOf(t, page)
	count := f.counted(`document.querySelectorAll("table.lacking tbody tr").length`)
	if count < 5 {
		t.Fatalf("only %d deals wait for an act", count)
	}
	f.pleases("deals without acts")
	for _, scheme := range []string{"light", "dark"} {
		f.paint(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("lacking-%s-%d", scheme, width), width)
		}
	}
	f.paint("light")

	f.press(`table.lacking tbody tr:nth-child(1) input`, " ")
	f.press(`table.lacking tbody tr:nth-child(2) input`, " ")
	f.press(testid("form-acts"), kb.Enter)
	f.await("the wish is told", `document.querySelector(".alert.success")?.textContent.includes("Формируем")`)
	f.await("they leave the list or say why not", `document.querySelectorAll("table.lacking tbody tr").length - document.querySelectorAll("table.lacking .chip.problem").length === `+fmt.Sprint(count-2))
	page.shotAt("lacking-formed-1280", 1280)

	left := f.counted(`document.querySelectorAll("table.lacking tbody tr").length`)
	f.press(`table.lacking tbody tr:last-child input`, " ")
	f.press(".lacking-way summary", kb.Enter)
	f.press(testid("close-deals"), kb.Enter) // a click may miss: the frame grows with what was unfolded
	f.sees("fault-reason")
	page.shotAt("lacking-reason-1280", 1280)
	f.do("say why", chromedp.SendKeys(chromedp.CSS(testid("reason")), "Закрывающие документы подписаны в бумажном виде до внедрения"))
	f.await("the deal is still checked", `document.querySelectorAll("table.lacking input[name=deal]:checked").length === 1`)
	f.press(testid("close-deals"), kb.Enter)
	f.listed(left - 1)

	page.do("a narrow window", chromedp.EmulateViewport(390, 900))
	f.await("nothing sticks out at 390 px", `innerWidth <= 390 && document.documentElement.scrollWidth <= innerWidth`)
	page.do("as before", chromedp.EmulateViewport(1280, 900))
	f.click(`table.lacking tbody tr:first-child td:last-child a`)
	f.sees("deal-tab")
}
