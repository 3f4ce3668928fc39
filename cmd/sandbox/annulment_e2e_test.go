//go:build e2e

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"golang.org/x/text/encoding/charmap"

	"acts24/integrations/bitrix24/bitrix24test"
	"acts24/integrations/sbis/sbistest"
)

// postSBIS sends JSON to the fake SBIS.
func (p *playground) postSBIS(t *testing.T, path, body string) {
	t.Helper()
	answer, err := http.Post("http://"+p.cfg.SBIS+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d", path, answer.StatusCode)
	}
}

// signedPage hands the act of a deal over, has it signed by us, and with both by the counterparty, and opens its page.
func (p *playground) signedPage(page *tab, deal int64, both bool) (f *tab, document string) {
	page.t.Helper()
	f = p.dealTab(page, deal)
	f.click("act-type-electronic-company")
	f.click("create-and-send-act")
	document = p.awaitDocument(page.t, deal, 1)
	f.awaitNewestAct(draftWord, waitingWord)
	p.move(page.t, document, sbistest.MoveSignByUs)
	f.awaitNewestAct(sentWord, "")
	f.click("#acts tbody a")
	f.awaitActStatus(sentWord)
	if both {
		p.move(page.t, document, sbistest.MoveSignByCounterparty)
		f.awaitActStatus(signedWord)
	}
	return f, document
}

// confirmAction opens an action, types the reason and confirms it.
func (b *tab) confirmAction(action, reason string) {
	b.t.Helper()
	b.click(action)
	b.do("the reason", chromedp.SendKeys(chromedp.CSS(testid("open-"+action)+" "+testid("reason")), reason))
	b.click("confirm-action")
}

// awaitAnnulment waits until the block of the annulment contains the words.
func (b *tab) awaitAnnulment(words string) {
	b.t.Helper()
	b.await("«"+words+"»", fmt.Sprintf(`document.querySelector("[data-testid=annulment-state]")?.textContent.includes(%q)`, words))
}

// awaitNoAnnulment waits until the block of the annulment is not shown.
func (b *tab) awaitNoAnnulment() {
	b.t.Helper()
	b.await("no annulment", `document.querySelector("[data-testid=annulment-state]") === null`)
}

// Recall before the countersignature, with and without the actions of SBIS.
func TestRecall(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	for _, offered := range []bool{false, true} {
		p.postSBIS(t, "switches", fmt.Sprintf(`{"annulmentActions":%t}`, offered))
		page, deal := newTab(t), map[bool]int64{false: 1, true: 3}[offered]
		f, document := p.signedPage(page, deal, false)
		f.confirmAction("recall-act", "Не тот период")
		if !offered {
			f.awaitAnnulment("нажмите «Аннулировать»")
			f.awaitAnnulment("Не тот период")
			f.awaitActStatus(sentWord)
			p.postSBIS(t, "documents/"+document+"/recall-by-us", `{}`)
		}
		f.awaitActStatus(draftWord)
		f.awaitNoAnnulment()
		f.await("the history", `document.querySelector("[data-testid=history]").textContent.includes("Документ отозван в СБИС: Не тот период")`)
		if got := p.documents(t, deal)[0]; got.StateName != "Отозван мной" {
			t.Errorf("SBIS has «%s»", got.StateName)
		}
	}
}

// Annulment proposed by us and by the counterparty, accepted and declined.
func TestAnnulment(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(1)
	f, document := p.signedPage(page, deal, true)
	f.confirmAction("annul-act", "Двойной акт")
	f.awaitAnnulment("нажмите «Аннулировать»")
	p.postSBIS(t, "documents/"+document+"/propose-annulment", `{"by":"us","comment":"Двойной акт"}`)
	f.awaitAnnulment("ждём контрагента")
	p.postSBIS(t, "documents/"+document+"/decline-annulment", `{"comment":"Работы приняты"}`)
	f.awaitAnnulment("Контрагент не согласился аннулировать акт: Работы приняты")
	f.awaitActStatus(signedWord)
	p.awaitNotification(t, p.portal.Manager(), "Контрагент не согласился аннулировать акт")

	p.postSBIS(t, "documents/"+document+"/propose-annulment", `{"comment":"Ошибка в сумме"}`)
	f.awaitAnnulment("Контрагент предлагает аннулировать акт")
	p.awaitNotification(t, p.portal.Manager(), "Контрагент предлагает аннулировать акт: Ошибка в сумме")
	f.click("annulment-decline")
	f.awaitAnnulment("отклоните аннулирование") // in the account: SBIS offers no action
	p.postSBIS(t, "documents/"+document+"/decline-annulment", `{}`)
	f.awaitAnnulment("Мы не согласились аннулировать акт")

	p.postSBIS(t, "switches", `{"annulmentActions":true}`)
	p.postSBIS(t, "documents/"+document+"/propose-annulment", `{"comment":"Всё же ошибка"}`)
	f.awaitAnnulment("Всё же ошибка")
	f.click("annulment-agree")
	f.awaitActStatus(annulledWord)
	f.awaitNoAnnulment()

	second := int64(3)
	f, document = p.signedPage(newTab(t), second, true)
	f.confirmAction("annul-act", "Двойной акт")
	f.awaitAnnulment("ждём контрагента")
	p.postSBIS(t, "documents/"+document+"/accept-annulment", `{}`)
	f.awaitActStatus(annulledWord)
}

