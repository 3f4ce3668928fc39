//go:build e2e

package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
)

// value returns the value of a field of the page.
func (b *tab) value(selector string) string {
	b.t.Helper()
	return b.eval(fmt.Sprintf("document.querySelector(%q).value", selector))
}

// fill types into a field without a test id.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	if b.value(selector) != "" {
		b.do("clear "+selector, chromedp.Clear(chromedp.CSS(selector)))
	}
	b.do("fill "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// A draft is edited in the form with which it was formed; typed values are kept after a fault.
func TestDraftIsEdited(t *testing.T) {
	p := sharedPlayground(t)
	page, deal := newTab(t), int64(21)
	rows := p.rowsOf(deal)
	f := p.dealTab(page, deal)
	f.paperAct("company")
	was := f.eval(`document.querySelector("tfoot").textContent`)
	f.click("edit-act")
	f.awaitText("save-act")
	f.checkPrimaryButton()
	f.awaitFrameHeight(page)
	if n := f.eval(`document.querySelectorAll(".toggle").length`); n != "0" {
		t.Errorf("%s marks of rows on the page of editing, where they lead nowhere", n)
	}
	quantity := fmt.Sprintf("product-%d-quantity", rows[1])
	f.write(quantity, "100500")
	f.write("act-comment", "Работы сданы по описи")
	f.click("save-act")
	f.awaitText(fmt.Sprintf("fault-quantity-%d", rows[1]))
	f.checkPrimaryButton()
	if got := f.value(testid("act-comment")); got != "Работы сданы по описи" {
		t.Errorf("the comment is %q after the mistake", got)
	}
	f.write(quantity, "2")
	f.click("save-act")
	f.awaitActStatus(draftWord)
	f.await("the comment", `document.querySelector(".facts").textContent.includes("Работы сданы по описи")`)
	if now := f.eval(`document.querySelector("tfoot").textContent`); now == was {
		t.Errorf("the sum is still %s", now)
	}
	f.await("history", `document.querySelector("#history").textContent.includes("Акт изменён")`)
	f.click("back-to-deal")
	f.await("the rest is offered", fmt.Sprintf(`%s.value !== "0"`, find(quantity)))
}

// In a deal without rows the lines of its act are typed, and can be changed later.
func TestFreeLinesAreEdited(t *testing.T) {
	p := sharedPlayground(t)
	page, deal := newTab(t), int64(26)
	f := p.dealTab(page, deal)
	f.paperAct("company")
	f.click("edit-act")
	f.awaitText("save-act")
	f.fill("[name=free-name-1]", "Консультация по выходу на рынок Объединённых Арабских Эмиратов")
	f.fill("[name=free-price-1]", "abc")
	f.click("save-act")
	f.awaitText("fault-free-price-1")
	f.fill("[name=free-price-1]", "12 345,67")
	f.click("save-act")
	f.awaitActStatus(draftWord)
	f.await("the line and its sum", `document.querySelector("tbody").textContent.includes("Объединённых") && document.querySelector("tfoot").textContent.replace(/\s/g, "").includes("12345,67")`)
}

// In a deal without rows, lines are added and removed with the keyboard; the sum of each line and the total follow.
func TestFreeLinesByKeyboard(t *testing.T) {
	p := sharedPlayground(t)
	f := p.dealTab(newTab(t), 16)
	person := keyboardAt(f)
	person.choose("type", testid("act-type-paper-company"))
	line := func(n int, name, quantity, price, sum, total string) {
		t.Helper()
		for field, value := range map[string]string{"name": name, "quantity": quantity, "price": price} {
			person.enter(fmt.Sprintf("[name=free-%s-%d]", field, n), value)
		}
		f.await("the sum of the line", fmt.Sprintf(`document.querySelector("#free-sum-%d").textContent.replace(/\s/g, "").startsWith(%q)`, n, sum))
		f.await("the total", fmt.Sprintf(`document.querySelector("#form-total strong").textContent.replace(/\s/g, "").startsWith(%q)`, total))
	}
	f.await("one empty line", `document.querySelectorAll("[data-line]:not([hidden])").length === 1`)
	line(1, "Устный перевод", "2", "1 500,50", "3001,00", "3001,00")
	person.activate("[data-action=add-line]")
	f.await("the focus is in the new line", `document.activeElement.name === "free-name-2"`)
	line(2, "Аренда стенда", "1", "999", "999,00", "4000,00")
	person.activate("[data-line]:has([name=free-name-2]) [data-action=remove-line]")
	f.await("the total without it", `document.querySelector("#form-total strong").textContent.replace(/\s/g, "").startsWith("3001,00")`)
	f.await("the line is hidden", `document.querySelectorAll("[data-line]:not([hidden])").length === 1`)
	f.await("the focus is on the button that adds a line", `document.activeElement.dataset.action === "add-line"`)
	f.checkAccessibility("lines that are typed")
}

// Annulment and copy, refusal and correction, and undone marks.
func TestWaysBack(t *testing.T) {
	p := sharedPlayground(t)
	page, deal := newTab(t), int64(22)
	f := p.dealTab(page, deal)
	f.paperAct("person")
	f.runAction("mark-annul", "Не тот период")
	f.awaitActStatus(annulledWord)
	f.checkPrimaryButton()
	annulled := f.actID()
	f.click("copy-act")
	f.awaitActStatus(draftWord)
	first := f.actID()
	f.upload("ours", writeScan(t, "Наш.pdf", 900))
	f.awaitActStatus(signedByUsWord)
	f.runAction("mark-return", "Опечатка в сумме")
	f.awaitActStatus(draftWord)
	f.await("the copy is kept in history", `document.querySelector("#copies-ours details.old")?.textContent.includes("Наш.pdf")`)
	f.upload("ours", writeScan(t, "Наш, исправленный.pdf", 901))
	f.awaitActStatus(signedByUsWord)
	f.sendByPost("")
	f.runAction("mark-accept", "")
	f.awaitActStatus(acceptedWord)
	awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
	f.runAction("undo-mark", "Ошиблись актом")
	f.awaitActStatus(sentWord)
	f.runAction("mark-refusal", "В акте указан не тот период")
	f.awaitActStatus(refusedWord)
	f.checkPrimaryButton()
	awaitTrue(t, "the deal has remarks", func() bool { return p.stage(deal) == remarksWord })

	f.click("correct-act")
	f.awaitText("save-act") // it opens for editing
	f.awaitText("corrects")
	f.awaitActStatus(draftWord)
	f.await("nothing differs yet", `document.querySelector("[data-testid=correction-differences]").textContent.includes("Отличий пока нет")`)
	second := f.actID()
	f.click("[data-testid=corrects] a")
	f.awaitActStatus(refusedWord)
	f.awaitText("replaced")
	if f.evalBool(find("open-mark-accept") + "||" + find("file-theirs")) {
		t.Error("a replaced act offers marks that would have no effect")
	}
	f.click("[data-testid=replaced] a")
	f.awaitActStatus(draftWord)
	f.runAction("mark-annul", "Заказчик передумал")
	f.awaitActStatus(annulledWord)
	if f.evalBool(find("copy-act")) {
		t.Error("a copy of an annulled correction is offered: the next correction starts from the refused act")
	}
	f.click("[data-testid=corrects] a")
	f.awaitActStatus(refusedWord)
	f.click("correct-act")
	f.awaitText("save-act")
	f.click("back-to-act")
	f.awaitActStatus(draftWord)
	third := f.actID()
	if n := len(map[int64]bool{annulled: true, first: true, second: true, third: true}); n != 4 {
		t.Errorf("%d acts, want four", n)
	}
	f.upload("ours", writeScan(t, "Копия.pdf", 902))
	f.awaitActStatus(signedByUsWord)
	f.sendByPost("")
	f.upload("theirs", writeScan(t, "Их.pdf", 903))
	f.awaitActStatus(signedWord)
	awaitTrue(t, "the deal is done at last", func() bool { return p.stage(deal) == doneWord })
}

// Linking an act to a deal of another party is refused at the field, and the typed value is kept; a deal of
// the same party is accepted.
func TestRelink(t *testing.T) {
	p := sharedPlayground(t)
	f := p.dealTab(newTab(t), 28)
	f.paperAct("company")
	f.unfold("open-relink-act")
	f.fill("[data-testid=open-relink-act] [name=deal]", "2")
	f.fill("[data-testid=open-relink-act] [name=reason]", "Не та сделка")
	f.click("relink-act")
	f.awaitText("fault-deal", "другой контрагент")
	if got := f.value("[data-testid=open-relink-act] [name=reason]"); got != "Не та сделка" {
		t.Errorf("the reason is %q after the fault", got)
	}
	f.fill("[data-testid=open-relink-act] [name=deal]", "5")
	f.click("relink-act")
	title := textOf(p.portal.Item(bitrix24test.Deal, 5), "title")
	f.await("its new deal", fmt.Sprintf(`document.querySelector(".facts").textContent.includes(%q)`, title))
	act := f.actID()
	awaitTrue(t, "its item", func() bool { return idOf(p.actItem(act), "parentId2") == 5 })
}

// A file that is no scan is refused at its field, nothing of it is stored, and the page keeps working.
func TestBadUploads(t *testing.T) {
	p := sharedPlayground(t)
	page, deal := newTab(t), int64(20)
	f := p.dealTab(page, deal)
	f.paperAct("company")
	act := f.actID()
	heic := "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat("\x00", 100)
	for name, tt := range map[string]struct{ file, body, message string }{
		"a program with another extension": {"Акт.pdf", "MZ\x90\x00" + strings.Repeat("\x00", 5000), "Нужен PDF, JPEG или PNG"},
		"an iPhone photo":                  {"IMG_0001.HEIC", heic, "HEIC"},
		"an empty file":                    {"Пустой.pdf", "", "Файл пустой"},
		"too large":                        {"Большой.pdf", "%PDF-1.7\n" + strings.Repeat("\x00", 21<<20), "20 МБ"},
	} {
		t.Run(name, func(t *testing.T) {
			f.t = t
			f.upload("ours", writeTemp(t, tt.file, tt.body))
			f.awaitText("fault-ours", tt.message)
			f.awaitActStatus(draftWord)
			f.checkPrimaryButton()
			if n := f.eval(`document.querySelectorAll("#copies-ours .files li").length`); n != "0" {
				t.Errorf("%s files were kept", n)
			}
		})
	}
	f.t = t
	f.upload("ours", writeScan(t, "Хороший.pdf", 1000), writeTemp(t, "Плохой.pdf", "MZ"))
	f.awaitText("fault-ours", "«Плохой»")
	f.awaitActStatus(draftWord)
	f.upload("ours", writeScan(t, "Хороший.pdf", 1000))
	f.awaitActStatus(signedByUsWord)
	p.awaitCopies(t, act, "ours", "Хороший.pdf")
}

// Selecting another «Исполнитель» immediately loads the form with its signer and requisites; without scripts a button does.
func TestAnotherCompanyOfOursSigns(t *testing.T) {
	p, page := ownPlayground(t, playgroundOptions{}), newTab(t)
	choose := `(() => { const own = document.querySelector("[name=own]"); own.selectedIndex = 1 - own.selectedIndex; own.dispatchEvent(new Event("change", { bubbles: true })); return true })()`
	f := p.dealTab(page, 20)
	if !f.evalBool(`document.querySelector("[data-testid=change-own]").offsetParent === null`) {
		t.Error("the button is visible although scripts run")
	}
	f.unfold("document")
	f.write("act-comment", "набрано")
	f.evalBool(choose)
	f.await("the form of the ИП", `document.querySelector("[name=position]").value === "Индивидуальный предприниматель"`)
	if got := f.value("[name=ground]") + "|" + f.value(testid("act-comment")); got != "|набрано" {
		t.Errorf("ground and comment are %q", got)
	}
	f.await("the choice keeps the focus", `document.activeElement === document.querySelector("[name=own]")`)
	f.takeShots(page, "document-own")
	f.evalBool(choose)
	f.await("the company again", `document.querySelector("[name=position]").value === "Генеральный директор" && document.querySelector("[name=ground]").value === "Устав"`)
	f.evalBool(choose)
	f.await("the ИП again", `document.querySelector("[name=position]").value === "Индивидуальный предприниматель"`)
	f.click("create-act")
	f.awaitNewestAct(draftWord, "")
}
