//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"acts24/handlers/tables/tablestest"
)

// registryOf opens the registry of a portal with two acts: one formed, one handed over.
func (p *playground) registryOf(t *testing.T, page *tab) *tab {
	t.Helper()
	f := p.dealTab(page, 11)
	f.leaveOut(p.rowsOf(11)[1])
	f.click("create-and-send-act")
	p.arrived(t, 11, 1)
	f.await("the first act on the tab", `document.querySelectorAll("#acts tbody tr").length === 1`)
	f.press(testid("create-act"), kb.Enter) // a click may miss: the tab is renewed and moves
	f.shows(draftWord, "Не передан")
	return p.openRegistry(page)
}

func (p *playground) openRegistry(page *tab) *tab {
	page.open(p.portalURL("/marketplace/app/%s/", p.portal.Cloud().App().Code))
	f := page.frame("http://" + p.cfg.App)
	f.sees("act-list")
	return f
}

// has waits until the list has so many acts.
func (b *tab) has(acts int) {
	b.t.Helper()
	b.await(fmt.Sprintf("%d acts in the list", acts), fmt.Sprintf(`document.querySelectorAll("table.registry tbody tr").length === %d`, acts))
}

// A person narrows the registry with the keyboard alone; the address keeps what was asked over F5 and the way back.
func TestRegistryInTheBrowser(t *testing.T) {
	p := playgroundOf(t, world{})
	page := newTab(t)
	f := p.registryOf(t, page)
	f.has(2)
	f.eval(`document.querySelector("[data-testid=search]").focus()`)
	f.do("type and press Enter", chromedp.SendKeys(chromedp.CSS(testid("search")), "нет такого"+kb.Enter))
	f.sees("empty", "По этим условиям актов нет")
	f.await("the address holds the text alone", `new URLSearchParams(location.search).toString() === new URLSearchParams({ q: "нет такого" }).toString()`)
	f.reload()
	f.sees("empty", "По этим условиям актов нет")
	f.await("the text is in its field", `document.querySelector("[data-testid=search]").value === "нет такого"`)
	f.click("reset")
	f.has(2)

	f.eval(`document.querySelector(".filter summary").focus()`)
	f.do("unfold the conditions", chromedp.KeyEvent(kb.Enter))
	f.click(`input[name="status"][value="signed"]`)
	f.click("find")
	f.sees("empty")
	f.sees("without-status", "Акт получен и подписан")
	f.eval(`(document.body.seen = true)`)
	f.click("find")
	f.await("another page that kept the condition", `!document.body.seen && document.querySelector("[data-testid=without-status]")`)
	page.shotAt("registry-narrowed", 1280)
	f.click(".filter summary")
	f.await("the fields know what is chosen", `document.querySelector("[value=signed]")?.checked && !document.querySelector("[name=status][type=hidden]")`)
	f.pleases("the registry with its conditions")
	f.grows(page)
	page.shotAt("registry-conditions-1280", 1280)
	f.eval(`document.querySelector("[name=stage]").value = [...document.querySelectorAll("[name=stage] option")].at(-1).value`)
	f.eval(`document.querySelector("[name=kind]").value = "company"`)
	f.click("find")
	f.sees("without-stage", "Сделка:")
	f.sees("without-kind", "Юрлицо")
	for _, condition := range []string{"stage", "kind", "status"} {
		f.click("[data-testid=without-" + condition + "] a")
		f.await("the list without it", `document.readyState === "complete" && document.querySelector(".filter") && !document.querySelector("[data-testid=without-`+condition+`]")`)
	}
	f.has(2)
	f.click("preset-mine")
	f.await("the preset is marked", `document.querySelector("[data-testid=preset-mine]").hasAttribute("aria-current")`)
	f.click("preset-refused")
	f.sees("empty")
	f.eval(`history.back()`)
	f.await("the way back", `document.querySelector("[data-testid=preset-mine]")?.hasAttribute("aria-current")`)
	f.click("preset-all")
	f.has(2)
	f.grows(page)
	for _, scheme := range []string{"light", "dark"} {
		f.paint(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("registry-list-%s-%d", scheme, width), width)
		}
	}
	f.paint("light")

	page.do("a narrow window", chromedp.EmulateViewport(390, 900))
	f.await("a narrow frame", `innerWidth <= 390`)
	f.await("nothing sticks out at 390 px", `document.documentElement.scrollWidth <= innerWidth`)
	f.click(`.filter summary`)
	f.await("nor with the conditions unfolded", `document.querySelector(".filter details").open && document.documentElement.scrollWidth <= innerWidth`)
	f.grows(page)
	page.shotAt("registry-conditions-390", 390)
	page.do("as before", chromedp.EmulateViewport(1280, 900))

	f.eval(`document.querySelector("table.registry a[target=_blank]").click()`)
	page.await("the card of the deal in the slider", `document.querySelector(".slider iframe")?.src.includes("/crm/deal/details/11/")`)
}