// The counterparty does not answer our proposal: its page shows that after the term, a letter reminds of it, and the proposal is withdrawn.
func TestAnnulmentIsUnanswered(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{from: time.Date(2026, 10, 5, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	f, document := p.signedPage(newTab(t), 1, true)
	f.confirmAction("annul-act", "Двойной акт")
	p.postSBIS(t, "documents/"+document+"/propose-annulment", `{"by":"us","comment":"Двойной акт"}`)
	f.awaitAnnulment("ждём контрагента")
	if f.evalBool(find("annulment-remind")) || !f.evalBool(find("annulment-withdraw")) {
		t.Error("a proposal of today is reminded of, or cannot be withdrawn")
	}
	p.awaitQuiet(t)
	p.clockTo(t, "2026-10-13 09:05") // five working days
	p.awaitNotification(t, p.portal.Manager(), "контрагент не ответил на предложение аннулировать акт")
	f.reload()
	f.awaitAnnulment("Контрагент не ответил на предложение")
	f.unfold("open-annulment-remind")
	f.fill(testid("open-annulment-remind")+` [name="address"]`, "buh@zakazchik.example")
	f.click("annulment-remind")
	awaitTrue(t, "the letter", func() bool { return p.lettersTo("buh@zakazchik.example") == 1 })
	f.click("annulment-withdraw")
	f.awaitAnnulment("отзовите запрос на аннулирование")
	p.move(t, document, sbistest.MoveWithdrawAnnulment)
	f.awaitAnnulment("Наше предложение аннулировать акт отозвано")
	f.awaitActStatus(signedWord)
}

// A refused invoice is corrected: the next document names the corrected one, both parties sign it, and the deal is done.
func TestRefusalIsCorrected(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{})
	deal := int64(1)
	f, document := p.signedPage(newTab(t), deal, false)
	p.postSBIS(t, "documents/"+document+"/reject", `{"comment":"Не тот договор"}`)
	f.awaitActStatus(refusedWord)
	awaitTrue(t, "the deal has remarks", func() bool { return p.stage(deal) == remarksWord })
	f.click("correct-act")
	f.awaitText("corrects", "Не тот договор")
	f.click("save-act")
	f.awaitActStatus(draftWord)
	f.click("send-act")
	correction := p.awaitDocument(t, deal, 2)
	title := p.documents(t, deal)[1].Files[0].Name
	answer, err := http.Get("http://" + p.cfg.SBIS + "/_sandbox/documents/" + correction + "/files/" + url.PathEscape(title))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	xml, err := io.ReadAll(charmap.Windows1251.NewDecoder().Reader(answer.Body))
	if err != nil || !strings.Contains(string(xml), `<ИспрДок НомИспр="1"`) {
		t.Errorf("%s names no corrected document: %v", title, err)
	}
	p.checkSchema(t, p.documents(t, deal)[1])
	p.move(t, correction, sbistest.MoveSignByUs)
	f.awaitActStatus(sentWord)
	p.move(t, correction, sbistest.MoveSignByCounterparty)
	f.awaitActStatus(signedWord)
	awaitTrue(t, "the deal is done", func() bool { return p.stage(deal) == doneWord })
}

// The counterparty gets a letter on the working day that the settings name, and none after its answer.
func TestReminderLetter(t *testing.T) {
	p := ownPlayground(t, playgroundOptions{from: time.Date(2026, 10, 5, 12, 0, 0, 0, time.FixedZone("MSK", 3*3600))})
	page, deal := newTab(t), int64(2)
	page.open(p.portalURL("%s?as=%d", appAddress(), p.portal.Admin()))
	f := page.frame("http://" + p.cfg.App)
	f.click(`.tabs a[href$="/settings"]`)
	f.click(`nav a[href$="/settings/days"]`)
	f.awaitText("days")
	f.fill(`[name="letters"]`, "2, 4")
	f.click("save-days")
	f.await("saved", `document.querySelector("#messages").textContent.includes("Сохранено")`)
	f, act := p.sentOnPaper(page, deal, "person")
	before := len(p.portal.Letters())
	p.awaitQuiet(t)
	p.clockTo(t, "2026-10-07 20:00") // 6 and 7 October are the two days
	p.awaitQuiet(t)
	p.clockTo(t, "2026-10-08 08:55")
	p.awaitQuiet(t)
	if n := len(p.portal.Letters()); n != before {
		t.Fatalf("%d letters too early", n-before)
	}
	p.clockTo(t, "2026-10-08 09:05")
	awaitTrue(t, "the letter", func() bool { return len(p.portal.Letters()) == before+1 })
	f.reload()
	f.await("the letter in the history", `document.querySelector("[data-testid=history]").textContent.includes("Напоминание контрагенту")`)
	f.upload("theirs", writeScan(t, "Их.pdf", 600))
	f.awaitActStatus(signedWord)
	p.awaitQuiet(t)
	p.clockTo(t, "2026-10-20 12:00")
	p.awaitQuiet(t)
	if n := len(p.portal.Letters()); n != before+1 {
		t.Errorf("%d letters about act %d after its answer", n-before-1, act)
	}
}

// TestAnnulmentShots takes screenshots of the blocks of the act's page, with long names.
func TestAnnulmentShots(t *testing.T) {
	if os.Getenv("E2E_SHOTS") == "" {
		t.Skip("pictures are taken with E2E_SHOTS=dir")
	}
	p := ownPlayground(t, playgroundOptions{})
	page, deal := newTab(t), int64(1)
	longName := "ФГБОУ ВО «Российский государственный университет внешней торговли и международного экономического сотрудничества имени академика А. Н. Преображенского»"
	rq := p.portal.RequisitesOf(bitrix24test.Company, idOf(p.portal.Item(bitrix24test.Deal, deal), "companyId"))[0]
	p.portal.ChangeRequisite(number(textOf(rq, "ID")), bitrix24test.Fields{"RQ_COMPANY_NAME": longName, "RQ_COMPANY_FULL_NAME": longName})
	long := "В акте указан не тот период и не та сумма по строке один, просим оформить новый акт после подписания дополнительного соглашения № 14 к договору"
	f, document := p.signedPage(page, deal, false)
	f.click("recall-act")
	f.takeShots(page, "recall-open")
	f.do("the reason", chromedp.SendKeys(chromedp.CSS(testid("open-recall-act")+" "+testid("reason")), long))
	f.click("confirm-action")
	f.awaitAnnulment("нажмите «Аннулировать»")
	f.takeShots(page, "recall-in-sbis")
	p.move(t, document, sbistest.MoveSignByCounterparty)
	f.awaitActStatus(signedWord)
	f.click("annul-act")
	f.takeShots(page, "annul-open")
	f.do("the reason", chromedp.SendKeys(chromedp.CSS(testid("open-annul-act")+" "+testid("reason")), long))
	f.click("confirm-action")
	f.awaitAnnulment("нажмите «Аннулировать»")
	p.postSBIS(t, "documents/"+document+"/propose-annulment", fmt.Sprintf(`{"by":"us","comment":%q}`, long))
	f.awaitAnnulment("ждём контрагента")
	f.takeShots(page, "annulment-ours")
	p.postSBIS(t, "documents/"+document+"/decline-annulment", fmt.Sprintf(`{"comment":%q}`, long))
	f.awaitAnnulment("не согласился")
	f.takeShots(page, "annulment-declined")
	p.postSBIS(t, "documents/"+document+"/propose-annulment", fmt.Sprintf(`{"comment":%q}`, long))
	f.awaitAnnulment("предлагает аннулировать")
	f.takeShots(page, "annulment-theirs")

	refused := int64(3)
	page = newTab(t)
	f, document = p.signedPage(page, refused, false)
	p.postSBIS(t, "documents/"+document+"/reject", fmt.Sprintf(`{"comment":%q,"surname":"Константинопольская","name":"Александра","patronymic":"Владиславовна"}`, long))
	f.awaitActStatus(refusedWord)
	f.takeShots(page, "refused")
	f.click("correct-act")
	f.awaitText("save-act")
	row := p.rowsOf(refused)[0]
	f.write(fmt.Sprintf("product-%d-quantity", row), "0,5")
	f.await("the difference", `document.querySelector("[data-testid=correction-differences]").textContent.includes("→ 0,5")`)
	f.takeShots(page, "corrected-edit")
}
