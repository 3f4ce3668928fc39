//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// setEnglish makes the browser English, so that its own texts differ from ours.
func (b *tab) setEnglish() {
	b.t.Helper()
	if _, err := chromedp.Call(b.page, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "en-US"}); err != nil {
		b.fail("an English browser: %v", err)
	}
}

// checkOwnFields checks that a page has no field that shows texts of the browser.
func (b *tab) checkOwnFields(what string) {
	b.t.Helper()
	if found := b.eval(`[...document.querySelectorAll("input")].filter((field) => ["date", "month", "time", "email", "number", "url"].includes(field.type) || field.required || field.pattern
		|| field.type === "file" && field.getBoundingClientRect().width > 1).map((field) => field.outerHTML).join("\n")`); found != "" {
		b.t.Errorf("%s has fields with texts of the browser:\n%s", what, found)
	}
}

const (
	periodStart = `document.querySelector("[name=from]")`
	focused     = `document.activeElement`
)

// A date is typed with a mask, or chosen in the calendar with the keyboard alone.
func TestDatesInTheBrowser(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	page.setEnglish()
	f := p.dealTab(page, 11)
	f.checkOwnFields("the deal tab")
	f.eval(`(document.querySelector("[data-testid=document]").open = true)`)
	f.eval(periodStart + `.focus()`)
	f.do("type digits", chromedp.KeyEvent("01122026"))
	f.await("the mask adds the dots", periodStart+`.value === "01.12.2026"`)
	f.do("open the calendar", chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	f.awaitText("calendar", "Декабрь 2026")
	f.await("the day of the field has the focus", focused+`.dataset.day === "2026-12-01" && `+focused+`.getAttribute("aria-selected") === "true"`)
	f.checkAccessibility("the calendar")
	f.awaitFrameHeight(page)
	page.shotAt("calendar-1280", 1280)
	for _, step := range []struct{ key, day string }{
		{kb.ArrowRight, "2026-12-02"}, {kb.ArrowDown, "2026-12-09"}, {kb.Home, "2026-12-07"}, {kb.End, "2026-12-13"}, {kb.ArrowUp, "2026-12-06"},
		{kb.ArrowLeft, "2026-12-05"}, {kb.PageUp, "2026-11-05"}, {kb.PageDown, "2026-12-05"}, {kb.PageDown, "2027-01-05"},
	} {
		f.do("press a key", chromedp.KeyEvent(step.key))
		f.await("the focus is on "+step.day, fmt.Sprintf(focused+`.dataset.day === %q`, step.day))
	}
	f.do("leave the calendar", chromedp.KeyEvent(kb.Escape))
	f.await("the calendar is closed and nothing is chosen", `!document.querySelector(".month") && `+focused+`.matches(".calendar") && `+periodStart+`.value === "01.12.2026"`)
	f.do("open it again", chromedp.KeyEvent(kb.Enter))
	f.await("the day has the focus", focused+`.dataset.day === "2026-12-01"`)
	f.do("choose the next day", chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(" "))
	f.await("the day is in the field", periodStart+`.value === "02.12.2026" && !document.querySelector(".month")`)

	f.eval(periodStart + `.select()`)
	f.do("type a date as addresses contain it", chromedp.KeyEvent("2026-11-30"))
	f.await("it is shown in Russian", periodStart+`.value === "30.11.2026"`)
	f.eval(`((field) => { field.value = "2026-12-24"; field.dispatchEvent(new Event("input", { bubbles: true })); })(` + periodStart + `)`)
	f.await("a date that a program enters", periodStart+`.value === "24.12.2026"`)
	f.eval(periodStart + `.select()`)
	f.do("type with own dots", chromedp.KeyEvent("5.1.2027"+kb.Tab))
	f.await("zeros are added", periodStart+`.value === "05.01.2027"`)

	page.do("a phone", chromedp.EmulateViewport(390, 800, chromedp.EmulateMobile, chromedp.EmulateTouch))
	f.await("a narrow frame", `innerWidth <= 390`)
	for _, scheme := range []string{"light", "dark"} {
		f.setColorScheme(scheme)
		f.eval(`document.querySelectorAll("[data-testid=document] .calendar")[2].click()`)
		f.awaitText("calendar")
		f.await("the calendar is inside the frame with large targets", `(() => {
			const r = document.querySelector(".month").getBoundingClientRect();
			return r.left >= 0 && r.right <= innerWidth && document.documentElement.scrollWidth <= innerWidth
				&& [...document.querySelectorAll(".month :is(button, td[data-day])")].every((e) => e.offsetWidth >= 24 && e.offsetHeight >= 24);
		})()`)
		f.awaitFrameHeight(page)
		page.shotAt("calendar-390-"+scheme, 390)
		f.eval(`document.querySelector(".month [data-close]").click()`)
	}
	f.setColorScheme("light")
}

// A refused form shows its first wrong field; each message stands once. Typed values are not lost without a question.
func TestMistakesAndUnsavedValues(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	page.setEnglish()
	f := p.dealTab(page, 11)
	f.leaveOut(p.rowsOf(11)[1])
	f.eval(`((field) => { field.value = "31.02.2026"; field.dispatchEvent(new Event("input", { bubbles: true })); })(` + periodStart + `)`)
	f.click("create-act")
	f.awaitText("fault-from", "Дата — день.месяц.год, например 05.12.2026.")
	f.await("the focus is in the wrong field", focused+`.name === "from"`)
	f.await("the summary links to it", `document.querySelector("[data-testid=alert] a[href='#fault-from']")?.textContent === "Период с"`)
	f.await("the sentence stands once", `document.body.innerText.split("Дата — день.месяц.год").length === 2`)
	f.checkAccessibility("a refused form")
	f.awaitFrameHeight(page)
	for _, width := range []int64{1280, 390} {
		page.shotAt(fmt.Sprintf("mistakes-%d", width), width)
	}
	f.eval(`document.activeElement.blur()`)
	f.click(`[data-testid=alert] a[href="#fault-from"]`)
	f.await("the link leads to the field", focused+`.name === "from"`)
	f.eval(periodStart + `.select()`)
	f.do("clear the field", chromedp.KeyEvent(kb.Delete))
	f.click("create-act")
	f.await("the act", `document.querySelectorAll("#acts tbody tr").length === 1`)
	f.await("nothing is asked after saving", `!document.querySelector("[data-testid=unsaved]")`)

	f.eval(`(document.querySelector("[data-testid=next-act]").open = true)`)
	f.eval(`((field) => { field.value = "Набрано"; field.dispatchEvent(new Event("input", { bubbles: true })); })(` + find("act-comment") + `)`)
	f.click("#acts tbody a")
	f.awaitText("unsaved", "Есть несохранённые изменения")
	f.checkAccessibility("the question about unsaved values")
	page.shotAt("unsaved-1280", 1280)
	f.click("unsaved-stay")
	f.await("the form is as it was", find("act-comment")+`.value === "Набрано"`)
	f.click("#acts tbody a")
	f.click("unsaved-leave")
	f.awaitText("history")
	f.checkOwnFields("the page of an act")
}

// Files are chosen with our own button or dropped on it.
func TestFilesInTheBrowser(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page := newTab(t)
	page.setEnglish()
	f := p.dealTab(page, 11)
	f.paperAct("company")
	f.checkOwnFields("the page of a paper act")
	f.await("our own button", `document.querySelector("[data-testid=copies-ours] .drop").innerText.includes("Выбрать файлы")`)
	f.eval(find("file-ours") + `.focus()`)
	f.await("the focus is visible", `getComputedStyle(document.querySelector("[data-testid=copies-ours] .drop")).outlineStyle === "solid"`)
	f.click("upload-ours")
	f.awaitText("fault-ours")
	f.await("the focus is in the field", focused+`.dataset.testid === "file-ours"`)
	f.awaitFrameHeight(page)
	for _, width := range []int64{1280, 390} {
		page.shotAt(fmt.Sprintf("files-%d", width), width)
	}
	f.eval(`(() => {
		const all = new DataTransfer();
		all.items.add(new File(["%PDF-1.4 a"], "Акт подписан.pdf", { type: "application/pdf" }));
		document.querySelector("[data-testid=copies-ours] .drop").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: all }));
	})()`)
	f.await("the dropped file is in the field", find("file-ours")+`.files[0]?.name === "Акт подписан.pdf"`)
	f.await("its name is shown", `document.querySelector("[data-testid=copies-ours] [data-names]").textContent === "Акт подписан.pdf"`)
	f.eval(`(() => {
		const picture = document.createElement("canvas");
		picture.width = picture.height = 20;
		picture.getContext("2d").fillStyle = "rgb(200, 0, 0)";
		picture.getContext("2d").fillRect(0, 0, 20, 20);
		picture.toBlob((body) => {
			const all = new DataTransfer();
			all.items.add(new File([body], "Скан.png", { type: "image/png" }));
			document.querySelector("[data-testid=copies-ours] .drop").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: all }));
		});
	})()`)
	f.await("the picture is in the field", find("file-ours")+`.files[0]?.name === "Скан.png"`)
	f.click("upload-ours")
	f.await("the thumbnail is drawn", `(() => {
		const place = document.querySelector("[data-testid=copies-ours] canvas[data-thumbnail]");
		return place && place.getContext("2d").getImageData(place.width / 2, place.height / 2, 1, 1).data[0] > 150;
	})()`)
	if !f.evalBool(`!document.querySelector("[data-testid=download-pdf]").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }))`) {
		t.Error("the browser follows the link of a file itself: where it blocks cookies of third parties, it sends none with a download")
	}
}
