//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// Labels of the lifecycle of an act.
const (
	draftWord   = "Подготовка акта"
	waitingWord = "Ждёт нашей подписи в СБИС"
	sentWord    = "Акт направлен заявителю"
	signedWord  = "Акт получен и подписан"
	doneWord    = "Услуга оказана"
)

// rowsOf returns the ids of the product rows of a deal.
func (p *playground) rowsOf(deal int64) []int64 {
	var ids []int64
	for _, row := range p.portal.Rows(bitrix24test.Deal, deal) {
		ids = append(ids, idOf(row, "id"))
	}
	return ids
}

// leaveOut removes a row from the act that is being formed.
func (b *tab) leaveOut(row int64) {
	b.t.Helper()
	b.click(fmt.Sprintf("product-%d-pick", row))
}

// awaitNewestAct waits until the newest act of the tab has the status and the delivery, without reloading the page.
func (b *tab) awaitNewestAct(status, delivery string) {
	b.t.Helper()
	b.await(status+", "+delivery, fmt.Sprintf(`document.querySelector("#acts [data-testid=act-status]")?.textContent.trim() === %q
		&& document.querySelector("#acts [data-testid=act-delivery]").textContent.trim().startsWith(%q)`, status, delivery))
}

// awaitDocument waits for the n-th document for the client of a deal in the JSON of the fake SBIS and returns its id.
func (p *playground) awaitDocument(t *testing.T, deal int64, n int) string {
	t.Helper()
	awaitTrue(t, fmt.Sprintf("document %d for deal %d in the SBIS account", n, deal), func() bool { return len(p.documents(t, deal)) >= n })
	return p.documents(t, deal)[n-1].ID
}

// sign presses a button on the page of a document in the fake SBIS.
func (p *playground) sign(b *tab, document, button string) {
	b.t.Helper()
	b.open("http://" + p.cfg.SBIS + "/")
	b.click(testid("sbis-doc-"+document) + " a")
	b.awaitText("sbis-doc-" + document)
	b.click(button)
	b.await("the answer to "+button, fmt.Sprintf(`document.readyState === "complete" && !%s`, find(button)))
}

func TestMainJob(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	t.Run("a legal entity, in two parts", func(t *testing.T) {
		page, deal := newTab(t), int64(1)
		rows, sbis := p.rowsOf(deal), page.another()
		f := p.dealTab(page, deal)
		f.leaveOut(rows[2])
		f.leaveOut(rows[3])
		f.write(fmt.Sprintf("product-%d-quantity", rows[1]), "10")
		f.click("act-type-electronic-company")
		f.click("create-and-send-act")
		f.awaitText("deal-tab")
		first := p.awaitDocument(t, deal, 1)
		f.awaitNewestAct(draftWord, waitingWord)
		if got := p.documents(t, deal)[0]; got.Sum != "54900.00" {
			t.Errorf("the document is for %s, want 3 × 12 200 + 10 × 1 830", got.Sum)
		}
		p.sign(sbis, first, "sbis-sign-by-us")
		f.awaitNewestAct(sentWord, "")
		awaitTrue(t, "the deal follows our signature", func() bool { return p.stage(deal) == sentWord })
		p.sign(sbis, first, "sbis-sign-by-counterparty")
		f.awaitNewestAct(signedWord, "")
		f.awaitFrameHeight(page)
		f.await("what is still missing", `document.querySelector("#place").textContent.includes("нужен акт на оставшиеся")`)
		if got := p.stage(deal); got != sentWord {
			t.Errorf("the deal is at %q while rows are not covered", got)
		}

		f.awaitText("repeated", "Заполнено по акту №", "данные ЭДО")
		f.click("create-and-send-act") // the form selects the remaining rows
		second := p.awaitDocument(t, deal, 2)
		f.awaitNewestAct(draftWord, waitingWord)
		p.move(t, second, sbistest.MoveSignByUs)
		f.awaitNewestAct(sentWord, "")
		p.move(t, second, sbistest.MoveSignByCounterparty)
		f.awaitNewestAct(signedWord, "")
		awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
		page.await("the card shows the stage", `document.querySelector("[data-testid=deal-stage]").textContent === "`+doneWord+`"`)
		for _, d := range p.documents(t, deal) {
			p.checkSchema(t, d)
		}
	})
	t.Run("an entrepreneur, with a row that needs no act", func(t *testing.T) {
		page, deal := newTab(t), int64(2)
		rows := p.rowsOf(deal)
		f := p.dealTab(page, deal)
		f.click(fmt.Sprintf("product-%d-needs", rows[1]))
		f.awaitText(fmt.Sprintf("product-%d-needs", rows[1]), "не нужен")
		f.click("act-type-electronic-person")
		f.click("create-and-send-act")
		document := p.awaitDocument(t, deal, 1)
		f.awaitNewestAct(draftWord, waitingWord)
		p.sign(page.another(), document, "sbis-sign-by-us")
		f.awaitNewestAct(sentWord, "")
		p.move(t, document, sbistest.MoveSignByCounterparty)
		f.awaitNewestAct(signedWord, "")
		awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
		p.checkSchema(t, p.documents(t, deal)[0])
	})
	p.checkTrace(t)
}

