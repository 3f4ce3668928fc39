//go:build e2e

package main

import (
	"os"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test"
)

// TestQuestionShots takes pictures of the question to the counterparty, with names as long as they are in life.
func TestQuestionShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p, page, deal := playgroundOf(t, world{}), newTab(t), int64(11)
	long := "Комплексное сопровождение выхода на рынки Объединённых Арабских Эмиратов и Королевства Саудовская Аравия: ФГБОУ ВО «Российский государственный университет внешней торговли»"
	if err := p.portal.Change(seedManager, bitrix24test.Deal, deal, bitrix24test.Fields{"title": long}); err != nil {
		t.Fatal(err)
	}
	f := p.dealTab(page, deal)
	f.unfold("open-ask")
	f.unfold("open-answer")
	f.shots(page, "question-none")
	f = p.dealTab(page, deal)
	f.paperAct("company")
	f = p.dealTab(page, deal)
	f.ask("ochen.dlinny.adres.otdela.buhgalterii@vneshtorg-universitet.example")
	f.questionIs("отправлено")
	f.shots(page, "question-sent")
	link := f.copyLink()
	f.shots(page, "question-link")
	p.shotForm(t, link)
	f = p.dealTab(page, deal)
	f.questionIs("получен ответ")
	f.shots(page, "question-answered")
	p.shotOpened(page)
	f = p.dealTab(page, deal)
	f.click("withdraw-question")
	f.questionIs("получен ответ, ссылка отозвана")
	f.shots(page, "question-withdrawn")
	dead := newTab(t)
	dead.isDead(link)
	dead.shots(dead, "form-dead")
	p.shotQuestionRules(page)
}

// shotForm takes the form from the first view to the thanks.
func (p *playground) shotForm(t *testing.T, link string) {
	who := newTab(t)
	who.open(link)
	who.shots(who, "form-first")
	who.click("[name=channel][value=edo]")
	who.click(".shapes summary")
	who.fill("#operator", "Диадок")
	who.fill("#participant", "2BM-1")
	who.fill("#phone", "+7 916 555-00-11")
	who.click("answer")
	who.sees("mistakes")
	who.shots(who, "form-mistakes")
	who.fill("#participant", " ")
	who.click("find")
	who.sees("found")
	who.shots(who, "form-found")
	who.click(`[name=box][value=""]`)
	who.shots(who, "form-found-other")
	who.click(`[name=channel][value=post]`)
	who.shots(who, "form-post")
	who.click(`[name=channel][value=edo]`)
	id := diadocBox(seedClients()[10].INN, seedClients()[10].KPP)
	who.fill("#participant", strings.ToLower(strings.ReplaceAll(id, "-", " ")))
	who.fill("#comment", "Присылайте, пожалуйста, до пятого числа: позже бухгалтерия закрывает месяц и документы попадают в следующий квартал")
	who.click("#consent")
	who.click("answer")
	who.sees("mended")
	who.shots(who, "form-thanks")
	who.click("change")
	who.shots(who, "form-change")
}

// shotOpened takes a question that a person has opened, and one that did not go.
func (p *playground) shotOpened(page *tab) {
	f := p.dealTab(page, 5)
	who := p.counterparty(page.t, f.copyLink())
	who.click("[name=channel][value=post]")
	within(page.t, "it is opened", func() bool { return len(p.gate.passages("POST", "/opened")) > 1 })
	f = p.dealTab(page, 5)
	f.questionIs("открыто")
	f.shots(page, "question-opened")
	p.portal.ConnectMail(false)
	f = p.dealTab(page, 6)
	f.ask("buh@client.example")
	f.questionIs("не ушло")
	f.shots(page, "question-failed")
	p.portal.ConnectMail(true)
}

// shotQuestionRules takes the settings of the question with the preview of the letter.
func (p *playground) shotQuestionRules(page *tab) {
	page.open(p.portalURL("/marketplace/app/%s/?as=%d", p.portal.Cloud().App().Code, p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/question"]`)
	f.sees("question-rules")
	f.unfold("letter-preview")
	f.click("details:has([name=native]) > summary")
	f.shots(page, "question-rules")
}
