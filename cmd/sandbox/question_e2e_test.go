//go:build e2e

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"acts24/cmd/browser"
	"acts24/integrations/bitrix24/bitrix24test"
)

const approvedWord = "Одобрено комиссией"

// approve drags the card of a deal to the stage at which its counterparty is asked.
func (p *playground) approve(page *tab, deal int64) {
	page.t.Helper()
	p.dragDeal(page, deal, approvedWord)
	awaitTrue(page.t, "the deal is approved", func() bool { return p.stage(deal) == approvedWord })
}

// dragDeal drags the card of a deal to the column of a stage.
func (p *playground) dragDeal(page *tab, deal int64, name string) {
	page.t.Helper()
	for _, s := range p.portal.Stages(bitrix24test.Deal, idOf(p.portal.Item(bitrix24test.Deal, deal), "categoryId")) {
		if s.Name == name {
			page.open(p.portalURL("/crm/deal/kanban/"))
			page.dragCard(page.t, deal, s.StatusID)
		}
	}
}

// addressOf returns the e-mail address of the client of a deal, telephoneOf its telephone.
func addressOf(deal int64) string   { return seedClients()[deal-1].Email }
func telephoneOf(deal int64) string { return seedClients()[deal-1].Phone }

// letter waits for the n-th letter to an address, opens it in the portal's mailbox and returns the URL of its link.
func (p *playground) letter(page *tab, to string, n int) (link string) {
	page.t.Helper()
	awaitTrue(page.t, fmt.Sprintf("letter %d to %s", n, to), func() bool { return p.lettersTo(to) == n })
	page.open(p.portalURL("/mail/"))
	page.await("the letter in the mailbox", fmt.Sprintf(`document.querySelector("#mail li").textContent.includes(%q)`, to))
	page.click("#mail li a")
	page.awaitText("letter-body")
	return page.eval(`new DOMParser().parseFromString(` + find("letter-body") + `.srcdoc, "text/html").querySelector("a").href`)
}

