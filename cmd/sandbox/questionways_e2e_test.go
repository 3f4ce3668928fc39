//go:build e2e

package main

import (
	"fmt"
	"strings"
	"time"
)

// ask sends the question from the tab of a deal.
func (b *tab) ask(address string) {
	b.t.Helper()
	b.unfold("open-ask")
	b.write("ask-address", address)
	b.click("ask")
}

// questionIs waits until the tab of a deal says where the question stands.
func (b *tab) questionIs(state string) {
	b.t.Helper()
	b.await("the question is "+state, fmt.Sprintf(`%s?.textContent.trim() === %q`, find("question-state"), state))
}

// copyLink has the tab show a link and returns it.
func (b *tab) copyLink() string {
	b.t.Helper()
	b.click("copy-link")
	b.sees("question-link")
	return b.value(testid("question-link-value"))
}

// isDead waits until a link answers that it works no more, and what to do.
func (b *tab) isDead(link string) {
	b.t.Helper()
	b.open(link)
	b.sees("message", "Ссылка больше не действует", "Попросите", "прислать новую")
	b.await("410", `performance.getEntriesByType("navigation")[0].responseStatus === 410`)
}

// askByHand sends the question to an address that a person gives, again, hands a link on and takes all back.
func (p *playground) askByHand(page *tab, deal int64) {
	to := "glavbuh@client.example"
	f := p.dealTab(page, deal)
	f.questionIs("не отправлено")
	f.unfold("open-ask")
	if got := f.value(testid("ask-address")); got != addressOf(deal) {
		page.t.Errorf("%s is proposed", got)
	}
	f.ask(to)
	f.questionIs("отправлено")
	f.ask(to)
	within(page.t, "one more letter", func() bool { return p.lettersTo(to) == 2 })
	f.eval(`(window.setTimeout = ((wait) => (f, ms) => wait(f, Math.min(ms, 300)))(window.setTimeout), 1)`) // it looks for news often
	link := f.copyLink()
	p.gate.forget()
	within(page.t, "the tab looks for news", func() bool { return len(p.gate.passages("GET", fmt.Sprintf("/deals/%d", deal))) > 1 })
	f.questionIs("отправлено")
	if got := f.value(testid("question-link-value")); got != link || p.lettersTo(addressOf(deal)) != 0 {
		page.t.Errorf("the link %q has become %q", link, got)
	}
	who := p.counterparty(page.t, link)
	who.click("[name=channel][value=post]")
	within(page.t, "it is opened", func() bool { return len(p.gate.passages("POST", "/opened")) == 1 })
	f.click("withdraw-question")
	f.questionIs("отозвано")
	who.isDead(link)
	who.fits()
	who.isDead(p.letter(page, to, 2))
}

// about counts what the bells say of a deal.
func (p *playground) about(deal int64, words string) int {
	n := 0
	for _, note := range p.portal.Notifications() {
		if strings.Contains(note.Message, words) && strings.Contains(note.Message, seedClients()[deal-1].Name) {
			n++
		}
	}
	return n
}

// silence is three days without an answer: told once, unless the manager has written down what he was told.
func (p *playground) silence(page *tab, deal, answered int64) {
	t, words := page.t, "Свяжитесь с контрагентом"
	for _, one := range []int64{deal, answered} {
		p.dealTab(page, one).paperAct("company")
		p.approve(page, one)
		p.letter(page, addressOf(one), 1)
	}
	f := p.dealTab(page, answered)
	f.unfold("open-answer")
	f.click("answer-email")
	f.write("answer-email-address", "akty@client.example")
	f.click("save-answer")
	f.questionIs("получен ответ")
	f.sees("exchange-answer", "akty@client.example", "указал сотрудник")
	p.clockTo(t, p.portal.Now().AddDate(0, 0, 3).Add(-time.Hour).Format("2006-01-02 15:04"))
	p.quiet(t)
	if n := p.about(deal, words); n != 0 {
		t.Errorf("told %d times before the term", n)
	}
	p.clockTo(t, p.portal.Now().Add(2*time.Hour).Format("2006-01-02 15:04"))
	page.open(p.portalURL("/online/"))
	page.await(words, fmt.Sprintf(`[...document.querySelectorAll("#notes li")].some((n) => n.textContent.includes(%q) && n.textContent.includes(%q))`, words, telephoneOf(deal)))
	p.clockTo(t, p.portal.Now().AddDate(0, 0, 7).Format("2006-01-02 15:04"))
	p.quiet(t)
	if told, other := p.about(deal, words), p.about(answered, words); told != 1 || other != 0 {
		t.Errorf("told %d times, want once; %d times of the one that is answered", told, other)
	}
	f = p.dealTab(page, deal)
	f.unfold("open-answer")
	f.click("answer-post")
	f.write("answer-post-address", "117556, Москва, Варшавское шоссе, дом 95")
	f.click("save-answer")
	f.questionIs("получен ответ")
}

// nativeForm has letters carry a form of the portal; what a person writes into the deal's fields is the answer.
func (p *playground) nativeForm(page *tab, deal int64) {
	native := p.portalURL("/pub/form/7_akty/")
	page.open(p.portalURL("/marketplace/app/%s/?as=%d", p.portal.Cloud().App().Code, p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/question"]`)
	f.sees("question-rules")
	f.click("details:has([name=native]) > summary")
	f.pleases("the settings")
	f.fill("[name=native]", native)
	f.click("save-question")
	f.await("it is kept", fmt.Sprintf(`document.querySelector(".alert.success") && document.querySelector("[name=native]").value === %q`, native))
	page.open(p.portalURL("/?as=%d", seedManager))

	p.dealTab(page, deal).paperAct("person")
	p.approve(page, deal)
	if link := p.letter(page, addressOf(deal), 1); link != native {
		page.t.Errorf("the letter leads to %s", link)
	}
	id := diadocBox(seedClients()[deal-1].INN, "")
	page.open(p.portalURL("/crm/deal/details/%d/?edit=1", deal))
	page.fill("form.form [name=ufCrmActsParticipant]", id)
	page.click("form.form[enctype] button.primary")
	page.await("the card is saved", `!location.search.includes("edit=1") && document.readyState === "complete"`)
	f = p.dealTab(page, deal)
	f.sees("exchange-answer", id, "из полей сделки")
	f.click("#acts tbody a")
	f.actIs(draftWord)
	f.pleases("the page of an act")
	f.await("the draft has it", fmt.Sprintf(`document.querySelector(".facts").textContent.includes(%q)`, id))
}