// bothWays opens the registry with cookies, then without.
func bothWays(t *testing.T, test func(t *testing.T, way string, page, f *tab)) {
	p := playgroundOf(t, world{})
	p.registryOf(t, newTab(t))
	for _, way := range []string{"with cookies", "without"} {
		t.Run(way, func(t *testing.T) {
			if way == "without" {
				defer p.gate.turn(noCookies)()
			}
			page := newTab(t)
			test(t, way, page, p.openRegistry(page))
		})
	}
}

// A person hides columns of his lists, with cookies and without; the filter stays.
func TestColumnsInTheBrowser(t *testing.T) {
	bothWays(t, func(t *testing.T, way string, page, f *tab) {
		f.click("preset-mine")
		f.await("the preset is marked", `document.querySelector("[data-testid=preset-mine]")?.hasAttribute("aria-current")`)
		f.click("columns")
		f.sees("save-columns")
		f.pleases("the choice of columns")
		f.looks(page, "columns-choice")
		f.click(`input[name=show][value=delivery]`)
		f.press(`input[name=show][value=date]`, " ")
		f.click("save-columns")
		shown := map[string]int{"with cookies": 7, "without": 9}[way] // the second one shows again what the first has hidden
		f.await("the columns that were left", fmt.Sprintf(`[...document.querySelectorAll("table.registry th")].filter((th) => th.offsetWidth).length === %d`, shown))
		f.await("the filter stays", `document.querySelector("[data-testid=preset-mine]").hasAttribute("aria-current")`)
		f.looks(page, "columns-"+fmt.Sprint(shown))
	})
}

// A person takes the list out as a file, with cookies and without; what is refused is said on the page.
func TestExportInTheBrowser(t *testing.T) {
	bothWays(t, func(t *testing.T, way string, page, f *tab) {
		f.click("[data-testid=exports] summary")
		f.pleases("the registry with its menu")
		page.shotAt("registry-exports", 1280)
		page.shotAt("registry-exports-390", 390)
		rows, err := tablestest.Workbook(f.downloads(t, "[data-testid=export-xlsx]"))
		if err != nil || len(rows) < 3 || rows[0][0] != "Номер" {
			t.Errorf("%d rows in the workbook, %v", len(rows), err)
		}
		f.await("the menu is folded", `!document.querySelector("[data-testid=exports]").open`)
		f.eval(`document.querySelector("[data-testid=export-csv]").href += "&status=paid"`)
		f.eval(`document.querySelector("[data-testid=export-csv]").click()`)
		f.sees("alert", "в условиях фильтра ошибка")
		f.has(len(rows) - 1)
	})
}

// Without cookies the filter works the same way, F5 included.
func TestRegistryWithoutCookies(t *testing.T) {
	p := playgroundOf(t, world{})
	defer p.gate.turn(noCookies)()
	page := newTab(t)
	f := p.registryOf(t, page)
	f.has(2)
	f.click("preset-refused")
	f.sees("empty")
	f.reload()
	f.sees("empty")
	f.await("the filter is in the address after F5", `location.search === "?status=refused"`)
	f.click("reset")
	f.has(2)
}