// counterparty opens a link in a separate phone-sized browser.
func (p *playground) counterparty(t *testing.T, link string) *tab {
	t.Helper()
	who := newTab(t)
	who.do("a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	who.open(link)
	return who
}

// checkPhoneWidth checks that nothing overflows the width of a phone.
func (b *tab) checkPhoneWidth() {
	b.t.Helper()
	if !b.evalBool("document.documentElement.scrollWidth <= 390") {
		b.fail("the page is wider than a phone")
	}
}

// checkAnswer checks that the draft, the tab and the manager's notifications contain the counterparty's answer.
func (p *playground) checkAnswer(page *tab, deal int64, answer ...string) {
	page.t.Helper()
	f := p.dealTab(page, deal)
	f.awaitQuestion("получен ответ")
	f.awaitText("exchange-answer", answer...)
	f.click("#acts tbody a")
	f.awaitActStatus(draftWord)
	facts := `document.querySelector(".facts").textContent`
	f.await("the draft is electronic", facts+`.includes("Электронный")`)
	f.await("the draft has the id", fmt.Sprintf(`%s.includes(%q)`, facts, answer[len(answer)-1]))
	page.open(p.portalURL("/online/"))
	for _, words := range append(answer, "Контрагент ответил") {
		page.await("a notification: "+words, fmt.Sprintf(`[...document.querySelectorAll("#notes li")].some((e) => e.textContent.includes(%q))`, words))
	}
	awaitTrue(page.t, "the card shows it", func() bool {
		return textOf(p.portal.Item(bitrix24test.Deal, deal), "ufCrmDealActsParticipant") == answer[len(answer)-1]
	})
}

// checkAskedOnce moves the deal off the stage and back: nothing more is sent.
func (p *playground) checkAskedOnce(page *tab, deal int64) {
	page.t.Helper()
	p.dragDeal(page, deal, "В работе")
	awaitTrue(page.t, "the deal is back", func() bool { return p.stage(deal) == "В работе" })
	p.awaitQuiet(page.t)
	p.approve(page, deal)
	p.awaitQuiet(page.t)
	if n := p.lettersTo(addressOf(deal)); n != 1 {
		page.t.Errorf("%d letters after the stage was entered again", n)
	}
}

// The question to the counterparty, from the stage of the deal to the answer or its absence.
func TestQuestion(t *testing.T) {
	p, page := ownPlayground(t, playgroundOptions{}), newTab(t)
	t.Run("the draft, then the stage", func(t *testing.T) {
		page.t = t
		p.dealTab(page, 1).paperAct("company")
		p.approve(page, 1)
		link := p.letter(page, addressOf(1), 1)
		p.checkAskedOnce(page, 1)
		id := diadocBox(seedClients()[0].INN, seedClients()[0].KPP)
		who := p.counterparty(t, link)
		who.answerByEDO(" " + id + " ")
		who.awaitText("done", id)
		who.checkPhoneWidth()
		p.checkAnswer(page, 1, "Диадок", id)
	})
	t.Run("the stage, then the draft", func(t *testing.T) {
		page.t = t
		p.approve(page, 2)
		p.awaitQuiet(t)
		if n := p.lettersTo(addressOf(2)); n != 0 {
			t.Fatalf("%d letters about no act", n)
		}
		p.dealTab(page, 2).paperAct("person")
		who := p.counterparty(t, p.letter(page, addressOf(2), 1))
		who.click(`[name=channel][value=edo]`)
		who.click("find")
		who.awaitText("found", seedClients()[1].Box)
		who.checkPhoneWidth()
		who.click("answer")
		who.awaitText("done", "Спасибо", seedClients()[1].Box)
		p.checkAnswer(page, 2, "СБИС", seedClients()[1].Box)
		p.checkAskedOnce(page, 2)
	})
	t.Run("sent manually", func(t *testing.T) { page.t = t; p.askByHand(page, 3) })
	t.Run("no answer", func(t *testing.T) { page.t = t; p.leaveUnanswered(page, 5, 6) })
	t.Run("a native form of the portal", func(t *testing.T) { page.t = t; p.nativeForm(page, 4) })
}

// answerByEDO fills in the form as a person does who does not read the small print.
func (b *tab) answerByEDO(id string) {
	b.t.Helper()
	b.awaitText("form")
	b.checkPhoneWidth()
	if b.evalBool(`document.querySelector("#consent").checked || document.querySelector("[name=channel]:checked")`) {
		b.fail("something is ticked for the person")
	}
	b.click("[name=channel][value=edo]")
	b.fill("#operator", "Диадок")
	b.fill("#participant", id)
	b.fill("#contact", "Анна Петровна")
	b.fill("#phone", "+7 916 555-00-11")
	b.checkPhoneWidth()
	b.click("answer")
	b.awaitText("fault-consent")
	if got := b.value("#participant"); got != strings.TrimSpace(id) || !b.evalBool(`document.querySelector("[value=edo]").checked`) {
		b.fail("after the mistake the id is %q", got)
	}
	b.click("#consent")
	b.click("answer")
	b.awaitText("done", "Спасибо", "через ЭДО")
}

// checkAccessibility checks with axe that the page has no accessibility problems in light and dark colours.
func (b *tab) checkAccessibility(what string) {
	b.t.Helper()
	defer b.setColorScheme("light")
	for _, scheme := range []string{"light", "dark"} {
		b.setColorScheme(scheme)
		b.do("axe", chromedp.Evaluate[chromedp.Void](browser.Axe))
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`axe.run(document, { iframes: false, resultTypes: ["violations"] }).then((seen) =>
			seen.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html + "\n\t" + n.failureSummary)).join("\n"))`, chromedp.EvalAwaitPromise))
		if err != nil || found != "" {
			b.t.Errorf("axe on %s, %s: %s %v", what, scheme, found, err)
		}
	}
}

// linkOf returns a link of the question about a deal, as its manager copies it.
func (p *playground) linkOf(t *testing.T, page *tab, deal int64) string {
	t.Helper()
	return p.dealTab(page, deal).copyLink()
}

