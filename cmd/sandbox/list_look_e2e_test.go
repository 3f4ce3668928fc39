//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// fillList copies the rows of a list until it has fifty, with long names, names that are written from right to left, and emoji.
const fillList = `(() => {
	const body = document.querySelector("table.registry tbody"), names = ["Общество с ограниченной ответственностью «Северо-Западные перевозки и складское хозяйство»", "شركة التجارة الدولية المحدودة", "ООО «Ёж 🦔🦔»"];
	for (let i = 0; body.rows.length < 50; i++) {
		const row = body.rows[i % 2].cloneNode(true);
		for (const link of row.querySelectorAll("td a[target=_blank]")) link.textContent = names[i % 3];
		body.append(row);
	}
	return body.rows.length;
})()`

// listSeen counts the rows that end within the first 900 pixels of the page.
const listSeen = `[...document.querySelectorAll("table.registry tbody tr")].filter((row) => row.getBoundingClientRect().bottom + scrollY <= 900).length`

// listCut names the cells whose content is wider than the cell, and the page when it is wider than the window.
const listCut = `(document.documentElement.scrollWidth > innerWidth ? "the page " : "") + [...document.querySelectorAll("table.registry :is(th, td)")].filter((cell) => cell.scrollWidth > cell.clientWidth + 1 && getComputedStyle(cell).textOverflow !== "ellipsis").map((cell) => cell.className + ": " + cell.textContent).slice(0, 5).join("; ")`

// On a laptop a list shows fourteen acts and more, and cuts none of its cells.
func TestListOnALaptop(t *testing.T) {
	p := playgroundOf(t, world{})
	page := newTab(t)
	f := p.registryOf(t, page)
	f.has(2)
	for _, look := range []string{"comfortable", "compact"} {
		if look == "compact" {
			f.click("columns")
			f.sees("save-columns")
			f.pleases("the choice of the look")
			page.shotAt("list-look-1280", 1280)
			page.shotAt("list-look-390", 390)
			f.click(`input[name=rows][value=compact]`)
			f.click("save-columns")
			f.await("plain rows", `document.querySelector("table.registry.compact")`)
		}
		f.eval(fillList)
		seen := f.counted(listSeen)
		t.Logf("%s: %d acts in 1280 × 900", look, seen)
		if seen < 14 {
			t.Errorf("%s: only %d acts are visible", look, seen)
		}
		if cut := f.eval(listCut); cut != "" {
			t.Errorf("%s: cut at 1280 px: %s", look, cut)
		}
		for _, scheme := range []string{"light", "dark"} {
			f.paint(scheme)
			page.shotAt("list-"+look+"-"+scheme+"-1280", 1280)
			page.shotAt("list-"+look+"-"+scheme+"-390", 390)
		}
		f.paint("light")
		f.reload()
		f.sees("act-list")
	}
}

// A list is sorted, its row opens its menu and its columns are moved by the keyboard alone; focus and scroll stay where they are.
func TestListByKeyboard(t *testing.T) {
	p := playgroundOf(t, world{})
	page := newTab(t)
	f := p.registryOf(t, page)
	f.has(2)
	for _, order := range []string{"ascending", "descending"} {
		f.press(testid("sort-sum"), kb.Enter)
		f.await("sorted "+order, fmt.Sprintf(`document.querySelector("th.sum")?.getAttribute("aria-sort") === %q`, order))
		f.await("the focus stays", `document.activeElement?.dataset.testid === "sort-sum"`)
	}
	if bar := f.eval(`getComputedStyle(document.querySelector("[data-testid=bulk-bar]")).display`); bar != "none" {
		t.Errorf("the actions are shown before an act is selected: %s", bar)
	}
	f.press(testid("registry-total"), kb.Enter)
	f.sees("registry-total", "Найдено 2\u00a0акта на сумму")
	f.press("tr:first-child [name=act]", " ")
	f.await("the actions", `getComputedStyle(document.querySelector("[data-testid=bulk-bar]")).display !== "none" && document.querySelector("[data-selected]").textContent === "Выбрано: 1"`)
	page.shotAt("list-selected-1280", 1280)
	page.shotAt("list-selected-390", 390)
	f.press("tr:first-child [name=act]", " ")

	f.press("[data-testid^=row-menu]", kb.Enter)
	f.await("the menu", `document.querySelector(".popup .row-menu")?.contains(document.activeElement)`)
	f.pleases("the menu of an act")
	page.shotAt("list-menu-1280", 1280)
	page.shotAt("list-menu-390", 390)
	f.do("close it", chromedp.KeyEvent(kb.Escape))
	f.await("the focus is back", `!document.querySelector(".popup") && document.activeElement?.dataset.testid?.startsWith("row-menu")`)

	f.press(testid("columns"), kb.Enter)
	f.sees("save-columns")
	f.press(`button[data-move=up][value=sum]`, kb.Enter)
	f.press(`button[data-move=up][value=sum]`, kb.Enter)
	f.press(`input[name=show][value=inn]`, " ")
	f.press(testid("save-columns"), kb.Enter)
	f.await("the new columns", `[...document.querySelectorAll("table.registry col")].map((c) => c.className).join() === "act,date,deal,company,sum,status,delivery,responsible,due,inn,menu-link"`)
}
