//go:build e2e

package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"acts24/handlers/tables/tablestest"
	"acts24/integrations/sbis/sbistest"
)

// registryOf opens the registry of a portal with two acts: one formed, one handed over.
func (p *playground) registryOf(t *testing.T, page *tab) *tab {
	t.Helper()
	f := p.dealTab(page, 11)
	f.leaveOut(p.rowsOf(11)[1])
	f.click("create-and-send-act")
	p.awaitDocument(t, 11, 1)
	f.await("the first act on the tab", `document.querySelectorAll("#acts tbody tr").length === 1`)
	f.press(testid("create-act"), kb.Enter) // a click may miss, because the tab is refreshed and moves
	f.awaitNewestAct(draftWord, "Не передан")
	return p.openRegistry(page)
}

func (p *playground) openRegistry(page *tab) *tab {
	page.open(p.portalURL("%s", appAddress()))
	f := page.frame("http://" + p.cfg.App)
	f.awaitText("act-list")
	return f
}

// awaitActCount waits until the list has the given number of acts.
func (b *tab) awaitActCount(acts int) {
	b.t.Helper()
	b.await(fmt.Sprintf("%d acts in the list", acts), fmt.Sprintf(`document.querySelectorAll("table.registry tbody tr").length === %d`, acts))
}

// A person filters the registry with the keyboard only; the URL keeps the filter over F5 and the back button.
func TestRegistryInTheBrowser(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.registryOf(t, page)
	f.awaitActCount(2)
	f.eval(`document.querySelector("[data-testid=search]").focus()`)
	f.do("type and press Enter", chromedp.SendKeys(chromedp.CSS(testid("search")), "нет такого"+kb.Enter))
	f.awaitText("empty", "По этим условиям актов нет")
	f.await("the address holds the text alone", `new URLSearchParams(location.search).toString() === new URLSearchParams({ q: "нет такого" }).toString()`)
	f.reload()
	f.awaitText("empty", "По этим условиям актов нет")
	f.await("the text is in its field", `document.querySelector("[data-testid=search]").value === "нет такого"`)
	f.click("reset")
	f.awaitActCount(2)

	f.eval(`document.querySelector(".filter summary").focus()`)
	f.do("unfold the conditions", chromedp.KeyEvent(kb.Enter))
	f.click(`input[name="status"][value="signed"]`)
	f.click("find")
	f.awaitText("empty")
	f.awaitText("without-status", "Акт получен и подписан")
	f.eval(`(document.body.seen = true)`)
	f.click("find")
	f.await("another page that kept the condition", `!document.body.seen && document.querySelector("[data-testid=without-status]")`)
	page.shotAt("registry-narrowed", 1280)
	f.click(".filter summary")
	f.await("the fields show what is chosen", `document.querySelector("[value=signed]")?.checked && !document.querySelector("[name=status][type=hidden]")`)
	f.checkAccessibility("the registry with its conditions")
	f.awaitFrameHeight(page)
	page.shotAt("registry-conditions-1280", 1280)
	f.eval(`document.querySelector("[name=stage]").value = [...document.querySelectorAll("[name=stage] option")].at(-1).value`)
	f.eval(`document.querySelector("[name=kind]").value = "company"`)
	f.click("find")
	f.awaitText("without-stage", "Сделка:")
	f.awaitText("without-kind", "Юрлицо")
	for _, condition := range []string{"stage", "kind", "status"} {
		f.click("[data-testid=without-" + condition + "] a")
		f.await("the list without it", `document.readyState === "complete" && document.querySelector(".filter") && !document.querySelector("[data-testid=without-`+condition+`]")`)
	}
	f.awaitActCount(2)
	f.click("preset-mine")
	f.await("the preset is marked", `document.querySelector("[data-testid=preset-mine]").hasAttribute("aria-current")`)
	f.click("table.registry tbody tr:last-child td:first-child a")
	f.awaitText("open-sbis", "Открыть в СБИС и подписать")
	f.checkPrimaryButton()
	f.checkLayout(page, "act-to-sign")
	f.click("back-to-list")
	f.await("the list with its filter", `document.querySelector("[data-testid=preset-mine]")?.hasAttribute("aria-current")`)
	f.click("preset-refused")
	f.awaitText("empty")
	f.eval(`history.back()`)
	f.await("the way back", `document.querySelector("[data-testid=preset-mine]")?.hasAttribute("aria-current")`)
	f.click("preset-all")
	f.awaitActCount(2)
	f.awaitFrameHeight(page)
	for _, scheme := range []string{"light", "dark"} {
		f.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("registry-list-%s-%d", scheme, width), width)
		}
	}
	f.setColorScheme("light")

	page.do("a narrow window", chromedp.EmulateViewport(390, 900))
	f.await("a narrow frame", `innerWidth <= 390`)
	f.await("nothing sticks out at 390 px", `document.documentElement.scrollWidth <= innerWidth`)
	if labels := f.evalInt(`[...document.querySelectorAll("table.registry tbody td")].filter((cell) => !cell.textContent.trim() && getComputedStyle(cell).display !== "none").length`); labels != 0 {
		t.Errorf("%d labels have no value at 390 px", labels)
	}
	f.click(`.filter summary`)
	f.await("nothing sticks out with the conditions unfolded", `document.querySelector(".filter details").open && document.documentElement.scrollWidth <= innerWidth`)
	f.awaitFrameHeight(page)
	page.shotAt("registry-conditions-390", 390)
	page.do("as before", chromedp.EmulateViewport(1280, 900))

	f.eval(`document.querySelector("table.registry td.com > a[target=_blank]").click()`)
	page.await("the card of the company in the slider", `document.querySelector(".slider iframe")?.src.includes("/crm/company/details/")`)
}

