//go:build e2e

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// shot saves a screenshot of the whole page as E2E_SHOTS/name.png; without the variable it does nothing.
func (b *tab) shot(name string) { b.shotAt(name, 1280) }

// shotAt does the same in a window of the given width and as high as the page, because invisible parts of
// frames of other sites are not painted.
func (b *tab) shotAt(name string, width int64) {
	b.t.Helper()
	dir := os.Getenv("E2E_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.page), timeout)
	defer cancel()
	whole := &tab{t: b.t, ctx: ctx, page: ctx}
	_ = chromedp.Do(ctx, chromedp.EmulateViewport(width, 900))
	whole.settle()
	height, _ := chromedp.Run(ctx, chromedp.Evaluate[int64]("document.documentElement.scrollHeight"))
	_ = chromedp.Do(ctx, chromedp.EmulateViewport(width, max(height, 900)))
	whole.settle()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	_ = chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900))
	if err != nil {
		b.t.Logf("no picture %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// settle waits until the height of the page has not changed for some animation frames.
func (b *tab) settle() {
	_ = chromedp.Do(b.ctx, chromedp.Evaluate[chromedp.Void](`new Promise((done) => {
		let height = 0, same = 0;
		const look = () => {
			same = document.documentElement.scrollHeight === height ? same + 1 : 0;
			height = document.documentElement.scrollHeight;
			if (same > 8) done(); else requestAnimationFrame(look);
		};
		look();
	})`, chromedp.EvalAwaitPromise))
}

// setColorScheme sets the preferred colour scheme; frames of other sites need their own call.
func (b *tab) setColorScheme(scheme string) {
	b.t.Helper()
	params := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	for _, ctx := range []context.Context{b.page, b.ctx} {
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, params); err != nil {
			b.fail("%s colours: %v", scheme, err)
		}
	}
}

// TestShots takes screenshots of every page for people.
func TestShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p := sandboxOf(t)
	page := newTab(t)
	act := p.shotDealTab(t, page)
	for name, path := range map[string]string{
		"registry":       appAddress(),
		"company":        fmt.Sprintf("/crm/company/details/%d/?tab=acts", idOf(p.portal.Item(bitrix24test.Deal, 11), "companyId")),
		"act":            "/marketplace/view/" + p.portal.Cloud().App().Code + "/?params[actId]=" + act,
		"deal-20-rate":   "/crm/deal/details/12/?tab=acts",
		"deal-long":      "/crm/deal/details/11/?tab=acts",
		"deal-free":      "/crm/deal/details/15/?tab=acts",
		"deal-hostile":   "/crm/deal/details/17/?tab=acts",
		"deal-usd":       "/crm/deal/details/18/?tab=acts",
		"deal-no-inn":    "/crm/deal/details/19/?tab=acts",
		"deal-no-client": "/crm/deal/details/23/?tab=acts",
	} {
		page.open(p.portalURL("%s", path))
		f := page.frame("http://" + p.cfg.App)
		f.awaitFrameHeight(page)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("%s-%d", name, width), width)
		}
		f.setColorScheme("dark")
		page.shotAt(name+"-dark", 1280)
		f.setColorScheme("light")
	}
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.awaitText("settings")
	for _, section := range []string{"", "/accounts", "/companies", "/stages", "/days"} {
		f.click(fmt.Sprintf(`nav a[href$="/settings%s"]`, section))
		f.awaitText("settings" + section)
		f.awaitFrameHeight(page)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("settings%s-%d", strings.ReplaceAll(section, "/", "-"), width), width)
		}
	}
	p.shotAround(page)
}

// shotDealTab takes screenshots of the tab with acts of several kinds and returns the newest of them.
func (p *playground) shotDealTab(t *testing.T, page *tab) string {
	deal := int64(11)
	rows := p.rowsOf(deal)
	f := p.dealTab(page, deal)
	f.leaveOut(rows[1])
	f.click("create-and-send-act")
	p.move(t, p.awaitDocument(t, deal, 1), sbistest.SignByUs)
	f.awaitNewestAct(sentWord, "")
	f.click("create-act")
	f.awaitNewestAct(draftWord, "Не передан")
	for _, scheme := range []string{"light", "dark"} {
		f.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("deal-tab-%s-%d", scheme, width), width)
		}
	}
	f.setColorScheme("light")
	return f.eval(`document.querySelector("#acts tbody tr").dataset.testid.slice(4)`)
}

// shotAround takes screenshots of the pages of the portal and of the fake SBIS.
func (p *playground) shotAround(page *tab) {
	for name, url := range map[string]string{
		"portal-kanban": p.portalURL("/crm/deal/kanban/"), "portal-deal": p.portalURL("/crm/deal/details/11/"),
		"portal-acts":     p.portalURL("/crm/type/%d/kanban/", p.portal.Types()[0].EntityTypeID),
		"portal-bell":     p.portalURL("/online/"),
		"portal-products": p.portalURL("/crm/deal/details/11/?tab=products"),
		"sbis-list":       "http://" + p.cfg.SBIS + "/",
		"sbis-document":   "http://" + p.cfg.SBIS + "/opendoc.html?guid=" + p.documents(page.t, 11)[0].ID,
	} {
		page.open(url)
		page.shot(name)
		page.shotAt(name+"-390", 390)
		page.setColorScheme("dark")
		page.shot(name + "-dark")
		page.setColorScheme("light")
	}
}

// TestDocumentShots takes screenshots of the document fields of an act: its basis and the source of it.
func TestDocumentShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p, page := playgroundOf(t, world{}), newTab(t)
	p.dealTab(page, 1).takeShots(page, "document-basis")
	f := p.dealTab(page, 9)
	f.click("create-act")
	f.awaitText("fault-basis-date")
	f.takeShots(page, "document-basis-fault")
	f.click("basis-none")
	f.takeShots(page, "document-without")
	f.click("act-type-paper-company")
	f.takeShots(page, "document-paper")
	p.shotDocumentSettings(page)
}

func (p *playground) shotDocumentSettings(page *tab) {
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/documents"]`)
	f.awaitText("basis-rules")
	f.takeShots(page, "settings-documents")
	f.click(`nav a[href$="/settings/companies"]`)
	f.awaitText("settings/companies")
	f.takeShots(page, "settings-companies")
}
