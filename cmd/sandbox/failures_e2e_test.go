//go:build e2e

package main

import (
	"fmt"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// The portal does not answer our calls: the tab says so, and its button works when the portal is back.
func TestDeadPortal(t *testing.T) {
	p := sandboxOf(t)
	page, deal := newTab(t), int64(6)
	p.quiet(t)
	if err := p.portal.Fault(bitrix24test.Fault{Kind: bitrix24test.Down}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.portal.ClearFaults)
	page.open(p.portalURL("/crm/deal/details/%d/?tab=acts", deal))
	f := page.frame("http://" + p.cfg.App)
	f.sees("message", "Нет связи")
	f.sees("retry", "Повторить")
	f.grows(page)
	page.shot("message-no-connection")
	f.click("retry")
	f.free("retry")
	f.sees("message", "не отвечает")
	p.portal.ClearFaults()
	f.click("retry")
	f.sees("deal-tab")
}

// The app is away when a form is sent: what was typed stays, and goes when the app is back.
func TestAppIsAway(t *testing.T) {
	for name, way := range map[string]way{"nobody answers": shut, "a page of the balancer": badGateway} {
		t.Run(name, func(t *testing.T) {
			p := sandboxOf(t)
			page, deal := newTab(t), int64(7)
			rows := p.rowsOf(deal)
			f := p.dealTab(page, deal)
			quantity := fmt.Sprintf("product-%d-quantity", rows[0])
			f.write(quantity, "0,25")
			before := f.eval(`document.querySelectorAll("#acts tbody tr").length`)
			back := p.gate.turn(way)
			t.Cleanup(back)
			f.click("create-act")
			f.await("the reason", `document.querySelector("#messages [role=alert]")?.textContent.includes("Введённое сохранено")`)
			if got := f.eval(find(quantity) + ".value"); got != "0,25" {
				t.Errorf("the quantity is %q after the failure", got)
			}
			back()
			f.free("create-act")
			f.click("create-act")
			f.await("one more act", fmt.Sprintf(`document.querySelectorAll("#acts tbody tr").length === %s + 1`, before))
			f.await("its message is gone", `!document.querySelector("#messages [role=alert]")`)
			page.await("the person is led back up to it", `scrollY < 400`)
		})
	}
}

// free waits until a button has done what it was pressed for.
func (b *tab) free(button string) {
	b.t.Helper()
	b.await(button+" can be pressed again", fmt.Sprintf(`%s && !%s.matches("[aria-busy]")`, find(button), find(button)))
}

// A form that was not accepted comes back with the reason at its field, and F5 shows the tab again.
func TestWrongInput(t *testing.T) {
	p := sandboxOf(t)
	page, deal := newTab(t), int64(9)
	rows := p.rowsOf(deal)
	f := p.dealTab(page, deal)
	f.write(fmt.Sprintf("product-%d-quantity", rows[0]), "1000")
	f.click("create-act")
	f.sees(fmt.Sprintf("fault-quantity-%d", rows[0]))
	if got := f.eval(find(fmt.Sprintf("product-%d-quantity", rows[0])) + ".value"); got != "1000" {
		t.Errorf("the quantity is %q after the refusal", got)
	}
	page.shot("form-with-errors")
	f.reload()
	f.sees("deal-tab")
	f.await("the form as the deal fills it", `!document.querySelector(".fault")`)
}
