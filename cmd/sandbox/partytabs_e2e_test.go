//go:build e2e

package main

import (
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// answers enters how a counterparty exchanges acts in the tab of a deal.
func (b *tab) answers(email string) {
	b.t.Helper()
	b.unfold("open-answer")
	b.click("answer-email")
	b.write("answer-email-address", email)
	b.click("save-answer")
	b.sees("exchange-answer", email)
}

// The tabs of a company and of a contact show the chosen way of exchange, without unexplained elements.
func TestPartyTabs(t *testing.T) {
	p := playgroundOf(t, world{})
	page := newTab(t)
	f := p.dealTab(page, 11)
	f.click("create-act")
	f.shows(draftWord, "Не передан")
	company := p.portalURL("/crm/company/details/%d/?tab=acts", idOf(p.portal.Item(bitrix24test.Deal, 11), "companyId"))
	page.open(company)
	f = page.frame("http://" + p.cfg.App)
	f.sees("preferences", "Способ обмена ещё не выбран")
	f.pleases("the tab of a company without a choice")

	f = p.dealTab(page, 11)
	f.answers("buhgalteriya@roga-i-kopyta.example")
	f = p.dealTab(page, 11)
	f.answers("akty.priem.otdel-po-rabote-s-postavshchikami@roga-i-kopyta.example")
	page.open(company)
	f = page.frame("http://" + p.cfg.App)
	f.sees("preference", "akty.priem")
	f.has(1)
	f.click("[data-testid=preferences-earlier] summary")
	f.sees("preferences-earlier", "buhgalteriya@roga-i-kopyta.example", "указал сотрудник")
	f.await("the column of the company is hidden", `getComputedStyle(document.querySelector("table.registry td:nth-child(4)")).display === "none"`)
	f.grows(page)
	f.pleases("the tab of a company")
	f.shots(page, "party-company")
	page.open(company)
	f = page.frame("http://" + p.cfg.App)
	f.eval(`document.querySelector("table.registry a[href$='acts/1']").click()`)
	f.sees("act-status", draftWord)

	page.open(p.portalURL("/crm/contact/details/1/?tab=acts"))
	f = page.frame("http://" + p.cfg.App)
	f.sees("act-list")
	f.pleases("the tab of a contact")
	f.shots(page, "party-contact")
}
