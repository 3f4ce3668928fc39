//go:build e2e

package main

import (
	"fmt"
	"testing"
	"time"
)

// A person closes a row, has acts repeated every month and moves the day: the draft is there, filled in from the last act, with its period.
func TestMonthlyActInTheBrowser(t *testing.T) {
	p := playgroundOf(t, world{from: time.Date(2026, 10, 20, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	page, deal := newTab(t), int64(1)
	rows := p.rowsOf(deal)
	f := p.dealTab(page, deal)
	for _, row := range rows[1:] {
		f.leaveOut(row)
	}
	f.write(fmt.Sprintf("product-%d-quantity", rows[0]), "1")
	f.click("act-type-paper-company")
	f.unfold("document")
	f.is(`(document.querySelector("[name=from]").value = "2026-09-01", document.querySelector("[name=to]").value = "2026-09-30", true)`)
	f.click("create-act")
	f.sees("formed", "сформирован")
	f = p.dealTab(page, deal)
	f.sees("repeated", "Заполнено по акту", "период — следующий")
	f.unfold("remainder")
	f.is(`(document.querySelector("[data-testid=close-row]").selectedIndex = 1, true)`)
	f.write("close-reason", "Эти часы заказчик оплатил отдельно, по другому договору")
	f.click("close-remainder")
	f.sees("deal-closed", "По части остатка акт не нужен: Эти часы заказчик оплатил отдельно")
	f.unfold("monthly")
	f.click("monthly-save")
	f.sees("monthly-state", "следующий акт: 30.10.2026, за октябрь 2026")
	f.shots(page, "monthly-on")
	p.clockTo(t, "2026-10-30 08:55")
	p.quiet(t)
	f = p.dealTab(page, deal)
	f.await("nothing yet", `document.querySelectorAll("#acts tbody tr").length === 1`)
	p.clockTo(t, "2026-10-30 09:01")
	f.await("the monthly act", `document.querySelectorAll("#acts tbody tr").length === 2`)
	f = p.dealTab(page, deal)
	f.unfold("monthly")
	f.sees("monthly-runs", "Акт за октябрь 2026", "сформирован")
	f.unfold("remainder")
	f.shots(page, "monthly-formed")
	p.told(t, seedManager, "Сформирован ежемесячный акт за октябрь 2026")
}