func TestQuestionFormPleasesEverybody(t *testing.T) {
	p, page, deal := sharedPlayground(t), newTab(t), int64(12)
	f := p.dealTab(page, deal)
	f.checkAccessibility("the tab of a deal")
	f.unfold("open-ask")
	f.unfold("open-answer")
	f.checkAccessibility("the forms of the exchange")
	link := f.copyLink()
	f.checkAccessibility("the link")
	who := p.counterparty(t, link)
	who.awaitText("form")
	who.checkAccessibility("the first view")
	who.click("[name=channel][value=edo]")
	who.click(".shapes summary")
	who.fill("#participant", "2BM-1")
	who.fill("#phone", "+7 916 555-00-11")
	who.click("answer")
	who.awaitText("mistakes", "2BM-ИНН-КПП-цифры", "соглас")
	who.checkAccessibility("mistakes")
	who.fill("#participant", "")
	who.click("find")
	who.awaitText("found")
	who.checkAccessibility("what SBIS reports")
	who.fill("#phone", "")
	who.click("answer")
	who.awaitText("done")
	who.click("change")
	who.checkAccessibility("thanks")
	f.click("withdraw-question")
	f.awaitQuestion("получен ответ, запрос отменён")
	f.checkAccessibility("the exchange after an answer")
	who.checkDeadLink(link)
	who.checkAccessibility("a dead link")
}

// Everything works without scripts, in all three ways.
func TestQuestionFormWithoutScripts(t *testing.T) {
	p, page, deal := sharedPlayground(t), newTab(t), int64(13)
	link := p.linkOf(t, page, deal)
	who := p.counterparty(t, "about:blank")
	who.enableScripts(false)
	who.open(link)
	id := diadocBox(seedClients()[deal-1].INN, seedClients()[deal-1].KPP)
	who.answerByEDO(id)
	who.click("change")
	spoilt := "2bм" + strings.ReplaceAll(id[3:], "-", "—")
	who.fill("#participant", spoilt)
	who.click("answer")
	who.awaitText("mistakes", "длинное тире")
	who.checkPhoneWidth()
	who.click("confirm-participant")
	who.click("answer")
	who.awaitText("done", spoilt)
	who.click("change")
	who.click("[name=channel][value=post]")
	who.fill("#address", "дом 5")
	who.click("answer")
	who.awaitText("fault-address")
	who.fill("#address", "111024, Москва, Авиамоторная улица, дом 55")
	who.click("answer")
	who.awaitText("done", "на бумаге, почтой")
	who.click("change")
	who.click("[name=channel][value=email]")
	who.fill("#email", "akty@client.example")
	if !who.evalBool(`getComputedStyle(document.querySelector(".agreement")).display === "none"`) {
		who.fail("consent is required without personal data")
	}
	who.click("answer")
	who.awaitText("done", "на бумаге, по e-mail")
	who.checkPhoneWidth()
	f := p.dealTab(page, deal)
	f.awaitQuestion("получен ответ")
	f.awaitText("exchange-answer", "akty@client.example")
}

// traffic records the requests of a page and the number of received bytes.
type traffic struct {
	mu    sync.Mutex
	asked []string
	bytes float64
	open  int
}

func (tr *traffic) record(event any) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		tr.asked = append(tr.asked, e.Request.URL)
		if e.RedirectResponse == nil {
			tr.open++
		}
	case *network.EventLoadingFinished:
		tr.bytes += e.EncodedDataLength
		tr.open--
	case *network.EventLoadingFailed:
		tr.open--
	}
}

func (tr *traffic) over() bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.open == 0 && len(tr.asked) > 0
}

