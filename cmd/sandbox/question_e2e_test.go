//go:build e2e

package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"acts24/integrations/bitrix24/bitrix24test"
)

const approvedWord = "Одобрено комиссией"

// approve drags the card of a deal to the stage at which its counterparty is asked.
func (p *playground) approve(page *tab, deal int64) {
	page.t.Helper()
	p.carryDeal(page, deal, approvedWord)
	within(page.t, "the deal is approved", func() bool { return p.stage(deal) == approvedWord })
}

// carryDeal drags the card of a deal to the column of a stage.
func (p *playground) carryDeal(page *tab, deal int64, name string) {
	page.t.Helper()
	for _, s := range p.portal.Stages(bitrix24test.Deal, idOf(p.portal.Item(bitrix24test.Deal, deal), "categoryId")) {
		if s.Name == name {
			page.open(p.portalURL("/crm/deal/kanban/"))
			page.carries(page.t, deal, s.StatusID)
		}
	}
}

// addressOf is the e-mail of the client of a deal, telephoneOf its telephone.
func addressOf(deal int64) string   { return seedClients()[deal-1].Email }
func telephoneOf(deal int64) string { return seedClients()[deal-1].Phone }

// letter waits for the n-th letter to an address, opens it in the mailbox of the portal and returns where its link leads.
func (p *playground) letter(page *tab, to string, n int) (link string) {
	page.t.Helper()
	within(page.t, fmt.Sprintf("letter %d to %s", n, to), func() bool { return p.lettersTo(to) == n })
	page.open(p.portalURL("/mail/"))
	page.await("the letter in the mailbox", fmt.Sprintf(`document.querySelector("#mail li").textContent.includes(%q)`, to))
	page.click("#mail li a")
	page.sees("letter-body")
	return page.eval(`new DOMParser().parseFromString(` + find("letter-body") + `.srcdoc, "text/html").querySelector("a").href`)
}

// counterparty opens a link on a phone of its own.
func (p *playground) counterparty(t *testing.T, link string) *tab {
	t.Helper()
	who := newTab(t)
	who.do("a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	who.open(link)
	return who
}

// fits looks that nothing sticks out of a phone.
func (b *tab) fits() {
	b.t.Helper()
	if !b.is("document.documentElement.scrollWidth <= 390") {
		b.fail("the page is wider than a phone")
	}
}

// knows looks that the draft, the tab and the bell of the manager have what the counterparty answered.
func (p *playground) knows(page *tab, deal int64, answer ...string) {
	page.t.Helper()
	f := p.dealTab(page, deal)
	f.questionIs("получен ответ")
	f.sees("exchange-answer", answer...)
	f.click("#acts tbody a")
	f.actIs(draftWord)
	facts := `document.querySelector(".facts").textContent`
	f.await("the draft is electronic", facts+`.includes("Электронный")`)
	f.await("the draft has the id", fmt.Sprintf(`%s.includes(%q)`, facts, answer[len(answer)-1]))
	page.open(p.portalURL("/online/"))
	for _, words := range append(answer, "Контрагент ответил") {
		page.await("told of "+words, fmt.Sprintf(`[...document.querySelectorAll("#notes li")].some((e) => e.textContent.includes(%q))`, words))
	}
	within(page.t, "the card shows it", func() bool {
		return textOf(p.portal.Item(bitrix24test.Deal, deal), "ufCrmActsParticipant") == answer[len(answer)-1]
	})
}

// askedOnce takes the deal off the stage and back: nothing more is sent.
func (p *playground) askedOnce(page *tab, deal int64) {
	page.t.Helper()
	p.carryDeal(page, deal, "В работе")
	within(page.t, "the deal is back", func() bool { return p.stage(deal) == "В работе" })
	p.quiet(page.t)
	p.approve(page, deal)
	p.quiet(page.t)
	if n := p.lettersTo(addressOf(deal)); n != 1 {
		page.t.Errorf("%d letters after the stage was entered again", n)
	}
}

// The question to the counterparty, from the stage of the deal to the answer and to its absence.
func TestQuestion(t *testing.T) {
	p, page := playgroundOf(t, world{}), newTab(t)
	t.Run("the draft, then the stage", func(t *testing.T) {
		page.t = t
		p.dealTab(page, 1).paperAct("company")
		p.approve(page, 1)
		link := p.letter(page, addressOf(1), 1)
		p.askedOnce(page, 1)
		id := diadocBox(seedClients()[0].INN, seedClients()[0].KPP)
		who := p.counterparty(t, link)
		who.answersEDO(" 2вм " + strings.ReplaceAll(id[4:], "-", " ") + " ")
		who.sees("mended", id)
		who.fits()
		p.knows(page, 1, "Диадок", id)
	})
	t.Run("the stage, then the draft", func(t *testing.T) {
		page.t = t
		p.approve(page, 2)
		p.quiet(t)
		if n := p.lettersTo(addressOf(2)); n != 0 {
			t.Fatalf("%d letters about no act", n)
		}
		p.dealTab(page, 2).paperAct("person")
		who := p.counterparty(t, p.letter(page, addressOf(2), 1))
		who.click(`[name=channel][value=edo]`)
		who.click("find")
		who.sees("found", seedClients()[1].Box)
		who.fits()
		who.click("answer")
		who.sees("done", "Спасибо", seedClients()[1].Box)
		p.knows(page, 2, "СБИС", seedClients()[1].Box)
		p.askedOnce(page, 2)
	})
	t.Run("by hand", func(t *testing.T) { page.t = t; p.askByHand(page, 3) })
	t.Run("silence", func(t *testing.T) { page.t = t; p.silence(page, 5, 6) })
	t.Run("a form of the portal", func(t *testing.T) { page.t = t; p.nativeForm(page, 4) })
}

// answersEDO fills in the form as a person does who has copied an id badly and does not read what is written small.
func (b *tab) answersEDO(id string) {
	b.t.Helper()
	b.sees("form")
	b.fits()
	if b.is(`document.querySelector("#consent").checked || document.querySelector("[name=channel]:checked")`) {
		b.fail("something is ticked for the person")
	}
	b.click("[name=channel][value=edo]")
	b.fill("#operator", "Диадок")
	b.fill("#participant", id)
	b.fill("#contact", "Анна Петровна")
	b.fill("#phone", "+7 916 555-00-11")
	b.fits()
	b.click("answer")
	b.sees("fault-consent")
	if got := b.value("#participant"); got != strings.TrimSpace(id) || !b.is(`document.querySelector("[value=edo]").checked`) {
		b.fail("after the mistake the id is %q", got)
	}
	b.click("#consent")
	b.click("answer")
	b.sees("done", "Спасибо", "через ЭДО")
}