// checkTrace checks that neither fake has refused any request so far.
func (p *playground) checkTrace(t *testing.T) {
	t.Helper()
	p.awaitQuiet(t)
	for _, l := range p.portal.Trace().Lines() {
		if l.Status >= 400 || len(l.Ignored) > 0 {
			t.Errorf("the portal on %s: %d %s, ignored %v", l.Method, l.Status, l.Error, l.Ignored)
		}
	}
	for _, l := range p.sbis.Trace().Lines() {
		making := l.Method == http.MethodGet && l.Status == http.StatusInternalServerError // a PDF that is not ready yet
		if !making && (l.Status >= 400 || l.Error != "") {
			t.Errorf("SBIS on %s: %d %s", l.Method, l.Status, l.Error)
		}
	}
	for _, request := range p.proxy.requests("", "") {
		if strings.Contains(request.URI, "visit") {
			t.Errorf("a visit in an address: %s", request.URI)
		}
	}
}

// A person closes a row, has acts repeated every month and moves the day: the draft is there, filled in from the last act, with its period.
func TestMonthlyActInTheBrowser(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{from: time.Date(2026, 10, 20, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	page, deal := newTab(t), int64(1)
	rows := p.rowsOf(deal)
	f := p.dealTab(page, deal)
	for _, row := range rows[1:] {
		f.leaveOut(row)
	}
	f.write(fmt.Sprintf("product-%d-quantity", rows[0]), "1")
	f.click("act-type-paper-company")
	f.unfold("document")
	f.evalBool(`(document.querySelector("[name=from]").value = "2026-09-01", document.querySelector("[name=to]").value = "2026-09-30", true)`)
	f.click("create-act")
	f.awaitText("formed", "сформирован")
	f = p.dealTab(page, deal)
	f.awaitText("repeated", "Заполнено по акту", "период — следующий")
	f.unfold("remainder")
	f.evalBool(`(document.querySelector("[data-testid=close-row]").selectedIndex = 1, true)`)
	f.write("close-reason", "Эти часы заказчик оплатил отдельно, по другому договору")
	f.click("close-remainder")
	f.awaitText("deal-closed", "По части остатка акт не нужен: Эти часы заказчик оплатил отдельно")
	f.unfold("monthly")
	f.click("monthly-save")
	f.awaitText("monthly-state", "следующий акт: 30.10.2026, за октябрь 2026")
	f.takeShots(page, "monthly-on")
	p.clockTo(t, "2026-10-30 08:55")
	p.awaitQuiet(t)
	f = p.dealTab(page, deal)
	f.await("nothing yet", `document.querySelectorAll("#acts tbody tr").length === 1`)
	p.clockTo(t, "2026-10-30 09:01")
	f.await("the monthly act", `document.querySelectorAll("#acts tbody tr").length === 2`)
	f = p.dealTab(page, deal)
	f.unfold("monthly")
	f.awaitText("monthly-runs", "Акт за октябрь 2026", "сформирован")
	f.unfold("remainder")
	f.takeShots(page, "monthly-formed")
	p.awaitNotification(t, seedManager, "Сформирован ежемесячный акт за октябрь 2026")
}