// The form is small and sends no requests to other hosts.
func TestQuestionFormIsLight(t *testing.T) {
	p, page, deal := sharedPlayground(t), newTab(t), int64(14)
	link := p.linkOf(t, page, deal)
	who, requests := p.counterparty(t, "about:blank"), &traffic{}
	if _, err := chromedp.Call(who.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(who.ctx, requests.record); err != nil {
		t.Fatal(err)
	}
	who.open(link)
	who.awaitText("form")
	who.click("[name=channel][value=edo]")
	awaitTrue(t, "the first interaction is reported", func() bool { return requests.over() && strings.Contains(fmt.Sprint(requests.asked), "/opened") })
	t.Logf("%.0f bytes in %d requests", requests.bytes, len(requests.asked))
	if requests.bytes == 0 || requests.bytes > 30_000 {
		t.Errorf("%.0f bytes, want 30 kB at most: %v", requests.bytes, requests.asked)
	}
	who.click("find")
	who.awaitText("found")
	who.click("answer")
	who.awaitText("done")
	for _, url := range requests.asked {
		if !strings.HasPrefix(url, "http://"+p.cfg.App+"/") {
			t.Errorf("the form requests %s", url)
		}
	}
	p.dealTab(page, deal).awaitQuestion("получен ответ")
}

// sendQuestion sends the question from the tab of a deal.
func (b *tab) sendQuestion(address string) {
	b.t.Helper()
	b.unfold("open-ask")
	b.write("ask-address", address)
	b.click("ask")
}

// awaitQuestion waits until the tab of a deal shows the state of the question.
func (b *tab) awaitQuestion(state string) {
	b.t.Helper()
	b.await("the question is "+state, fmt.Sprintf(`%s?.textContent.trim() === %q`, find("question-state"), state))
}

// copyLink makes the tab show a link and returns it.
func (b *tab) copyLink() string {
	b.t.Helper()
	b.click("copy-link")
	b.awaitText("question-link")
	return b.value(testid("question-link-value"))
}

// checkDeadLink waits until the page of a link shows that it is invalid, and what to do.
func (b *tab) checkDeadLink(link string) {
	b.t.Helper()
	b.open(link)
	b.awaitText("message", "Ссылка больше не действует", "Попросите", "прислать новую")
	b.await("410", `performance.getEntriesByType("navigation")[0].responseStatus === 410`)
}

// askByHand sends the question to a typed address, sends it again, copies a link, and withdraws the question.
func (p *playground) askByHand(page *tab, deal int64) {
	to := "glavbuh@client.example"
	f := p.dealTab(page, deal)
	f.awaitQuestion("не уточнён")
	f.unfold("open-ask")
	if got := f.value(testid("ask-address")); got != addressOf(deal) {
		page.t.Errorf("%s is proposed", got)
	}
	f.sendQuestion(to)
	f.awaitQuestion("отправлено")
	f.unfold("open-ask")
	written := f.value(testid("ask-letter"))
	said := f.recordConsole()
	f.write("ask-letter", "Без ссылки")
	f.write("ask-address", to)
	f.click("ask")
	f.awaitText("fault-text", "{ссылка}")
	f.await("the focus is on the letter", `document.activeElement === `+find("ask-letter"))
	if lines := said(); slices.ContainsFunc(lines, func(line string) bool { return !strings.Contains(line, "422") }) { // of the browser itself about the response
		page.t.Errorf("the page with a mistake writes to the console: %q", lines)
	}
	f.write("ask-letter", written+"\n\nP. S. Ждём ответа до пятницы.")
	f.click("ask")
	awaitTrue(page.t, "the letter as it was typed", func() bool {
		return slices.ContainsFunc(p.portal.Letters(), func(l bitrix24test.Letter) bool {
			return strings.Contains(l.Body, "<p>P. S. Ждём ответа до пятницы.</p>")
		})
	})
	awaitTrue(page.t, "one more letter", func() bool { return p.lettersTo(to) == 2 })
	f.eval(`(window.setTimeout = ((wait) => (f, ms) => wait(f, Math.min(ms, 300)))(window.setTimeout), 1)`) // makes the page poll often
	link := f.copyLink()
	p.proxy.clearRequests()
	awaitTrue(page.t, "the tab looks for news", func() bool { return len(p.proxy.requests("GET", fmt.Sprintf("/deals/%d", deal))) > 1 })
	f.awaitQuestion("отправлено")
	if got := f.value(testid("question-link-value")); got != link || p.lettersTo(addressOf(deal)) != 0 {
		page.t.Errorf("the link %q has become %q", link, got)
	}
	who := p.counterparty(page.t, link)
	who.click("[name=channel][value=post]")
	awaitTrue(page.t, "it is opened", func() bool { return len(p.proxy.requests("POST", "/opened")) == 1 })
	f.click("withdraw-question")
	f.awaitQuestion("запрос отменён")
	who.checkDeadLink(link)
	who.checkPhoneWidth()
	who.checkDeadLink(p.letter(page, to, 2))
}

// about returns the number of notifications of all users about a deal with these words.
func (p *playground) about(deal int64, words string) int {
	n := 0
	for _, note := range p.portal.Notifications() {
		if strings.Contains(note.Message, words) && strings.Contains(note.Message, fmt.Sprintf("/crm/deal/details/%d/", deal)) {
			n++
		}
	}
	return n
}

// leaveUnanswered lets three days pass without an answer: one notification is sent, unless the manager has entered the answer.
func (p *playground) leaveUnanswered(page *tab, deal, answered int64) {
	t, words := page.t, "Свяжитесь с контрагентом"
	for one, kind := range map[int64]string{deal: "company", answered: "person"} {
		p.dealTab(page, one).paperAct(kind)
		p.approve(page, one)
		p.letter(page, addressOf(one), 1)
	}
	f := p.dealTab(page, answered)
	f.unfold("open-answer")
	f.click("answer-email")
	f.write("answer-email-address", "akty@client.example")
	f.click("save-answer")
	f.awaitQuestion("получен ответ")
	f.awaitText("exchange-answer", "akty@client.example", "указал сотрудник")
	p.clockTo(t, p.portal.Now().AddDate(0, 0, 3).Add(-time.Hour).Format("2006-01-02 15:04"))
	p.awaitQuiet(t)
	if n := p.about(deal, words); n != 0 {
		t.Errorf("notified %d times before the term", n)
	}
	p.clockTo(t, p.portal.Now().Add(2*time.Hour).Format("2006-01-02 15:04"))
	page.open(p.portalURL("/online/"))
	page.await(words, fmt.Sprintf(`[...document.querySelectorAll("#notes li")].some((n) => n.textContent.includes(%q) && n.textContent.includes(%q))`, words, telephoneOf(deal)))
	p.clockTo(t, p.portal.Now().AddDate(0, 0, 7).Format("2006-01-02 15:04"))
	p.awaitQuiet(t)
	if told, other := p.about(deal, words), p.about(answered, words); told != 1 || other != 0 {
		t.Errorf("notified %d times, want once; %d times of the one that is answered", told, other)
	}
	f = p.dealTab(page, deal)
	f.unfold("open-answer")
	f.click("answer-post")
	f.write("answer-post-address", "117556, Москва, Варшавское шоссе, дом 95")
	f.click("save-answer")
	f.awaitQuestion("получен ответ")
}

// nativeForm adds a native CRM form to letters; values written into the deal's fields are the answer.
func (p *playground) nativeForm(page *tab, deal int64) {
	native := p.portalURL("/pub/form/7_akty/")
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/question"]`)
	f.awaitText("question-rules")
	f.click("details:has([name=native]) > summary")
	f.checkAccessibility("the settings")
	f.fill("[name=native]", native)
	f.click("save-question")
	f.await("it is kept", fmt.Sprintf(`document.querySelector(".alert.success") && document.querySelector("[name=native]").value === %q`, native))
	page.open(p.portalURL("/?as=%d", seedManager))

	p.dealTab(page, deal).paperAct("person")
	p.approve(page, deal)
	if link := p.letter(page, addressOf(deal), 1); link != native {
		page.t.Errorf("the letter links to %s", link)
	}
	id := diadocBox(seedClients()[deal-1].INN, "")
	page.open(p.portalURL("/crm/deal/details/%d/?edit=1", deal))
	page.fill("form.form [name=ufCrmDealActsParticipant]", id)
	page.click("form.form[enctype] button.primary")
	page.await("the card is saved", `!location.search.includes("edit=1") && document.readyState === "complete"`)
	f = p.dealTab(page, deal)
	f.awaitText("exchange-answer", id, "из полей сделки")
	f.click("#acts tbody a")
	f.awaitActStatus(draftWord)
	f.checkAccessibility("the page of an act")
	f.await("the draft has it", fmt.Sprintf(`document.querySelector(".facts").textContent.includes(%q)`, id))
}

// TestQuestionShots takes screenshots of the question to the counterparty, with realistically long names.
func TestQuestionShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p, page, deal := ownPlayground(t, playgroundOptions{}), newTab(t), int64(11)
	long := "Комплексное сопровождение выхода на рынки Объединённых Арабских Эмиратов и Королевства Саудовская Аравия: ФГБОУ ВО «Российский государственный университет внешней торговли»"
	if err := p.portal.Change(seedManager, bitrix24test.Deal, deal, bitrix24test.Fields{"title": long}); err != nil {
		t.Fatal(err)
	}
	f := p.dealTab(page, deal)
	f.unfold("open-ask")
	f.unfold("open-answer")
	f.takeShots(page, "question-none")
	f = p.dealTab(page, deal)
	f.paperAct("company")
	f = p.dealTab(page, deal)
	f.sendQuestion("ochen.dlinny.adres.otdela.buhgalterii@vneshtorg-universitet.example")
	f.awaitQuestion("отправлено")
	f.takeShots(page, "question-sent")
	link := f.copyLink()
	f.takeShots(page, "question-link")
	p.shotForm(t, link)
	f = p.dealTab(page, deal)
	f.awaitQuestion("получен ответ")
	f.takeShots(page, "question-answered")
	p.shotOpened(page)
	f = p.dealTab(page, deal)
	f.click("withdraw-question")
	f.awaitQuestion("получен ответ, запрос отменён")
	f.takeShots(page, "question-withdrawn")
	dead := newTab(t)
	dead.checkDeadLink(link)
	dead.takeShots(dead, "form-dead")
	p.shotQuestionRules(page)
}