// withAndWithoutCookies opens the registry with cookies, then without.
func withAndWithoutCookies(t *testing.T, test func(t *testing.T, way string, page, f *tab)) {
	p := ownPlayground(t, playgroundOptions{})
	p.registryOf(t, newTab(t))
	for _, way := range []string{"with cookies", "without"} {
		t.Run(way, func(t *testing.T) {
			if way == "without" {
				defer p.proxy.setMode(noCookies)()
			}
			page := newTab(t)
			test(t, way, page, p.openRegistry(page))
		})
	}
}

// A person hides columns of his lists, with cookies and without; the filter stays.
func TestColumnsInTheBrowser(t *testing.T) {
	withAndWithoutCookies(t, func(t *testing.T, way string, page, f *tab) {
		f.click("preset-mine")
		f.await("the preset is marked", `document.querySelector("[data-testid=preset-mine]")?.hasAttribute("aria-current")`)
		f.click("columns")
		f.awaitText("save-columns")
		f.checkAccessibility("the choice of columns")
		f.checkLayout(page, "columns-choice")
		f.click(`input[name=show][value=responsible]`)
		f.press(`input[name=show][value=date]`, " ")
		f.click("save-columns")
		shown := map[string]int{"with cookies": 6, "without": 8}[way] // the second run shows the columns that the first has hidden
		f.await("the columns that were left", fmt.Sprintf(`[...document.querySelectorAll("table.registry th")].filter((th) => th.offsetWidth).length === %d`, shown))
		f.await("the filter stays", `document.querySelector("[data-testid=preset-mine]").hasAttribute("aria-current")`)
		f.checkLayout(page, "columns-"+fmt.Sprint(shown))
	})
}

