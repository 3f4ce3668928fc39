//go:build e2e

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"acts24/integrations/sbis/sbistest"
)

// reportOf is the report of a portal that sent four acts in a season: three are not signed yet.
func (p *playground) reportOf(t *testing.T, page *tab) *tab {
	t.Helper()
	for i, at := range []string{"2026-09-11 12:00", "2026-10-20 12:00", "2026-11-12 12:00", "2026-11-23 12:00"} {
		p.clockTo(t, at)
		p.sentThroughSBIS(page, int64(3+i))
	}
	p.clockTo(t, "2026-11-24 12:00")
	f := p.dealTab(page, 6)
	p.move(t, p.documents(t, 6)[0].ID, sbistest.SignByCounterparty)
	f.shows(signedWord, "")
	page.open(p.portalURL("/marketplace/app/%s/", p.portal.Cloud().App().Code))
	f = page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/report"]`)
	f.sees("whole", "3\u00a0акта")
	return f
}

// follows presses a cell of the report and compares the list that it leads to with the cell.
func (b *tab) follows(cell string) {
	b.t.Helper()
	sum := b.eval(fmt.Sprintf("document.querySelector(%q).textContent", cell+" a"))
	number := b.eval(fmt.Sprintf("document.querySelector(%q).textContent", cell+" small"))
	b.click(cell + " a")
	b.sees("found", number+"\u00a0акт", " на "+sum)
	b.await("as many acts in the list", fmt.Sprintf(`document.querySelectorAll("table.registry tbody tr").length === %s`, number))
}

// A head looks who has not signed, and goes down to the acts behind a sum and back.
func TestReportInTheBrowser(t *testing.T) {
	p := playgroundOf(t, world{from: time.Date(2026, 9, 10, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	page := newTab(t)
	f := p.reportOf(t, page)
	f.pleases("the report")
	f.grows(page)
	for _, scheme := range []string{"light", "dark"} {
		f.paint(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("report-%s-%d", scheme, width), width)
		}
	}
	f.paint("light")
	if months := f.eval(`[...document.querySelectorAll("table.months tbody tr")].slice(-3).map((r) => r.children[1].textContent + "/" + r.children[3].textContent + "/" + r.children[5].textContent).join()`); months != "1/0/,1/0/,2/1/1,0" {
		t.Errorf("the last months read %s", months)
	}

	client := `[data-testid=clients] tbody tr:first-child`
	f.follows(client + " td:nth-last-child(2)")
	f.sees("without-company", "Компания: ")
	f.pleases("the registry of a cell")
	f.grows(page)
	for _, scheme := range []string{"light", "dark"} {
		f.paint(scheme)
		page.shotAt("report-registry-"+scheme+"-1280", 1280)
		page.shotAt("report-registry-"+scheme+"-390", 390)
	}
	f.paint("light")
	f.click(`[data-testid=without-company] a`)
	f.sees("found", "3\u00a0акта")
	f.do("type within what is found", chromedp.SendKeys(chromedp.CSS(testid("search")), "нет такого"+kb.Enter))
	f.sees("found", "0\u00a0актов")
	f.await("the age is kept", `new URLSearchParams(location.search).get("waiting") === "0-"`)
	f.eval(`history.go(-3)`)
	f.sees("whole", "3\u00a0акта")
	f.follows(`[data-testid=managers-whole] td:nth-of-type(5)`)

	f.eval(`history.back()`)
	f.sees("whole")
	page.do("a narrow window", chromedp.EmulateViewport(390, 900))
	f.await("a narrow frame", `innerWidth <= 390`)
	f.await("nothing sticks out at 390 px", `document.documentElement.scrollWidth <= innerWidth`)
	f.await("no letters of the charts lie upon others", `[...document.querySelectorAll(".chart > svg")].every((bar) => {
		const places = [...bar.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
		return places.every((a, i) => places.every((b, k) => i >= k || a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 2 || b.bottom <= a.top + 2));
	})`)
}

// Without cookies the report, its cells and F5 work the same way.
func TestReportWithoutCookies(t *testing.T) {
	p := playgroundOf(t, world{from: time.Date(2026, 9, 10, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	defer p.gate.turn(noCookies)()
	page := newTab(t)
	p.sentThroughSBIS(page, 3)
	page.open(p.portalURL("/marketplace/app/%s/", p.portal.Cloud().App().Code))
	f := page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/report"]`)
	f.sees("whole", "1\u00a0акт")
	f.reload()
	f.sees("whole", "1\u00a0акт")
	f.follows(`[data-testid=clients] tbody tr:first-child td:nth-of-type(1)`)
	f.reload()
	f.sees("found", "1\u00a0акт")
	if address := f.eval(`location.pathname + location.search`); !strings.HasPrefix(address, "/p/1/acts?company=") {
		t.Errorf("the address is %s", address)
	}
}