// shotForm takes screenshots of the form from the first view to the thanks.
func (p *playground) shotForm(t *testing.T, link string) {
	who := newTab(t)
	who.open(link)
	who.takeShots(who, "form-first")
	who.click("[name=channel][value=edo]")
	who.click(".shapes summary")
	who.fill("#operator", "Диадок")
	who.fill("#participant", "2BM-1")
	who.fill("#phone", "+7 916 555-00-11")
	who.click("answer")
	who.awaitText("mistakes")
	who.takeShots(who, "form-mistakes")
	who.fill("#participant", " ")
	who.click("find")
	who.awaitText("found")
	who.takeShots(who, "form-found")
	who.click(`[name=box][value=""]`)
	who.takeShots(who, "form-found-other")
	who.click(`[name=channel][value=post]`)
	who.takeShots(who, "form-post")
	who.click(`[name=channel][value=edo]`)
	id := diadocBox(seedClients()[10].INN, seedClients()[10].KPP)
	who.fill("#participant", id)
	who.fill("#comment", "Присылайте, пожалуйста, до пятого числа: позже бухгалтерия закрывает месяц и документы попадают в следующий квартал")
	who.click("answer")
	who.awaitText("done")
	who.takeShots(who, "form-thanks")
	who.click("change")
	who.takeShots(who, "form-change")
}

// shotOpened takes screenshots of an opened question and of one that was not sent.
func (p *playground) shotOpened(page *tab) {
	f := p.dealTab(page, 5)
	who := p.counterparty(page.t, f.copyLink())
	who.click("[name=channel][value=post]")
	awaitTrue(page.t, "it is opened", func() bool { return len(p.proxy.requests("POST", "/opened")) > 1 })
	f = p.dealTab(page, 5)
	f.awaitQuestion("открыто")
	f.takeShots(page, "question-opened")
	p.connectMail(false)
	f = p.dealTab(page, 6)
	f.sendQuestion("buh@client.example")
	f.awaitQuestion("не ушло")
	f.takeShots(page, "question-failed")
	p.connectMail(true)
}

// shotQuestionRules takes screenshots of the settings of the question with the preview of the letter.
func (p *playground) shotQuestionRules(page *tab) {
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/question"]`)
	f.awaitText("question-rules")
	f.unfold("letter-preview")
	f.click("details:has([name=native]) > summary")
	f.takeShots(page, "question-rules")
}