// A person adds fields to the filter, finds a company by its name and saves the filter under a name, with cookies and without.
func TestSavedFiltersInTheBrowser(t *testing.T) {
	withAndWithoutCookies(t, func(t *testing.T, way string, page, f *tab) {
		company := f.eval(`document.querySelector("table.registry td.com > a").textContent.trim()`)
		f.press(testid("add-field"), kb.Enter)
		f.awaitText("field-company")
		f.checkAccessibility("the choice of a field")
		f.checkLayout(page, "add-field")
		f.press(testid("field-company"), kb.Enter)
		f.awaitText("company-name")
		f.do("type the name and press Enter", chromedp.SendKeys(chromedp.CSS(testid("company-name")), company+kb.Enter))
		f.awaitText("found-company", company)
		f.checkAccessibility("the companies")
		f.checkLayout(page, "add-company")
		f.press(testid("found-company"), kb.Enter)
		f.awaitText("without-company", company)
		f.press(testid("add-field"), kb.Enter)
		f.awaitText("field-medium")
		f.press(testid("field-medium"), kb.Enter)
		f.awaitText("apply-field")
		f.await("the field of the popup has the focus", `document.activeElement?.name === "medium"`)
		f.eval(`document.querySelector(".popup [name=medium]").value = "electronic"`)
		f.press(testid("apply-field"), kb.Enter)
		f.awaitText("without-medium", "Электронный")
		f.awaitText("without-company", company)
		f.click("[data-testid=without-medium] button")
		f.await("the chip opens its field", `document.querySelector(".popup [name=medium]")?.value === "electronic"`)
		f.do("close it", chromedp.KeyEvent(kb.Escape))

		f.press(testid("save-as"), kb.Enter)
		f.awaitText("filter-name")
		f.checkAccessibility("the name of a filter")
		f.checkLayout(page, "save-filter")
		f.write("filter-name", "Мой "+way+" <b>שלום</b> 🦔")
		f.press(testid("save-filter"), kb.Enter)
		f.awaitText("notice", "Фильтр сохранён")
		saved := `[data-testid^=saved-filter-][aria-current]`
		f.await("the saved filter is marked", fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%q)`, saved, way+" <b>"))
		f.checkLayout(page, "saved-filter")
		f.click("reset")
		f.await("all acts", `document.querySelector("[data-testid=preset-all]")?.hasAttribute("aria-current")`)
		f.click("[data-testid^=saved-filter-]")
		f.awaitText("without-company", company)
		f.reload()
		f.awaitText("without-medium", "Электронный")

		f.press(testid("all-saved"), kb.Enter)
		f.awaitText("saved-filters", way)
		f.press(".saved-list summary", kb.Enter)
		f.checkAccessibility("the saved filters")
		f.checkLayout(page, "saved-filters")
		f.press(testid("drop-filter"), kb.Enter)
		f.awaitText("empty", "Сохранённых фильтров нет")
	})
}

// A person exports the list, with cookies and without; refusals are shown on the page.
func TestExportInTheBrowser(t *testing.T) {
	withAndWithoutCookies(t, func(t *testing.T, way string, page, f *tab) {
		f.click("[data-testid=exports] summary")
		f.checkAccessibility("the registry with its menu")
		page.shotAt("registry-exports", 1280)
		page.shotAt("registry-exports-390", 390)
		rows, err := tablestest.Workbook(f.download(t, "[data-testid=export-xlsx]"))
		if err != nil || len(rows) < 3 || rows[0][0] != "Номер" {
			t.Errorf("%d rows in the workbook, %v", len(rows), err)
		}
		f.await("the menu is folded", `!document.querySelector("[data-testid=exports]").open`)
		f.eval(`document.querySelector("[data-testid=export-csv]").href += "&status=paid"`)
		f.eval(`document.querySelector("[data-testid=export-csv]").click()`)
		f.awaitText("alert", "в условиях фильтра ошибка")
		f.awaitActCount(len(rows) - 1)
	})
}

// Without cookies the filter works in the same way, including F5.
func TestRegistryWithoutCookies(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	defer p.proxy.setMode(noCookies)()
	page := newTab(t)
	f := p.registryOf(t, page)
	f.awaitActCount(2)
	f.click("preset-refused")
	f.awaitText("empty")
	f.reload()
	f.awaitText("empty")
	f.await("the filter is in the address after F5", `location.search === "?refused=1"`)
	f.click("reset")
	f.awaitActCount(2)
}

// reportOf opens the report of a portal that has sent four acts in a season, of which three are unsigned.
func (p *playground) reportOf(t *testing.T, page *tab) *tab {
	t.Helper()
	for i, at := range []string{"2026-09-11 12:00", "2026-10-20 12:00", "2026-11-12 12:00", "2026-11-23 12:00"} {
		p.clockTo(t, at)
		p.sentThroughSBIS(page, int64(3+i))
	}
	p.clockTo(t, "2026-11-24 12:00")
	f := p.dealTab(page, 6)
	p.move(t, p.documents(t, 6)[0].ID, sbistest.MoveSignByCounterparty)
	f.awaitNewestAct(signedWord, "")
	page.open(p.portalURL("%s", appAddress()))
	f = page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/report"]`)
	f.awaitText("whole", "3\u00a0акта")
	return f
}

// checkReportCell presses a cell of the report and compares the list that opens with the cell.
func (b *tab) checkReportCell(cell string) {
	b.t.Helper()
	sum := b.eval(fmt.Sprintf("document.querySelector(%q).textContent", cell+" a"))
	number := b.eval(fmt.Sprintf("document.querySelector(%q).textContent", cell+" small"))
	b.click(cell + " a")
	b.awaitText("found", number+"\u00a0акт", " на "+sum)
	b.await("as many acts in the list", fmt.Sprintf(`document.querySelectorAll("table.registry tbody tr").length === %s`, number))
}

// A head opens the report of unsigned acts, follows a sum to its acts and returns.
func TestReportInTheBrowser(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{from: time.Date(2026, 9, 10, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	page := newTab(t)
	f := p.reportOf(t, page)
	f.checkAccessibility("the report")
	f.awaitFrameHeight(page)
	f.await("a bar for each month of the table", `document.querySelectorAll(".stack > svg").length === document.querySelectorAll("[data-testid=ageing-months] tbody tr").length`)
	f.click("[data-testid=exports] summary")
	if rows, err := tablestest.Workbook(f.download(t, "[data-testid=export-xlsx]")); err != nil || len(rows) < 4 {
		t.Errorf("%d rows in the workbook, %v", len(rows), err)
	}
	for _, scheme := range []string{"light", "dark"} {
		f.setColorScheme(scheme)
		for _, width := range []int64{1280, 390} {
			page.shotAt(fmt.Sprintf("report-%s-%d", scheme, width), width)
		}
	}
	f.setColorScheme("light")
	if months := f.eval(`[...document.querySelectorAll("table.months tbody tr")].slice(-3).map((r) => r.children[1].textContent + "/" + r.children[3].textContent + "/" + r.children[5].textContent).join()`); months != "1/0/,1/0/,2/1/1,0" {
		t.Errorf("the last months read %s", months)
	}

	client := `[data-testid=clients] tbody tr:first-child`
	f.checkReportCell(client + " td:nth-last-child(2)")
	f.awaitText("without-company", "Компания: ")
	f.checkAccessibility("the registry of a cell")
	f.awaitFrameHeight(page)
	for _, scheme := range []string{"light", "dark"} {
		f.setColorScheme(scheme)
		page.shotAt("report-registry-"+scheme+"-1280", 1280)
		page.shotAt("report-registry-"+scheme+"-390", 390)
	}
	f.setColorScheme("light")
	f.click(`[data-testid=without-company] a`)
	f.awaitText("found", "3\u00a0акта")
	f.do("type within what is found", chromedp.SendKeys(chromedp.CSS(testid("search")), "нет такого"+kb.Enter))
	f.awaitText("found", "0\u00a0актов")
	f.await("the age is kept", `new URLSearchParams(location.search).get("waiting") === "0-"`)
	f.eval(`history.go(-3)`)
	f.awaitText("whole", "3\u00a0акта")
	f.checkReportCell(`[data-testid=managers-whole] td:nth-of-type(5)`)

	f.eval(`history.back()`)
	f.awaitText("whole")
	page.do("a narrow window", chromedp.EmulateViewport(390, 900))
	f.await("a narrow frame", `innerWidth <= 390`)
	f.await("nothing sticks out at 390 px", `document.documentElement.scrollWidth <= innerWidth`)
	f.await("no letters of the charts lie upon others", `[...document.querySelectorAll(".chart > svg")].every((bar) => {
		const places = [...bar.querySelectorAll("text")].map((text) => text.getBoundingClientRect());
		return places.every((a, i) => places.every((b, k) => i >= k || a.right <= b.left || b.right <= a.left || a.bottom <= b.top + 2 || b.bottom <= a.top + 2));
	})`)
}

// Without cookies the report, its cells and F5 work in the same way.
func TestReportWithoutCookies(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{from: time.Date(2026, 9, 10, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	defer p.proxy.setMode(noCookies)()
	page := newTab(t)
	p.sentThroughSBIS(page, 3)
	page.open(p.portalURL("%s", appAddress()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/report"]`)
	f.awaitText("whole", "1\u00a0акт")
	f.reload()
	f.awaitText("whole", "1\u00a0акт")
	f.checkReportCell(`[data-testid=clients] tbody tr:first-child td:nth-of-type(1)`)
	f.reload()
	f.awaitText("found", "1\u00a0акт")
	if address := f.eval(`location.pathname + location.search`); !strings.HasPrefix(address, "/p/") || !strings.Contains(address, "/acts?company=") {
		t.Errorf("the address is %s", address)
	}
}

// evalInt returns the number to which an expression evaluates.
func (b *tab) evalInt(expression string) (n int) {
	b.t.Helper()
	if _, err := fmt.Sscan(b.eval("String("+expression+")"), &n); err != nil {
		b.fail("%s: %v", expression, err)
	}
	return n
}

// press focuses an element and presses a key on it, as a user without a mouse does.
func (b *tab) press(selector, key string) {
	b.t.Helper()
	b.eval(fmt.Sprintf("document.querySelector(%q).focus()", selector))
	if key != kb.Enter {
		b.do("press a key", chromedp.KeyEvent(key))
		return
	}
	// One event holds the key and its character, as that of a keyboard does: KeyEvent sends the character after the key, when what the key has
	// opened may already have the focus.
	down := input.DispatchKeyEventParams{Type: kb.KeyDown, Key: "Enter", Code: "Enter", Text: key, UnmodifiedText: key, WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13}
	up := down
	up.Type, up.Text, up.UnmodifiedText = kb.KeyUp, "", ""
	for _, event := range []input.DispatchKeyEventParams{down, up} {
		ctx, cancel := context.WithTimeout(b.ctx, timeout)
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, event); err != nil {
			b.fail("press Enter: %v", err)
		}
		cancel()
	}
}

// fillList copies the rows of a list until it has fifty, with names as long as usual ones, every sixth with longer ones, and with names that
// are written from right to left, and emoji.
const fillList = `(() => {
	const body = document.querySelector("table.registry tbody"), names = ["ООО «Северо-Западные перевозки»", "شركة التجارة الدولية المحدودة", "ООО «Ёж 🦔🦔»", "Сертификация для экспорта: партия 7",
		"Общество с ограниченной ответственностью «Северо-Западные перевозки и складское хозяйство»", "ИП Константинопольская А. В."];
	for (let i = 0; body.rows.length < 50; i++) {
		const row = body.rows[i % 2].cloneNode(true);
		for (const link of row.querySelectorAll("td a[target=_blank]")) link.textContent = names[i % 6];
		body.append(row);
	}
	return body.rows.length;
})()`

// countVisibleRows counts the rows that end within the first 900 pixels of the page.
const countVisibleRows = `[...document.querySelectorAll("table.registry tbody tr")].filter((row) => row.getBoundingClientRect().bottom + scrollY <= 900).length`

// describeCutCells names the cells whose content is wider than the cell, the texts whose last lines are cut off, and the page when it is wider than
// the window. In a compact list a text ends in an ellipsis.
const describeCutCells = `(document.documentElement.scrollWidth > innerWidth ? "the page " : "") + [...document.querySelectorAll("table.registry :is(th, td), table.registry td > *")].filter((part) =>
	!part.closest(".compact td") && (part.matches("th, td") && part.scrollWidth > part.clientWidth + 1 || part.clientHeight && part.scrollHeight > part.clientHeight + 1 && getComputedStyle(part).overflow === "hidden"))
	.map((part) => part.className + ": " + part.textContent).slice(0, 5).join("; ")`

// On a laptop a list shows fourteen acts and more, and cuts none of its cells.
func TestListOnALaptop(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.registryOf(t, page)
	f.awaitActCount(2)
	for _, look := range []string{"comfortable", "compact"} {
		if look == "compact" {
			f.click("columns")
			f.awaitText("save-columns")
			f.await("the frame is as high as the choice", `document.querySelector(".popup").getBoundingClientRect().bottom <= innerHeight`)
			f.checkAccessibility("the choice of the look")
			page.shotAt("list-look-1280", 1280)
			page.shotAt("list-look-390", 390)
			f.click(`input[name=rows][value=compact]`)
			f.click("save-columns")
			f.await("plain rows", `document.querySelector("table.registry.compact")`)
		}
		f.eval(fillList)
		seen := f.evalInt(countVisibleRows)
		t.Logf("%s: %d acts in 1280 × 900", look, seen)
		if seen < 14 {
			t.Errorf("%s: only %d acts are visible", look, seen)
		}
		if cut := f.eval(describeCutCells); cut != "" {
			t.Errorf("%s: cut at 1280 px: %s", look, cut)
		}
		for _, scheme := range []string{"light", "dark"} {
			f.setColorScheme(scheme)
			page.shotAt("list-"+look+"-"+scheme+"-1280", 1280)
			page.shotAt("list-"+look+"-"+scheme+"-390", 390)
		}
		f.setColorScheme("light")
		f.reload()
		f.awaitText("act-list")
	}
}

// A list is sorted, its row opens its menu and its columns are moved by the keyboard alone; focus and scroll stay where they are.
func TestListByKeyboard(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	f := p.registryOf(t, page)
	f.awaitActCount(2)
	for _, order := range []string{"ascending", "descending"} {
		f.press(testid("sort-sum"), kb.Enter)
		f.await("sorted "+order, fmt.Sprintf(`document.querySelector("th.sum")?.getAttribute("aria-sort") === %q`, order))
		f.await("the focus stays", `document.activeElement?.dataset.testid === "sort-sum"`)
	}
	if bar := f.eval(`getComputedStyle(document.querySelector("[data-testid=bulk-bar]")).display`); bar != "none" {
		t.Errorf("the actions are shown before an act is selected: %s", bar)
	}
	f.press(testid("registry-total"), kb.Enter)
	f.awaitText("registry-total", "Найдено 2\u00a0акта на сумму")
	f.press("tr:first-child [name=act]", " ")
	f.await("the actions", `getComputedStyle(document.querySelector("[data-testid=bulk-bar]")).display !== "none" && document.querySelector("[data-selected]").textContent === "Выбрано: 1"`)
	page.shotAt("list-selected-1280", 1280)
	page.shotAt("list-selected-390", 390)
	f.eval(`document.querySelector(".selection").insertAdjacentHTML("afterbegin", '<label class="check-all"><input type="checkbox"><span class="long">Выбрать</span> все <span class="long">по фильтру</span></label>')`)
	beside := 1280 - f.evalInt(`innerWidth`)
	page.do("a narrow portal", chromedp.EmulateViewport(int64(975+beside), 900))
	f.await("a frame of 975 px", `innerWidth === 975`)
	if high := f.evalInt(`document.querySelector(".selection").offsetHeight`); high > 34 {
		t.Errorf("the actions are %d px high in a frame of 975 px, they do not fit in one line", high)
	}
	page.shotAt("list-selected-975", int64(975+beside))
	page.do("as before", chromedp.EmulateViewport(1280, 900))
	f.press("tr:first-child [name=act]", " ")

	f.press("[data-testid^=row-menu]", kb.Enter)
	f.await("the menu", `document.querySelector(".popup .row-menu")?.contains(document.activeElement)`)
	f.checkAccessibility("the menu of an act")
	page.shotAt("list-menu-1280", 1280)
	page.shotAt("list-menu-390", 390)
	const requests = `performance.getEntriesByName(location.href, "resource").length`
	before := f.evalInt(`(document.querySelector("#acts tbody tr").dataset.old = "1", ` + requests + `)`)
	f.await("the list is requested again", fmt.Sprintf("%s > %d", requests, before))
	if !f.evalBool(`document.querySelector("#acts tbody tr[data-old]")`) {
		t.Error("the list below an open menu was replaced")
	}
	f.do("close it", chromedp.KeyEvent(kb.Escape))
	f.await("the focus is back", `!document.querySelector(".popup") && document.activeElement?.dataset.testid?.startsWith("row-menu")`)

	f.press(testid("columns"), kb.Enter)
	f.awaitText("save-columns")
	f.press(`button[data-move=up][value=sum]`, kb.Enter)
	f.press(`button[data-move=up][value=sum]`, kb.Enter)
	f.press(`input[name=show][value=inn]`, " ")
	f.press(testid("save-columns"), kb.Enter)
	f.await("the new columns", `[...document.querySelectorAll("table.registry col")].map((c) => c.className).join() === "act,date,sum,company,status,responsible,due,inn,menu-link"`)
}

// focusInView focuses an element at the place where it is, as a click does.
func (b *tab) focusInView(selector string) {
	b.t.Helper()
	b.eval(fmt.Sprintf(`document.querySelector(%q).focus({ preventScroll: true })`, selector))
}

// Sorting, filtering and selecting leave the focus and the scroll where they are: with cookies, where a link could load the whole page, and
// without.
func TestListKeepsFocusAndScroll(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	f := p.lackingOf(t, newTab(t))
	f.click("table.deals-without-acts thead input")
	f.press(testid("form-acts"), kb.Enter)
	f.await("the acts", `document.querySelector(".alert.success")?.textContent.includes("Формируем")`)
	for _, way := range []string{"with cookies", "without"} {
		t.Run(way, func(t *testing.T) {
			if way == "without" {
				defer p.proxy.setMode(noCookies)()
			}
			page := newTab(t)
			page.do("a low window", chromedp.EmulateViewport(1280, 500))
			f := p.openRegistry(page)
			f.await("a long list", `document.querySelectorAll("table.registry tbody tr").length >= 10 || location.reload()`)
			f.awaitFrameHeight(page)
			page.eval(`scrollTo(0, 170)`)
			focused := func(what, selector string) {
				t.Helper()
				f.await("the focus is on "+what, fmt.Sprintf(`document.activeElement?.matches(%q)`, selector))
				if top := page.eval(`scrollY`); top != "170" {
					t.Errorf("the page has scrolled to %s when the focus is on %s", top, what)
				}
			}

			for _, order := range []string{"ascending", "descending"} {
				f.focusInView(testid("sort-sum"))
				f.do("sort", chromedp.KeyEvent(kb.Enter))
				f.await("sorted "+order, fmt.Sprintf(`document.querySelector("th.sum")?.getAttribute("aria-sort") === %q`, order))
				focused("the same header", testid("sort-sum"))
			}

			row := "table.registry tbody tr:nth-child(4) "
			place := `Math.round(document.querySelector("` + row + `").getBoundingClientRect().top)`
			before := f.eval(place)
			for _, checked := range []string{"true", "false"} {
				f.focusInView(row + "[name=act]")
				f.do("check the row", chromedp.KeyEvent(" "))
				focused("the checkbox", row+"[name=act]")
				if now := f.eval(place); now != before || f.eval(`document.activeElement.checked`) != checked {
					t.Errorf("the row has moved from %s to %s", before, now)
				}
			}

			for field, choose := range map[string]string{"medium": `document.querySelector(".popup select").value = "electronic"`, "own": `document.querySelector(".popup select").selectedIndex = 1`} {
				f.focusInView(testid("add-field"))
				f.do("choose a field", chromedp.KeyEvent(kb.Enter))
				f.awaitText("field-" + field)
				f.focusInView(testid("field-" + field))
				f.do("choose it", chromedp.KeyEvent(kb.Enter))
				f.awaitText("apply-field")
				f.eval(choose)
				f.focusInView(testid("apply-field"))
				f.do("apply it", chromedp.KeyEvent(kb.Enter))
				f.awaitText("without-" + field)
				focused("the button that has opened the fields", testid("add-field"))
			}
			f.focusInView("[data-testid=without-medium] a")
			f.do("remove the condition", chromedp.KeyEvent(kb.Enter))
			f.await("the list without it", `!document.querySelector("[data-testid=without-medium]")`)
			focused("the condition that is left", ".narrowed a")
			f.do("remove the last condition", chromedp.KeyEvent(kb.Enter))
			f.await("the whole list", `!document.querySelector(".narrowed")`)
			focused("the button that adds a field", testid("add-field"))

			f.focusInView(testid("preset-mine"))
			f.do("choose a preset", chromedp.KeyEvent(kb.Enter))
			f.await("the preset is marked", `document.querySelector("[data-testid=preset-mine]").hasAttribute("aria-current")`)
			focused("the preset", testid("preset-mine"))
			f.focusInView(testid("find"))
			f.do("search", chromedp.KeyEvent(kb.Enter))
			f.await("the answer", `!document.querySelector("[aria-busy]")`)
			focused("the button of the search", testid("find"))
		})
	}
}
