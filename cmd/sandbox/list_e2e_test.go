//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

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

// listSeen counts the rows that end within the first 900 pixels of the page.
const listSeen = `[...document.querySelectorAll("table.registry tbody tr")].filter((row) => row.getBoundingClientRect().bottom + scrollY <= 900).length`

// listCut names the cells whose content is wider than the cell, the texts of which lines are missing, and the page when it is wider than the
// window. In a compact list a text ends in an ellipsis.
const listCut = `(document.documentElement.scrollWidth > innerWidth ? "the page " : "") + [...document.querySelectorAll("table.registry :is(th, td), table.registry td > *")].filter((part) =>
	!part.closest(".compact td") && (part.matches("th, td") && part.scrollWidth > part.clientWidth + 1 || part.clientHeight && part.scrollHeight > part.clientHeight + 1 && getComputedStyle(part).overflow === "hidden"))
	.map((part) => part.className + ": " + part.textContent).slice(0, 5).join("; ")`

// On a laptop a list shows fourteen acts and more, and cuts none of its cells.
func TestListOnALaptop(t *testing.T) {
	p := playgroundOf(t, world{})
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
		seen := f.evalInt(listSeen)
		t.Logf("%s: %d acts in 1280 × 900", look, seen)
		if seen < 14 {
			t.Errorf("%s: only %d acts are visible", look, seen)
		}
		if cut := f.eval(listCut); cut != "" {
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
	p := playgroundOf(t, world{})
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

// Sorting, filtering and selecting leave the focus and the scroll where they are: with cookies, where a link could load a page anew, and
// without.
func TestListKeepsFocusAndScroll(t *testing.T) {
	p := playgroundOf(t, world{})
	f := p.lackingOf(t, newTab(t))
	f.click("table.deals-without-acts thead input")
	f.press(testid("form-acts"), kb.Enter)
	f.await("the acts", `document.querySelector(".alert.success")?.textContent.includes("Формируем")`)
	for _, way := range []string{"with cookies", "without"} {
		t.Run(way, func(t *testing.T) {
			if way == "without" {
				defer p.gate.turn(noCookies)()
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
